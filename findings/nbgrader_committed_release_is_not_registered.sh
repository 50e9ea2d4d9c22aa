#!/bin/sh
# nbgrader 0.9.6, Python 3.11 and later.
#
# A course repository often holds source/ and release/ both. In a fresh clone there is no gradebook yet, and `nbgrader
# generate_assignment ps1` is the first command of the documentation. It finds release/ps1, says "Skipping existing assignment",
# exits with status 0, and puts nothing into the gradebook that it makes. The next command, `nbgrader autograde ps1`, then fails
# for every student: "No assignment with ID 'ps1' exists in the database".
#
# Seen: exit status 0 of generate_assignment, no assignment in the gradebook, exit status 1 of autograde with that message.
# With `--force` the assignment is registered, and the release is deleted and made again.
#
# Fails when generate_assignment registers the assignment or reports failure, or when autograde succeeds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --quiet --disable-pip-version-check install nbgrader==0.9.6
export PATH="$folder/venv/bin:$PATH"
mkdir "$folder/course"
cd "$folder/course"

python - <<'PY'
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

common = {"schema_version": 3, "task": False}
gap = new_code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", id="gap")
gap.metadata["nbgrader"] = {"grade_id": "gap", "grade": False, "solution": True, "locked": False, **common}
test = new_code_cell("assert x == 1", id="test")
test.metadata["nbgrader"] = {"grade_id": "test", "grade": True, "solution": False, "locked": True, "points": 1, **common}
for place in ("source/ps1", "release/ps1", "submitted/ana/ps1"):
    Path(place).mkdir(parents=True)
    nbformat.write(new_notebook(cells=[gap, test]), f"{place}/problem.ipynb")
PY

status=0
nbgrader generate_assignment ps1 >generate.log 2>&1 || status=$?
echo "generate_assignment: exit status $status, $(grep -o 'Skipping existing assignment' generate.log | head -n 1)"
registered=$(python -c "
from nbgrader.api import Gradebook
with Gradebook('sqlite:///gradebook.db') as gradebook:
    print(len(gradebook.assignments))")
echo "assignments in the gradebook: $registered"
graded=0
nbgrader autograde ps1 >autograde.log 2>&1 || graded=$?
echo "autograde: exit status $graded, $(grep -o "No assignment with ID 'ps1' exists in the database" autograde.log | head -n 1)"
test "$status" = 0 && grep -q "Skipping existing assignment" generate.log
test "$registered" = 0
test "$graded" != 0 && grep -q "No assignment with ID 'ps1' exists" autograde.log
