#!/bin/sh
# nbformat 5.11.1 with jsonschema 4.26.0 and rfc3987-syntax 1.1.0, Python 3.11 and later.
#
# `import nbformat` imports jsonschema, and jsonschema imports every checker of string formats that is installed. One of them,
# rfc3987-syntax, parses a grammar and builds a parser with lark when it is imported. Anyone who installs JupyterLab or nbgrader has
# it: jupyter-events asks for jsonschema[format-nongpl]. Reading a notebook checks no IRI, and pays for the grammar all the same.
#
# Seen: importing nbformat took 0.07 s of processor time without rfc3987-syntax and 0.85 s with it, eleven times as much; of a
# command that reads one notebook that is most of the time.
#
# Fails when importing nbformat with it takes less than three times as long as without, or when nbformat no longer imports it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip() { "$folder/venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install nbformat==5.11.1 jsonschema==4.26.0

cat >"$folder/import_time.py" <<'PY'
import subprocess
import sys

code = "import time; began = time.process_time(); import nbformat, sys; print(time.process_time() - began, 'rfc3987_syntax' in sys.modules)"
runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() for _ in range(4)]
print(min(float(seconds) for seconds, _ in runs[1:]), runs[0][1])  # the first run compiles
PY

without=$("$folder/venv/bin/python" "$folder/import_time.py")
pip install rfc3987-syntax==1.1.0
with=$("$folder/venv/bin/python" "$folder/import_time.py")
echo "import nbformat, seconds of processor time and whether rfc3987_syntax is loaded:"
echo "  without rfc3987-syntax: $without"
echo "  with rfc3987-syntax:    $with"
"$folder/venv/bin/python" - "$without" "$with" <<'PY'
import sys

(before, absent), (after, there) = (text.split() for text in sys.argv[1:])
ratio = float(after) / float(before)
print(f"ratio: {ratio:.1f}")
sys.exit(not (absent == "False" and there == "True" and ratio >= 3))
PY
