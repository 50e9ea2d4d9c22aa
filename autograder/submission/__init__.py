"""From the file that a student hands in to a notebook that can be graded."""
