"""Signing in, against MSAL and a directory of our own."""
