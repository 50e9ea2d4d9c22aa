#!/bin/sh
# torch 2.13.0, Python 3.11 and later.
#
# nn.Embedding(..., padding_idx=0) promises that the row of the padding token gets no gradient, so that it stays zero. Where the output
# layer shares the matrix, as GPT-2's and BERT's do, that holds for the way in alone: the way out gives the row a gradient as every other,
# and after a step of the optimiser padding has a vector.
#
# Seen: the row's gradient is zero without tying, and not zero with it.
#
# Fails when either is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import sys

import torch
from torch import nn

found = {}
for tied in (False, True):
    torch.manual_seed(0)
    embedding = nn.Embedding(5, 4, padding_idx=0)
    head = nn.Linear(4, 5, bias=False)
    if tied:
        head.weight = embedding.weight
    logits = head(embedding(torch.tensor([0, 1, 2])))
    nn.functional.cross_entropy(logits, torch.tensor([1, 2, 3])).backward()
    found[tied] = bool(embedding.weight.grad[0].any())
    print(f"tied: {tied}, gradient of the padding row: {embedding.weight.grad[0].tolist()}")
sys.exit(found != {False: False, True: True})
PY
