"""Feedback pages: the result, what to look at next, then the notebook with a card for each test. All student content is sanitised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from autograder.course.cells import visible_part
from autograder.grading.card import card, scored
from autograder.grading.formulas import markdown_with_marked_formulas, with_mathml
from autograder.grading.harmless import harmless_cell, harmless_output, harmless_page
from autograder.i18n import gettext as _
from autograder.judge.marks import CellMark
from autograder.language.notebooks import language_of
from autograder.submission.notes import notes_of, refusal_of
from autograder.submission.written import NO_ANSWER
from llmkit.cells import grade_id, role
from llmkit.i18n import using
from llmkit.testing import results

_HEADING = re.compile(r"^#{1,6} +(.+?)(?: *\([^()]*\))? *$", re.MULTILINE)


class FeedbackExporter(HTMLExporter):
    """nbconvert's own, with our page; it is sanitised at the end, when everything of the student's has been rendered."""

    def __init__(self, config: Config | None = None, **kw: Any) -> None:
        # nbgrader sets its own template for all HTML exporters.
        ours = Config()
        ours.FeedbackExporter.template_name = "page"
        ours.FeedbackExporter.extra_template_basedirs = [str(Path(__file__).parent)]
        ours.merge(config or Config())
        super().__init__(config=ours, **kw)

    def default_filters(self) -> Any:
        yield from super().default_filters()
        yield ("markdown2html", markdown_with_marked_formulas)

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return _with_scrolling(with_mathml(harmless_page(page))), resources


class FeedbackPage(NbGraderPreprocessor):
    """Turns an autograded notebook into what a student should read: no hidden tests, one card per test cell, a summary at the top."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        with using(language_of(nb)):
            resources["page"] = self._page(nb, dict(resources.get("nbgrader", {})))
        return nb, resources

    def _page(self, nb: NotebookNode, known: dict[str, Any]) -> dict[str, str]:
        notebook = str(known.get("notebook", ""))
        places = _places(nb)
        tests: list[_Result] = []
        questions: list[str] = []
        comments = []
        by_hand = 0.0
        for index, cell in enumerate(nb.cells):
            info, id = cell.metadata.get("autograder", {}), grade_id(cell)
            kind, label = _kind(cell, asked=bool(questions))
            anchor = id or str(cell.get("id", f"cell-{index}"))
            comment = str(cell.metadata.get("nbgrader", {}).get("comment") or "")
            unanswered = comment == NO_ANSWER
            comment = "" if unanswered else comment
            if comment:
                comments.append(anchor)
            if "mark" in info:
                result = _Result(
                    CellMark.from_dict(info["mark"]), places, notebook, cell.metadata.nbgrader.get("score")
                )
                tests.append(result)
                cell.source = visible_part(cell.source)
                cell.outputs = [_html(result.card())]
            elif info.get("origin") != "course":
                harmless_cell(cell)
            else:
                cell["outputs"] = [safe for output in cell.get("outputs", []) if (safe := harmless_output(output))]
            if role(cell) == "manual":
                by_hand += float(cell.metadata.nbgrader.get("points") or 0)
                label = f"{label} · {_scored(cell.metadata.nbgrader)}"
            elif role(cell) == "task":
                by_hand += float(cell.metadata.nbgrader.get("points") or 0)
                cell.source = visible_part(cell.source)
                said = _marked(cell.metadata.nbgrader, unanswered)
                label = f"{label} · {said}"
                heading = _HEADING.search(cell.source)
                questions.append(f"{_link(f'#{anchor}', heading[1] if heading else id)} · {_text(said)}")
            cell.metadata["page"] = {"kind": kind, "label": label, "anchor": anchor, "comment": comment}
        refusal = refusal_of(nb)
        title = _("Feedback on {notebook}").format(notebook=f"{known.get('assignment', '')}/{notebook}")
        return {
            "language": language_of(nb),
            "title": title,
            "notebook": _("Your notebook"),
            "comment": _("Comment of your teacher"),
            "code_of_test": _("The code of the visible checks"),
            "picture": _("Picture that the code above has drawn"),
            "css": (Path(__file__).parent / "page" / "page.css").read_text(encoding="utf-8"),
            "summary": summary(
                title,
                tests,
                [note for note in notes_of(nb) if note != refusal],
                refusal,
                questions=questions,
                comments=comments,
                by_hand=by_hand,
                known=known,
            ),
        }


