#!/bin/sh
# transformers 5.23.0 with torch 2.13.0, Python 3.11 and later.
#
# GPT-2, made from a configuration as it comes, computes attention with torch's fused function, which has no weights to give away. Asked for
# output_attentions=True it answers with an empty tuple: no error. Code that indexes layers fails far from the cause, and code that
# loops over them draws nothing. With attn_implementation="eager" the weights are there.
#
# Seen: () by default; two tensors of shape (1, 2, 4, 4) with eager attention.
#
# Fails when either is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check transformers==5.23.0 torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import sys

import torch
from transformers import GPT2Config, GPT2LMHeadModel

found = {}
for way in (None, "eager"):
    config = GPT2Config(vocab_size=50, n_positions=32, n_embd=16, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=None)
    if way:
        config._attn_implementation = way
    model = GPT2LMHeadModel(config).eval()
    attentions = model(torch.tensor([[3, 4, 5, 6]]), output_attentions=True).attentions
    found[way] = [tuple(weights.shape) for weights in attentions]
    print(way or "default", found[way])
sys.exit(found != {None: [], "eager": [(1, 2, 4, 4)] * 2})
PY
