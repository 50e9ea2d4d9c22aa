"""Becomes a JupyterHub with users of its own: `python private_hub.py passwd config.py`, by root, who must be able to make a namespace.

The users are in a copy of /etc/passwd that only the hub and its children see, so nothing is left on the machine.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ordinary_user import cover, open_to_all

if __name__ == "__main__":
    open_to_all()
    cover(Path("/etc/passwd"), Path(sys.argv[1]))
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub", "--config", sys.argv[2]])
