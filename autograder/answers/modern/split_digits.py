"""Answers to exercise 1 of 05_a_real_assistant: split_digits."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="split-with-a-group",
        description="re.split with a group, which keeps the separators, and the empty pieces dropped.",
        code="""def split_digits(text):
    return [piece for piece in re.split("([0-9])", text) if piece]
""",
    ),
    Alternative(
        name="character-by-character",
        description="A loop that collects other characters until the next digit.",
        code="""def split_digits(text):
    pieces, run = [], ""
    for sign in text:
        if sign in "0123456789":
            if run:
                pieces.append(run)
                run = ""
            pieces.append(sign)
        else:
            run += sign
    if run:
        pieces.append(run)
    return pieces
""",
    ),
    Alternative(
        name="groupby",
        description="Runs of equal kind by itertools, the digits' taken apart.",
        code="""from itertools import groupby


def split_digits(text):
    pieces = []
    for digit, signs in groupby(text, key=lambda sign: "0" <= sign <= "9"):
        pieces.extend(signs if digit else ["".join(signs)])
    return pieces
""",
    ),
    Alternative(
        name="separator",
        description="A sign that no text has before and after each digit, and a split there.",
        code="""def split_digits(text):
    for digit in range(10):
        text = text.replace(str(digit), f"\\x00{digit}\\x00")
    return list(filter(None, text.split("\\x00")))
""",
    ),
]

_RIGHT = """def split_digits(text):
    pieces, run = [], ""
    for sign in text:
        if sign in "0123456789":
            if run:
                pieces.append(run)
                run = ""
            pieces.append(sign)
        else:
            run += sign
    if run:
        pieces.append(run)
    return pieces
"""

_mistake = partial(made_in, _RIGHT, see="05_a_real_assistant: Exercise 1: split_digits")

_BODY = _RIGHT.split("\n", 1)[1]

MISTAKES = [
    _mistake(
        "digits-together",
        "You keep neighbouring digits together, as in `1995`. Every digit is a piece of its own.",
        (_BODY, '    return re.findall(r"[0-9]+|[^0-9]+", text)\n'),
    ),
    _mistake(
        "digits-lost",
        "The digits are gone: `re.split` drops what it splits at, unless the pattern stands in parentheses.",
        (_BODY, '    return [piece for piece in re.split(r"[0-9]", text) if piece]\n'),
    ),
    _mistake(
        "empty-pieces",
        "There are empty pieces between neighbouring digits, or at the ends. Leave them out.",
        (_BODY, '    return re.split(r"([0-9])", text)\n'),
    ),
    _mistake(
        "line-breaks-lost",
        "The dot of a pattern does not match a line break, so line breaks get lost. A class such as `[^0-9]` matches them.",
        (_BODY, '    return re.findall(r"[0-9]|(?:(?![0-9]).)+", text)\n'),
    ),
    _mistake(
        "spaces-lost",
        "The spaces are gone. Joined together the pieces have to be the text again.",
        (_BODY, '    return [piece for word in text.split() for piece in re.findall(r"[0-9]|[^0-9]+", word)]\n'),
    ),
    _mistake(
        "every-character",
        "You cut between all characters. Only digits stand alone; what lies between them stays together.",
        (_BODY, "    return list(text)\n"),
    ),
    _mistake(
        "words-apart",
        "You cut at spaces, too. What stands between two digits stays one piece.",
        (_BODY, '    return re.findall(r"[0-9]|[^0-9\\s]+|\\s+", text)\n'),
    ),
    _mistake(
        "end-forgotten",
        "What comes after the last digit is missing.",
        ("    if run:\n        pieces.append(run)\n    return pieces\n", "    return pieces\n"),
    ),
    _mistake(
        "run-not-emptied",
        "You do not begin a new run after a digit, so that earlier text comes again.",
        ('                run = ""\n', ""),
    ),
    _mistake(
        "zero-forgotten",
        "You do not take `0` for a digit.",
        ('"0123456789"', '"123456789"'),
    ),
    _mistake(
        "stripped",
        "You remove the spaces at the ends of pieces. They belong to the text.",
        (
            "                pieces.append(run)\n                run",
            "                pieces.append(run.strip())\n                run",
        ),
    ),
]
