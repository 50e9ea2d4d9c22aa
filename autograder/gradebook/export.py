"""`nbgrader export`: the columns that nbgrader's own export has, as a CSV file that holds any name."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score", "late_submission_penalty",
    "score", "max_score",
)  # fmt: skip


class CsvExport(ExportPlugin):
    """Where the one of nbgrader writes "Silva, Souza" as two columns, in the encoding of the machine."""

    def export(self, gradebook: Gradebook) -> None:
        path = Path(self.to or "grades.csv")
        assignments, students = {str(name) for name in self.assignment}, {str(name) for name in self.student}
        self.log.info("Exporting grades to %s", path)
        with path.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
            table.writeheader()
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if assignment.name in (assignments or {assignment.name}) and student.id in (
                        students or {student.id}
                    ):
                        table.writerow(_row(gradebook, assignment, student))


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
        when, score, penalty = submission.timestamp, submission.score, submission.late_submission_penalty or 0.0
    except MissingEntry:
        when, score, penalty = None, 0.0, 0.0
    return {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "timestamp": when,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "raw_score": score,
        "late_submission_penalty": penalty,
        "score": max(0.0, score - penalty),
        "max_score": assignment.max_score,
    }
