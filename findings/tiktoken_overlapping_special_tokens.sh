#!/bin/sh
# tiktoken 0.14.0, Python 3.11 and later.
#
# Where one special token is the beginning of another, which of them is found depends on how they are called, not on which is longer and
# not on the order in which they are given. With "<a>" and "<a><b>" the text "<a><b>" begins with the short one; with "ab" and "abc" the
# text "abc" is the long one. Whoever adds special tokens to an encoding has to try them out.
#
# Seen: [300, 60, 98, 62] for the first, [301] for the second, in either order of the table.
#
# Fails when either is encoded otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tiktoken==0.14.0

"$folder/venv/bin/python" - <<'PY'
import sys

import tiktoken

BYTES = {bytes([value]): value for value in range(256)}
seen = {("<a>", "<a><b>"): [300, 60, 98, 62], ("ab", "abc"): [301]}
found = {}
for short, long in seen:
    for table in ({short: 300, long: 301}, {long: 301, short: 300}):
        encoding = tiktoken.Encoding("bytes", pat_str=r"[\s\S]", mergeable_ranks=BYTES, special_tokens=table)
        ids = encoding.encode(long, allowed_special="all")
        print(f"{str(list(table)):22} {long!r:10} {ids}")
        assert found.setdefault((short, long), ids) == ids
sys.exit(found != seen)
PY
