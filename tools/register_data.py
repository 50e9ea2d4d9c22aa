"""Writes size and checksum of every shipped file into llmkit/data/registry.toml; run it after a file under data/ has changed."""

import re
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REGISTRY = ROOT / "llmkit" / "data" / "registry.toml"


def registered(section: str) -> str:
    """One entry of the registry, with the figures of its file."""
    if "\nshipped = true\n" not in section:
        return section
    file = ROOT / "data" / re.search(r'^file = "(.*)"$', section, re.MULTILINE)[1]
    if not file.is_file():
        print(f"{file.relative_to(ROOT)} is missing: its entry keeps its figures", file=sys.stderr)
        size, digest = 0, "0" * 64
        if "\nsha256 = " in section:
            return section
    else:
        size, digest = file.stat().st_size, sha256(file.read_bytes()).hexdigest()
    section = re.sub(r"^(bytes|sha256) = .*\n", "", section, flags=re.MULTILINE)
    return section.replace("\nshipped = true\n", f'\nshipped = true\nbytes = {size}\nsha256 = "{digest}"\n')


def main() -> None:
    """Rewrites the registry."""
    head, *sections = re.split(r"(?m)^(?=\[)", REGISTRY.read_text(encoding="utf-8"))
    REGISTRY.write_text(head + "".join(registered(section) for section in sections), encoding="utf-8")


if __name__ == "__main__":
    main()
