#!/bin/sh
# Makes or updates the virtual environment that is given: the course with its instructor's and developer's parts.
set -eu
venv=$1

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
        echo "error: no Python 3.11 or newer found. Remedy: install one, or say where it is: make PYTHON=/path/to/python3" >&2
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

# PyPI's torch for Linux brings 3 GB of CUDA along. Without an NVIDIA card the CPU build does; where its index cannot
# be reached, the configured one decides.
torch=$(sed -n 's/^\(torch==[0-9.]*\).*/\1/p' constraints.txt)
if [ "$(uname)" = Linux ] && ! command -v nvidia-smi >/dev/null && ! pip show -q torch 2>/dev/null; then
    echo "Installing $torch for the CPU ..."
    pip install -q --no-deps --retries 0 --timeout 10 --index-url https://download.pytorch.org/whl/cpu "$torch" 2>/dev/null ||
        echo "The index of CPU builds cannot be reached; the usual one is asked."
fi

echo "Installing the course and what it needs (the first time takes some minutes) ..."
pip install -e ".[instructor,dev,apps]" -c constraints.txt
