"""An exam beside the course: its numbers and texts are drawn from a seed."""
