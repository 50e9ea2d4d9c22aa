"""What is known about the answers to each exercise: one file per exercise, found by its path.

`ch03/causal-attention` has its right alternatives, its known mistakes and its equivalent mutants in
`ch03/causal_attention.py`, as the lists `ALTERNATIVES`, `MISTAKES` and `EQUIVALENTS`; any of them may be missing.
A file whose name begins with an underscore holds what several exercises of a chapter have in common.
"""

from autograder.answers.catalogue import (
    FOLDER,
    Alternative,
    Answers,
    Equivalent,
    Mistake,
    answers_to,
    edited,
    file_of,
    in_other_choices,
    made_in,
)

__all__ = [
    "FOLDER",
    "Alternative",
    "Answers",
    "Equivalent",
    "Mistake",
    "answers_to",
    "edited",
    "file_of",
    "in_other_choices",
    "made_in",
]
