#!/bin/sh
# plotly 7.1.0 with ipykernel 7.4.0, nbclient 0.11.0 and nbconvert 7.17.2, Python 3.11 and later.
#
# Outside a front end that can draw it, the last line of a cell that is a figure leaves plotly's own JSON alone as its output: no picture, no
# HTML, no text. nbconvert's page then has nothing in its place, with a warning that nobody reads who converts notebooks of others. A
# student's figure is not in the feedback that is made of the notebook.
#
# Seen: the output has application/vnd.plotly.v1+json and nothing else; "drawn" (the name of the curve) stands in the page once, in the code.
#
# Fails when the output has another form, or the page shows it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check plotly==7.1.0 ipykernel==7.4.0 nbclient==0.11.0 nbconvert==7.17.2

PATH="$folder/venv/bin:$PATH" "$folder/venv/bin/python" - <<'PY'
import sys
import warnings

from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

warnings.simplefilter("ignore")
code = "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1, 3, 2], name='drawn'))"
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
notebook = new_notebook(cells=[new_code_cell(code)], metadata=kernel)
NotebookClient(notebook, timeout=300).execute()
forms = [sorted(output.data) for output in notebook.cells[0].outputs]
page, _ = HTMLExporter().from_notebook_node(notebook)
print(forms, page.count("drawn"))
sys.exit((forms, page.count("drawn")) != ([["application/vnd.plotly.v1+json"]], 1))
PY
