"""What people and tools do to a notebook between download and hand-in. None of it changes what the answers mean.

An edit changes a notebook in place: a dict as in the file, whose cells carry two keys more, which `plain` takes out again:
`_role` (gap, test, or "" for all other cells of the course and of the student) and `_name` (the cell's id in the course).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

Notebook = dict[str, Any]
Edit = Callable[[Notebook, Random], None]


def marked(notebook: Notebook) -> Notebook:
    """A copy whose cells know what they are, whatever becomes of their metadata; sources are strings."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        info = cell["metadata"].get("nbgrader", {})
        cell["_role"] = "gap" if info.get("solution") else "test" if info.get("grade") else ""
        cell["_name"] = cell["id"]
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return made


def plain(notebook: Notebook) -> Notebook:
    """A copy without the two keys."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        cell.pop("_role", None)
        cell.pop("_name", None)
    return made


def text_cell(source: str, **keys: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, "_role": "", "_name": "", **keys}


def code_cell(source: str, **keys: Any) -> dict[str, Any]:
    made = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    return made | {"_role": "", "_name": "", **keys}


def cells(notebook: Notebook, role: str | None = None, code: bool = False) -> list[dict[str, Any]]:
    return [
        cell
        for cell in notebook["cells"]
        if (role is None or cell["_role"] == role) and (not code or cell["cell_type"] == "code")
    ]


def place(notebook: Notebook, cell: dict[str, Any]) -> int:
    return next(n for n, one in enumerate(notebook["cells"]) if one is cell)


def some(found: list[Any], random: Random, most: int = 3) -> list[Any]:
    return random.sample(found, min(len(found), random.randint(1, most)))


# Ids and metadata


def no_ids(notebook: Notebook, random: Random) -> None:
    for cell in notebook["cells"]:
        cell.pop("id", None)


def new_ids(notebook: Notebook, random: Random) -> None:
    for cell in notebook["cells"]:
        cell["id"] = f"{random.getrandbits(32):08x}"


def no_metadata(notebook: Notebook, random: Random) -> None:
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def damaged_metadata(notebook: Notebook, random: Random) -> None:
    for cell in some(notebook["cells"], random, 6):
        cell["metadata"] = random.choice(
            [None, [], "x", {"nbgrader": None}, {"nbgrader": []}, {"tags": "skip-grading"}]
        )


def forged_metadata(notebook: Notebook, random: Random) -> None:
    for cell in notebook["cells"]:
        if isinstance(cell["metadata"], dict) and isinstance(cell["metadata"].get("nbgrader"), dict):
            cell["metadata"]["nbgrader"]["points"] = 100
            cell["metadata"]["tags"] = ["skip-grading", "raises-exception"]


def nothing_known(notebook: Notebook, random: Random) -> None:
    no_ids(notebook, random)
    no_metadata(notebook, random)


# The tools


def colab(notebook: Notebook, random: Random) -> None:
    notebook["metadata"] = {
        "colab": {"provenance": [{"file_id": "1Ab", "timestamp": 1700000000000}], "toc_visible": True, "gpuType": "T4"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {"ab": {"model_name": "HBoxModel", "state": {"x": []}}}
        },
    }
    badge = '<a href="https://colab.research.google.com/github/x" target="_parent"><img src="https://colab.x/badge.svg"/></a>'
    notebook["cells"].insert(0, text_cell(badge, metadata={"id": "view-in-github", "colab_type": "text"}))
    for cell in notebook["cells"]:
        metadata = cell["metadata"] if isinstance(cell["metadata"], dict) else {}
        cell["metadata"] = {**metadata, "id": cell.pop("id", None) or metadata.get("id", "aBc")}
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": "12", "cellView": "form"}


def vscode(notebook: Notebook, random: Random) -> None:
    new_ids(notebook, random)
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.12.1", "pygments_lexer": "ipython3"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and isinstance(cell["metadata"], dict):
            cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["source"] = cell["source"].rstrip("\n")


def kaggle(notebook: Notebook, random: Random) -> None:
    no_ids(notebook, random)
    notebook["metadata"] = {"kaggle": {"accelerator": "none", "dataSources": [], "isInternetEnabled": True}}
    notebook["cells"].insert(
        0, code_cell("# This Python 3 environment comes with many libraries\nimport numpy as np\nimport os")
    )
    for cell in notebook["cells"]:
        cell["metadata"] = {"_uuid": "8f2839f25d086af736a60e9eeb907d3b93b6e0e5", "_cell_guid": "b1", "trusted": True}


def deepnote(notebook: Notebook, random: Random) -> None:
    no_ids(notebook, random)
    notebook["metadata"] = {"deepnote": {}, "deepnote_notebook_id": "x", "orig_nbformat": 2}
    for cell in notebook["cells"]:
        kind = "code" if cell["cell_type"] == "code" else "text-cell-p"
        cell["metadata"] = {
            "cell_id": f"{random.getrandbits(64):016x}",
            "deepnote_cell_type": kind,
            "source_hash": "b6",
        }
    last = "<a style='text-decoration:none' href='https://deepnote.com'>Created in Deepnote</a>"
    notebook["cells"].append(text_cell(last, metadata={"created_in_deepnote_cell": True}))


def cocalc(notebook: Notebook, random: Random) -> None:
    new_ids(notebook, random)
    for cell in notebook["cells"]:
        metadata = cell["metadata"] if isinstance(cell["metadata"], dict) else {}
        cell["metadata"] = {"collapsed": False, "cocalc": {"last": 1700000}, **metadata}
        if isinstance(metadata.get("nbgrader"), dict):
            metadata["nbgrader"].pop("checksum", None)


def dataspell(notebook: Notebook, random: Random) -> None:
    new_ids(notebook, random)
    for cell in notebook["cells"]:
        cell["metadata"] = {"pycharm": {"name": "#%%\n", "is_executing": False}, "collapsed": False}
        cell["execution_count"] = None
        cell["outputs"] = []


def databricks(notebook: Notebook, random: Random) -> None:
    no_ids(notebook, random)
    notebook["metadata"] = {
        "application/vnd.databricks.v1+notebook": {"language": "python", "notebookName": "attention"}
    }
    for cell in notebook["cells"]:
        cell["metadata"] = {"application/vnd.databricks.v1+cell": {"nuid": "1", "showTitle": False, "title": ""}}


def nteract(notebook: Notebook, random: Random) -> None:
    notebook["metadata"]["nteract"] = {"version": "0.28.0"}
    for cell in notebook["cells"]:
        cell["metadata"] = {"inputHidden": False, "outputHidden": False, "jupyter": {"source_hidden": False}}


def marimo(notebook: Notebook, random: Random) -> None:
    """To marimo and back: cells of text become calls and text again, imports come first, the layout is ruff's."""
    names = [f"{random.choice('BHMSTVZ')}{random.getrandbits(16):04x}" for _ in notebook["cells"]]
    notebook["metadata"] = {"marimo": {"marimo_version": "0.9.14"}}
    for name, cell in zip(names, notebook["cells"], strict=True):
        cell |= {"id": name, "metadata": {"marimo": {"config": {"hide_code": cell["cell_type"] != "code"}}}}
        cell["source"] = cell["source"].strip()
    notebook["cells"].insert(0, code_cell("import marimo as mo", id="init"))
    notebook["cells"][0]["source"] = "# import marimo as mo"


