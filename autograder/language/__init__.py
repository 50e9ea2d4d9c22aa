"""The course in other languages: translated notebooks, run-time messages, and how much of both there is."""
