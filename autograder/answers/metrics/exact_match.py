"""Answers to exercise 2 of 01_overlap_metrics: exact_match."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="translation-table",
        description="str.translate with a table of all punctuation, a set of normalised answers.",
        code="""import sys

PUNCTUATION = dict.fromkeys(i for i in range(sys.maxunicode + 1) if unicodedata.category(chr(i))[0] == "P")


def tidy(text, articles):
    text = unicodedata.normalize("NFC", text.lower()).translate(PUNCTUATION)
    return " ".join(w for w in text.split() if w not in set(articles))


def exact_match(prediction, answers, articles=()):
    right = {tidy(answer, articles) for answer in answers}
    return 1.0 if tidy(prediction, articles) in right else 0.0
""",
    ),
    Alternative(
        name="decomposed-all-the-way",
        description="Everything is compared in the decomposed form, marks included; a loop that returns early.",
        code="""def exact_match(prediction, answers, articles=()):
    def form(text):
        out = ""
        for c in unicodedata.normalize("NFD", text.lower()):
            if unicodedata.category(c) not in ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"):
                out += c
        left = [unicodedata.normalize("NFD", a) for a in articles]
        return [w for w in out.split() if w not in left]

    guess = form(prediction)
    for answer in answers:
        if form(answer) == guess:
            return 1
    return 0
""",
    ),
    Alternative(
        name="regular-expressions",
        description="Regular expressions on composed text, with a class for punctuation and articles between word borders.",
        code="""import regex as re


def exact_match(prediction, answers, articles=()):
    def norm(s):
        s = unicodedata.normalize("NFC", s).casefold()
        s = re.sub(r"\\p{P}", "", s)
        if articles:
            s = re.sub(r"\\b(" + "|".join(map(re.escape, articles)) + r")\\b", " ", s)
        return re.sub(r"\\s+", " ", s).strip()

    return max(float(norm(a) == norm(prediction)) for a in answers)
""",
    ),
    Alternative(
        name="true-or-false",
        description="Returns a truth value; filter and any.",
        code="""def exact_match(prediction, answers, articles=()):
    def steps(text):
        text = unicodedata.normalize("NFC", text.lower())
        letters = filter(lambda sign: "P" not in unicodedata.category(sign), text)
        return tuple(word for word in "".join(letters).split() if not word in articles)

    return steps(prediction) in [steps(one) for one in answers]
""",
    ),
]

_RIGHT = """def exact_match(prediction, answers, articles=()):
    def norm(text):
        text = unicodedata.normalize("NFC", text)
        text = text.lower()
        text = "".join(c for c in text if unicodedata.category(c)[0] != "P")
        words = [w for w in text.split() if w not in articles]
        return " ".join(words)

    return float(any(norm(prediction) == norm(answer) for answer in answers))
