"""Answers to the exercises of the appendix on metrics."""
