#!/bin/sh
# torch 2.13.0 with numpy 2.4.6, Python 3.11 and later.
#
# torch.save takes what numpy computes, such as a mean loss kept beside the weights, or numpy's random state; torch.load then refuses the
# whole file, weights included, as long as it reads weights only, which is how it reads by itself. Python's random state and torch's load.
# A checkpoint that was written for hours is found to be unreadable when it is needed.
#
# Seen: numpy's scalar, array and random state: UnpicklingError. Python's and torch's random states, and float(scalar): loaded.
#
# Fails when any of these is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PY'
import io
import pickle
import random
import sys

import numpy as np
import torch

values = {
    "numpy scalar": np.float64(1.5),
    "numpy array": np.zeros(2),
    "numpy random state": np.random.get_state(),
    "float(numpy scalar)": float(np.float64(1.5)),
    "Python random state": random.getstate(),
    "torch random state": torch.get_rng_state(),
}
found = []
for name, value in values.items():
    file = io.BytesIO()
    torch.save({"weights": torch.ones(2), "value": value}, file)
    file.seek(0)
    try:
        torch.load(file)
        found.append(True)
    except pickle.UnpicklingError:
        found.append(False)
    print(f"{name:20} {'loaded' if found[-1] else 'refused'}")
sys.exit(found != [False, False, False, True, True, True])
PY