@dataclass(frozen=True)
class _Place:
    """Where the page has an exercise.

    Attributes:
        title: heading of its statement; empty where there is none.
        statement: anchor of the statement.
        answer: anchor of the gap.
    """

    title: str
    statement: str
    answer: str


def _places(nb: NotebookNode) -> dict[str, _Place]:
    """The place of each exercise, by the grade id of its gap."""
    found, title, statement = {}, "", ""
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "markdown" and cell.metadata.get("autograder", {}).get("origin") == "course":
            heading = _HEADING.search(cell.source)
            if heading:
                title, statement = (
                    re.sub(r"[`*$]", "", heading[1]),
                    grade_id(cell) or str(cell.get("id", f"cell-{index}")),
                )
        elif role(cell) == "gap":
            found[grade_id(cell)] = _Place(title, statement, grade_id(cell))
    return found


@dataclass(frozen=True)
class _Result:
    """The mark of a test on the page.

    Attributes:
        mark: what the judge says.
        places: of the exercises.
        notebook: name of the page's notebook.
        score: the gradebook's points, which a teacher can have changed; None where they are the mark's.
    """

    mark: CellMark
    places: dict[str, _Place]
    notebook: str
    score: float | None

    @property
    def place(self) -> _Place:
        return self.places.get(self.mark.exercise, _Place("", "", self.mark.grade_id))

    @property
    def earned(self) -> float:
        return self.mark.earned if self.score is None else self.score

    def scored(self) -> str:
        """The points, and who has changed them."""
        said = scored(self.earned, self.mark.points)
        if self.earned == self.mark.earned:
            return said
        by_hand = _("{points}, given by your teacher; the tests gave {automatic}")
        return by_hand.format(points=said, automatic=results.score(self.mark.earned))

    def card(self) -> str:
        return f'<div class="card" id="{escape(self.mark.grade_id)}-result">{card(self.mark, self.reasons(), self.scored())}</div>'

    def reasons(self) -> list[str]:
        """What is told of the known mistakes, with links to the answer and to where the course explains it."""
        told = [results.inline(_(mistake["explanation"])) for mistake in self.mark.mistakes]
        seen = dict.fromkeys(mistake["see"].partition(":")[0] for mistake in self.mark.mistakes if mistake["see"])
        links = [_link(f"#{self.place.answer}", _("your answer"))]
        for name in seen:
            if name != self.notebook:
                links.append(_link(f"{name}.html", name))
            elif self.place.statement:
                links.append(_link(f"#{self.place.statement}", self.place.title))
        return [*told, _text(_("See {place}.")).format(place=", ".join(links))]

    def line(self) -> str:
        """What the summary says."""
        mark = self.mark
        sign = (
            '<span class="sign right">✓</span>' if self.earned >= mark.points else '<span class="sign wrong">✗</span>'
        )
        title = _link(f"#{mark.grade_id}-result", self.place.title or mark.title)
        said = f"{sign}{title} · {_text(self.scored())}"
        if mark.passed:
            return f"<li>{said}</li>"
        failed = [check for check in mark.checks if not check.passed]
        if mark.empty:
            more = _text(_("This gap is still empty."))
        elif mark.mistakes:
            more = f"<strong>{_text(_('A likely reason.'))}</strong> {' '.join(self.reasons())}"
        elif mark.error or not failed:
            more = results.inline(mark.error.split("\n")[0])
        else:
            hidden = f" ({_text(_('hidden check'))})" if failed[0].hidden else ""
            more = f"{_text(_('Failed:'))} {results.inline(failed[0].title)}{hidden}"
            if len(failed) > 1:
                more += " " + _text(_("and {count} more").format(count=len(failed) - 1))
        return f"<li>{said}<p>{more}</p></li>"


