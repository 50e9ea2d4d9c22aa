"""A new exercise that works at once: cells, answers and translations, from the templates in this folder."""
