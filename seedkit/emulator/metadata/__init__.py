"""The schema as clients read and change it."""
