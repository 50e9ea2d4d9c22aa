"""What the grader's tests share: one sandbox of each kind per run."""

from __future__ import annotations

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
    """The sandbox that real grading uses; in continuous integration it must be there."""
    import os

    try:
        box = open_sandbox("bubblewrap")
    except SandboxUnavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    yield box
    box.close()


@pytest.fixture(scope="session")
def no_sandbox() -> Sandbox:
    return open_sandbox("none")


@pytest.fixture(params=["bubblewrap", "none"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Each backend in turn."""
    found: Sandbox = request.getfixturevalue("bubblewrap" if request.param == "bubblewrap" else "no_sandbox")
    return found
