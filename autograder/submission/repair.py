"""Rebuilds a submission: the student's answers and extra cells grafted onto the course's notebook; nothing else is trusted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.course.links import unlinked_source
from autograder.course.stubs import stub_cell
from autograder.i18n import N_
from autograder.submission.matching import Ours, Theirs, match
from autograder.submission.notes import Note
from autograder.submission.parts import part_for, really_defined
from autograder.submission.read import clean_cell
from autograder.submission.written import digests
from llmkit.cells import bound_names, role

NAMED = 6  # cells that one note names; the others are counted

READ = {
    "zip": N_("The notebook was taken out of a zip."),
    "utf-16": N_("The file was in UTF-16, not UTF-8; it was read anyway."),
    "latin-1": N_("The file was not in UTF-8; it was read as Latin-1."),
    "old format": N_("The file was in an old notebook format; it was converted."),
    "more text": N_("More text stood after the end of the notebook; it was left out."),
}
FOUND = {
    "text": N_("Cell {cell} had lost its name; it was recognised by its text."),
    "names": N_("Cell {cell} had lost its name; it was recognised by what it defines."),
    "likeness": N_("Cell {cell} had lost its name; the cell most like it was used."),
}


def repair(submission: NotebookNode, skeleton: NotebookNode) -> tuple[NotebookNode, list[Note]]:
    """Grafts a submission onto the course's notebook.

    Args:
        submission: result of `read_notebook`; not changed.
        skeleton: the source notebook, hidden tests included; not changed.

    Returns:
        The skeleton with the student's answers in its gaps and the student's extra cells between, each cell marked by
        `metadata.autograder.origin`: "course", "gap" or "student"; and what was repaired. A gap without an answer is as empty as
        in the release.
    """
    return _Repair(submission, skeleton).run()


def answered_gaps(submission: NotebookNode, skeleton: NotebookNode) -> int:
    """How many gaps of a notebook a submission fills, and questions it answers."""
    rebuilt, _ = repair(submission, skeleton)
    empty = {cell.get("id"): stub_cell(cell).source for cell in skeleton.cells if role(cell) in ("gap", "manual")}
    written = sum(map(bool, digests(rebuilt).values()))
    return written + sum(cell.source != empty[cell.id] for cell in rebuilt.cells if cell.id in empty)


class _Repair:
    def __init__(self, submission: NotebookNode, skeleton: NotebookNode) -> None:
        self.skeleton = skeleton
        self.theirs = [Theirs.of(_cleaned(cell)) for cell in submission.get("cells", []) if isinstance(cell, dict)]
        self.ours = [Ours(cell) for cell in skeleton.cells]
        self.owner, self.how = match(self.theirs, self.ours)
        self.notes = list(_file_notes(submission, self.theirs))
        # Submitted cells by what becomes of them; indices into `theirs`.
        self.answers: dict[int, int] = {}
        self.before: dict[int, list[int]] = {}
        self.after: dict[int, list[int]] = {}
        self.spent: set[int] = set()
        # Answers that stand in other cells.
        self.elsewhere: dict[int, str] = {}

    def run(self) -> tuple[NotebookNode, list[Note]]:
        self._tell_of_order()
        for k, mine in enumerate(self.ours):
            if mine.is_gap:
                self._choose_answer(k)
            else:
                self._keep_course_cell(k)
        self._search_elsewhere()
        self._place_extras()
        self._follow_lost_questions()
        return self._assemble(), self.notes

    def _tell_of_order(self) -> None:
        """Course cells that were deleted, merged into others or moved: the course's own are used, so that no mark depends on them."""
        there = set(self.owner.values())
        gone = [k for k, mine in enumerate(self.ours) if not mine.is_gap and mine.text and k not in there]
        texts = [cell.text for cell in self.theirs]
        merged = [k for k in gone if any(self.ours[k].text in text for text in texts)]
        order = list(dict.fromkeys(self.owner[i] for i in sorted(self.owner)))
        kept = set(_longest_rise(order))
        for kind, cells, template in (
            ("merged", merged, N_("Cells of the course were merged into others; the course's own are used: {cells}.")),
            (
                "deleted",
                [k for k in gone if k not in merged],
                N_("Cells of the course were missing and were put back: {cells}."),
            ),
            (
                "moved",
                sorted(k for k in order if k not in kept),
                N_("Cells stood in another place and were put back: {cells}."),
            ),
        ):
            if cells:
                names = ", ".join(self.ours[k].name for k in cells[:NAMED]) + ", …" * (len(cells) > NAMED)
                self.notes.append(Note(kind, None, template, {"cells": names}))

    def _note(self, kind: str, k: int, template: str, **values: Any) -> None:
        self.notes.append(Note(kind, self.ours[k].name, template, values))

    def _claimed(self, k: int) -> list[int]:
        return [i for i in range(len(self.theirs)) if self.owner.get(i) == k]

    def _choose_answer(self, k: int) -> None:
        """The last cell that is not blank; the others stay before it, so that they cannot undo it."""
        mine, claimed = self.ours[k], self._claimed(k)
        self.spent.update(claimed)
        if not claimed:
            return
        filled = [i for i in claimed if not mine.is_blank(self.theirs[i])]
        chosen = filled[-1] if filled else claimed[-1]
        self.answers[k] = chosen
        self.before[k] = [i for i in filled if i != chosen]
        if len(claimed) > 1:
            template = N_("Cell {cell} was there {count} times; the last one that is not empty is used.")
            self._note("duplicate", k, template, count=len(claimed))
        if (way := self.how[chosen]) != "id" and filled:
            self._note("found", k, FOUND[way])
        if mine.cell.cell_type == "code" and self.theirs[chosen].cell.cell_type != "code" and filled:
            self._note("type", k, N_("Cell {cell} had become a text cell; it was read as code."))

    def _keep_course_cell(self, k: int) -> None:
        """The course's version is used; a changed one stays after it if it defines names that answers may need."""
        mine, claimed = self.ours[k], self._claimed(k)
        changed = [i for i in claimed if not mine.is_same(self.theirs[i])]
        same = len(changed) < len(claimed)
        self.spent.update(claimed)
        if not changed:
            return
        extra, code = changed if same else changed[1:], mine.cell.cell_type == "code"
        for i in extra:
            # The student's copy, for experiments.
            self.spent.discard(i)
            self.owner.pop(i)
        if same or (mine.role == "task" and self._keep_written(k, changed[0])):
            return
        new = (
            bound_names(self.theirs[changed[0]].code) - bound_names(mine.shown)
            if code and mine.role != "test"
            else set()
        )
        if new:
            self.after.setdefault(k, []).append(changed[0])
            template = N_(
                "Cell {cell} is part of the course and was changed; the course's version runs, and yours after it."
            )
            self._note("kept", k, template)
        elif mine.role or not code:
            self._note(
                "changed", k, N_("Cell {cell} is part of the course and was changed; the course's version was used.")
            )

    def _keep_written(self, k: int, i: int) -> bool:
        """Keeps what a student has written into a question itself, as a cell below it; whether there is anything."""
        mine, theirs = self.ours[k], self.theirs[i].cell
        known = {" ".join(line.split()) for line in mine.cell.source.split("\n")}
        lines = [line for line in theirs.source.split("\n") if not line.strip() or " ".join(line.split()) not in known]
        answer = "\n".join(lines).strip()
        if not answer:
            return False
        made = from_dict(
            {"cell_type": "markdown", "source": answer, "metadata": {}, "attachments": theirs.get("attachments", {})}
        )
        self.theirs.append(Theirs.of(made))
        self.spent.add(len(self.theirs) - 1)
        self.after.setdefault(k, []).insert(0, len(self.theirs) - 1)
        self._note(
            "written", k, N_("You have answered question {cell} in its own cell; your answer stands below it now.")
        )
        return True

    def _search_elsewhere(self) -> None:
        """Finds the answers to empty gaps in other cells, by the names that they define: in an extra cell, or in another gap."""
        for k, mine in enumerate(self.ours):
            own = self.answers.get(k)
            if not mine.is_gap or not mine.wanted or (own is not None and mine.is_answered_by(self.theirs[own])):
                continue
            places = self._places(k, own)
            if not places:
                continue
            others = frozenset().union(*(gap.wanted for gap in self.ours if gap is not mine))
            parts = {i: part_for(self.theirs[i].code, names, others) for i, names in places.items()}
            # What does not parse is taken as a whole.
            self.elsewhere[k] = "\n\n\n".join(part or self.theirs[i].code for i, part in parts.items())
            for i, part in parts.items():
                if i not in self.answers.values() and part.strip() in ("", self.theirs[i].code.strip()):
                    self.spent.add(i)
                    for kept in (*self.before.values(), *self.after.values()):
                        kept[:] = [one for one in kept if one != i]
            if own is None:
                self._note("elsewhere", k, N_("Cell {cell} was not found; its answer is in another cell and counts."))
            elif mine.is_blank(self.theirs[own]):
                self._note(
                    "elsewhere", k, N_("Cell {cell} was empty; its answer was found in another cell and counts.")
                )
            else:
                self.before[k].append(own)
                self._note(
                    "elsewhere",
                    k,
                    N_("Cell {cell} holds something else; its answer was found in another cell and counts."),
                )

    def _places(self, k: int, own: int | None) -> dict[int, set[str]]:
        """The cells that define what a gap wants, with the names to take from each: one cell for all, else the last for each name.

        Args:
            k: the gap.
            own: the cell that stands in it.
        """
        mine = self.ours[k]
        defined: dict[int, set[str]] = {}
        for i, cell in enumerate(self.theirs):
            if i == own or not self._is_own(i):
                continue
            names = really_defined(cell.code, mine.shown)
            if not names and i not in self.answers.values() and not mine.is_blank(cell):
                names = set(cell.definitions) if not cell.code.lstrip().startswith("%%") else set()
            if names & mine.wanted:
                defined[i] = names & mine.wanted
        whole = [i for i, names in defined.items() if names == mine.wanted]
        if whole:
            return {whole[-1]: set(mine.wanted)}
        last = {name: i for i, names in defined.items() for name in sorted(names)}
        if last.keys() != mine.wanted:
            return {}
        return {i: {name for name, place in last.items() if place == i} for i in sorted(set(last.values()))}

    def _is_own(self, i: int) -> bool:
        """Whether a cell contains more student code than the course gave; a text of the course never does, such as its hints."""
        k = self.owner.get(i)
        if k is None:
            return True
        mine, theirs = self.ours[k], self.theirs[i]
        if mine.cell.cell_type != "code" and theirs.cell.cell_type != "code":
            # The code in a text of the course, such as a hint, is no answer; an answer that was merged into the text is one.
            return " ".join(theirs.code.split()) not in mine.text
        return not mine.is_same(theirs)

    def _place_extras(self) -> None:
        """Extra cells keep their place after the last known cell before them."""
        anchors = {i: k for i, k in self.owner.items() if not self.ours[k].is_gap or self.answers.get(k) == i}
        last = -1
        for i, cell in enumerate(self.theirs):
            if i in anchors:
                last = anchors[i]
            if i not in self.spent and cell.cell.source.strip() and not self._is_stub(cell):
                self.after.setdefault(last, []).append(i)

    def _follow_lost_questions(self) -> None:
        """Texts that stand where a deleted question was come after it: they may be its answer."""
        for k, mine in enumerate(self.ours):
            if mine.role == "task" and not self._claimed(k):
                before = self.after.get(k - 1, [])
                texts = [i for i in before if self.theirs[i].cell.cell_type == "markdown"]
                self.after[k - 1] = [i for i in before if i not in texts]
                self.after.setdefault(k, [])[:0] = texts

    def _is_stub(self, cell: Theirs) -> bool:
        """Whether a cell beside the gaps is the copy of an empty one, which would undo the answer."""
        return cell.cell.cell_type == "code" and any(
            gap.is_gap and bool(gap.wanted) and gap.is_blank(cell) for gap in self.ours
        )

    def _assemble(self) -> NotebookNode:
        notebook = deepcopy(self.skeleton)
        notebook.nbformat, notebook.nbformat_minor = 4, max(5, self.skeleton.get("nbformat_minor", 5))
        notebook.cells = []
        taken = {str(cell.get("id")) for cell in self.skeleton.cells}
        ids = (f"student-{n}" for n in range(1, 10**9) if f"student-{n}" not in taken)

        def extras(indices: list[int]) -> None:
            for i in indices:
                notebook.cells.append(_extra(self.theirs[i].cell, next(ids)))

        extras(self.after.get(-1, []))
        for k, mine in enumerate(self.ours):
            cell = deepcopy(mine.cell)
            cell.setdefault("id", next(i for i in (f"course-{k}", f"course-{k}-{len(taken)}") if i not in taken))
            cell.metadata["autograder"] = {"origin": "gap" if mine.is_gap else "course"}
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if mine.is_gap:
                extras(self.before.get(k, []))
                cell.source = self._answer(k)
            notebook.cells.append(cell)
            extras(self.after.get(k, []))
        return notebook

    def _answer(self, k: int) -> str:
        """The source of a gap."""
        mine = self.ours[k]
        if k in self.elsewhere:
            return self.elsewhere[k]
        if k not in self.answers:
            self._note("missing", k, N_("Cell {cell} was not found; it counts as empty."))
            return str(mine.shown)
        theirs = self.theirs[self.answers[k]]
        if mine.is_blank(theirs):
            return str(mine.shown)
        return theirs.code if mine.cell.cell_type == "code" else str(theirs.cell.source)


