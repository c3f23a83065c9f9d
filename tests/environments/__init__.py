"""Named environments: configuration, secrets."""
