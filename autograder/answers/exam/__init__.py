"""Answers to the exercises of exam, with names in place of the numbers of a variant."""
