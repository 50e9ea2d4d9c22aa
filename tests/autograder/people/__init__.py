"""Answers such as people write: each with the mistakes that feedback may name, or none.

The kinds of errors are those that learners of this material ask about in forums, issues and reviews; the code is ours, and in other
styles than that of the catalogue. The catalogue was completed while one half (`seen`) could be looked at; the other is the control.
"""

from __future__ import annotations

from people.bert import BERT
from people.ch02 import CHAPTER_2
from people.ch03 import CHAPTER_3
from people.ch04 import CHAPTER_4
from people.ch05 import CHAPTER_5
from people.later import LATER
from people.modern import MODERN
from people.written import Written

PEOPLE: list[Written] = [*CHAPTER_2, *CHAPTER_3, *CHAPTER_4, *CHAPTER_5, *LATER, *BERT, *MODERN]
HALVES = {"seen": PEOPLE[::2], "unseen": PEOPLE[1::2]}

__all__ = ["HALVES", "PEOPLE", "Written"]
