"""Answers to exercise 1 of 05_real_bert: from a text to words and punctuation marks."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="regular-expression",
        description="One pattern of the regex module finds the tokens, after accents and unseen signs have been removed.",
        code="""import regex


def basic_split(text):
    text = unicodedata.normalize("NFD", text.lower())
    text = regex.sub(r"[\\p{Mn}\\ufffd]|(?![\\t\\n\\r])\\p{C}", "", text)
    alone = r"[\\p{P}$+<=>^`|~]"
    found = []
    for chunk in text.split():
        for part in regex.findall(alone + "|(?:(?!" + alone + ").)+", chunk):
            word = ""
            for letter in part:
                if is_ideograph(letter):
                    found += [word, letter] if word else [letter]
                    word = ""
                else:
                    word += letter
            if word:
                found.append(word)
    return found
""",
    ),
    Alternative(
        name="word-in-progress",
        description="A word that grows letter by letter and is put away at spaces, marks and the end.",
        code="""def basic_split(text):
    tokens, word = [], ""

    def put_away():
        nonlocal word
        if word:
            tokens.append(word)
        word = ""

    for c in text:
        for d in unicodedata.normalize("NFD", c.lower()):
            cat = unicodedata.category(d)
            if d in "\\t\\n\\r" or cat in ("Zs", "Zl", "Zp"):
                put_away()
            elif cat == "Mn" or cat[0] == "C" or ord(d) == 0xFFFD:
                pass
            elif cat[0] == "P" or d in "$+<=>^`|~" or is_ideograph(d):
                put_away()
                tokens.append(d)
            else:
                word += d
    put_away()
    return tokens
""",
    ),
    Alternative(
        name="grouped",
        description="Accents off first, then words of the same kind grouped with itertools, capitals last.",
        code="""from itertools import groupby


def basic_split(text):
    def keep(c):
        return c in "\\t\\n\\r" or not (unicodedata.category(c)[0] == "C" or c == chr(0xFFFD))

    text = "".join(filter(keep, text))
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c) or unicodedata.category(c) != "Mn")

    def kind(c):
        if c.isspace():
            return "space"
        if unicodedata.category(c).startswith("P") or c in string.punctuation or is_ideograph(c):
            return "mark"
        return "word"

    tokens = []
    for name, group in groupby(text, kind):
        if name == "mark":
            tokens.extend(group)
        elif name == "word":
            tokens.append("".join(group).lower())
    return tuple(tokens)
""",
    ),
]

_RIGHT = """def basic_split(text):
    parts = []
    for character in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(character)
        unseen = (kind.startswith("C") and character not in "\\t\\n\\r") or character == "\\ufffd"
        if kind == "Mn" or unseen:
            continue
        alone = kind.startswith("P") or character in string.punctuation or is_ideograph(character)
        parts.append(f" {character} " if alone else character)
    return "".join(parts).split()
