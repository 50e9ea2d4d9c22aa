"""Runs test cells against what lives in the student's process, and says what they earn."""
