#!/bin/sh
# jupytext 1.19.6 with nbformat 5.10.4, Python 3.11 and later.
#
# A notebook that goes through the py:percent format and back is not quite the same: the line breaks at the end of code cells are gone,
# those at the end of markdown cells are kept. Whoever compares cells by a digest of their source, as graders do to see what a student has
# changed, sees edits that nobody made.
#
# Seen: "x = 1\n" and "y = 2\n\n" come back as "x = 1" and "y = 2", the markdown "text\n" as it was.
#
# Fails when one of them comes back otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check jupytext==1.19.6 nbformat==5.10.4

"$folder/venv/bin/python" - <<'PY'
import sys

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

cells = [new_code_cell("x = 1\n"), new_markdown_cell("text\n"), new_code_cell("y = 2\n\n")]
back = jupytext.reads(jupytext.writes(new_notebook(cells=cells), "py:percent"), "py:percent")
for before, after in zip(cells, back.cells, strict=True):
    print(f"{before.cell_type:9} {before.source!r:12} {after.source!r}")
sys.exit([cell.source for cell in back.cells] != ["x = 1", "text\n", "y = 2"])
PY