"""

_mistake = partial(made_in, _RIGHT, see="05_real_bert: Exercise 1: basic_split")

MISTAKES = [
    _mistake(
        "capitals-kept",
        "Capitals stay capitals in your tokens. The vocabulary has lower case only: `text.lower()`.",
        ("text.lower()", "text"),
    ),
    _mistake(
        "accents-kept",
        'Accents are still there. `normalize("NFD", ...)` only puts them apart; the marks, of category "Mn", have to be dropped.',
        ('kind == "Mn" or unseen', "unseen"),
    ),
    _mistake(
        "composed",
        "You drop the marks of category Mn, but most accented letters are one character. Take them apart with NFD first.",
        ('unicodedata.normalize("NFD", text.lower())', "text.lower()"),
    ),
    _mistake(
        "accented-letters-lost",
        "You remove letters with an accent altogether. Only the accent goes, the letter stays.",
        (
            'unicodedata.normalize("NFD", text.lower())',
            '"".join(c for c in text.lower() if len(unicodedata.normalize("NFD", c)) == 1)',
        ),
    ),
    _mistake(
        "marks-dropped",
        "Punctuation is missing from your tokens. Each mark is a token of its own.",
        (
            'f" {character} " if alone else character',
            '" " if alone and not is_ideograph(character) else f" {character} " if alone else character',
        ),
    ),
    _mistake(
        "marks-in-their-word",
        "Punctuation marks stay in their word. Put a space on both sides of each.",
        (
            'alone = kind.startswith("P") or character in string.punctuation or is_ideograph(character)',
            "alone = is_ideograph(character)",
        ),
    ),
    _mistake(
        "runs-of-marks",
        "Several marks in a row come out as one token. Each is a token of its own: `...` makes three.",
        (
            '    return "".join(parts).split()\n',
            '    tokens = []\n    for token in "".join(parts).split():\n'
            "        marks = all(c in string.punctuation or unicodedata.category(c)[0] == 'P' for c in token)\n"
            "        if marks and tokens and tokens[-1][-1] == token:\n            tokens[-1] += token\n"
            "        else:\n            tokens.append(token)\n    return tokens\n",
        ),
    ),
    _mistake(
        "space-behind-only",
        "You put a space behind each mark and none before it, so that it stays at the end of the word.",
        ('f" {character} "', 'f"{character} "'),
    ),
    _mistake(
        "ascii-marks-only",
        "Quotation marks such as “ and ” and dashes stay in their word: `string.punctuation` has only the marks of ASCII. "
        "Look at the category, too.",
        ('kind.startswith("P") or character', "character"),
    ),
    _mistake(
        "symbols-in-their-word",
        "`$`, `+`, `=`, `~` and their like stay in their word. Unicode does not count them as punctuation, BERT does: "
        "look into `string.punctuation`, too.",
        (" or character in string.punctuation", ""),
    ),
    _mistake(
        "all-symbols-alone",
        "Signs such as € and ° are tokens of their own in your code. Only the symbols of ASCII count as punctuation.",
        ('kind.startswith("P")', 'kind[0] in "PS"'),
    ),
    _mistake(
        "ideographs-together",
        "A run of ideographs is one token in your code. Each is a token of its own: `is_ideograph`.",
        (" or is_ideograph(character)", ""),
    ),
    _mistake(
        "unseen-signs-kept",
        "Signs that nobody sees, such as the zero-width space, stay in your words. No piece of the vocabulary fits such a word.",
        ('kind == "Mn" or unseen', 'kind == "Mn"'),
    ),
    _mistake(
        "unseen-signs-separate",
        "Signs that nobody sees separate words in your code. They vanish, and what stood on both sides is one word.",
        (
            '        if kind == "Mn" or unseen:\n',
            '        if unseen:\n            parts.append(" ")\n        if kind == "Mn" or unseen:\n',
        ),
    ),
    _mistake(
        "line-breaks-dropped",
        "You drop tabs and line breaks as control characters, so that two words become one. They separate.",
        (' and character not in "\\t\\n\\r"', ""),
    ),
    _mistake(
        "split-at-single-spaces",
        "You split at each single space: several in a row make empty tokens. `split()` without an argument does not.",
        ('"".join(parts).split()', '"".join(parts).split(" ")'),
    ),
    _mistake(
        "only-ascii",
        "You throw away every character beyond ASCII: “ and 東 and € are gone. Only accents are removed.",
        ('if kind == "Mn" or unseen', "if not character.isascii() or unseen"),
    ),
    _mistake(
        "digits-alone",
        "Digits are tokens of their own in your code. They belong to their word.",
        ("alone = kind", 'alone = kind == "Nd" or kind'),
    ),
    _mistake(
        "underscore-in-a-word",
        "The underscore stays in its word, as it does in the `\\w` of regular expressions. It is punctuation.",
        ("alone = kind", 'alone = character != "_" and (kind'),
        ("is_ideograph(character)\n", "is_ideograph(character))\n"),
    ),
]