"""

_mistake = partial(made_in, _RIGHT, see="01_overlap_metrics: Exercise 2: exact_match")

MISTAKES = [
    _mistake(
        "accents-deleted",
        "You decompose the text and throw the accents away. They stay: in Portuguese é and e are two words.",
        (
            'unicodedata.normalize("NFC", text)',
            '"".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))',
        ),
    ),
    _mistake(
        "ascii-only",
        "You keep ASCII only, which deletes every letter with an accent. Keep all letters.",
        ('unicodedata.normalize("NFC", text)', 'text.encode("ascii", "ignore").decode()'),
    ),
    _mistake(
        "a-to-z-only",
        "You keep a to z and digits only, which cuts words at their accents. Delete what is punctuation and nothing else.",
        ('unicodedata.category(c)[0] != "P"', 'c in "abcdefghijklmnopqrstuvwxyz0123456789" or c.isspace()'),
    ),
    _mistake(
        "forms-not-made-equal",
        "You do not bring the text to one form, so a composed and a decomposed ã are different for you. Use "
        '`unicodedata.normalize("NFC", text)`.',
        ('        text = unicodedata.normalize("NFC", text)\n', ""),
    ),
    _mistake(
        "marks-deleted-with-the-punctuation",
        "You keep letters, digits and blanks of a decomposed text; the accents are signs of their own there, and go. Use "
        "NFC, and delete only what is punctuation.",
        ('"NFC"', '"NFD"'),
        ('unicodedata.category(c)[0] != "P"', "c.isalnum() or c.isspace()"),
    ),
    _mistake(
        "case-counts",
        "You do not bring the texts to lower case.",
        ("        text = text.lower()\n", ""),
    ),
    _mistake(
        "ascii-punctuation",
        "You delete the punctuation of a keyboard only. There is more: dashes, round quotes, «». Ask "
        "`unicodedata.category(sign)`, which begins with P for all of it.",
        ('unicodedata.category(c)[0] != "P"', 'c not in "!\\"#$%&\'()*+,-./:;<=>?@[\\\\]^_`{|}~"'),
    ),
    _mistake(
        "blank-for-punctuation",
        "You put a blank in the place of punctuation, so guarda-chuva becomes two words. Nothing takes its place.",
        (
            '"".join(c for c in text if unicodedata.category(c)[0] != "P")',
            '"".join(" " if unicodedata.category(c)[0] == "P" else c for c in text)',
        ),
    ),
    _mistake(
        "punctuation-at-the-ends-only",
        "You delete punctuation at the ends of the text only. Delete it everywhere.",
        (
            '"".join(c for c in text if unicodedata.category(c)[0] != "P")',
            'text.strip(" .,;:!?-\\"\'()[]—–“”‘’…«»¿¡/*")',
        ),
    ),
    _mistake(
        "punctuation-kept",
        "You do not delete punctuation.",
        ('        text = "".join(c for c in text if unicodedata.category(c)[0] != "P")\n', ""),
    ),
    _mistake(
        "blanks-only-at-the-ends",
        "You strip white space at the ends only. Inside, any number of blanks and line ends is one blank.",
        ("text.split() if", 'text.strip().split(" ") if'),
    ),
    _mistake(
        "all-blanks-deleted",
        'You join the words without a blank, so "red boat" and "redboat" are equal.',
        ('" ".join(words)', '"".join(words)'),
    ),
    _mistake(
        "articles-inside-words",
        "You delete the letters of the articles everywhere, also inside words. An article is left out only where it stands "
        "as a whole word.",
        (
            "        words = [w for w in text.split() if w not in articles]\n",
            '        for article in articles:\n            text = text.replace(article, "")\n        words = text.split()\n',
        ),
    ),
    _mistake(
        "articles-before-a-blank",
        "You delete every article with a blank after it, so the end of a word goes too and an article at the end stays. "
        "Compare whole words.",
        (
            "        words = [w for w in text.split() if w not in articles]\n",
            '        for article in articles:\n            text = text.replace(article + " ", "")\n        words = text.split()\n',
        ),
    ),
    _mistake(
        "english-articles",
        "You always leave out a, an and the. Articles depend on the language: leave out those of the argument, and none "
        "without it.",
        ("not in articles", 'not in ("a", "an", "the")'),
    ),
    _mistake(
        "articles-stay",
        "You do not leave out the articles that the caller names.",
        (" if w not in articles", ""),
    ),
    _mistake(
        "articles-before-the-rest",
        "You leave out articles before lower case and punctuation are done, so `The` and `the,` stay. Do it last.",
        (
            "        text = text.lower()\n",
            '        text = " ".join(w for w in text.split() if w not in articles).lower()\n',
        ),
        (" if w not in articles]", "]"),
    ),
    _mistake(
        "first-answer-only",
        "You compare with the first answer only. One of all the right answers is enough.",
        ("in answers))", "in answers[:1]))"),
    ),
    _mistake(
        "all-answers",
        "You ask the prediction to equal all the right answers. One is enough.",
        ("any(", "all("),
    ),
    _mistake(
        "answers-as-they-are",
        "You normalise the prediction and not the answers. Both sides need it.",
        ("== norm(answer)", "== answer"),
    ),
    _mistake(
        "part-of-the-answer",
        "You ask whether the answer stands somewhere in the prediction. They have to be equal.",
        ("norm(prediction) == norm(answer)", "norm(answer) in norm(prediction)"),
    ),
    _mistake(
        "same-words-in-any-order",
        "You compare sets of words. Order and repetition count.",
        ('" ".join(words)', "set(words)"),
    ),
    _mistake(
        "nothing-to-return",
        "You compute the result and do not return it.",
        ("    return float(", "    result = float("),
    ),
    _mistake(
        "symbols-deleted",
        "You delete every sign that is neither a letter nor a digit nor white space. Only punctuation goes, whose "
        "category begins with P: +, $ and ° stay.",
        ('unicodedata.category(c)[0] != "P"', 'unicodedata.category(c)[0] in "LMN" or c.isspace()'),
    ),
    _mistake(
        "underscore-kept",
        "You keep the underscore. For regular expressions it is a word character, but its Unicode category is Pc: it is punctuation.",
        ('unicodedata.category(c)[0] != "P"', 'unicodedata.category(c)[0] != "P" or c == "_"'),
    ),
    _mistake(
        "word-characters-only",
        "You keep word characters and white space, as `\\w` and `\\s` mean them: the underscore stays and symbols "
        "such as + go. Delete what has a Unicode category that begins with P, and nothing else.",
        ('unicodedata.category(c)[0] != "P"', 'c.isalnum() or c.isspace() or c == "_"'),
    ),
]
