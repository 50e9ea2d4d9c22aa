"""Everything that decides how a slow check ends: the inputs of each case, and a digest of all of them."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.answers import file_of
from autograder.course.cells import ONLY_STUDENTS
from autograder.course.course import Course
from autograder.selection.circumstances import ENVIRONMENT, circumstances
from autograder.selection.imports import ROOTS, Modules, Needs, module_in
from llmkit.cells import plain_python

# To be changed when a digest comes to mean something else, so that nothing counts as proved by an older one.
FORMAT = "1"
KINDS = ("verify", "notebook", "full", "test")

_VERIFY = "autograder.verification.verify"
_WORKER = "autograder.student.worker"
# What cuts a notebook's computation short in a quick run, or is only judged in a full one.
_LENGTH = re.compile(rb"\bquick\b|\bsteps\b.*\bruntime\b|\bruntime\.steps\b|\bbands\b")
# They name modules that hold what an answer may not be, and import them to see whether it is.
_ONLY_COMPARED = ("llmkit/testing/ready_made.py", "llmkit/testing/reserved.py")
_NOT_LENGTH = ("llmkit/runtime.py", "llmkit/bands.py", "llmkit/opened.py")


@dataclass(frozen=True, order=True)
class Case:
    """One slow check that stands by itself.

    Attributes:
        kind: "verify" (an exercise under `autograder verify`, mutants included), "notebook" (a solutions notebook, with long
            computations cut short), "full" (the same at full length), or "test" (the slow tests of one file).
        name: the exercise, or the file's path from the project's folder.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Inputs:
    """What decides how a case ends.

    Attributes:
        files: paths from the project's folder.
        facts: what is read out of other files, or is true of this machine, by name.
    """

    files: frozenset[str]
    facts: dict[str, str]


