#!/bin/sh
# rouge-score 0.1.2, Python 3.11 and later.
#
# The tokenizer keeps a to z and digits, and takes everything else for a space. Words of other languages fall apart at their accents:
# "ação" counts as the words "a" and "o". Two different Portuguese words can be the same to it, and a perfect summary of accented
# one-letter words has no word at all.
#
# Seen: "A ação não é só açúcar 42" gives a, a, o, n, o, s, a, car, 42; ROUGE-1 of "avó" (grandmother) against "avô" (grandfather) is 1,
# of "é" against itself 0.
#
# Fails when any of these is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rouge-score==0.1.2

"$folder/venv/bin/python" - <<'PY'
import sys

from rouge_score import rouge_scorer, tokenize

words = tokenize.tokenize("A ação não é só açúcar 42", None)
scorer = rouge_scorer.RougeScorer(["rouge1"])
pairs = {("avó", "avô"): 1.0, ("é", "é"): 0.0}
found = {pair: scorer.score(*pair)["rouge1"].fmeasure for pair in pairs}
print(words)
print(found)
sys.exit((words, found) != (["a", "a", "o", "n", "o", "s", "a", "car", "42"], pairs))
PY
