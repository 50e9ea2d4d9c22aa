"""nbgrader's exchange: the way from the instructor to a student and back by the real commands, and what they say where there is none."""

from __future__ import annotations

import getpass
import importlib.util
import re
from pathlib import Path
from textwrap import dedent

import pytest
from classroom import CHAPTER, NAME, RIGHT, ROOT, filled, nbgrader, points, small_class
from nbformat import write
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.gradebook import exchange
from autograder.nbgrader_plugin import configure

# What is read here, besides what this file imports; see `autograder.selection`.
INPUTS = ("docs/exchange.md", "tools/student_lab.py")
GUIDE = (ROOT / exchange.GUIDE).read_text(encoding="utf-8")


def settings(folder: Path) -> str:
    """The settings of the guide, for an exchange in another folder."""
    block = dedent(GUIDE.partition("```python\n")[2].partition("```")[0])
    assert "/srv/nbgrader/exchange" in block
    return block.replace("/srv/nbgrader/exchange", str(folder))


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_notebook_goes_out_and_comes_back_as_the_guide_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, student = tmp_path / "exchange", tmp_path / "student"
    place.mkdir(mode=0o777)
    student.mkdir()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    course = small_class(tmp_path / "course", settings(place).replace("c = get_config()\n", ""))
    (student / "nbgrader_config.py").write_text(settings(place), encoding="utf-8")

    def run(folder: Path, *command: str) -> str:
        done = nbgrader(folder, *command)
        assert done.returncode == 0, done.stderr
        return done.stderr

    shell = "".join(re.findall(r"^```sh\n(.*?)^```", GUIDE, re.S | re.M))
    commands = [line.partition("#")[0].split()[1:] for line in shell.splitlines() if line.startswith("nbgrader ")]
    assert [one[0] for one in commands] == [
        "generate_assignment", "release_assignment", "list", "fetch_assignment", "submit", "collect", "autograde",
        "generate_feedback", "release_feedback", "fetch_feedback",
    ]  # fmt: skip
    said = {}
    for name, *arguments in commands:
        teaches = name not in ("list", "fetch_assignment", "submit", "fetch_feedback")
        if name == "submit":
            path = student / CHAPTER / f"{NAME}.ipynb"
            write(filled(path, RIGHT), path)
        if name != "generate_assignment":  # done with the class
            given = [CHAPTER if one == "ch03" else one for one in arguments]
            said[name] = run(course if teaches else student, name, *given)
    assert CHAPTER in said["list"]
    assert points(course) == {getpass.getuser(): 5}
    assert list((student / CHAPTER / "feedback").rglob(f"{NAME}.html"))


def test_where_there_is_none_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "source").mkdir()
    plugin = "from autograder.nbgrader_plugin import configure\n\nc = get_config()\nconfigure(c)\n"
    lost = tmp_path / "lost"
    (tmp_path / "nbgrader_config.py").write_text(plugin + f"c.Exchange.root = {str(lost)!r}\n", encoding="utf-8")
    done = nbgrader(tmp_path, "list")
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert f"{lost} is not there" in done.stderr and "llmkit submit" in done.stderr and exchange.GUIDE in done.stderr
    blocked = tmp_path / "file" / "exchange"
    blocked.parent.write_text("no folder", encoding="utf-8")
    (tmp_path / "nbgrader_config.py").write_text(plugin + f"c.Exchange.root = {str(blocked)!r}\n", encoding="utf-8")
    done = nbgrader(tmp_path, "release_assignment", "ch01")
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert f"{blocked}: nothing was released" in done.stderr and exchange.GUIDE in done.stderr


def test_every_command_of_the_exchange_says_so() -> None:
    config = Config()
    configure(config)
    factory = ExchangeFactory(config=config)
    for name in ExchangeFactory.class_traits(config=True):
        assert issubclass(getattr(factory, name), exchange._NeedsFolder), name


def student_lab(monkeypatch: pytest.MonkeyPatch, set_up: bool) -> tuple[dict[str, bool], set[str]]:
    """Which of nbgrader's parts JupyterLab's settings for students switch off: on the server, on the page."""
    monkeypatch.setattr(exchange, "is_set_up", lambda: set_up)
    config = PyFileConfigLoader("student_lab.py", path=str(ROOT / "tools")).load_config()
    page = config.ServerApp.tornado_settings["page_config_hook"](None, {"disabledExtensions": ["x:y"], "token": "t"})
    assert page["token"] == "t" and "x:y" in page["disabledExtensions"]
    return dict(config.ServerApp).get("jpserver_extensions", {}), set(page["disabledExtensions"])


def test_students_see_the_list_of_assignments_only_where_there_is_an_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    panels = {
        f"@jupyter/nbgrader:{name}"
        for name in ("formgrader", "create-assignment", "course-list", "validate-assignment")
    }
    listed = {"@jupyter/nbgrader:assignment-list", "@jupyter/nbgrader:menu"}
    server, page = student_lab(monkeypatch, set_up=False)
    assert panels | listed <= page
    parts = ("formgrader", "course_list", "validate_assignment", "assignment_list")
    assert server == {f"nbgrader.server_extensions.{part}": False for part in parts}
    server, page = student_lab(monkeypatch, set_up=True)
    assert panels <= page and not listed & page
    assert server == {f"nbgrader.server_extensions.{part}": False for part in parts[:-1]}


def test_without_nbgrader_there_is_nothing_of_it_to_hide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    server, page = student_lab(monkeypatch, set_up=False)
    assert not server and not any("nbgrader" in plugin for plugin in page)


def test_an_exchange_is_set_up_where_its_folder_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text(f"c = get_config()\nc.Exchange.root = {str(tmp_path / 'here')!r}\n", encoding="utf-8")
    assert not exchange.is_set_up()
    (tmp_path / "here").mkdir()
    assert exchange.is_set_up()
    settings.write_text("nonsense", encoding="utf-8")
    assert not exchange.is_set_up()
