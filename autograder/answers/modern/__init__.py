"""Answers to the exercises of the appendix on modern language models."""
