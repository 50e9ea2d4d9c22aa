"""Answers to exercise 1 of 01_simple_tokenizer: cut a text into tokens."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="letter-by-letter",
        description="A loop over characters, without a regular expression.",
        code="""def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    tokens = []
    i = 0
    while i < len(text):
        j = i + 1
        if text[i].isalpha():
            while j < len(text) and (
                text[j].isalpha() or (text[j] in "-'’" and text[j + 1 : j + 2].isalpha() and text[j - 1].isalpha())
            ):
                j += 1
        elif text[i] in "0123456789":
            while j < len(text) and (
                text[j] in "0123456789"
                or (text[j] in ".," and text[j - 1] in "0123456789" and text[j + 1 : j + 2].isdigit())
            ):
                j += 1
        if not text[i].isspace():
            tokens.append(text[i:j])
        i = j
    return tokens
""",
    ),
    Alternative(
        name="properties",
        description="The package regex with Unicode properties, in verbose mode.",
        code=r"""import regex

def tokenize(text: str) -> list[str]:
    pattern = regex.compile(
        r'''
        \p{Letter}+ (?: [\-'’] \p{Letter}+ )*   # words
        | [0-9]+ (?: [.,] [0-9]+ )*             # numbers
        | [^\s]                                 # all the rest
        ''',
        regex.VERBOSE,
    )
    return pattern.findall(unicodedata.normalize("NFC", text))
""",
    ),
    Alternative(
        name="look-around",
        description="Single characters with look-around for joints, by finditer.",
        code=r"""LETTER = r"[^\W\d_]"

def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    word = rf"{LETTER}(?:{LETTER}|(?<={LETTER})['’\-](?={LETTER}))*"
    number = r"\d(?:\d|(?<=\d)[,.](?=\d))*"
    return [match.group() for match in re.finditer(rf"(?:{word})|(?:{number})|[^\s]", text)]
""",
    ),
    Alternative(
        name="split-and-drop",
        description="re.split with a capturing bracket; empty pieces and white space are dropped.",
        code=r"""def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    pieces = re.split(r"([^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,]\d+)*|\S)", text)
    return [piece for piece in pieces if piece.strip()]
""",
    ),
]

_RIGHT = r"""def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    word = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
    number = r"[0-9]+(?:[.,][0-9]+)*"
    sign = r"\S"
    return re.findall(word + "|" + number + "|" + sign, text)
