"""What a process that uses seedkit has around it: a folder, environments, sign-in, a clock.

The command line stands on it, and so does `seedkit.seeded`. Environment variables are read here
and nowhere below.
"""
