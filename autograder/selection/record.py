"""The record of what has passed with which inputs. It is committed, so that a fresh clone knows it, too.

A line says that a case passed where its inputs had a digest. It is true for ever, so lines of two branches are simply put
together (`merge=union` in `.gitattributes`); the next run that proves a case anew keeps its last line only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.selection.circumstances import ENVIRONMENT
from autograder.selection.inputs import KINDS, Case

FILE = "tests/proved.txt"
_HEAD = """\
# What has passed, with which inputs: kind, name, environment, digest. `make test` leaves such cases out but for a random tenth,
# and writes what has passed. Commit it with the change; after a conflict, keep the lines of both sides.
"""


class Record:
    """A record file.

    Args:
        path: the file; it may be missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def proves(self, digests: Mapping[Case, str]) -> set[Case]:
        """The cases that have passed with these very inputs.

        Args:
            digests: the inputs' digest of each case.
        """
        lines = self._lines()
        return {case for case, digest in digests.items() if _line(case, digest) in lines}

    def update(self, passed: Mapping[Case, str], failed: Iterable[Case] = (), known: Iterable[Case] = ()) -> None:
        """Writes down what has passed, and takes out what has failed in this environment.

        Args:
            passed: the inputs' digest of each case that has passed.
            failed: cases that have not.
            known: all cases that there are of some kinds; others of these kinds are taken out, in whatever environment.
        """
        known = list(known)
        gone = {_key(case) for case in (*passed, *failed)}
        kept = {line for line in self._lines() if tuple(line.split()[:3]) not in gone}
        names, kinds = {str(case) for case in known}, {case.kind for case in known}
        kept = {line for line in kept if line.split()[0] not in kinds or " ".join(line.split()[:2]) in names}
        lines = kept | {_line(case, digest) for case, digest in passed.items()}
        ordered = sorted(lines, key=lambda line: (KINDS.index(line.split()[0]), line))
        text = _HEAD + "".join(f"{line}\n" for line in ordered)
        self._path.parent.mkdir(exist_ok=True)
        if not self._path.is_file() or self._path.read_text(encoding="utf-8") != text:
            self._path.write_text(text, encoding="utf-8", newline="\n")

    def _lines(self) -> set[str]:
        """The lines that are whole; what a merge or an editor has damaged proves nothing."""
        if not self._path.is_file():
            return set()
        lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        return {line for line in lines if len(line.split()) == 4 and line.split()[0] in KINDS}


def _key(case: Case) -> tuple[str, str, str]:
    return case.kind, case.name, ENVIRONMENT


def _line(case: Case, digest: str) -> str:
    return " ".join((*_key(case), digest))
