"""What the guard's tests share: bubblewrap must be there, in continuous integration always."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from autograder.errors import SandboxUnavailable
from autograder.student.sandbox import Sandbox, open_sandbox

# How long an example takes depends on what else the machine does, and is no fault of the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def bubblewrap() -> Iterator[Sandbox]:
    """The sandbox that real grading uses."""
    try:
        box = open_sandbox("bubblewrap")
    except SandboxUnavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    yield box
    box.close()
