"""Two versions of a piece of code beside each other: the student's and the course's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING

from llmkit import i18n
from llmkit.i18n import gettext as _
from llmkit.views.markup import heading
from llmkit.views.palette import GREEN, ORANGE, tint

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

SIMILAR = 0.6  # from here on two lines are versions of one another
AROUND = 3  # equal lines that are shown before and after a difference
WIDE = 120  # columns of a terminal that has room for two versions side by side

_PARTS = re.compile(r"\w+|\s+|.", re.S)
_PRE = (
    "margin:0;padding:0;border:0;min-height:1.35em;background:none;color:inherit;font-size:12px;"
    "white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere"
)
HANG = 4  # characters that a line is indented by where it goes on in the next one

# Parts of a line, each with whether the other version lacks it.
Line = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Row:
    """What stands in one row.

    Attributes:
        yours: the student's line; None where there is none.
        course: the course's.
        same: whether they are equal.
        left_out: equal lines that this row stands for, when they are not shown.
    """

    yours: Line | None
    course: Line | None
    same: bool = False
    left_out: int = 0


class Difference:
    """A student's code beside the course's: a table in a notebook, and in a terminal that is wide enough; else one below the other.

    Args:
        yours: the student's code.
        course: the course's.
        title: the exercise.
        address: of the notebook with the course's solution, as the open notebook links it; in a terminal its path.
        lang: of the words.
    """

    def __init__(self, yours: str, course: str, *, title: str, address: str, lang: str = i18n.SOURCE) -> None:
        self.title, self.address, self._lang = title, address, lang
        self.rows = rows(yours, course)

    def __str__(self) -> str:
        return "\n".join(text for text, _style in self._lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        with i18n.using(self._lang):
            link = f'<a href="{escape(self.address)}">{escape(self.address.rpartition("/")[2])}</a>'
            told = f"<p>{escape(_whole()).format(notebook=link)}</p>"
            if self._equal:
                return f"{heading(self.title)}<p>{escape(_equal())}</p>{told}"
            heads = "".join(_cell(f"<b>{escape(one)}</b>") for one in _sides())
            body = "".join(map(_row, self.rows))
        style = "table-layout:fixed;width:100%;border-collapse:collapse"
        return (
            f'{heading(self.title)}<table style="{style}"><tr style="background:none">{heads}</tr>{body}</table>{told}'
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.table import Table
        from rich.text import Text

        if self._equal or options.max_width < WIDE:
            for text, style in self._lines():
                yield Text(text, style=style, no_wrap=True, overflow="ignore")
            return
        with i18n.using(self._lang):
            yield Text(self.title, style="bold")
            table = Table(expand=True)
            for one in _sides():
                table.add_column(one, ratio=1, overflow="fold")
            for row in self.rows:
                if row.left_out:
                    table.add_row(*[Text(_left_out(row), style="dim")] * 2)
                else:
                    table.add_row(_text(row.yours, row.same, "yellow"), _text(row.course, row.same, "green"))
            yield table
            yield Text(_whole().format(notebook=self.address))

    @property
    def _equal(self) -> bool:
        return all(row.same for row in self.rows)

    def _lines(self) -> Iterator[tuple[str, str]]:
        """One version below the other, difference by difference: each line with its style."""
        with i18n.using(self._lang):
            yield self.title, "bold"
            if self._equal:
                yield _equal(), ""
            else:
                yield from self._in_turn()
            yield _whole().format(notebook=self.address), ""

    def _in_turn(self) -> Iterator[tuple[str, str]]:
        yours, theirs = _sides()
        yield f"- {yours}", "yellow"
        yield f"+ {theirs}", "green"
        yield "", ""
        held: list[tuple[str, str]] = []  # the course's lines follow the student's
        for row in self.rows:
            if row.same:
                yield from held
                held = []
                yield (
                    f"  {_left_out(row) if row.left_out else _joined(row.yours)}".rstrip(),
                    "dim" if row.left_out else "",
                )
                continue
            if row.yours is not None:
                yield f"- {_joined(row.yours)}".rstrip(), "yellow"
            if row.course is not None:
                held.append((f"+ {_joined(row.course)}".rstrip(), "green"))
        yield from held
        yield "", ""


def rows(yours: str, course: str) -> list[Row]:
    """The lines of two versions, those beside each other that belong together; of many equal ones only those near a difference.

    Args:
        yours: one version.
        course: the other.
    """
    left, right = (text.strip("\n").expandtabs(4).splitlines() for text in (yours, course))
    made: list[Row] = []
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for number, (kind, start, end, other, other_end) in enumerate(blocks):
        if kind == "equal":
            same = [Row(((line, False),), ((line, False),), same=True) for line in left[start:end]]
            made += _shortened(same, first=number == 0, last=number == len(blocks) - 1)
        else:
            made += _aligned(left[start:end], right[other:other_end])
    return made


def _shortened(same: list[Row], *, first: bool, last: bool) -> list[Row]:
    before, after = 0 if first else AROUND, 0 if last else AROUND
    left_out = len(same) - before - after
    if left_out <= AROUND or (first and last):
        return same
    # The head of a function says what this is about.
    before = max(before, 1)
    left_out = len(same) - before - after
    return [*same[:before], Row(None, None, same=True, left_out=left_out), *same[len(same) - after :]]


def _aligned(left: list[str], right: list[str]) -> Iterator[Row]:
    """Rows of lines that all differ: the most similar pair stands in one row, and divides what comes before and after."""
    pairs = [
        (SequenceMatcher(None, a.strip(), b.strip(), autojunk=False).ratio(), i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
    ]
    best, i, j = max(pairs, default=(0.0, 0, 0), key=lambda pair: (pair[0], -pair[1], -pair[2]))
    if best < SIMILAR:
        for one, other in zip_longest(left, right):
            yield Row(None if one is None else ((one, False),), None if other is None else ((other, False),))
        return
    yield from _aligned(left[:i], right[:j])
    yield Row(*_marked(left[i], right[j]))
    yield from _aligned(left[i + 1 :], right[j + 1 :])


def _marked(left: str, right: str) -> tuple[Line, Line]:
    """Two lines, their parts that differ marked."""
    one, other = _PARTS.findall(left), _PARTS.findall(right)
    marked: tuple[list[tuple[str, bool]], list[tuple[str, bool]]] = ([], [])
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for line, text in zip(marked, ("".join(one[a:b]), "".join(other[c:d])), strict=True):
            if text:
                line.append((text, kind != "equal"))
    return tuple(marked[0]), tuple(marked[1])


def _sides() -> tuple[str, str]:
    return _("your code"), _("the course's solution")


def _whole() -> str:
    return _("The whole notebook: {notebook}")


def _joined(line: Line | None) -> str:
    return "".join(text for text, _differs in line or ())


def _left_out(row: Row) -> str:
    return _("⋮ {count} equal lines").format(count=row.left_out)


def _equal() -> str:
    return _("Your code is the same as the course's.")


def _row(row: Row) -> str:
    if row.left_out:
        cell = _cell(f'<span style="opacity:.7">{escape(_left_out(row))}</span>')
        return f'<tr style="background:none">{cell}{cell}</tr>'
    cells = (
        _cell("" if line is None else _html(line, colour), "" if row.same or line is None else colour)
        for line, colour in ((row.yours, ORANGE), (row.course, GREEN))
    )
    return f'<tr style="background:none">{"".join(cells)}</tr>'


def _cell(inner: str, colour: str = "") -> str:
    """A table cell, with a bar on its left where it differs: nobody has to tell the colours apart."""
    tinted = (
        f"background:{tint(colour, 0.18)};border-left:3px solid {colour}"
        if colour
        else "border-left:3px solid transparent"
    )
    style = f"text-align:left;vertical-align:top;padding:0 .5em;line-height:1.35;{tinted}"
    return f'<td style="{style}"><pre style="{_PRE}">{inner}</pre></td>'


def _html(line: Line, colour: str) -> str:
    strong = f"background:{tint(colour, 0.4)};color:inherit"
    code = _joined(line)
    hang = len(code) - len(code.lstrip()) + HANG
    parts = "".join(
        f'<span style="{strong}">{escape(text)}</span>' if differs else escape(text) for text, differs in line
    )
    return f'<span style="display:block;padding-left:{hang}ch;text-indent:-{hang}ch">{parts}</span>'


def _text(line: Line | None, same: bool, colour: str) -> Text:
    from rich.text import Text

    made = Text()
    for text, differs in line or ():
        made.append(text, style="" if same else f"bold {colour}" if differs else colour)
    return made
