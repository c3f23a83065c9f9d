"""The commands and their options. Each imports what it needs when it runs."""
