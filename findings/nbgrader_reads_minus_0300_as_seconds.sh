#!/bin/sh
# nbgrader 0.9.6 with python-dateutil 4.0.0, Python 3.11 and later.
#
# nbgrader reads due dates and timestamps with `nbgrader.utils.parse_utc`. A numeric zone at the end, as Brazil's "-0300", or the "-03"
# that nbgrader's own exchange writes into timestamp.txt there, is taken as a number of seconds: the due date falls three hours
# earlier, less five minutes, than it says, and nobody is told. With "T" between date and time, or the zone's name, it is right.
#
# Seen: "2026-03-01 12:00:00 -0300" is 12:05:00 UTC and "... -03" is 12:00:03 UTC; "2026-03-01T12:00:00-03:00" and
# "2026-03-01 12:00:00 America/Sao_Paulo" are 15:00:00 UTC.
#
# Fails when any of the four is read otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check nbgrader==0.9.6 python-dateutil==4.0.0

"$folder/venv/bin/python" - <<'PY'
import sys

from nbgrader.utils import parse_utc

seen = {
    "2026-03-01 12:00:00 -0300": "12:05:00",
    "2026-03-01 12:00:00 -03": "12:00:03",
    "2026-03-01T12:00:00-03:00": "15:00:00",
    "2026-03-01 12:00:00 America/Sao_Paulo": "15:00:00",
}
found = {text: f"{parse_utc(text):%H:%M:%S}" for text in seen}
for text, hour in found.items():
    print(f"{text:40} {hour} UTC")
sys.exit(found != seen)
PY
