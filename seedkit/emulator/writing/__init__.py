"""Creating, changing and deleting rows as the platform does."""
