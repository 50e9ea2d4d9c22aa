"""Runs test cells against objects in the student's process and decides what they earn."""