def summary(
    title: str,
    tests: list[_Result],
    notes: list[str],
    refusal: str = "",
    *,
    questions: list[str],
    comments: list[str],
    by_hand: float,
    known: dict[str, Any],
) -> str:
    """HTML for the top of the page.

    Args:
        title: of the page.
        tests: the result of every test.
        notes: what was repaired.
        refusal: why nothing was graded; empty where something was.
        questions: HTML of each question that a teacher marks, with its points.
        comments: anchors of the cells that a teacher has commented on.
        by_hand: points for what a person marks.
        known: what nbgrader knows: score, max_score and late_penalty, in points.
    """
    earned = float(known.get("score", sum(one.earned for one in tests)))
    points = float(known.get("max_score", sum(one.mark.points for one in tests)))
    parts = [f'<p class="label">{_text(title)}</p>', f"<h1>{_text(scored(round(earned, 2), points))}</h1>"]
    if by_hand:
        said = scored(round(sum(one.earned for one in tests), 2), sum(one.mark.points for one in tests))
        told = _("{points} from the automatic tests. Your teacher marks the rest by hand: up to {more} points.")
        parts.append(f"<p>{_text(told.format(points=said, more=results.score(by_hand)))}</p>")
    if late := float(known.get("late_penalty") or 0):
        said = _("{points} points were taken off because it came late.")
        parts.append(f"<p>{_text(said.format(points=results.score(round(late, 2))))}</p>")
    if refusal:
        parts.append(f'<p class="refusal"><strong>{results.inline(refusal)}</strong></p>')
    elif tests and all(one.mark.passed for one in tests):
        parts.append(f"<p>{_text(_('All checks pass, the hidden ones too. Well done.'))}</p>")
    open_ones = [one for one in tests if not one.mark.passed]
    if open_ones and not refusal:
        parts.append(_list(_("What to look at next"), open_ones))
    if passed := [one for one in tests if one.mark.passed]:
        parts.append(_list(_("What passed"), passed))
    if questions:
        items = "".join(f"<li>{question}</li>" for question in questions)
        parts.append(f"<h2>{_text(_('Marked by your teacher'))}</h2><ul>{items}</ul>")
    if comments:
        links = ", ".join(_link(f"#{anchor}", anchor) for anchor in comments)
        parts.append(f"<h2>{_text(_('Comments of your teacher'))}</h2><p>{links}</p>")
    if notes:
        items = "".join(f"<li>{results.inline(note)}</li>" for note in notes)
        parts.append(f"<h2>{_text(_('Notes on your file'))}</h2><ul>{items}</ul>")
    return f'<div class="result">{"".join(parts)}</div>'


def _list(heading: str, tests: list[_Result]) -> str:
    return f'<h2>{_text(heading)}</h2><ul class="exercises">{"".join(one.line() for one in tests)}</ul>'


def _kind(cell: NotebookNode, asked: bool) -> tuple[str, str]:
    """The class of a cell on the page, and what stands above it; `asked` is whether a question comes before it."""
    if role(cell) == "test":
        return "test", ""
    if role(cell) in ("gap", "manual"):
        return "answer", _("Your answer")
    if role(cell) == "task":
        return "text", _("A question that your teacher marks")
    if cell.metadata.get("autograder", {}).get("origin") == "student":
        return "answer", _("Your answer") if asked else _("A cell of your own")
    return ("text" if cell.cell_type == "markdown" else "code"), ""


def _scored(info: NotebookNode) -> str:
    return scored(float(info.get("score") or 0), float(info.get("points") or 0))


def _marked(info: NotebookNode, unanswered: bool) -> str:
    """How a question has been marked, as far as it has."""
    if info.get("waiting"):
        return _("not marked yet, worth up to {points} points").format(points=results.score(float(info.points)))
    if unanswered and not info.get("score"):
        return _("{points}: no answer was found below it").format(points=_scored(info))
    return _scored(info)


def _with_scrolling(page: str) -> str:
    """A page on which whoever has no mouse can scroll in code, output and wide tables."""
    page = re.sub(r"<pre(?! style)", '<pre tabindex="0"', page)
    return re.sub(
        r"<table(?! style).*?</table>", r'<div class="scroll" tabindex="0">\g<0></div>', page, flags=re.DOTALL
    )


def _html(text: str) -> NotebookNode:
    return from_dict({"output_type": "display_data", "data": {"text/html": text}, "metadata": {}})


def _link(target: str, text: str) -> str:
    return f'<a href="{escape(target)}">{_text(text)}</a>'


def _text(text: str) -> str:
    return escape(text, quote=False)
