"""Grades notebooks and files, and writes what a student reads about it."""
