#!/bin/sh
# torch 2.13.0, Python 3.11 and later.
#
# A batch may hold a row that is padding alone: an empty text, or the rest of a last batch. What nn.TransformerEncoderLayer in evaluation
# mode makes of it depends on whether gradients are recorded: without, the faster way is taken and the row is nan; with, it is finite.
# nn.MultiheadAttention without weights does the same: nan, or zeros. With weights it is nan both times. So a model that trains well can
# give nan when it is used, and where a mean or a loss runs over the batch, for all rows.
#
# Seen: encoder layer: nan under no_grad, finite with gradients; attention without weights the same; attention with weights nan in both.
#
# Fails when any of these is otherwise, or when the row beside it, which has tokens, is nan.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.manual_seed(0)
inputs = torch.randn(2, 3, 8)
padding = torch.tensor([[False, False, True], [True, True, True]])
layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
attention = nn.MultiheadAttention(8, 2, batch_first=True).eval()
ways = {
    "encoder layer": lambda: layer(inputs, src_key_padding_mask=padding),
    "attention": lambda: attention(inputs, inputs, inputs, key_padding_mask=padding, need_weights=False)[0],
    "attention, weights": lambda: attention(inputs, inputs, inputs, key_padding_mask=padding)[0],
}
found = {}
for name, way in ways.items():
    for gradients in (False, True):
        with torch.set_grad_enabled(gradients):
            output = way()
        found[name, gradients] = bool(output[1].isnan().any())
        print(f"{name:20} {'with' if gradients else 'without':8} gradients: {'nan' if found[name, gradients] else 'finite'}")
        assert not output[0, :2].isnan().any()
sys.exit(list(found.values()) != [True, False, True, False, True, True])
PY
