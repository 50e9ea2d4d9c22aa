#!/bin/sh
# pytest 9.2.0, Python 3.11 and later.
#
# A test that returns a comparison in place of asserting it, `return f(2) == 5`, passes, whatever the comparison gives. There is a warning,
# in the summary that a green run invites nobody to read. With filterwarnings = error::pytest.PytestReturnNotNoneWarning it fails.
#
# Seen: "1 passed, 1 warning"; with the filter "1 failed".
#
# Fails when either is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pytest==9.2.0

"$folder/venv/bin/python" - <<'PY'
import pathlib
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "test_returns.py").write_text("def test_square():\n    return 2 * 2 == 5\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_returns.py"]
    extra = [[], ["-W", "error::pytest.PytestReturnNotNoneWarning"]]
    found = [subprocess.run([*command, *more], cwd=folder, capture_output=True, text=True).stdout.splitlines()[-1] for more in extra]
print(found)
sys.exit(not (found[0].startswith("1 passed, 1 warning") and found[1].startswith("1 failed")))
PY
