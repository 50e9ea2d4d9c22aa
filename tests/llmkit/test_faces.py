"""Faces of the packages: each public name comes from its package, nothing heavy is loaded before it is used, notebooks use the faces."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import llmkit

LLMKIT = Path(llmkit.__file__).parent
SOURCE = LLMKIT.parent / "source"
NOTEBOOKS = sorted(SOURCE.rglob("*.ipynb"))
FACES = ["llmkit", *(f"llmkit.{stub.parent.name}" for stub in sorted(LLMKIT.glob("*/__init__.pyi")))]
HEAVY = ("torch", "plotly", "ipywidgets", "matplotlib", "numpy", "typer", "gradio", "pooch", "requests")
# Names of a module that are not its package's: they only make sense beside the module's others.
BESIDE_FACES = {
    "llmkit.models.weights": {"FILE", "REPOSITORIES", "load_gpt2"},
    "llmkit.testing.weights": {"assignments"},
    "llmkit.apps.loading": {"OWN", "assistant_at_hand"},
}


def folder(package: str) -> Path:
    return LLMKIT.joinpath(*package.split(".")[1:])


def modules(package: str) -> list[str]:
    return [found.name for found in pkgutil.iter_modules([str(folder(package))]) if not found.name.startswith("_")]


@cache
def face(package: str) -> dict[str, str]:
    """Each name that a package's stub gives, with the module that it comes from; "" for the package itself."""
    tree = ast.parse((folder(package) / "__init__.pyi").read_text(encoding="utf-8"))
    return {
        name.asname or name.name: part.module or ""
        for part in tree.body
        if isinstance(part, ast.ImportFrom)
        for name in part.names
    }


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_each_package_has_a_face() -> None:
    packages = {f"llmkit.{found.parent.name}" for found in LLMKIT.glob("*/__init__.py")}
    assert packages == set(FACES) - {"llmkit"}


@pytest.mark.parametrize("package", FACES)
def test_a_face_loads_nothing_heavy(package: str) -> None:
    assert run(f"import sys, {package}; print([m for m in {HEAVY} if m in sys.modules])") == "[]"


@pytest.mark.parametrize("package", FACES)
def test_all_modules_and_names_come_from_the_package_alone(package: str) -> None:
    names = sorted({*modules(package), *face(package)})
    assert run(f"import {package} as p; print([n for n in {names} if not hasattr(p, n)])") == "[]"


@pytest.mark.parametrize("package", FACES)
def test_the_stub_tells_of_each_module_and_of_nothing_private(package: str) -> None:
    given = {name for name, module in face(package).items() if not module}
    assert given == set(modules(package))
    assert not [name for name in face(package) if name.startswith("_") and name != "__version__"]


@pytest.mark.parametrize("package", FACES)
def test_no_name_is_a_modules_name_too(package: str) -> None:
    named = {name for name, module in face(package).items() if module}
    assert not named & set(modules(package))


@pytest.mark.parametrize("package", FACES)
def test_a_name_is_what_its_module_holds(package: str) -> None:
    here = importlib.import_module(package)
    for name, module in face(package).items():
        if module:
            assert getattr(here, name) is getattr(importlib.import_module(f"{package}.{module}"), name)


def imports(notebook: Path) -> Iterator[tuple[str, str]]:
    """Module and name of each import from llmkit in a notebook's code."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        lines = "".join(cell["source"]).splitlines() if cell["cell_type"] == "code" else []
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
        for part in ast.walk(ast.parse(code)):
            if isinstance(part, ast.ImportFrom) and part.module and part.module.split(".")[0] == "llmkit":
                yield from ((part.module, name.name) for name in part.names)
            elif isinstance(part, ast.Import):
                yield from ((name.name, "") for name in part.names if name.name.split(".")[0] == "llmkit")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda one: one.relative_to(SOURCE).with_suffix("").as_posix())
def test_a_notebook_imports_from_faces(notebook: Path) -> None:
    strangers = []
    for module, name in imports(notebook):
        if module in FACES:
            known = not name or name in face(module)
        elif module.count(".") == 1:  # a module that stands alone under llmkit is a face of its own
            known = not name or hasattr(importlib.import_module(module), name)
        else:
            known = name in BESIDE_FACES.get(module, ())
        if not known:
            strangers.append(f"{module}: {name}")
    assert not strangers


@pytest.mark.parametrize("module", BESIDE_FACES)
def test_each_exception_is_used_and_exists(module: str) -> None:
    used = {name for notebook in NOTEBOOKS for where, name in imports(notebook) if where == module}
    assert used == BESIDE_FACES[module]
    assert all(hasattr(importlib.import_module(module), name) for name in used)
