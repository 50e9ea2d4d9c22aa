"""A demo class that hands in, is graded, and gets feedback."""
