"""The benchmark of the metrics runs on the notebooks as they are, and finds every metric at its peer's value."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_a_few_pairs_agree_with_the_peers() -> None:
    command = [sys.executable, "benchmarks/metrics_peers.py", "--pairs", "5"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    assert all(name in run.stdout for name in ("perplexity", "bleu", "rouge_l", "meteor", "cider"))
