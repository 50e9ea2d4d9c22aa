"""Automatic mutants that behave as the solution does, by chapter, each with the reason."""
