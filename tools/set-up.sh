#!/bin/sh
# Creates or updates the given virtual environment with one set of packages, and stamps which sets it then contains.
# Usage: set-up.sh .venv lab|instructor|apps|all
set -eu
venv=$1
case $2 in
    lab) extras=lab holds=lab ;;
    instructor) extras=instructor holds="lab instructor" ;;
    apps) extras=apps holds=apps ;;
    all) extras=instructor,cluster,postgres,hub,apps,docs,dev holds="lab instructor apps all" ;;
    *) echo "error: no such set: $2" >&2; exit 2 ;;
esac

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! fits "$venv/bin/python"; then
    python=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if fits "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "error: no Python 3.11 or newer found. Remedy: install one, or name it: make PYTHON=/path/to/python3" >&2
        exit 2
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "error: $python cannot make virtual environments. Remedy (Debian, Ubuntu): sudo apt-get install python3-venv" >&2
        exit 2
    fi
    echo "Making $venv with $("$python" --version) ..."
    "$python" -m venv --clear "$venv"
fi

pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

# Not compiled here: the course imports only a small part of torch, sympy and plotly, see below.
pip_install() { pip install --no-compile "$@"; }

# PyPI's torch for Linux brings 3 GB of CUDA along. Without an NVIDIA card the CPU build will do; if its index cannot
# be reached, the configured index is used.
torch=$(sed -n 's/^\(torch==[0-9.]*\).*/\1/p' constraints.txt)
if [ "$(uname)" = Linux ] && ! command -v nvidia-smi >/dev/null && ! pip show -q torch 2>/dev/null; then
    echo "Installing $torch for the CPU ..."
    pip_install -q --no-deps --retries 0 --timeout 10 --index-url https://download.pytorch.org/whl/cpu "$torch" 2>/dev/null ||
        echo "The index of CPU builds cannot be reached; using the usual one."
fi

echo "Installing the course and what it needs (the first time takes some minutes) ..."
pip_install -e ".[$extras]" -c constraints.txt

for site in "$venv"/lib/python3.*/site-packages; do
    # torch's own tests in C++, 100 MB that nothing loads.
    rm -rf "$site/torch/test" "$site"/torch/bin/test_*
done
# Learners only need a few modules compiled, so that the first cell starts fast. For fast grading, all are compiled: the
# sandbox mounts .venv read-only, and processes in it could not keep what they compile.
if [ "$2" = instructor ] || [ "$2" = all ] || [ -e "$venv/.ready-instructor" ]; then
    "$venv/bin/python" -m compileall -qq -j 0 "$venv"/lib/python3.*/site-packages || true
else
    env -u PYTHONDONTWRITEBYTECODE "$venv/bin/python" -c '
import importlib
for name in "ipykernel.kernelapp", "jupyterlab.labapp", "matplotlib.figure", "plotly.graph_objects", "torch", "llmkit.views.attention_widget":
    try:
        importlib.import_module(name)
    except ImportError:  # not part of this set
        pass
' || true
fi

for set in $holds; do touch "$venv/.ready-$set"; done