def jupytext(notebook: Notebook, random: Random) -> None:
    """To a script in the percent format and back: ids, metadata and outputs are gone, empty lines at the ends, too."""
    nothing_known(notebook, random)
    notebook["metadata"] = {"jupytext": {"text_representation": {"format_name": "percent", "extension": ".py"}}}
    for cell in notebook["cells"]:
        cell["source"] = "\n".join(line.rstrip() for line in cell["source"].strip("\n").split("\n"))


def google_drive(notebook: Notebook, random: Random) -> None:
    """Drive's own conversion by way of Colab, saved with one long line per source."""
    colab(notebook, random)
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)


# The layout of the code


def reformatted(notebook: Notebook, random: Random) -> None:
    for cell in cells(notebook, "gap", code=True):
        try:
            # Tools read the line ends of a text before they parse it.
            cell["source"] = ast.unparse(ast.parse(re.sub(r"\r*\n", "\n", cell["source"])))
        except SyntaxError:
            continue


def commented(notebook: Notebook, random: Random) -> None:
    for cell in cells(notebook, "gap", code=True):
        cell["source"] = (
            f"# minha solução, tentativa {random.randint(1, 9)} ✓\n\n" + cell["source"] + "\n\n\n# fim   \n"
        )


def tabbed(notebook: Notebook, random: Random) -> None:
    for cell in cells(notebook, "gap", code=True):
        changed = re.sub(r"^(?: {4})+", lambda found: "\t" * (len(found.group()) // 4), cell["source"], flags=re.M)
        try:
            if ast.dump(ast.parse(changed)) == ast.dump(ast.parse(cell["source"])):
                cell["source"] = changed
        except SyntaxError:
            continue


def windows_lines(notebook: Notebook, random: Random) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def timed(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, "gap", code=True), random):
        if not cell["source"].startswith("%%"):
            cell["source"] = random.choice(["%%time\n", "%%capture\n"]) + cell["source"]


# Cells added, copied, deleted, moved, merged, split


def own_cells(notebook: Notebook, random: Random) -> None:
    extra = [
        code_cell("print(1 + 1)"),
        code_cell("x = [1, 2, 3]\nx"),
        code_cell(""),
        code_cell("this is not Python"),
        code_cell("1 / 0"),
        text_cell("My own thought: why is the mask *upper*?"),
        text_cell(""),
        {"cell_type": "raw", "metadata": {}, "source": "raw", "_role": "", "_name": ""},
    ]
    for cell in some(extra, random, 5):
        notebook["cells"].insert(random.randint(0, len(notebook["cells"])), cell)


def copied_answer(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, "gap"), random, 2):
        notebook["cells"].insert(place(notebook, cell) + random.randint(0, 1), deepcopy(cell))


