"""A new exercise that works at once: its cells, its answers and its translations, from the templates beside this file."""
