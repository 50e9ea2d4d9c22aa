"""The student's process: the sandbox around it, the worker in it, and the judge's end of the line."""
