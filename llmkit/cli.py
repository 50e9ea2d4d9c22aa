"""The `llmkit` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from llmkit.i18n import gettext as _
from llmkit.i18n import languages
from llmkit.languages import localised
from llmkit.version import __version__

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Tools of the course for students.")
data_app = typer.Typer(no_args_is_help=True, help="The course's data sets: list, fetch, verify.")
app.add_typer(data_app, name="data")
LANGUAGES = f"Which of your notebooks: {' or '.join(languages())}."


def _known(lang: str | None) -> str | None:
    known = {one.lower(): one for one in languages()}
    if lang is None or lang.lower() in known:
        return known.get(str(lang).lower())
    raise typer.BadParameter(f"{lang} is none of the course's languages. Remedy: choose {' or '.join(languages())}.")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"llmkit {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Tools of the course for students."""


@app.command()
def doctor() -> None:
    """Check Python, torch, the device and the packages; exit status 1 if something is missing."""
    from llmkit.doctor import as_table, examine

    findings = examine()
    Console().print(as_table("llmkit doctor", findings))
    if any(finding.good is False for finding in findings):
        raise typer.Exit(1)


@app.command()
def check(
    wanted: Annotated[
        str,
        typer.Argument(help="A chapter, a notebook or an exercise: ch03, ch03/03_causal_attention, ch03/causal-mask."),
    ],
    lang: Annotated[str, typer.Option(help=LANGUAGES, callback=_known)] = "en",
    solution: Annotated[
        bool,
        typer.Option(
            "--solution", help="Show the course's solution beside your code, of each exercise with all points."
        ),
    ] = False,
) -> None:
    """Grade your own notebooks with the real grader, hidden tests included; again only what has changed. Needs the course's repository."""
    from llmkit import comparison, i18n, passed
    from llmkit.instructor import autograder, needing

    errors, own, shown, bars = (autograder(name, "lab") for name in ("errors", "grading.own", "cli", "progress"))
    with i18n.using(lang):
        try:
            with needing("lab"), bars.progress() as bar:
                files = own.own_files(own.Course.discover(), wanted, lang)
                task = bar.add_task(_("grading"), total=len(files))
                found = []
                for mark in own.grade_own(wanted, lang):
                    found.append(mark)
                    bar.advance(task)
        except errors.CourseError as error:
            print(f"error: {error}", file=sys.stderr)
            raise typer.Exit(2) from None
        chapter = wanted.partition("/")[0]
        given: dict[str, passed.Marks] = {}
        for mark in sorted(found, key=lambda mark: str(mark.name)):
            if not solution:
                shown.show(mark)
            given |= {f"{chapter}/{name}": passed.Marks(*both) for name, both in mark.by_exercise().items()}
        passed.note_marks(lang, given)
        earned, points = sum(mark.earned for mark in found), sum(mark.points for mark in found)
        print(_("{earned} of {points} points.").format(earned=localised(earned, "g"), points=localised(points, "g")))
        if solution:
            console = Console(highlight=False)
            for shown_or_told in comparison.solutions(files, given, lang):
                console.print(shown_or_told, soft_wrap=isinstance(shown_or_told, str), markup=False)
        elif any(marks.full for marks in given.values()):
            command = f"llmkit check {wanted} --solution" + (f" --lang {lang}" if lang != i18n.SOURCE else "")
            told = _("The course's solution beside your code, for each exercise with all its points: {command}")
            print(told.format(command=command))


@app.command()
def submit(
    chapter: Annotated[str, typer.Argument(help="For instance ch03.")],
    student: Annotated[
        str | None, typer.Option(help="Your id in the course; by default the one that you gave last.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where the chapter's notebooks are; by default here, in ch03 or in release/en/ch03."),
    ] = None,
    lang: Annotated[str, typer.Option(help=LANGUAGES, callback=_known)] = "en",
) -> None:
    """Pack a chapter's notebooks into one zip to hand in. Nothing is sent; exit status 2 if nothing could be packed."""
    from llmkit import hand_in, i18n
    from llmkit.errors import NotHandedIn

    places = [Path(), Path(chapter), Path("release") / lang / chapter]
    place = next((one for one in places if (one.resolve().name == chapter and one.is_dir())), Path())
    with i18n.using(lang):
        try:
            hand_in.submit(student, chapter, folder or place)
        except NotHandedIn as error:
            print(f"error: {error}", file=sys.stderr)
            raise typer.Exit(2) from None


@app.command()
def progress(
    lang: Annotated[str | None, typer.Option(help=LANGUAGES, callback=_known)] = None,
) -> None:
    """Exercises whose visible tests have passed on this machine, by chapter, and where to continue. Nobody else sees it."""
    from llmkit import overview

    print(overview.progress(lang))


@data_app.command("list")
def data_list() -> None:
    """Every data set: language, size, licence, where it is, what it is for."""
    from llmkit import data

    console = Console(highlight=False)
    for entry in data.catalogue():
        here = _("shipped") if entry.shipped else _("in the cache") if data.state(entry) == "good" else _("not here")
        about = f"{entry.language} · {entry.bytes / 1e6:.2f} MB · {entry.licence} · {here}"
        console.print(Text.assemble((entry.name, "bold"), f"  {about}"))
        console.print(Padding(Text(f"{entry.title}: {entry.purpose}"), (0, 0, 0, 4)))


@data_app.command("fetch")
def data_fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Names of data sets; by default all.")] = None,
) -> None:
    """Download data sets into the cache, for work without a network; exit status 1 if one cannot be fetched."""
    from llmkit import data
    from llmkit.errors import DataError

    failed = False
    for name in names or [entry.name for entry in data.catalogue()]:
        try:
            print(f"{name}: {data.path(name)}")
        except DataError as error:
            print(error, file=sys.stderr)
            failed = True
    if failed:
        raise typer.Exit(1)


@data_app.command("verify")
def data_verify() -> None:
    """Compare every local file with its checksum; exit status 1 if one is wrong or a shipped one is missing."""
    from llmkit import data

    bad = False
    for entry in data.catalogue():
        state = data.state(entry)
        wrong = state == "wrong" or (state == "absent" and entry.shipped)
        bad |= wrong
        told = {"good": _("good"), "wrong": _("wrong checksum"), "absent": _("not here")}[state]
        print(f"{'✗' if wrong else '✓' if state == 'good' else '·'} {entry.name}: {told}")
    if bad:
        print(
            _("Remedy: delete the file in the cache and fetch it again; install llmkit again for a shipped one."),
            file=sys.stderr,
        )
        raise typer.Exit(1)
