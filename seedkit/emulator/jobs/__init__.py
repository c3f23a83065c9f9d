"""Work that the environment does between requests: bulk delete jobs."""
