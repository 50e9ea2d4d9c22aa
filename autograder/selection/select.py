"""Chooses what runs: the cases with an input that has changed since they last passed, and a random part of the others."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.selection.inputs import Case, Project
from autograder.selection.record import FILE, Record
from autograder.selection.translations import english

SHARE = 0.1


@dataclass(frozen=True)
class Selection:
    """What runs, and what does not.

    Attributes:
        root: the project's folder.
        digests: of all cases, before they ran.
        changed: they have not passed with these inputs.
        drawn: they have, and run all the same.
        left_out: they have, and do not run.
        seed: what the draw depends on.
    """

    root: Path
    digests: dict[Case, str]
    changed: tuple[Case, ...]
    drawn: tuple[Case, ...]
    left_out: tuple[Case, ...]
    seed: str

    @property
    def chosen(self) -> tuple[Case, ...]:
        return tuple(sorted((*self.changed, *self.drawn)))

    def __str__(self) -> str:
        kinds = "/".join(sorted({case.kind for case in self.digests}))
        return (
            f"selected ({kinds}): {len(self.changed)} changed since they last passed, {len(self.drawn)} of the other "
            f"{len(self.drawn) + len(self.left_out)} at random (--sample-seed {self.seed}); see {FILE}"
        )

    def finish(self, passed: Iterable[Case], failed: Iterable[Case]) -> None:
        """Brings the record up to date after a run. A case whose inputs were changed meanwhile has proved nothing.

        Args:
            passed: cases that ran to their end without a fault.
            failed: cases that did not.
        """
        if not self.digests or not _decides(self.root):
            return
        after = Project(self.root)
        proved = {case: self.digests[case] for case in passed if after.digest(case) == self.digests[case]}
        known = [case for kind in {case.kind for case in self.digests} for case in after.cases(kind)]
        Record(self.root / FILE).update(proved, failed, known)


def _decides(root: Path) -> bool:
    """Whether what decides is in that folder: a course may be graded by a program from elsewhere."""
    return Path(__file__).resolve().is_relative_to(root.resolve())


def select(project: Project, cases: Iterable[Case], share: float = SHARE, seed: str = "") -> Selection:
    """Chooses among cases.

    Args:
        project: where they are.
        cases: all of them.
        share: the part of those without a change that run as well, from 0 to 1.
        seed: of the draw; by default another one each time.
    """
    seed = seed or secrets.token_hex(4)
    digests = {case: project.digest(case) for case in cases}
    proved = Record(project.root / FILE).proves(digests)
    proved |= {case for case in digests if english(project, case) in digests}  # which passes, or is run
    drawn = sorted(proved, key=lambda case: hashlib.sha256(f"{seed}\0{case}".encode()).digest())
    count = math.ceil(share * len(drawn))
    changed = sorted(set(digests) - proved)
    return Selection(project.root, digests, tuple(changed), tuple(drawn[:count]), tuple(sorted(drawn[count:])), seed)
