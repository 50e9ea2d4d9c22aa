"""The course on disk: its notebooks, cells and exercises, and the rules for them."""