def copied_stub(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        copy = deepcopy(cell)
        copy["source"] = notebook["_stubs"][cell["_name"]]
        copy["_role"] = "stub"
        notebook["cells"].insert(place(notebook, cell) + random.randint(0, 1), copy)


def deleted_cells(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, "") + cells(notebook, "test"), random, 6):
        del notebook["cells"][place(notebook, cell)]


def no_setup(notebook: Notebook, random: Random) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if "llmkit.start" not in cell["source"]]


def no_text(notebook: Notebook, random: Random) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" or cell["_role"] == "gap"]


def no_tests(notebook: Notebook, random: Random) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["_role"] != "test"]


def only_answers(notebook: Notebook, random: Random) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["_role"] in ("gap", "part", "stub")]


def moved_cell(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, ""), random, 2):
        notebook["cells"].insert(
            random.randint(0, len(notebook["cells"]) - 1), notebook["cells"].pop(place(notebook, cell))
        )


def answers_last(notebook: Notebook, random: Random) -> None:
    gaps = cells(notebook, "gap")
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["_role"] != "gap"] + gaps


def reversed_cells(notebook: Notebook, random: Random) -> None:
    notebook["cells"].reverse()


def merged_with_test(notebook: Notebook, random: Random) -> None:
    """JupyterLab's "merge with the cell below"; the id and metadata are those of the first."""
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        at = place(notebook, cell)
        below = notebook["cells"][at + 1] if at + 1 < len(notebook["cells"]) else None
        if below is not None and below["_role"] == "test":
            cell["source"] += "\n" + below["source"]
            del notebook["cells"][at + 1]


def merged_above(notebook: Notebook, random: Random) -> None:
    """JupyterLab's "merge with the cell above": a text, mostly, and so the answer becomes text."""
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        at = place(notebook, cell)
        above = notebook["cells"][at - 1]
        if at and not above["_role"] and above["cell_type"] != "raw" and not above["source"].startswith("```"):
            above["source"] += "\n\n" + cell["source"]
            above["_role"], above["_name"] = "gap", cell["_name"]
            del notebook["cells"][at]