def _cleaned(cell: dict[str, Any]) -> NotebookNode:
    """A submitted cell without what it was built with for Colab: the student has not changed that."""
    made = clean_cell(cell)
    made.source = unlinked_source(made)
    return made


def _longest_rise(numbers: list[int]) -> list[int]:
    """A longest rising subsequence: what stayed where it was when the rest moved."""
    ends: list[int] = []  # index of the smallest end of a rise of each length
    before: list[int] = []
    for i, number in enumerate(numbers):
        place = bisect_left([numbers[end] for end in ends], number)
        before.append(ends[place - 1] if place else -1)
        ends[place : place + 1] = [i]
    rise, i = [], ends[-1] if ends else -1
    while i >= 0:
        rise.append(numbers[i])
        i = before[i]
    return rise[::-1]


def _file_notes(submission: NotebookNode, theirs: list[Theirs]) -> Iterator[Note]:
    info = submission.get("metadata", {})
    info = info.get("autograder", {}) if isinstance(info, dict) else {}
    read = info.get("read", ()) if isinstance(info, dict) else ()
    for kind in READ:
        if isinstance(read, list) and kind in read:
            yield Note(kind, None, READ[kind])
    if any(cell.cell.metadata.get("dropped") for cell in theirs):
        yield Note(
            "attachment", None, N_("Files of more than 1 MB, and damaged ones, attached to text cells were left out.")
        )


def _extra(cell: NotebookNode, id: str) -> NotebookNode:
    made = {
        "id": id,
        "cell_type": cell.cell_type,
        "source": cell.source,
        "metadata": {"autograder": {"origin": "student"}},
    }
    if cell.cell_type == "code":
        made |= {"outputs": [], "execution_count": None}
    elif cell.get("attachments"):
        made["attachments"] = deepcopy(cell.attachments)
    node: NotebookNode = from_dict(made)
    return node
