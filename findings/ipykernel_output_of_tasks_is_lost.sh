#!/bin/sh
# ipykernel 7.4.0 with nbclient 0.11.0, Python 3.11 and later.
#
# What code prints after its cell has ended goes two ways. From a thread it appears under the cell that runs at that moment, among what that
# one prints. From an asyncio task, which is what a notebook's own event loop invites to, it is lost: no cell has it, and nobody says so.
# Progress lines and logs of work in the background are written in either way.
#
# Seen: "from the thread" stands in the later cell's output, "from the task" nowhere.
#
# Fails when either is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check ipykernel==7.4.0 nbclient==0.11.0 nbformat==5.10.4

PATH="$folder/venv/bin:$PATH" "$folder/venv/bin/python" - <<'PY'
import sys

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

task = """import asyncio

async def later():
    await asyncio.sleep(0.5)
    print("from the task")

kept = asyncio.ensure_future(later())"""
thread = """import threading
threading.Timer(0.5, lambda: print("from the thread")).start()"""
cells = [task, "await asyncio.sleep(2)\nprint('one')", thread, "import time\ntime.sleep(2)\nprint('two')"]
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=kernel)
NotebookClient(notebook, timeout=300).execute()
found = ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]
print(found)
sys.exit(found != ["", "one\n", "", "from the thread\ntwo\n"])
PY
