"""A demo class that submits its work, is graded, and gets feedback."""
