"""Feedback pages: what each check asked, what the student's code did, and where to look. All student content is sanitised."""

from __future__ import annotations

from html import escape
from typing import Any

import nh3
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course.cells import visible_part
from autograder.grading.harmless import harmless_cell, harmless_output, harmless_page
from autograder.i18n import gettext as _
from autograder.judge.marks import CellMark, CheckMark, likely_reasons
from autograder.language.notebooks import language_of
from autograder.submission.prepare import notes_of, refusal_of
from llmkit.i18n import using

_GREEN, _RED, _GREY = "#1a7f37", "#b42318", "#57606a"


class FeedbackExporter(HTMLExporter):
    """nbconvert's own, whose page is sanitised at the end, when everything of the student's has been rendered."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return harmless_page(page), resources


class FeedbackPage(NbGraderPreprocessor):
    """Turns an autograded notebook into what a student should read: no hidden tests, one card per test cell, a summary at the top."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        with using(language_of(nb)):
            return self._page(nb), resources

    def _page(self, nb: NotebookNode) -> NotebookNode:
        marks = []
        for cell in nb.cells:
            info = cell.metadata.get("autograder", {})
            if "mark" in info:
                mark = CellMark.from_dict(info["mark"])
                marks.append(mark)
                cell.source = visible_part(cell.source)
                cell.outputs = [_html(card(mark))]
            elif info.get("origin") != "course":
                harmless_cell(cell)
            else:
                cell["outputs"] = [safe for output in cell.get("outputs", []) if (safe := harmless_output(output))]
        refusal = refusal_of(nb)
        notes = [note for note in notes_of(nb) if note != refusal]
        first = from_dict(
            {
                "cell_type": "markdown",
                "id": "feedback-summary",
                "metadata": {},
                "source": summary(marks, notes, refusal),
            }
        )
        nb.cells.insert(0, first)
        return nb


def card(mark: CellMark) -> str:
    """HTML of one test cell's result."""
    colour = _GREEN if mark.passed else _RED
    head = _("{earned} of {points} points").format(earned=f"{mark.earned:g}", points=f"{mark.points:g}")
    rows = "".join(_row(check) for check in mark.checks)
    error = f'<p style="color:{_RED};margin:.4em 0">{_text(mark.error)}</p>' if mark.error else ""
    if mark.empty:
        rows, error = "", f'<p style="color:{_GREY};margin:.4em 0">{_text(_("This gap is still empty."))}</p>'
    mistake = ""
    if mark.mistakes:
        mistake = (
            '<p style="background:#fff8c5;border-left:4px solid #d4a72c;padding:.5em .8em;margin:.6em 0">'
            f"<strong>{_text(_('A likely reason.'))}</strong> {' '.join(_text(text) for text in likely_reasons(mark))}</p>"
        )
    return (
        f'<div style="border:1px solid #d0d7de;border-left:5px solid {colour};border-radius:6px;padding:.6em 1em;margin:.4em 0">'
        f'<strong style="color:{colour}">{escape(head)}</strong>{error}{mistake}'
        f'<ul style="list-style:none;padding-left:0;margin:.4em 0 0">{rows}</ul></div>'
    )


def _row(check: CheckMark) -> str:
    sign, colour = ("✓", _GREEN) if check.passed else ("✗", _RED)
    hidden = f' <span style="color:{_GREY}">({_text(_("hidden test"))})</span>' if check.hidden else ""
    message = ""
    if check.message:
        message = f'<pre style="white-space:pre-wrap;background:#f6f8fa;border:0;margin:.3em 0 .6em 1.3em">{_text(check.message)}</pre>'
    return f'<li><span style="color:{colour};font-weight:bold">{sign}</span> {_text(check.title)}{hidden}{message}</li>'


def summary(marks: list[CellMark], notes: list[str], refusal: str = "") -> str:
    """Markdown (with safe HTML) for the top of the page.

    Args:
        marks: of every test.
        notes: what was repaired.
        refusal: why nothing was graded; empty where something was.
    """
    earned, points = sum(m.earned for m in marks), sum(m.points for m in marks)
    head = _("{earned} of {points} points from the automatic tests").format(earned=f"{earned:g}", points=f"{points:g}")
    lines = [f"## {head}", ""]
    if refusal:
        lines += [
            f'<p style="border-left:5px solid {_RED};padding:.5em .8em"><strong>{_text(refusal)}</strong></p>',
            "",
        ]
    if marks:
        lines += [f"| {_('exercise')} | {_('points')} | |", "|:---|---:|:---|"]
        for mark in marks:
            state = "✓" if mark.passed else _("still empty") if mark.empty else _("partly") if mark.earned else "✗"
            lines.append(
                f"| [{escape(mark.title)}](#{escape(mark.grade_id)}) | {mark.earned:g} / {mark.points:g} | {state} |"
            )
    if notes:
        lines += ["", f"**{_('Notes on your file')}**", ""]
        lines += [f"- {nh3.clean_text(note)}" for note in notes]
    return "\n".join(lines)


def _html(text: str) -> NotebookNode:
    return from_dict({"output_type": "display_data", "data": {"text/html": text}, "metadata": {}})


def _text(text: str) -> str:
    return escape(text, quote=False)
