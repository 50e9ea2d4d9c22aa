"""A student's code beside the course's: which lines stand together, what is left out, that nothing of them is read as markup."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import pytest
from rich.console import Console

from llmkit import i18n
from llmkit.views.difference import WIDE, Difference, Row, rows

COURSE = '''def mask(length):
    """Says where a token must not look.

    Args:
        length: number of tokens.

    Returns:
        True where the future is.
    """
    ones = torch.ones(length, length)
    return ones.triu(diagonal=1).bool()
'''
YOURS = COURSE.replace("    ones = ", "    # <b>mine</b> &amp; $x$\n    ones = ").replace("diagonal=1", "1")


def joined(line: tuple[tuple[str, bool], ...] | None) -> str | None:
    return None if line is None else "".join(text for text, _differs in line)


def difference(yours: str = YOURS, lang: str = "en") -> Difference:
    return Difference(yours, COURSE, title="ch03/<mask>", address="../s%20x/01_mask.ipynb", lang=lang)


class Reader(HTMLParser):
    """The texts in the cells of a table, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside |= tag == "td"
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag != "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data


def test_lines_that_are_versions_of_one_another_stand_in_one_row() -> None:
    made = rows("a = 1\nb = 2\nlast = a + b", "b = 3\nlast = a + b")
    assert [(joined(row.yours), joined(row.course), row.same) for row in made] == [
        ("a = 1", None, False),
        ("b = 2", "b = 3", False),
        ("last = a + b", "last = a + b", True),
    ]
    assert made[1].yours == (("b = ", False), ("2", True)) and made[1].course == (("b = ", False), ("3", True))


@pytest.mark.parametrize(("yours", "course"), [("", "a\nb"), ("a\nb", ""), ("xyz", "a = [1]\nb"), ("a\n\nb", "a\nb")])
def test_no_line_is_lost_on_either_side(yours: str, course: str) -> None:
    made = rows(yours, course)
    for side, text in (("yours", yours), ("course", course)):
        assert [joined(getattr(row, side)) for row in made if getattr(row, side) is not None] == text.splitlines()


def test_of_many_equal_lines_those_near_a_difference_are_shown() -> None:
    made = rows(YOURS, COURSE)
    assert [row.left_out for row in made if row.left_out] == [5]
    assert joined(made[0].yours) == "def mask(length):" and made[1] == Row(None, None, same=True, left_out=5)
    assert joined(made[2].yours) == "    Returns:"
    assert sum(row.left_out or row.same for row in made) == len(COURSE.splitlines()) - 1
    # In the middle, and at the end.
    lines = "\n".join(map(str, range(20)))
    assert [row.left_out for row in rows(f"a\n{lines}\nb", f"c\n{lines}\nd") if row.left_out] == [14]
    assert [row.left_out for row in rows(f"a\n{lines}", f"c\n{lines}") if row.left_out] == [17]


def test_a_notebook_shows_both_side_by_side_and_reads_none_of_it_as_markup() -> None:
    html = difference()._repr_html_()
    reader = Reader()
    reader.feed(html)
    assert reader.tags == {"p", "b", "table", "tr", "td", "pre", "span", "a"}
    assert "<b>mine</b>" not in html and "ch03/&lt;mask&gt;" in html
    yours, course = reader.cells[::2], reader.cells[1::2]
    assert yours[0] == "your code" and course[0] == "the course's solution"
    assert "    # <b>mine</b> &amp; $x$" in yours and course[yours.index("    # <b>mine</b> &amp; $x$")] == ""
    assert yours[-1] == "    return ones.triu(1).bool()" and course[-1] == "    return ones.triu(diagonal=1).bool()"
    assert '<a href="../s%20x/01_mask.ipynb">01_mask.ipynb</a>' in html
    # Letters have the theme's colour, so that they can be read on dark and on light.
    assert "color:#111" not in html and "background:none" in html


def test_a_terminal_shows_them_side_by_side_where_it_is_wide_enough() -> None:
    def shown(width: int) -> list[str]:
        stream = io.StringIO()
        Console(file=stream, width=width).print(difference())
        return stream.getvalue().splitlines()

    wide = shown(WIDE)
    assert any("ones.triu(1)" in line and "ones.triu(diagonal=1)" in line for line in wide)
    narrow = shown(WIDE - 1)
    assert "-     return ones.triu(1).bool()" in narrow and "+     return ones.triu(diagonal=1).bool()" in narrow
    assert "-     # <b>mine</b> &amp; $x$" in narrow  # nor as markup of the terminal
    assert narrow[-1] == "The whole notebook: ../s%20x/01_mask.ipynb"
    assert [line.rstrip() for line in narrow] == str(difference()).splitlines()


def test_equal_code_is_not_shown_twice() -> None:
    same = difference(COURSE)
    assert "<table" not in same._repr_html_() and "Your code is the same as the course&#x27;s." in same._repr_html_()
    assert str(same).splitlines()[1] == "Your code is the same as the course's."


def test_words_are_those_of_the_notebook() -> None:
    with i18n.using("en"):
        assert "o seu código" in difference(lang="pt-BR")._repr_html_() and "o seu código" in str(
            difference(lang="pt-BR")
        )
