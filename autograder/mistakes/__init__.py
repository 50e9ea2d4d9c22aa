"""Known mistakes, one module per chapter: wrong answers that must lose marks, each with what a student learns from it."""
