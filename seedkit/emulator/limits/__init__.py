"""What stands between a client and the service: service protection, faults, the connection."""
