"""The course on disk: its notebooks, cells and exercises, and what must hold of them."""
