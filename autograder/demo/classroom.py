"""The demo class: what each student hands in, and what each deserves."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.answers import answers_to
from autograder.course.cells import region_lines
from autograder.course.course import Course, Exercise
from llmkit.cells import role

MISTAKES = {
    "fatima": ("ch03/attention-weights", "not-scaled"),
    "gustavo": ("ch03/causal-mask", "diagonal-hidden"),
    "hana": ("ch03/causal-attention", "mask-after-softmax"),
    "iago": ("ch03/merge-heads", "reshaped-without-transpose"),
    "julia": ("ch03/multi-head-attention", "no-output-projection"),
}


@dataclass
class Student:
    """One member of the demo class.

    Attributes:
        name: student id.
        story: what they handed in, in a few words.
        answers: code by exercise id; a missing exercise stays blank.
        deserves: "all", "nothing" or "less" by exercise id; by default "all" where there is an answer, else "nothing".
        words: what they wrote below the chapter's question, which a person marks.
    """

    name: str
    story: str
    answers: dict[str, str]
    deserves: dict[str, str] = field(default_factory=dict)
    words: str = ""

    def expected(self, exercise: str) -> str:
        return self.deserves.get(exercise, "all" if exercise in self.answers else "nothing")


def demo_class(course: Course, chapter: str) -> list[Student]:
    """The students of the demo class, in alphabetical order."""
    exercises = list(course.exercises(chapter))
    solved = {exercise.id: exercise.solution for exercise in exercises}
    styles = [_style(solved, number) for number in (0, 1)]
    half = {e.id: e.solution for e in exercises[: len(exercises) // 2]}
    full, partial = _words(course, chapter)
    students = [
        Student("alice", "everything right", solved, words=full),
        Student("bruno", "everything right, in another style", styles[0], words=partial),
        Student("carla", "everything right, in a third style", styles[1]),
        Student("diego", "half done", half),
        Student("elena", "nothing done", {}),
    ]
    for name, (exercise, mistake) in MISTAKES.items():
        found = next(known for known in answers_to(exercise).mistakes if known.name == mistake)
        students.append(Student(name, f"mistake: {mistake}", solved | {exercise: found.code}, {exercise: "less"}))
    by_id = {exercise.id: exercise for exercise in exercises}
    for name, story, exercise, change in (
        ("karim", "a syntax error", "ch03/causal-mask", lambda e: e.solution.replace(":\n", "\n", 1)),
        ("lucia", "a loop that never ends", "ch03/split-heads", _endless),
        ("miguel", "a crash by os._exit", "ch03/causal-attention", _crash),
    ):
        students.append(Student(name, story, solved | {exercise: change(by_id[exercise])}, {exercise: "nothing"}))
    students.append(
        Student("nina", "everything right, with warnings on stderr", {k: _WARN + code for k, code in solved.items()})
    )
    return students


def _words(course: Course, chapter: str) -> list[str]:
    """The two answers that the mark scheme of the chapter's question has as examples: with all points, and with half of them."""
    schemes = [
        region_lines(cell.source, "scheme")
        for notebook in course.notebooks(chapter)
        for cell in notebook.nb.cells
        if role(cell) == "task"
    ]
    return [line.removeprefix("> ") for line in schemes[0] if line.startswith("> ")]


def _style(solved: dict[str, str], number: int) -> dict[str, str]:
    """A full set of answers: the alternative with this number for each exercise."""
    found = {exercise: [alternative.code for alternative in answers_to(exercise).alternatives] for exercise in solved}
    return {
        exercise: found[exercise][number % len(found[exercise])] if found[exercise] else code
        for exercise, code in solved.items()
    }


def _endless(exercise: Exercise) -> str:
    return _in_body(exercise, "while True: pass")


def _crash(exercise: Exercise) -> str:
    return exercise.solution + f"\n\nimport os\n\n{exercise.names[0]}.forward = lambda self, *args: os._exit(1)\n"


def _in_body(exercise: Exercise, line: str) -> str:
    return f"def {exercise.names[0]}(*args, **kwargs):\n    {line}\n"


_WARN = "import sys\nimport warnings\n\nwarnings.warn('this is only a warning')\nprint('a line on stderr', file=sys.stderr)\n\n"