"""

_mistake = partial(made_in, _RIGHT, see="01_simple_tokenizer: Exercise 1: cut a text into tokens")

_FINDALL = 're.findall(word + "|" + number + "|" + sign, text)'

MISTAKES = [
    _mistake(
        "split-at-spaces",
        "Your function cuts at white space only, so signs stay glued to the words beside them. Every sign is a token by itself.",
        (_FINDALL, "text.split()"),
    ),
    _mistake(
        "punctuation-lost",
        "Your tokens hold words and numbers only; the signs are gone. Every character that is no white space "
        "belongs to some token: let the last alternative of the pattern be `\\S`.",
        (' + "|" + sign', ""),
    ),
    _mistake(
        "signs-in-runs",
        "Your pattern takes several signs in a row as one token. `...` is three tokens: one sign at a time, without a `+`.",
        (r'sign = r"\S"', r'sign = r"[^\w\s]+|_"'),
    ),
    _mistake(
        "ascii-letters",
        "Your words hold the letters a to z only, so `ã` or `é` falls out of its word. A letter of any alphabet is a letter.",
        (r'''r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''r"[A-Za-z]+(?:['’-][A-Za-z]+)*"'''),
    ),
    _mistake(
        "western-letters",
        "Your words hold the letters of Western Europe only (`À` to `ÿ`), so Polish, Greek or Russian words fall apart. "
        "A letter of any alphabet is a letter.",
        (r'''r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*"'''),
    ),
    _mistake(
        "accents-removed",
        "Your function takes the accents off. `avó` and `avô` are two words; the rule changes nothing but the spelling "
        "of an accent (NFC).",
        (
            'unicodedata.normalize("NFC", text)',
            '"".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))',
        ),
    ),
    _mistake(
        "no-normal-form",
        "Your function does not bring the text into NFC. An `é` that comes as `e` and a combining accent is then torn "
        "in two, or is another word than the `é` of a keyboard.",
        ('    text = unicodedata.normalize("NFC", text)\n', ""),
    ),
    _mistake(
        "taken-apart",
        "Your function brings the text into NFD, which takes accents off their letters; `\\w` does not count a "
        "combining accent. The rule asks for NFC.",
        ('"NFC"', '"NFD"'),
    ),
    _mistake(
        "compatible-form",
        "Your function uses NFKC, which also replaces characters by similar ones, such as `…` by three points. "
        "The rule asks for NFC, which keeps them.",
        ('"NFC"', '"NFKC"'),
    ),
    _mistake(
        "words-with-digits",
        "Your words hold digits and underscores, because `\\w` does. Letters and digits do not mix by the rule: "
        "`2nd` is `2` and `nd`, and `_` is a sign.",
        (r'''word = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''word = r"[^\W\d]\w*(?:['’-]\w+)*"'''),
    ),
    _mistake(
        "underscore-is-a-letter",
        "Your words hold underscores: `[^\\W\\d]` still fits `_`. Take it out as well, `[^\\W\\d_]`.",
        (r'''word = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''word = r"[^\W\d]+(?:['’-][^\W\d]+)*"'''),
    ),
    _mistake(
        "words-torn",
        "Your words end at a hyphen or an apostrophe. Between two letters these belong to the word: `don't` and "
        "`guarda-chuva` are one token each.",
        (r"(?:['’-][^\W\d_]+)*", ""),
    ),
    _mistake(
        "only-one-joint",
        "Your words hold at most one hyphen or apostrophe: `mother-in-law` has two. Repeat the bracket with `*`, not `?`.",
        (r"['’-][^\W\d_]+)*", r"['’-][^\W\d_]+)?"),
    ),
    _mistake(
        "only-the-straight-apostrophe",
        "Your words know the straight apostrophe `'` and not the curved one, `’`, which printed texts have. The rule names both.",
        ("['’-]", "['-]"),
    ),
    _mistake(
        "glued-hyphens",
        "Your words take hyphens and apostrophes along wherever they stand. Only single ones between two letters belong to a "
        "word: `pre-` is `pre` and `-`.",
        (r"[^\W\d_]+(?:['’-][^\W\d_]+)*", r"[^\W\d_](?:[^\W\d_]|['’-])*"),
    ),
    _mistake(
        "numbers-torn",
        "Your numbers end at a point or a comma. Between two digits these belong to the number: `3.14` is one token.",
        (r"(?:[.,][0-9]+)*", ""),
    ),
    _mistake(
        "glued-points",
        "Your numbers swallow the full stop or the comma behind them. Only those between two digits belong to a number.",
        (r"[0-9]+(?:[.,][0-9]+)*", r"[0-9][0-9.,]*"),
    ),
    _mistake(
        "digits-one-by-one",
        "Your numbers fall into single digits. A run of digits is one token: there is a `+` missing.",
        (r"[0-9]+(?:[.,][0-9]+)*", r"[0-9](?:[.,][0-9])*"),
    ),
    _mistake(
        "small-letters",
        "Your function converts everything to lower case. By the rule, capitals stay capitals.",
        ("text)\n    word", "text).lower()\n    word"),
    ),
    _mistake(
        "white-space-kept",
        "Your list holds white space as tokens. It separates tokens and is none.",
        (r'sign = r"\S"', r'sign = r"\S|\s"'),
    ),
    _mistake(
        "signs-first",
        "Your pattern tries the single character before words and numbers, so every letter is a token. `|` takes the "
        "first alternative that fits: put the most special one first.",
        (_FINDALL, 're.findall(sign + "|" + word + "|" + number, text)'),
    ),
    _mistake(
        "capturing-brackets",
        "Your pattern has plain brackets, and then `re.findall` gives back what stood in the brackets and not the "
        "whole piece. Write `(?:...)`.",
        (r"(?:['’-]", r"(['’-]"),
        (r"(?:[.,]", r"([.,]"),
    ),
    _mistake(
        "different-tokens-only",
        "Your function returns each token once. A tokenizer keeps the text's order and its repetitions; the list of "
        "different tokens is the vocabulary, and comes later.",
        (_FINDALL, f"list(dict.fromkeys({_FINDALL}))"),
    ),
]
