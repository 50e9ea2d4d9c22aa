"""The instructor's package: builds the course, grades submissions outside the student's process, verifies the tests."""