class Project:
    """The project's folder as it is now; what has been read once is not read again.

    Args:
        root: the folder that holds `source/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = sorted(_listed(root))
        self.course = Course(root)
        self._content: dict[str, bytes] = {}
        self._hashes: dict[str, str] = {}
        self._notebooks: dict[str, Needs] = {}
        self._modules = Modules(self.files, self.read)
        self._called = Modules(self.files, lambda file: b"" if file in _ONLY_COMPARED else self.read(file))

    def again(self) -> Project:
        """The folder as it is now, with nothing remembered."""
        return Project(self.root)

    def read(self, file: str) -> bytes:
        """The content of one file."""
        if file not in self._content:
            self._content[file] = (self.root / file).read_bytes()
        return self._content[file]

    def cases(self, kind: str) -> list[Case]:
        """All cases of a kind."""
        if kind == "verify":
            return [Case(kind, exercise.id) for exercise in self.course.exercises()]
        if kind == "test":
            tests = (file for file in self.files if re.fullmatch(r"tests/.*/test_\w+\.py", file))
            return [Case(kind, file) for file in tests if _has_slow_tests(self.read(file))]
        notebooks = [Case(kind, file) for file in self.files if is_solution(file)]
        return [case for case in notebooks if kind == "notebook" or self._depends_on_length(case)]

    def digest(self, case: Case) -> str:
        """A digest of the case's inputs, hexadecimal: another one whenever any of them is another."""
        inputs = self.inputs(case)
        whole = hashlib.sha256(f"{FORMAT}\0{case}\0{ENVIRONMENT}\0".encode())
        for file in sorted(inputs.files):
            whole.update(f"{file}\0{self._hash(file)}\0".encode())
        whole.update(json.dumps(inputs.facts, sort_keys=True).encode())
        return whole.hexdigest()[:32]

    def code_of(self, notebook: str) -> set[str]:
        """The files of the modules that a notebook's code can reach."""
        return self._modules.closure([self._needs_of(notebook)])[0]

    def called_by(self, notebook: str) -> set[str]:
        """The same without what is imported only to tell whether an answer is it."""
        return self._called.closure([self._called.needs(_codes(self.read(notebook)))])[0]

    def module_of(self, name: str) -> str:
        """The module that a dotted name of ours stands for or is found in; empty where there is none."""
        return self._modules.module_of(name)

    def _hash(self, file: str) -> str:
        if file not in self._hashes:
            self._hashes[file] = hashlib.sha256(self.read(file)).hexdigest()
        return self._hashes[file]

    def inputs(self, case: Case) -> Inputs:
        """The inputs of a case.

        Raises:
            UnknownAssignment: the course has no such exercise.
        """
        find = {"verify": self._of_exercise, "test": self._of_test}.get(case.kind, self._of_notebook)
        files, facts = find(case.name)
        files |= {file for file in self.files if _is_shipped(file) or file == "constraints.txt"}
        # What lies beside a module is read by it: a register, for instance. Faces and catalogues are treated by themselves.
        folders = {file.rpartition("/")[0] for file in files if file.endswith(".py")} - {""}
        others = (file for file in self.files if not file.endswith((".py", ".pyi", ".po")))
        files |= {file for file in others if file.rpartition("/")[0] in folders}
        return Inputs(frozenset(files), facts | self._circumstances)

    def _of_exercise(self, name: str) -> tuple[set[str], dict[str, str]]:
        """Its notebook, its answers, the machinery that grades them, and what their code and the machinery import."""
        exercise = self.course.exercise(name)
        notebook, answers = f"source/{exercise.chapter}/{exercise.notebook}.ipynb", file_of(name)
        needs = [Needs(modules={_VERIFY}, whole={_WORKER}), self._needs_of(notebook)]
        if answers in self.files:
            needs.append(Needs(modules={module_in(answers)}))
            needs += [self._modules.needs(["import llmkit", code]) for code in self._codes_in(answers)]
        files, facts = self._modules.closure(needs)
        catalogues, languages = self._languages([notebook], files)
        # Which notebook it is in, where its gap and its tests are: all that other notebooks could change.
        return files | {notebook} | catalogues, facts | languages | {"exercise": repr(exercise)}

    def _of_notebook(self, name: str) -> tuple[set[str], dict[str, str]]:
        """The notebook, what its code imports, and what Python and pytest find beside it."""
        files, facts = self._modules.closure([self._needs_of(name)])
        language = name.split("/")[1]
        read = {name}
        if "llmkit/own_code.py" in files:  # it reads other notebooks
            read |= {file for file in self.files if file.startswith(f"solutions/{language}/")}
        read |= {file for file in self.files if file.startswith("solutions/") and not file.endswith(".ipynb")}
        catalogues, languages = self._languages(sorted(read), files)
        facts |= languages | {"pytest": self._settings("pytest")}
        return files | read | catalogues, facts

    def _of_test(self, name: str) -> tuple[set[str], dict[str, str]]:
        """The file, what its neighbours share with it, what it imports, and what it says in INPUTS that it reads and runs besides.

        There a folder stands for all files in it. Where a module or a notebook is named, what these import counts as well.
        """
        tops = "/".join(name.split("/")[:2])
        own = {
            file for file in self.files if file.startswith(tops) and not PurePosixPath(file).name.startswith("test_")
        }
        own |= {name} | {file for file in self.files if file == "tests/conftest.py"}
        named = self._named_inputs(name)
        read = {file for file in self.files if any(file == one or file.startswith(f"{one}/") for one in named)}
        codes = [self.read(file).decode("utf-8", "replace") for file in sorted(own) if file.endswith(".py")]
        needs = [self._modules.needs([code]) for code in codes]
        for file in read:
            if file.endswith(".ipynb"):
                needs.append(self._needs_of(file))
            elif file.endswith(".py") and file.split("/")[0] in ROOTS:
                needs.append(Needs(modules={module_in(file)}))
        files, facts = self._modules.closure(needs)
        return files | own | read, facts | {"pytest": self._settings("pytest")}

    def _named_inputs(self, test: str) -> tuple[str, ...]:
        """INPUTS of a test file, which must be written out as strings or as other such names of the file."""
        names: dict[str, tuple[str, ...]] = {}
        try:
            body = ast.parse(self.read(test)).body
        except (SyntaxError, ValueError):
            return ()
        for node in body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Tuple)
                and isinstance(node.targets[0], ast.Name)
            ):
                found: list[str] = []
                for part in node.value.elts:
                    if isinstance(part, ast.Constant):
                        found.append(str(part.value))
                    elif isinstance(part, ast.Starred) and isinstance(part.value, ast.Name):
                        found += names[part.value.id]
                names[node.targets[0].id] = tuple(found)
        return names.get("INPUTS", ())

    def _languages(self, notebooks: list[str], modules: set[str]) -> tuple[set[str], dict[str, str]]:
        """The catalogues of the modules' messages in the languages that notebooks name; and which languages there are."""
        text = "\n".join(
            code for notebook in notebooks if notebook.endswith(".ipynb") for code in _codes(self.read(notebook))
        )
        named = {code for code in self.languages if re.search(rf"\b{re.escape(code)}\b", text)}
        packages = {file.split("/")[0] for file in modules if file.endswith("/i18n.py")}
        catalogues = {
            file
            for file in self.files
            if (parts := file.split("/"))[0] in packages and parts[1] == "locale" and parts[-2] in named
        }
        return catalogues, {"languages": " ".join(self.languages)}

    @cached_property
    def languages(self) -> list[str]:
        """The languages, besides English, that messages are translated to."""
        found = (re.fullmatch(r"llmkit/locale/([^/]+)/llmkit\.po", file) for file in self.files)
        return sorted(match[1] for match in found if match)

    @cached_property
    def _circumstances(self) -> dict[str, str]:
        return circumstances(self.files, self.read("constraints.txt") if "constraints.txt" in self.files else b"")

    def _depends_on_length(self, case: Case) -> bool:
        """Whether a notebook does something else, or more, when it is not cut short."""
        files = {case.name, *self.called_by(case.name)} - set(_NOT_LENGTH)
        return any(_LENGTH.search(self.read(file)) for file in files)

    def _needs_of(self, notebook: str) -> Needs:
        if notebook not in self._notebooks:
            self._notebooks[notebook] = self._modules.needs(_codes(self.read(notebook)))
        return self._notebooks[notebook]

    def _codes_in(self, answers: str) -> Iterator[str]:
        """The pieces of code in a file of answers: strings."""
        try:
            tree = ast.parse(self.read(answers))
        except (SyntaxError, ValueError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "llmkit" in node.value:
                yield node.value if _parses(node.value) else "import llmkit as anything"

    def _settings(self, tool: str) -> str:
        content = self.read("pyproject.toml").decode("utf-8", "replace") if "pyproject.toml" in self.files else ""
        try:
            return json.dumps(tomllib.loads(content)["tool"][tool], sort_keys=True)
        except (tomllib.TOMLDecodeError, KeyError):
            return content


def _tags(cell: dict[str, Any]) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", ()))


@cache
def _codes(notebook: bytes) -> list[str]:
    """The code cells of a notebook, as plain Python."""
    try:
        cells = json.loads(notebook)["cells"]
        run = (cell for cell in cells if cell["cell_type"] == "code" and ONLY_STUDENTS not in _tags(cell))
        return [plain_python("".join(cell["source"])) for cell in run]
    except (ValueError, KeyError, TypeError):
        return []  # whatever runs it will fail, and its text is an input


def _listed(root: Path) -> Iterator[str]:
    """The files that may be inputs, from the project's folder."""
    for path in root.iterdir():
        if path.is_file():
            yield path.name
        elif path.name not in ROOTS and (path / "__init__.py").is_file():
            yield f"{path.name}/__init__.py"
    for name in (*ROOTS, "docs", "exam", "locale", "release", "solutions", "source", "tests", "tools"):
        for path in (root / name).rglob("*"):
            inside = path.relative_to(root)
            hidden = any(part == "__pycache__" or part.startswith(".") for part in inside.parts)
            if not hidden and path.is_file() and path.suffix != ".pyc":
                yield inside.as_posix()


def is_solution(file: str) -> bool:
    """Whether a file, from the project's folder, is a solutions notebook."""
    return re.fullmatch(r"solutions/[^/]+/[^/]+/[^/]+\.ipynb", file) is not None


def _has_slow_tests(test: bytes) -> bool:
    if b"pytest.mark.slow" not in test or not _parses(test):
        return False  # what cannot be parsed, pytest cannot collect either, and says so
    return any(
        isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.slow"
        for node in ast.walk(ast.parse(test))
    )


def _is_shipped(file: str) -> bool:
    """Whether a file is one of the course's texts and checkpoints. The code that made them only counts where it is imported."""
    return file.startswith("data/") and not file.endswith((".py", ".md"))


def _parses(code: str | bytes) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True
