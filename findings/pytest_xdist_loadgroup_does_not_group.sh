#!/bin/sh
# pytest-xdist 3.8.0 with pytest 9.2.0 and with pytest 8.4.2, Python 3.11 and later.
#
# `--dist loadgroup` promises that tests with one `xdist_group` run in one process. xdist tells the scheduler of a group by writing
# it behind the test's node id, into `item._nodeid`. In pytest 9.2 a node id is an object of its own, and nothing reads that
# attribute any more. No error, no warning: the groups are ignored, and tests that share a database, a port or, with nbval, the cells
# of one notebook, are dealt out to all processes.
#
# Seen: six tests of one group on two processes: with pytest 8.4.2 all six in one, with pytest 9.2.0 three in each. `--dist loadfile`
# goes by the file's name and keeps a file together with both.
#
# Fails when pytest 9.2.0 keeps the group together, or pytest 8.4.2 does not, or loadfile does not.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"

cat >"$folder/test_one_group.py" <<'PY'
import os
import time

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_where(number):
    time.sleep(0.5)
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PY

processes() { # pytest's version, way of distribution
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "pytest==$1" pytest-xdist==3.8.0
    rm -f "$folder/seen"
    (cd "$folder" && SEEN="$folder/seen" "$folder/venv/bin/python" -m pytest -q -n 2 --dist "$2" -p no:cacheprovider test_one_group.py) >/dev/null
    sort -u "$folder/seen" | wc -l | tr -d ' '
}

old=$(processes 8.4.2 loadgroup)
new=$(processes 9.2.0 loadgroup)
by_file=$(processes 9.2.0 loadfile)
echo "processes that ran the tests of one group:"
echo "  pytest 8.4.2, --dist loadgroup: $old"
echo "  pytest 9.2.0, --dist loadgroup: $new"
echo "  pytest 9.2.0, --dist loadfile:  $by_file"
[ "$old" = 1 ] && [ "$new" = 2 ] && [ "$by_file" = 1 ]
