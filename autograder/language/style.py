"""Holds the Portuguese texts against the glossary: its terms, numbers, headings, and English words that were left behind.

The glossary is the file that people read, docs/glossary.md; what a machine cannot see of its style sheet is left to them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from autograder.course.course import Course
from autograder.errors import CourseError, Problem
from autograder.language import messages
from autograder.language import notebooks as translation

# True: `autograder build --check` and `autograder translations` fail on these problems, too.
BINDING = True
LANGUAGE = "pt-BR"  # of the glossary's second and third column
GLOSSARY = "docs/glossary.md"
# Portuguese prose outside the catalogues.
PAGES = ("README.pt-BR.md", "autograder/scaffold/exercise.pt-BR.md", "autograder/scaffold/notebook.pt-BR.md")
KINDS = ("term", "number", "English word", "heading", "dá")
BEGIN = {"Exercise ": "Exercício ", "Why ": "Por que "}  # standard headings
MOST_DA = 3  # "dá" and "dão" in one notebook
# Words of English that are none of Portuguese.
ENGLISH = frozenset(
    {
        "the", "and", "with", "needs", "from", "this", "that", "which", "when", "where", "what", "there", "their", "your",
        "you", "are", "was", "were", "have", "has", "been", "than", "then", "into",
    }
)  # fmt: skip

_FENCE = re.compile(r"^```.*?(?:^```|\Z)", re.M | re.S)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)
_CODE = re.compile(r"(`+)[^`].*?\1", re.S)
# Links, tags, comments, fields in braces, words in quotation marks or italics: they quote, name or are filled later.
_QUOTED = re.compile(
    r"\]\([^)\s]*\)|<[^<>\n]+>|https?://\S+|\{[^{}\n]*\}|[\w./-]+\.(?:py|ipynb|md|po|json|toml|txt|tsv|zip|csv|html|db|pt)\b"
)
_SAID = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»|'[^'\n]*'|(?<![*\w])\*[^*\n]+\*(?![*\w])")
_IN_FORMULA = re.compile(r"\\text(?:bf|it|rm)?\{([^{}]*)\}")
_NUMBER = re.compile(r"(?<![\w.,/=^-])\d+(?:[.,]\d+)+(?![\w/]|[.,]\d)")
# What a number with points is part of: a version, a paper, a law, a model's name.
_NAMED = re.compile(
    r"(?:Python|versão|versões|CUDA|Gradio|GPT|arXiv|Apache|MIT|BY|plotly|nbgrader|v|≥|>=|==)[ :-]?$", re.I
)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.M)
_ALLOWED = re.compile(r"allow: *([^\n>]+?) *(?:-->|$)", re.M)
_DA = re.compile(r"\b(?:dá|dão)\b", re.I)


@dataclass(frozen=True)
class Text:
    """One Portuguese text.

    Attributes:
        file: relative to the course's folder.
        place: id of its cell, or how its English begins.
        english: the source text; empty for a page.
        text: the translation.
        prose: whether it is read as prose, and not as a comment or an output of code.
        allowed: forms that a translator's comment, "allow: one; other", lets stand here.
    """

    file: str
    place: str
    english: str
    text: str
    prose: bool
    allowed: frozenset[str]


@dataclass(frozen=True)
class Finding:
    """One place that breaks the glossary or the style sheet: which kind of `KINDS`, and what to tell."""

    kind: str
    problem: Problem


def forbidden(course: Course) -> dict[str, str]:
    """The glossary's third column: each form that is not used, with the term that is.

    Raises:
        CourseError: the glossary or its table is missing.
    """
    path = course.root / GLOSSARY
    if not path.is_file():
        raise CourseError(f"{GLOSSARY}: there is no glossary", "restore it: git checkout -- docs")
    rows = re.findall(r"^\|([^|\n]+)\|([^|\n]+)\|([^|\n]*)\|$", path.read_text(encoding="utf-8"), re.M)
    terms = [[cell.strip() for cell in row] for row in rows]
    if not terms or terms[0] != ["English", "português", "not"]:
        raise CourseError(f"{GLOSSARY}: there is no table of terms", "begin it with | English | português | not |")
    return {form.strip(): term for _english, term, forms in terms[2:] for form in forms.split(";") if form.strip()}


def findings(course: Course) -> list[Finding]:
    """Everything that a machine can see, by file."""
    forms, there = forbidden(course), list(texts(course))
    found = [finding for text in there for finding in _in_text(text, forms)]
    return found + _headings(there) + _verbs(there)


def problems(course: Course) -> list[Problem]:
    """The findings, where they are binding and the course has the language."""
    binding = BINDING and LANGUAGE in translation.languages(course) and (course.root / GLOSSARY).is_file()
    return [finding.problem for finding in findings(course)] if binding else []


def texts(course: Course) -> Iterator[Text]:
    """All Portuguese texts: of notebooks, of messages, and pages."""
    for part in course.with_exam:
        for source in part.notebooks():
            path = translation.catalogue_path(part, source, LANGUAGE).relative_to(course.root).as_posix()
            markdown = {cell.id for cell in source.nb.cells if cell.cell_type == "markdown"}
            for entry in translation.catalogue(part, source, LANGUAGE):
                cell = entry.msgctxt or ""
                yield Text(path, cell, entry.msgid, entry.msgstr, cell in markdown, _allowed(entry.tcomment))
    for domain in messages.DOMAINS:
        file = messages.path_of(course, domain, LANGUAGE)
        for entry in messages.read(file):
            shown, begins = file.relative_to(course.root).as_posix(), repr(entry.msgid[:40])
            yield Text(shown, begins, entry.msgid, entry.msgstr, True, _allowed(entry.tcomment))
    for name in PAGES:
        if (course.root / name).is_file():
            page = (course.root / name).read_text(encoding="utf-8")
            yield Text(name, "", "", page, True, _allowed(page))


def _allowed(comment: str) -> frozenset[str]:
    return frozenset(form.strip().lower() for part in _ALLOWED.findall(comment) for form in part.split(";"))


def _in_text(text: Text, forms: dict[str, str]) -> Iterator[Finding]:
    prose = _prose(text.text)
    taken: list[tuple[int, int]] = []
    for form in sorted(forms, key=len, reverse=True):  # the longest first: what is part of it is told with it
        for match in _pattern(form).finditer(prose):
            if form.lower() in text.allowed or any(start <= match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            yield _found(text, "term", f"{match[0]!r} is not our term", f"write {forms[form]}", form)
    for word in _english_words(text):
        yield _found(text, "English word", f"{word!r} is English", "translate it", word)
    if text.prose:
        for number in _numbers(text, prose):
            yield _found(
                text,
                "number",
                f"{number} has English signs",
                "write a decimal comma, and a point for thousands",
                number,
            )
        for formula in _formulas(text.text):
            yield _found(text, "number", f"{formula} has a decimal point in a formula", "write 0{,}5 for 0.5", formula)


def _found(text: Text, kind: str, what: str, remedy: str, form: str) -> Finding:
    return Finding(
        kind, Problem(text.file, text.place, what, f'{remedy}, or allow it here by a comment "allow: {form}"')
    )


def _prose(text: str) -> str:
    """The text with blanks for all that is no prose, and without marks of emphasis."""
    for pattern in (_FENCE, _CODE, _FORMULA, _QUOTED):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), text)
    return re.sub(r"\*+|(?<!\w)_|_(?!\w)", "", text)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """A form in singular and plural, wherever its words follow each other."""
    words = r"\s+".join(_inflected(word) for word in form.split())
    return re.compile(rf"(?<![\w-]){words}(?![\w-])", re.I)


def _inflected(word: str) -> str:
    if word.endswith("ção"):
        return re.escape(word[:-3]) + "(?:ção|ções)"
    if word.endswith(("al", "el")):
        return re.escape(word[:-1]) + "(?:l|is)"
    if word.endswith("r"):
        return re.escape(word) + "(?:es)?"
    if word.endswith("m"):
        return re.escape(word[:-1]) + "(?:m|ns)"
    return re.escape(word) + ("s?" if len(word) > 3 else "")


def _numbers(text: Text, prose: str) -> Iterator[str]:
    """Numbers with the signs of English: as they stand in the English text, or with a point that groups nothing."""
    same = Counter(_NUMBER.findall(_prose(text.english)))
    for match in _NUMBER.finditer(prose):
        number = match[0]
        named = _NAMED.search(prose[: match.start()]) or (number.count(".") > 1 and not _THOUSANDS.fullmatch(number))
        decimal = "." in number and not _THOUSANDS.fullmatch(number)
        decimal |= "." in number and number.startswith("0")
        if not named and number.lower() not in text.allowed and (decimal or same[number]):
            yield number


def _formulas(text: str) -> Iterator[str]:
    for match in _FORMULA.finditer(_FENCE.sub("", text)):
        yield from (
            number
            for number in re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", match[0])
            if not _THOUSANDS.fullmatch(number)
        )


def _english_words(text: Text) -> Iterator[str]:
    inside = " ".join(_IN_FORMULA.findall(_FENCE.sub("", text.text)))
    prose = _SAID.sub(" ", _FENCE.sub(" ", text.text))
    words = re.findall(r"(?<![\w-])[a-z]+(?![\w-])", f"{_prose(prose)} {inside}".lower())
    yield from (word for word in words if word in ENGLISH and word not in text.allowed)


def _headings(there: list[Text]) -> list[Finding]:
    """One heading in English has one translation, that which most places have."""
    seen: dict[str, dict[str, list[Text]]] = defaultdict(lambda: defaultdict(list))
    for text in there:
        ours, theirs = (_HEADING.findall(_FENCE.sub("", side)) for side in (text.english, text.text))
        if text.prose and len(ours) == len(theirs):
            for one, other in zip(ours, theirs, strict=True):
                seen[one][other].append(text)
    found = []
    for english, translations in seen.items():
        usual = max(translations, key=lambda heading: len(translations[heading]))
        begins = next((begin for word, begin in BEGIN.items() if english.startswith(word)), "")
        for heading, places in translations.items():
            if heading.startswith(begins) and heading == usual:
                continue
            remedy = f"write {usual!r} as elsewhere" if heading.startswith(begins) else f"begin it with {begins!r}"
            what = f"{heading!r} for {english!r}"
            found += [
                _found(one, "heading", what, remedy, heading) for one in places if heading.lower() not in one.allowed
            ]
    return found


def _verbs(there: list[Text]) -> list[Finding]:
    """Notebooks that say too often that something gives something."""
    counts = Counter({text.file: 0 for text in there})
    for text in there:
        if text.file.startswith("locale/"):
            counts[text.file] += len(_DA.findall(_prose(text.text)))
    remedy = "write devolve or retorna for a function, resulta em or vale for a formula"
    return [
        Finding("dá", Problem(file, "", f'"dá" or "dão" {count} times, more than {MOST_DA}', remedy))
        for file, count in counts.items()
        if count > MOST_DA
    ]
