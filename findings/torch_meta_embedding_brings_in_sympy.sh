#!/bin/sh
# torch 2.13.0, Python 3.11 and later, Linux.
#
# Modules are made on the device "meta" so that a model's shape is there before its weights, at no cost. A linear layer is free indeed. An
# embedding is not: its first draw from a normal distribution imports torch's compiler and a system for symbolic algebra, some eight
# hundred modules and 70 MB that stay. A program that loads a model of 100 MB into little memory meets most of its overhead there.
#
# Seen: sympy is imported by the embedding and not by the linear layer; 822 modules and 72 MB more.
#
# Fails when the embedding no longer imports it, or the linear layer does.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import sys

import torch


def resident():
    with open("/proc/self/statm") as counts:
        return int(counts.read().split()[1]) * 4096 // 2**20


seen = {}
for layer in (torch.nn.Linear, torch.nn.Embedding):
    modules, megabytes = len(sys.modules), resident()
    with torch.device("meta"):
        layer(4, 4)
    seen[layer.__name__] = "sympy" in sys.modules
    print(layer.__name__, len(sys.modules) - modules, "modules", resident() - megabytes, "MB, sympy:", seen[layer.__name__])
sys.exit(seen != {"Linear": False, "Embedding": True})
PY
