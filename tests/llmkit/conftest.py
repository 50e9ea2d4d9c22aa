"""Fixtures of these tests."""

from __future__ import annotations

import pytest
import torch

from llmkit import testing


@pytest.fixture(autouse=True)
def _seeded(request: pytest.FixtureRequest) -> None:
    """Each test draws the same weights and inputs in whatever order tests run."""
    torch.manual_seed(0)
    testing.seed(request.node.name)
