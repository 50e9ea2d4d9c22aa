"""nbgrader's way from a source notebook to what students get, with a step of ours: for `autograder build` as for nbgrader's command."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from autograder.course.released import with_number
from llmkit.cells import role


class TellHiddenChecks(NbGraderPreprocessor):
    """Writes the number of hidden checks into each test cell, while they are still there."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        if role(cell) == "test" and cell.cell_type == "code":
            cell.source = with_number(cell.source)
        return cell, resources


def release_steps() -> list[type[NbGraderPreprocessor]]:
    """Nbgrader's steps; what its gradebook keeps of a cell is what stands in the source."""
    steps = list(GenerateAssignment.preprocessors.default())
    steps.insert(steps.index(ClearHiddenTests), TellHiddenChecks)
    return steps
