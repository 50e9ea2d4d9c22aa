"""The `autograder` command: grade, class, try, report, new, verify, build, translations, demo."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import markup
from rich.console import Console
from rich.table import Table

from autograder.errors import CourseError, printable
from autograder.i18n import gettext as _
from autograder.judge.marks import NotebookMark, likely_reasons
from autograder.progress import progress
from llmkit.languages import localised

if TYPE_CHECKING:
    from autograder.course.course import Course

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build, grade and verify the course.",
)
console = Console()
complaints = Console(stderr=True)

SandboxOption = Annotated[
    str, typer.Option(help="Where answers run: bubblewrap, or none (only for code that you trust).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON.")]


def escape(text: str) -> str:
    """A text, part of which may be a student's, for the console: neither markup nor characters that control a terminal."""
    return markup.escape(printable(text))


def print_json(data: Any) -> None:
    """Prints data as JSON."""
    print(printable(json.dumps(data, ensure_ascii=False, indent=2)))


@app.command()
def grade(
    file: Annotated[Path, typer.Argument(help="A notebook, or a zip that holds one.")],
    sandbox: SandboxOption = "bubblewrap",
    as_json: JsonOption = False,
) -> None:
    """Grade one notebook: marks and messages for each exercise. Exit status 0 whatever it earns."""
    from autograder.grading.files import grade_file

    _warn_without_sandbox(sandbox)
    mark = grade_file(file, sandbox)
    if as_json:
        print_json(mark.as_dict())
        return
    show(mark)


@app.command("class")
def class_(
    assignment: Annotated[str, typer.Argument(help="For instance ch03.")],
    workers: Annotated[
        int, typer.Option(help="Submissions graded at once, on Linux; 0: as many as there are processors.", min=0)
    ] = 0,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given several times.")] = None,
    resume: Annotated[
        bool, typer.Option(help="Keep what is graded and has not changed; --no-resume grades everything again.")
    ] = True,
) -> None:
    """Grade all that a class handed in, as nbgrader autograde does, with a progress bar. Exit status 1 if somebody was not graded.

    Ctrl-C keeps everybody who is done; the same command goes on from there.
    """
    from autograder.gradebook.command import grade_class

    raise typer.Exit(0 if grade_class(assignment, student or [], workers, force=not resume) else 1)


@app.command("try")
def try_(
    exercise: Annotated[str, typer.Argument(help="For instance ch03/causal-attention.")],
    file: Annotated[Path, typer.Argument(help="A Python file that holds one answer.")],
    sandbox: SandboxOption = "bubblewrap",
    as_json: JsonOption = False,
) -> None:
    """Grade one Python file as the answer to one exercise. Exit status 1 when it does not earn all points."""
    from autograder.grading.files import try_answer

    _warn_without_sandbox(sandbox)
    mark = try_answer(exercise, file, sandbox)
    if as_json:
        print_json(mark.as_dict())
    else:
        show(mark)
    raise typer.Exit(0 if mark.earned >= mark.points else 1)


@app.command()
def report(
    assignment: Annotated[str, typer.Argument(help="For instance ch03; by default all that the gradebook has.")] = "",
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet.")] = False,
) -> None:
    """Tell of a class that nbgrader graded: who was not graded and why, what was refused, cut short, repaired. Exit status 1 if anything was not."""
    from autograder.gradebook import report as made

    reports = made.report(made.open_course(), assignment)
    if as_json:
        print_json([one.as_dict() for one in reports])
    elif as_csv:
        print(printable(made.as_csv(reports)), end="")
    else:
        print(printable(made.as_text(reports)), end="")
    raise typer.Exit(1 if any(one.counts()[kind] for one in reports for kind in (made.NOT_GRADED, made.REFUSED)) else 0)


@app.command()
def doctor() -> None:
    """Check what grading a class needs: packages, sandbox, memory, disk, nbgrader's settings, gradebook. Exit status 1 if something is missing."""
    from autograder.gradebook.doctor import examine
    from llmkit.doctor import as_table

    findings = examine()
    console.print(as_table("autograder doctor", findings))
    raise typer.Exit(1 if any(finding.good is False for finding in findings) else 0)


@app.command()
def new(
    exercise: Annotated[str, typer.Argument(help="Its chapter and its name, for instance ch05/my-exercise.")],
    notebook: Annotated[str, typer.Option(help="The notebook to add it to; by default a new one.")] = "",
    title: Annotated[str, typer.Option(help="Its heading; by default the name of its function.")] = "",
) -> None:
    """Add a working exercise for you to adapt: cells, answers, translations."""
    from autograder.course.course import Course
    from autograder.scaffold.scaffold import add_exercise

    added = add_exercise(Course.discover(), exercise, notebook=notebook, title=title)
    for file in added.files:
        console.print(escape(file), soft_wrap=True, highlight=False)
    for note in added.notes:
        console.print(f"note: {escape(note)}", soft_wrap=True)
    console.print(f"It already works: autograder verify {exercise}. To adapt it, see CONTRIBUTING.md.", soft_wrap=True)


