"""Commands of those who write the course: new, verify, build, bundle, translations."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from autograder.progress import progress

if TYPE_CHECKING:
    from autograder.course.course import Course
    from autograder.verification.verify import Case
from autograder.cli.console import JsonOption, SandboxOption, app, complaints, console, escape, print_json

bundles = typer.Typer(invoke_without_command=True)
app.add_typer(bundles, name="bundle")


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
        typer.Argument(
            help="For instance ch03, ch03/03_causal_attention, ch03/causal-mask or exam; by default the whole course."
        ),
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
    from autograder.course.course import EXAM, Course
    from autograder.selection.inputs import Case, Project
    from autograder.selection.select import select
    from autograder.verification.verify import cases, exercises

    course = Course.discover()
    if wanted and not course.is_exam and any(one.partition("/")[0] == EXAM for one in wanted):
        raise typer.Exit(_verify_exams(course, wanted, sandbox=sandbox, seed=seed, mutants=mutants, as_json=as_json))
    names = [exercise.id for exercise in exercises(course, wanted or course.chapters)]
    selection = None
    if changed or (mutants and sandbox == "bubblewrap" and not seed and not course.is_exam):
        known = [Case("verify", name) for name in names]
        selection = select(Project(course.root), known, share if changed else 1, sample_seed)
    if selection and changed:
        complaints.print(str(selection), soft_wrap=True, highlight=False)
        names = [case.name for case in selection.chosen]
    chosen = list(cases(course, names, automatic=mutants))
    problems = [*strays(course), *stale(course.exercise(name) for name in names)]
    for problem in problems:
        complaints.print(escape(str(problem)), soft_wrap=True)
    table = _verified(course, chosen, sandbox, seed)
    if selection and mutants and sandbox == "bubblewrap" and not seed and not problems:
        failed = {case for case in selection.chosen if table[case.name]["problems"]}
        selection.finish(set(selection.chosen) - failed, failed)
    if as_json:
        print_json(table)
    else:
        _show_verification(table)
    raise typer.Exit(1 if problems or any(row["problems"] for row in table.values()) else 0)


def _verified(course: Course, chosen: list[Case], sandbox: str, seed: str) -> dict[str, dict[str, Any]]:
    """The outcome of some cases, by exercise."""
    from autograder.verification.verify import by_exercise
    from autograder.verification.verify import verify as run

    verdicts = []
    with progress() as bar:
        task = bar.add_task("verifying", total=len(chosen))
        for verdict in run(course, chosen, sandbox=sandbox, seed=seed):
            verdicts.append(verdict)
            bar.advance(task)
    return dict(sorted(by_exercise(verdicts).items()))


def _verify_exams(course: Course, wanted: list[str], *, sandbox: str, seed: str, mutants: bool, as_json: bool) -> int:
    """Verifies the exams of some seeds; the exit code."""
    from autograder.answers.check import stale
    from autograder.course.course import EXAM
    from autograder.exam.make import trials
    from autograder.verification.verify import cases

    if others := [one for one in wanted if one.partition("/")[0] != EXAM]:
        raise typer.BadParameter(f"{others[0]} is of the course: verify the exam by itself")
    table: dict[str, dict[str, Any]] = {}
    problems = []
    for number, made in trials(course):
        problems += stale(made.exercises())
        rows = _verified(made, list(cases(made, wanted, automatic=mutants)), sandbox, seed)
        table |= {f"{name}, seed {number}": row for name, row in rows.items()}
    for problem in problems:
        complaints.print(escape(str(problem)), soft_wrap=True)
    if as_json:
        print_json(table)
    else:
        _show_verification(table)
    return 1 if problems or any(row["problems"] for row in table.values()) else 0


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
def release(
    through: Annotated[str, typer.Option(help="The last chapter that is in, for instance ch04.")],
    folder: Annotated[Path | None, typer.Option(help="Where it goes; by default dist/through-<chapter>.")] = None,
) -> None:
    """Hand out the first chapters alone: their notebooks in all languages, and a wheel without the answers to later exercises."""
    from autograder.course.course import Course
    from autograder.staged import make_staged

    place = folder or Path("dist", f"through-{through}")
    made = make_staged(Course.discover(), through, place)
    lines = [f"{place}: {', '.join(made.chapters)}"]
    if made.left_out:
        lines.append(f"left out of the wheel: {', '.join(made.left_out)}")
    lines += [f"{name} answers a later exercise, and is in because {user} uses it" for name, user in made.kept.items()]
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False)


@app.command()
def exam(
    seed: Annotated[int, typer.Option(help="Draws numbers and texts: the same seed makes the same exam.")],
    to: Annotated[Path, typer.Option(help="The folder that the exam goes to; for instructors only.")],
    student: Annotated[
        list[str] | None, typer.Option(help="Gets a variant of their own; may be given several times.")
    ] = None,
    students: Annotated[
        Path | None,
        typer.Option(help="A file with one student id a line: everybody in it gets a variant of their own."),
    ] = None,
) -> None:
    """Make an exam of five exercises, whose numbers follow from a seed: a folder of its own, to hand out and to grade in."""
    from autograder.course.course import Course
    from autograder.exam.make import make_exam, students_of
    from autograder.exam.values import code_of

    wanted = [*(student or []), *(students_of(students) if students else [])]
    made = make_exam(Course.discover(), seed, to, wanted)
    points = sum(exercise.points for exercise in made.exercises())
    lines = [f"{to}: variant {code_of(seed)}, {len(made.exercises())} exercises, {points:g} points"]
    lines += [f"{one}: variant {code_of(seed, one)}, {to}/variants/{one}/release" for one in dict.fromkeys(wanted)]
    lines += [f"Hand out {to}/release and nothing else; grade in {to}: autograder class exam"]
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False)


@bundles.callback()
def bundle(
    context: typer.Context,
    lang: Annotated[list[str] | None, typer.Option(help="Languages; by default all that are released.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the zips and the wheel go.")] = Path("dist"),
) -> None:
    """For a class without GitHub: a zip for Google Drive, wheel and notebooks, which Colab opens from there; or see the command below."""
    if context.invoked_subcommand:
        return
    from autograder.build.bundle import make_bundle
    from autograder.course.course import Course

    course = Course.discover()
    for language in lang or sorted(path.name for path in (course.root / "release").iterdir() if path.is_dir()):
        made = make_bundle(course, language, folder)
        console.print(f"{made}: {made.stat().st_size / 1e6:.1f} MB", soft_wrap=True, highlight=False, markup=False)


@bundles.command("gradescope")
def bundle_gradescope(
    chapter: Annotated[str, typer.Argument(help="For instance ch03: an assignment of Gradescope's is a chapter.")],
    folder: Annotated[Path, typer.Option(help="Where the zip goes.")] = Path("dist"),
    hidden: Annotated[
        str, typer.Option(help="When students see the hidden tests: hidden, after_due_date, after_published, visible.")
    ] = "after_due_date",
    sandbox: SandboxOption = "bubblewrap",
) -> None:
    """The zip that Gradescope makes an autograder of. It holds the solutions and hidden tests: for instructors only."""
    from autograder.build.gradescope import make_gradescope
    from autograder.course.course import Course

    course = Course.discover()
    made = make_gradescope(course, chapter, folder, hidden, sandbox)
    points = sum(exercise.points for exercise in course.exercises(chapter))
    told = f"{made}: {made.stat().st_size / 1e6:.1f} MB. In Gradescope the assignment is worth {points:g} points; see docs/lms.md"
    console.print(told, soft_wrap=True, highlight=False, markup=False)
    if sandbox == "none":
        complaints.print(
            "No sandbox: a hand-in can read the hidden tests in its container, and write its own marks.", style="yellow"
        )


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
