"""Measuring a population against published figures and against its own rules."""
