#!/bin/sh
# torch 2.13.0 on a CPU, Python 3.11 and later.
#
# torch.multinomial without replacement, asked for more draws than there are positive probabilities, gives indices whose probability is 0
# in the place of the missing ones. The documentation asks for at least as many; nothing is raised. After top-k or top-p, tokens that were
# filtered away come back.
#
# Seen: three draws from (0.5, 0.5, 0, 0): 0 and 1 in either order, and then an index of probability 0, twenty times in twenty.
#
# Fails when it raises, or when a draw holds no index of probability 0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import sys

import torch

torch.manual_seed(0)
probabilities = torch.tensor([0.5, 0.5, 0.0, 0.0])
draws = [torch.multinomial(probabilities, 3).tolist() for _ in range(20)]
print(draws)
sys.exit(not all(sorted(draw[:2]) == [0, 1] and probabilities[draw[2]] == 0 for draw in draws))
PY
