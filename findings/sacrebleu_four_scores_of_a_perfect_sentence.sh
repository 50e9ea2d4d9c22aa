#!/bin/sh
# sacrebleu 2.6.0, Python 3.11 and later.
#
# A translation of three words that is word for word the reference has no sequence of four words. What its BLEU is depends on the door by
# which one comes in: as a corpus of one sentence 0, by `sentence_bleu` 100, and as a corpus 100 again with `use_effective_order` or with
# add-k smoothing; the other smoothings leave 0. Two empty texts, which agree as well as texts can, have chrF 0 while TER counts 0 errors.
#
# Seen: 0, 100, 100, 100, 0, 0 for BLEU; 0 and 0 for chrF and TER of two empty texts.
#
# Fails when any of these is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check sacrebleu==2.6.0

"$folder/venv/bin/python" - <<'PY'
import sys

import sacrebleu

text = "the cat sat"
found = {
    "corpus": sacrebleu.corpus_bleu([text], [[text]]).score,
    "sentence": sacrebleu.sentence_bleu(text, [text]).score,
    "corpus, effective order": sacrebleu.corpus_bleu([text], [[text]], use_effective_order=True).score,
    "corpus, add-k": sacrebleu.corpus_bleu([text], [[text]], smooth_method="add-k").score,
    "corpus, floor": sacrebleu.corpus_bleu([text], [[text]], smooth_method="floor").score,
    "corpus, none": sacrebleu.corpus_bleu([text], [[text]], smooth_method="none").score,
    "chrF of nothing": sacrebleu.sentence_chrf("", [""]).score,
    "TER of nothing": sacrebleu.sentence_ter("", [""]).score,
}
for name, score in found.items():
    print(f"{name:24} {score:6.2f}")
sys.exit([round(score) for score in found.values()] != [0, 100, 100, 100, 0, 0, 0, 0])
PY
