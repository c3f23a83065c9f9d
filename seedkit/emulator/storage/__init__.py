"""The SQLite file behind the local environment."""
