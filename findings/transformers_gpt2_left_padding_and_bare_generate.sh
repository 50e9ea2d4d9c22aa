#!/bin/sh
# transformers 5.23.0 with torch 2.13.0, Python 3.11 and later.
#
# Three things that code for earlier versions, and for other models, takes for granted of GPT-2:
# padding on the left with an attention mask alone changes the logits, since positions are then counted from the padding on: position ids
# must be given. generate without a length adds twenty ids, fewer where the position limit is near, and none at the limit but one.
# past_key_values as a tuple of tuples is an AttributeError that names none of this: a cache object is needed.
#
# Seen: logits differ by more than 0.01 without position ids and by less than 0.0001 with them; 4 ids become 24, 20 become 32 (the limit);
# "'tuple' object has no attribute 'get_seq_length'".
#
# Fails when any of these is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check transformers==5.23.0 torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from transformers import GPT2Config, GPT2LMHeadModel

warnings.simplefilter("ignore")
torch.manual_seed(0)
config = GPT2Config(vocab_size=50, n_positions=32, n_embd=16, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=None, pad_token_id=0)
model = GPT2LMHeadModel(config).eval()
ids = torch.tensor([[3, 4, 5, 6]])
padded = torch.tensor([[0, 0, 3, 4, 5, 6]])
mask = (padded != 0).long()
positions = (mask.cumsum(-1) - 1).clamp(min=0)
with torch.no_grad():
    right = model(ids).logits[0, -1]
    without = (model(padded, attention_mask=mask).logits[0, -1] - right).abs().max().item()
    with_ids = (model(padded, attention_mask=mask, position_ids=positions).logits[0, -1] - right).abs().max().item()
    lengths = [model.generate(torch.full((1, length), 3)).shape[1] for length in (4, 20)]
    past = tuple((torch.zeros(1, 2, 4, 8), torch.zeros(1, 2, 4, 8)) for _ in range(2))
    try:
        model(ids[:, -1:], past_key_values=past)
        error = ""
    except AttributeError as raised:
        error = str(raised)
print(f"left padding: {without:.4f} off, with position ids {with_ids:.7f}")
print(f"lengths after generate: {lengths}")
print(f"a tuple as past: {error}")
sys.exit(not (without > 0.01 and with_ids < 0.0001 and lengths == [24, 32] and "get_seq_length" in error))
PY
