"""Commands that grade, and tell of what was graded: grade, try, class, report, similar, doctor, demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from autograder.errors import CourseError, printable
from autograder.i18n import gettext as _
from autograder.judge.marks import NotebookMark, likely_reasons
from autograder.progress import progress
from llmkit.languages import localised

if TYPE_CHECKING:
    pass
from autograder.cli.console import JsonOption, SandboxOption, app, complaints, console, escape, print_json


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


@app.command("class")
def class_(
    assignment: Annotated[str, typer.Argument(help="For instance ch03.")],
    workers: Annotated[
        int,
        typer.Option(
            help="Submissions graded at once, on Linux; 0: as many as there are processors and memory for.", min=0
        ),
    ] = 0,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given several times.")] = None,
    resume: Annotated[
        bool, typer.Option(help="Keep what is graded and has not changed; --no-resume grades everything again.")
    ] = True,
    scheduler: Annotated[
        str, typer.Option(help="Grade on the workers of a Dask cluster, such as tcp://host:8786; see docs/cluster.md.")
    ] = "",
) -> None:
    """Grade all that a class handed in, as nbgrader autograde does, with a progress bar. Exit status 1 if somebody was not graded.

    Ctrl-C keeps everybody who is done; the same command goes on from there.
    """
    from autograder.gradebook.command import grade_class

    raise typer.Exit(0 if grade_class(assignment, student or [], workers, force=not resume, scheduler=scheduler) else 1)


@app.command()
def report(
    assignment: Annotated[str, typer.Argument(help="For instance ch03; by default all that the gradebook has.")] = "",
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet.")] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="With --csv: counts of the class by mark, exercise, check and mistake.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a page for the browser or paper, with the statistics of the class.")
    ] = None,
) -> None:
    """Tell of a class that nbgrader graded: who was not graded and why, what was refused, cut short, repaired. Exit status 1 if anything was not."""
    from autograder.gradebook import report as made

    if statistics and not as_csv:
        raise typer.BadParameter("--statistics goes with --csv; --json and --html have them always")
    if sum((as_json, as_csv, html is not None)) > 1:
        raise typer.BadParameter("choose one of --json, --csv and --html")
    reports = made.report(made.open_course(), assignment)
    if html:
        from autograder.gradebook.page import as_html

        try:
            html.write_text(as_html(reports), encoding="utf-8")
        except OSError as error:
            raise CourseError(f"{html}: {error.strerror}", "choose another file") from None
        console.print(f"{html}: written", soft_wrap=True, highlight=False, markup=False)
    elif as_json:
        print_json([one.as_dict() for one in reports])
    elif as_csv:
        print(printable(made.as_statistics_csv(reports) if statistics else made.as_csv(reports)), end="")
    else:
        print(printable(made.as_text(reports)), end="")
    raise typer.Exit(1 if any(one.counts()[kind] for one in reports for kind in (made.NOT_GRADED, made.REFUSED)) else 0)


@app.command()
def similar(
    assignment: Annotated[str, typer.Argument(help="For instance ch03.")],
    at_least: Annotated[
        float, typer.Option(help="The share of unusual code that a listed pair has in common.", min=0.01, max=1)
    ] = 0.5,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet.")] = False,
) -> None:
    """List pairs of submissions with unusual code in common, for a person to look at: never a verdict. Names and layout do not count."""
    from autograder.course.course import Course
    from autograder.gradebook import similar as made
    from autograder.gradebook.report import course_folder

    with progress() as bar:
        course, folder = Course.discover(), course_folder()
        found = made.similar(
            course, folder, assignment, at_least, lambda students: bar.track(students, description="reading")
        )
    if as_json:
        print_json(found.as_dict())
        return
    if as_csv:
        print(printable(made.as_csv(found)), end="")
        return
    table = Table("student", "other", "in common", "where", title=f"{escape(assignment)}: {found.students} submissions")
    for pair in found.pairs:
        where = ", ".join(f"{place} {count}" for place, count in pair.where.items())
        table.add_row(*map(escape, pair.students), f"{pair.share:.0%} ({pair.common})", escape(where))
    console.print(
        table if found.pairs else f"{escape(assignment)}: no pair of {found.students} submissions stands out."
    )
    for note in made.notes(found):
        console.print(note, soft_wrap=True, markup=False, highlight=False)


@app.command()
def doctor() -> None:
    """Check what grading a class needs: packages, sandbox, memory, disk, nbgrader's settings, gradebook. Exit status 1 if something is missing."""
    from autograder.gradebook.doctor import examine
    from llmkit.doctor import as_table

    findings = examine()
    console.print(as_table("autograder doctor", findings))
    raise typer.Exit(1 if any(finding.good is False for finding in findings) else 0)


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
    for question in mark.questions:
        told = (
            _("{question}: your answer is marked by a person. Its {points} points are not part of these.")
            if question.answered
            else _(
                "{question}: marked by a person, up to {points} points. There is no answer yet: write it in a new cell below."
            )
        )
        points = localised(question.points, "g")
        console.print(escape(told.format(question=question.grade_id, points=points)), soft_wrap=True)
    for note in mark.notes:
        console.print(f"{_('note')}: {escape(note)}", soft_wrap=True)


def _warn_without_sandbox(sandbox: str) -> None:
    if sandbox == "none":
        complaints.print(
            "No sandbox: the notebook runs with your own permissions. Only for code that you trust.", style="yellow"
        )
