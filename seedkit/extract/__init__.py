"""The population as five plain tables, for people with tools of their own."""
