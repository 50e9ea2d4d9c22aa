"""A class in nbgrader's gradebook: what is graded and what is not, runs that end early, the report."""
