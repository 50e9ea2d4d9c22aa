"""Finds the known mistake that behaves like a wrong answer."""
