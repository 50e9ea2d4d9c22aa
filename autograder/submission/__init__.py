"""From a student's submitted file to a notebook that can be graded."""
