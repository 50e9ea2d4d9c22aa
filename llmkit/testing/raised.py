"""What messages say about an exception of the student's code, the same in their notebook and in the grader."""

from __future__ import annotations

import traceback
from dataclasses import dataclass


@dataclass(frozen=True)
class Raised:
    """What a message says about an exception, besides its text.

    The judge holds only a copy of an exception that was raised in the student's process; the copy carries what was seen there as `raised`.

    Attributes:
        name: name of its class.
        theirs: whether the student's code raised it, directly or through what it called.
        line: number of the student's line in its cell; None if there is no such line.
        function: name of the function that contains that line.
    """

    name: str
    theirs: bool = False
    line: int | None = None
    function: str = ""

    @classmethod
    def of(cls, error: BaseException, *, in_test: bool = True) -> Raised:
        """Reads an exception.

        Args:
            error: just caught.
            in_test: whether a test cell called the student's code: then the outermost cell is the test's own.
        """
        carried = getattr(error, "raised", None)
        if isinstance(carried, cls):
            return carried
        name = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        cells = [frame for frame in frames if is_cell_file(frame.filename)]
        # The test's helpers are not the student's code, and hidden ones must not be shown.
        own = [frame for frame in cells if not in_test or frame.filename != cells[0].filename]
        if not own or (isinstance(error, AssertionError) and own[-1] is not frames[-1]):
            return cls(name)
        named = [frame for frame in own if not frame.name.startswith("<")]  # not a comprehension or lambda
        if not named:
            return cls(name, theirs=True)
        return cls(name, True, named[-1].lineno, named[-1].name)


def is_cell_file(filename: str) -> bool:
    """Whether a file name belongs to a notebook's cell (in Jupyter, Colab, the grader), not to a library's generated code."""
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<string", "<__", "<eval_with_key"))
    return "ipykernel" in filename or "ipython-input" in filename


def line_in_cell(error: BaseException) -> int | None:
    """The line of the running cell at which an exception arose; None where it is not known."""
    if isinstance(error, SyntaxError) and is_cell_file(error.filename or ""):
        return error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_cell_file(frame.filename)]
    if not frames or frames[0].name != "<module>" or (frames[0].line or "").startswith("get_ipython().run_cell_magic"):
        return None
    return frames[0].lineno
