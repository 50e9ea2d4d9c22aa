"""The student's process: the sandbox around it, the worker in it, and the judge's side of the connection."""
