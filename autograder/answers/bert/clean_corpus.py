"""Answers to exercise 1 of 01_vocabulary_and_batches: clean the corpus."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sign-by-sign",
        description="No regular expressions: one loop over the signs.",
        code="""def clean(text):
    sentences, sentence, word = [], [], ""
    signs = text.lower() + "\\n"
    for i, c in enumerate(signs):
        if c.isalnum():
            word += c
            continue
        if c in "'-" and word and signs[i + 1].isalnum():
            word += c
            continue
        if word:
            sentence.append(word)
            word = ""
        if c in ".!?\\n" and sentence:
            sentences.append(sentence)
            sentence = []
    return sentences
""",
    ),
    Alternative(
        name="signs-replaced",
        description="Unwanted signs become spaces, then split; marks at the edge of words are cut off.",
        code=r"""def clean(text):
    result = []
    for line in text.lower().splitlines():
        for sentence in re.sub(r"[!?]", ".", line).split("."):
            kept = re.sub(r"[^\w'-]|_", " ", sentence)
            kept = re.sub(r"(?<![^\W_])['-]|['-](?![^\W_])", " ", kept)
            if kept.split():
                result.append(kept.split())
    return result
""",
    ),
    Alternative(
        name="tokens-in-one-pass",
        description="One pattern finds words and ends of sentences; groupby parts them.",
        code=r"""def clean(text):
    from itertools import groupby

    token = re.compile(r"\b[^\W_]+(?:(?:'|-)[^\W_]+)*|[^\W_]+|[.!?\n]")
    pieces = (match.group() for match in token.finditer(text.lower().replace("_", " ")))
    return [list(words) for ends, words in groupby(pieces, key=lambda piece: piece in ".!?\n") if not ends]
""",
    ),
]

_RIGHT = r"""def clean(text):
    text = text.lower()
    sentences = []
    for piece in re.split(r"[.!?\n]+", text):
        words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", piece)
        if words:
            sentences.append(words)
    return sentences
"""

_mistake = partial(made_in, _RIGHT, see="01_vocabulary_and_batches: Exercise 1: clean the corpus")

MISTAKES = [
    _mistake(
        "accents-lost",
        "Your pattern knows only the letters a to z, so words with accents are cut in pieces. `[^\\W_]` knows the letters "
        "of all languages.",
        (r"[^\W_]+(?:['-][^\W_]+)*", "[a-z0-9]+(?:['-][a-z0-9]+)*"),
    ),
    _mistake(
        "accents-taken-off",
        "You take the accents off, and `avó` and `avô` become one word. Letters with accents stay as they are.",
        (
            "    text = text.lower()\n",
            "    import unicodedata\n\n    text = unicodedata.normalize('NFD', text.lower())\n"
            "    text = ''.join(c for c in text if not unicodedata.combining(c))\n",
        ),
    ),
    _mistake(
        "capitals-kept",
        "Your words keep their capitals, so `The` and `the` are two words. Everything should be in lower case.",
        ("text.lower()", "text"),
    ),
    _mistake(
        "only-full-stops",
        "Your sentences end only at full stops. `!`, `?` and the end of a line end a sentence, too.",
        (r"[.!?\n]+", "[.]+"),
    ),
    _mistake(
        "line-ends-ignored",
        "The end of a line ends a sentence, too: `\\n` is missing among your signs.",
        (r"[.!?\n]+", "[.!?]+"),
    ),
    _mistake(
        "empty-sentences-kept",
        "You keep sentences without words. Leave out the empty lists.",
        ("        if words:\n            sentences.append(words)", "        sentences.append(words)"),
    ),
    _mistake(
        "apostrophes-and-hyphens-cut",
        "Your words end at an apostrophe or a hyphen. One that stands between two letters belongs to the word.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"[^\W_]+"),
    ),
    _mistake(
        "marks-glued-to-words",
        "Your words begin or end with apostrophes and hyphens. These belong to a word only between two letters or digits.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"(?:[^\W_]|['-])+"),
    ),
    _mistake(
        "only-one-mark",
        "Your pattern allows one apostrophe or hyphen in a word, and `forget-me-not` has two: the group needs a `*`.",
        ("(?:['-][^\\W_]+)*", "(?:['-][^\\W_]+)?"),
    ),
    _mistake(
        "punctuation-glued",
        "You cut at spaces only, so commas and quotation marks stay glued to the words.",
        (r"""re.findall(r"[^\W_]+(?:['-][^\W_]+)*", piece)""", "piece.split()"),
    ),
    _mistake(
        "digits-lost",
        "Your words hold letters only. Digits belong to words, too.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"[^\W\d_]+(?:['-][^\W\d_]+)*"),
    ),
    _mistake(
        "underscore-kept",
        "`\\w` knows the underscore as well, which here only separates: take `[^\\W_]`.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"\w+(?:['-]\w+)*"),
    ),
    _mistake(
        "one-long-list",
        "You return one list of words. Each sentence should have a list of its own.",
        ("sentences.append(words)", "sentences.extend(words)"),
    ),
    _mistake(
        "sentences-not-cut",
        "You return each sentence as a text. It should be a list of words.",
        ("sentences.append(words)", "sentences.append(' '.join(words))"),
    ),
    _mistake(
        "short-sentences-lost",
        "You leave out sentences of one word. Only those without any word are left out.",
        ("if words:", "if len(words) > 1:"),
    ),
]
