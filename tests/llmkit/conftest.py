"""Fixtures of these tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
import torch

from llmkit import i18n, testing

# A shell starts a command in the background with interrupts ignored, and its children inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _alike(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test draws the same weights and inputs and reads English, in whatever order tests run."""
    torch.manual_seed(0)
    testing.seed(request.node.name)
    with i18n.using("en"):
        yield
