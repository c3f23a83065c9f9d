"""Rules of the local environment, each with a way to break it and the tests that notice."""
