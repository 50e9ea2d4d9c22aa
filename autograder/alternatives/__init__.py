"""Right answers in other styles, one module per chapter: each must get full marks."""