@app.command()
def verify(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(help="For instance ch03, ch03/03_causal_attention or ch03/causal-mask; by default everything."),
    ] = None,
    sandbox: SandboxOption = "bubblewrap",
    seed: Annotated[str, typer.Option(help="Changes the random inputs.")] = "",
    mutants: Annotated[
        bool, typer.Option(help="Include the automatic mutants of the solutions, a third of all cases.")
    ] = True,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help="Only exercises with an input that has changed since they passed, and a random part of the others.",
        ),
    ] = False,
    share: Annotated[
        float, typer.Option(help="With --changed: the part of the others, from 0 to 1.", min=0, max=1)
    ] = 0.1,
    sample_seed: Annotated[
        str, typer.Option(help="With --changed: which of the others; by default another part each time.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Test the tests: right answers get all marks, blanks none, every known mistake and every mutant loses some. Exit status 1 on any miss.

    A run with mutants in the sandbox writes down in tests/proved.txt which exercises have passed, so that `make test` need not repeat it.
    """
    from autograder.answers.check import stale, strays
    from autograder.course.course import Course
    from autograder.selection.inputs import Case, Project
    from autograder.selection.select import select
    from autograder.verification.verify import by_exercise, cases, exercises
    from autograder.verification.verify import verify as run

    course = Course.discover()
    names = [exercise.id for exercise in exercises(course, wanted or course.chapters)]
    selection = None
    if changed or (mutants and sandbox == "bubblewrap" and not seed):
        known = [Case("verify", name) for name in names]
        selection = select(Project(course.root), known, share if changed else 1, sample_seed)
    if selection and changed:
        complaints.print(str(selection), soft_wrap=True, highlight=False)
        names = [case.name for case in selection.chosen]
    chosen = list(cases(course, names, automatic=mutants))
    problems = [*strays(course), *stale(course.exercise(name) for name in names)]
    for problem in problems:
        complaints.print(escape(str(problem)), soft_wrap=True)
    verdicts = []
    with progress() as bar:
        task = bar.add_task("verifying", total=len(chosen))
        for verdict in run(course, chosen, sandbox=sandbox, seed=seed):
            verdicts.append(verdict)
            bar.advance(task)
    table = dict(sorted(by_exercise(verdicts).items()))
    if selection and mutants and sandbox == "bubblewrap" and not seed and not problems:
        failed = {case for case in selection.chosen if table[case.name]["problems"]}
        selection.finish(set(selection.chosen) - failed, failed)
    if as_json:
        print_json(table)
    else:
        _show_verification(table)
    raise typer.Exit(1 if problems or any(row["problems"] for row in table.values()) else 0)


@app.command()
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when release/ or solutions/ are stale or leak.")
    ] = False,
) -> None:
    """Make release/ and solutions/ from source/."""
    from autograder.build.release import build as run
    from autograder.course.course import Course
    from autograder.course.links import home_of

    course = Course.discover()
    if not check and home_of(course.root) is None:
        complaints.print(
            "note: nobody knows where this course is on GitHub, so its notebooks have no Colab badges, and cannot install llmkit there. "
            "Name the repository in [tool.course] of pyproject.toml, or hand out the zip that make colab-bundle makes",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
    problems = run(course, check=check)
    for problem in problems:
        complaints.print(escape(str(problem)), soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print("release/ and solutions/ are " + ("up to date and leak nothing." if check else "built."))


@app.command()
def bundle(
    lang: Annotated[list[str] | None, typer.Option(help="Languages; by default all that are released.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the zips and the wheel go.")] = Path("dist"),
) -> None:
    """For a class without GitHub: a zip for Google Drive, wheel and notebooks, which Colab opens from there."""
    from autograder.build.bundle import make_bundle
    from autograder.course.course import Course

    course = Course.discover()
    for language in lang or sorted(path.name for path in (course.root / "release").iterdir() if path.is_dir()):
        made = make_bundle(course, language, folder)
        console.print(f"{made}: {made.stat().st_size / 1e6:.1f} MB", soft_wrap=True, highlight=False, markup=False)


@app.command()
def translations(
    update: Annotated[
        bool, typer.Option("--update", help="Bring the catalogues up to date with the English texts.")
    ] = False,
    terms: Annotated[
        bool, typer.Option("--terms", help="Hold the Portuguese texts against docs/glossary.md, and nothing else.")
    ] = False,
) -> None:
    """Coverage of every catalogue; exit status 1 when something is missing or wrong."""
    from autograder.build.release import translation_problems
    from autograder.course.course import Course
    from autograder.language.coverage import coverage, update_all

    course = Course.discover()
    if update:
        update_all(course)
    if terms:
        raise typer.Exit(_terms(course))
    table = Table(title="Translations")
    for column in ("catalogue", "texts", "translated", "fuzzy", "coverage"):
        table.add_column(column, justify="left" if column == "catalogue" else "right", overflow="fold")
    for row in coverage(course):
        share = 100 * row.translated / row.texts if row.texts else 100
        table.add_row(row.path, str(row.texts), str(row.translated), str(row.fuzzy), f"{share:.0f} %")
    console.print(table)
    problems = translation_problems(course)
    for problem in problems:
        complaints.print(escape(str(problem)), soft_wrap=True)
    raise typer.Exit(1 if problems else 0)


def _terms(course: Course) -> int:
    """Prints what the glossary and its style sheet find, with counts; the exit code."""
    from autograder.language import style

    found = style.findings(course)
    for finding in found:
        complaints.print(escape(str(finding.problem)), soft_wrap=True)
    table = Table(title=f"{style.LANGUAGE} against {style.GLOSSARY}")
    for column in ("catalogue or page", *style.KINDS):
        table.add_column(column, justify="left" if column == "catalogue or page" else "right", overflow="fold")
    for file in sorted({finding.problem.file for finding in found}):
        mine = Counter(finding.kind for finding in found if finding.problem.file == file)
        table.add_row(file, *(str(mine[kind]) for kind in style.KINDS))
    every = Counter(finding.kind for finding in found)
    table.add_row(f"all: {len(found)}", *(str(every[kind]) for kind in style.KINDS))
    console.print(table)
    return 1 if found else 0


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where to make the demo course; the folder is emptied first.")] = Path(
        "demo"
    ),
    sandbox: Annotated[
        str | None, typer.Option(help="bubblewrap or none; by default what this machine supports.")
    ] = None,
) -> None:
    """Make a demo class of chapter 3, grade it with nbgrader and our plug-in, write feedback, print the gradebook."""
    from autograder.demo.demo import run

    raise typer.Exit(run(folder, sandbox))


def show(mark: NotebookMark) -> None:
    """Prints the marks of one notebook as a table with messages."""
    title = _("{name}: {earned} of {points} points")
    table = Table(
        title=escape(
            title.format(name=mark.name, earned=localised(mark.earned, "g"), points=localised(mark.points, "g"))
        ),
        show_lines=True,
    )
    table.add_column(_("exercise"))
    table.add_column(_("points"), justify="right")
    table.add_column(_("checks"))
    for cell in mark.cells:
        lines = []
        for check in cell.checks:
            lines.append(f"[green]✓[/] {escape(check.title)}" if check.passed else f"[red]✗[/] {escape(check.title)}")
            if check.message:
                lines.append("    " + escape(check.message).replace("\n", "\n    "))
        if cell.error:
            lines.append(f"[red]✗[/] {escape(cell.error)}")
        if cell.empty:
            lines = [f"[dim]{escape(_('This gap is still empty.'))}[/]"]
        if cell.mistakes:
            lines.append(f"[yellow]{escape(_('A likely reason.'))}[/] {escape(' '.join(likely_reasons(cell)))}")
        colour = "green" if cell.passed else "yellow" if cell.earned else "red"
        table.add_row(
            cell.title, f"[{colour}]{localised(cell.earned, 'g')} / {localised(cell.points, 'g')}[/]", "\n".join(lines)
        )
    console.print(table)
    for note in mark.notes:
        console.print(f"{_('note')}: {escape(note)}", soft_wrap=True)


def _show_verification(table: dict[str, dict[str, Any]]) -> None:
    shown = Table(title="Can the tests be trusted?")
    for column in (
        "exercise",
        "points",
        "solution",
        "blank",
        "alternatives",
        "mistakes",
        "named",
        "mutants",
        "equivalent",
        "idle",
        "",
    ):
        left = column in ("exercise", "")
        shown.add_column(column, justify="left" if left else "right", overflow="fold", no_wrap=left)
    for name, row in table.items():
        counts = [
            f"{row[kind][0]}/{row[kind][1]}"
            for kind in ("alternative", "mistake", "diagnosed", "mutant", "equivalent", "empty-handed")
        ]
        state = "[red]✗[/]" if row["problems"] else "[green]✓[/]"
        shown.add_row(
            name, f"{row['points']:g}", f"{row['solution']:g}", f"{row['blank']:g}", *counts, state,
        )  # fmt: skip
    console.print(shown)
    console.print(
        "alternatives accepted; mistakes and mutants caught; named by the feedback; mutants equivalent to the solution; "
        "answers that compute nothing and earn little"
    )
    for name, row in table.items():
        for problem in row["problems"]:
            console.print(f"[red]{escape(name)}[/] {escape(problem)}", soft_wrap=True)


def _warn_without_sandbox(sandbox: str) -> None:
    if sandbox == "none":
        complaints.print(
            "No sandbox: the notebook runs with your own permissions. Only for code that you trust.", style="yellow"
        )


def main() -> None:
    """Runs the command; one of our own errors becomes one line and exit status 2, without a traceback."""
    try:
        app(standalone_mode=True)
    except CourseError as error:
        complaints.print(f"[red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
