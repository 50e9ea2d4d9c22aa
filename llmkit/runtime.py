"""Where this code runs: Colab, Jupyter or plain Python; which device; which versions."""

from __future__ import annotations

import importlib.util
import os
import platform
import random
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.version import __version__

# A container sees its own limits here (Linux, control groups version 2).
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Runtime:
    """What `detect` found.

    Attributes:
        environment: "colab", "jupyter", "ipython" or "python".
        device: "cuda", "mps" or "cpu".
        device_name: the device's own name.
        bf16: whether the device has native bfloat16: see `has_bf16`.
        threads: processor threads that torch uses.
        python: Python's version.
        torch: torch's version.
    """

    environment: str
    device: str
    device_name: str
    bf16: bool
    threads: int
    python: str
    torch: str

    def __str__(self) -> str:
        where = {"colab": "Google Colab", "jupyter": "Jupyter", "ipython": "IPython", "python": "Python"}[
            self.environment
        ]
        bf16 = _("bf16: yes") if self.bf16 else _("bf16: no")
        return f"llmkit {__version__} · {where} · Python {self.python} · torch {self.torch} · {self.device} ({self.device_name}) · {bf16}"


def environment() -> str:
    """Where the code runs: "colab", "jupyter", "ipython" or "python"."""
    if "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ:
        return "colab"
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return "python"
    return "jupyter" if type(shell).__name__ == "ZMQInteractiveShell" else "ipython"


def detect() -> Runtime:
    """Examines the machine; imports torch."""
    import torch

    if torch.cuda.is_available():
        device, name = "cuda", torch.cuda.get_device_name()
    elif torch.backends.mps.is_available():
        device, name = "mps", "Apple GPU"
    else:
        device, name = "cpu", _("{count} cores").format(count=os.cpu_count() or 1)
    return Runtime(
        environment(),
        device,
        name,
        has_bf16(device),
        torch.get_num_threads(),
        platform.python_version(),
        torch.__version__,
    )


@cache
def has_bf16(device: str) -> bool:
    """Whether a device multiplies matrices natively in bfloat16, so that mixed precision saves time.

    Tensor cores do since Ampere (compute capability 8; a T4 only emulates it), as do processors with AVX512-BF16 or AMX.

    Args:
        device: "cuda", "mps" or "cpu".
    """
    import torch

    if device == "cuda":
        return torch.cuda.get_device_capability()[0] >= 8
    if device == "cpu":
        # Older versions of torch do not say; they are assumed not to have it.
        able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return device == "mps"


def free_memory() -> int | None:
    """Bytes of memory that a program can still take, a container's limit included; None where nothing tells."""
    try:
        import psutil  # comes with ipykernel; a bare installation of llmkit lacks it
    except ImportError:
        return None
    free: int = psutil.virtual_memory().available
    try:
        limit = int((_CGROUP / "memory.max").read_text(encoding="ascii"))
        taken = int((_CGROUP / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such files, or "max"
        return free
    return min(free, limit - taken + _given_back())


def _given_back() -> int:
    """Bytes of files that a container counts as taken, and that it lets go of when a program asks for memory."""
    with suppress(OSError, ValueError):
        for line in (_CGROUP / "memory.stat").read_text(encoding="ascii").splitlines():
            name, _space, count = line.partition(" ")
            if name == "inactive_file":
                return int(count)
    return 0


def local_folder() -> Path:
    """Where llmkit keeps files of this machine: LLMKIT_CACHE, or the system's cache folder."""
    import pooch  # takes a while

    return Path(os.environ.get("LLMKIT_CACHE") or pooch.os_cache("llmkit"))


def quick() -> bool:
    """Whether long computations are cut short, as tests of the notebooks do: LLMKIT_QUICK is set."""
    return os.environ.get("LLMKIT_QUICK", "0") not in ("", "0")


def steps(wanted: int, least: int = 3) -> int:
    """How many steps a notebook's long computation takes here: as many as wanted, or a few if LLMKIT_QUICK is set.

    Args:
        wanted: steps of the real thing.
        least: steps of a quick run.
    """
    if not quick() or wanted <= least:
        return wanted
    print(_("LLMKIT_QUICK is set: {least} steps instead of {wanted}.").format(least=least, wanted=wanted))
    return least


def installed(module: str) -> bool:
    """Whether a module can be imported, without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def seed_everything(seed: int) -> None:
    """Seeds Python's, numpy's and torch's random numbers."""
    import numpy as np

    random.seed(seed)
    np.random.seed(seed % 2**32)
    seed_torch(seed)


def seed_torch(seed: int) -> None:
    """Like `torch.manual_seed`, which asks every kind of accelerator in turn and takes seventy times as long where there is none."""
    import torch

    (torch.manual_seed if _has_accelerator() else torch.default_generator.manual_seed)(seed)


@cache
def _has_accelerator() -> bool:
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()