def merged_texts(notebook: Notebook, random: Random) -> None:
    pairs = list(zip(notebook["cells"], notebook["cells"][1:], strict=False))
    both = [(a, b) for a, b in pairs if a["cell_type"] == b["cell_type"] == "markdown" and not a["_role"] + b["_role"]]
    for first, second in both[: random.randint(1, 2)]:
        first["source"] += "\n\n" + second["source"]
        notebook["cells"].remove(second)


def split_answer(notebook: Notebook, random: Random) -> None:
    """JupyterLab's "split cell" between two statements; the first part keeps the id."""
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        try:
            body = ast.parse(cell["source"]).body
        except SyntaxError:
            continue
        if len(body) > 1:
            line = random.choice(body[1:])
            start = min([line.lineno, *(one.lineno for one in getattr(line, "decorator_list", []))]) - 1
            lines = cell["source"].split("\n")
            cell["source"] = "\n".join(lines[:start])
            at = place(notebook, cell) + 1
            notebook["cells"].insert(
                at, code_cell("\n".join(lines[start:]), _role="part", id=f"{random.getrandbits(32):08x}")
            )


def split_helper(notebook: Notebook, random: Random) -> None:
    """A helper in a cell of its own before the answer."""
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        notebook["cells"].insert(place(notebook, cell), code_cell("def my_helper(values):\n    return list(values)"))


def answer_below(notebook: Notebook, random: Random) -> None:
    """The gap left as it was, the answer in a new cell below."""
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        new = code_cell(cell["source"], _role="gap", _name=cell["_name"])
        cell["source"], cell["_role"] = notebook["_stubs"][cell["_name"]], "stub"
        notebook["cells"].insert(place(notebook, cell) + 1, new)


def answer_as_text(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, "gap", code=True), random, 2):
        cell["cell_type"] = random.choice(["markdown", "raw"])
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
        if random.random() < 0.5:
            cell["source"] = f"```python\n{cell['source']}\n```"


# Texts and tests of the course


def changed_texts(notebook: Notebook, random: Random) -> None:
    for cell in some([c for c in cells(notebook, "") if c["cell_type"] == "markdown"], random, 4):
        cell["source"] = random.choice(["", "Please give me all points.", cell["source"] + "\n\nI understood this!"])


def changed_tests(notebook: Notebook, random: Random) -> None:
    for cell in some(cells(notebook, "test"), random):
        cell["source"] = random.choice(
            ["100.0", "pass", re.sub(r"\bassert_\w+\(", "print(", cell["source"]), "raise ValueError"]
        )


# Outputs


def outputs(notebook: Notebook, random: Random) -> None:
    kinds = [
        {"output_type": "stream", "name": "stdout", "text": ["ok\n"] * random.randint(1, 500)},
        {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["\x1b[31mno\x1b[0m"]},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBOR" * 1000, "text/plain": ["<x>"]}},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "ab"}},
        },
        {"output_type": "nonsense"},
        None,
    ]
    for cell in cells(notebook, code=True):
        cell["outputs"], cell["execution_count"] = [random.choice(kinds)], random.choice([7, None, "3"])


def attachments(notebook: Notebook, random: Random) -> None:
    data = "A" * random.choice([10, 3_000_000])
    notebook["cells"].append(text_cell("![p](attachment:p.png)", attachments={"p.png": {"image/png": data}}))


def lists_of_lines(notebook: Notebook, random: Random) -> None:
    for cell in notebook["cells"]:
        cell["_lines"] = True


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        no_ids, new_ids, no_metadata, damaged_metadata, forged_metadata, nothing_known,
        colab, vscode, kaggle, deepnote, cocalc, dataspell, databricks, nteract, marimo, jupytext, google_drive,
        reformatted, commented, tabbed, windows_lines, timed,
        own_cells, copied_answer, copied_stub, deleted_cells, no_setup, no_text, no_tests, only_answers, moved_cell, answers_last,
        reversed_cells, merged_with_test, merged_above, merged_texts, split_answer, split_helper, answer_below, answer_as_text,
        changed_texts, changed_tests, outputs, attachments, lists_of_lines,
    )
}  # fmt: skip
