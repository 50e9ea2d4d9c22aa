"""Grades notebooks and files, and writes the feedback that students read."""
