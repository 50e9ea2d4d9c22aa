"""The process that holds the student's code: this folder is loaded inside the sandbox, nothing else of the grader is."""
