"""What in a student's cells touches the grader's own names, its stack or its memory: for a person to look at, never for a mark."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# By dotted name, wherever it is read: what no exercise needs.
_READ = {
    "sys._getframe": "looks at the stack",
    "sys._current_frames": "looks at the stack",
    "inspect.stack": "looks at the stack",
    "inspect.currentframe": "looks at the stack",
    "sys.settrace": "follows every call",
    "sys.setprofile": "follows every call",
    "gc.get_objects": "looks through memory",
    "gc.get_referrers": "looks through memory",
    "signal.setitimer": "changes the grader's alarm",
    "signal.signal": "changes the grader's alarm",
    "signal.alarm": "changes the grader's alarm",
    "os.fork": "starts processes",
    "os.kill": "ends processes",
    "os._exit": "ends its process",
    "os.dup2": "changes file descriptors",
    "os.closerange": "changes file descriptors",
    "sys.modules": "looks through the modules that are loaded",
    "llmkit.testing.probes": "uses the grader's probes",
}
_MODULES = {
    "ctypes": "reaches past Python",
    "socket": "opens connections",
    "autograder": "imports the grader",
    "worker": "imports the grader",
}
# Changing an attribute of these changes it for everybody's code, the tests' included.
_OF_ALL = {"builtins", "llmkit", "torch", "numpy", "json", "random", "math", "sys"}
_SETTINGS = {"torch.manual_seed", "numpy.random.seed", "sys.path", "torch.backends"}
_TEXTS = {
    "/proc/": "reads what the kernel tells of processes",
    "/course/": "looks for the course's files",
    "gradebook.db": "names the gradebook",
}


def touches(source: str) -> list[tuple[int, str]]:
    """What a cell touches: lines, and what it does there in words. Empty for a cell that Python cannot read.

    Args:
        source: the cell.
    """
    try:
        # Lines of IPython's keep their place.
        plain = "\n".join("pass" if line[:1] in "%!" and line else line for line in source.split("\n"))
        tree = ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names = _imported(tree)
    return sorted(set(_touches(tree, names)))


def _imported(tree: ast.AST) -> dict[str, str]:
    """Names of imported modules and what is in them, as dotted names."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _touches(tree: ast.AST, names: dict[str, str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for module in modules:
                if why := _MODULES.get(module.partition(".")[0]):
                    yield node.lineno, f"{why} (`{module}`)"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for text, why in _TEXTS.items():
                if text in node.value:
                    yield node.lineno, f"{why} (`{text}`)"
        if isinstance(node, (ast.Name, ast.Attribute)):
            dotted = _dotted(node, names)
            if isinstance(node.ctx, ast.Load) and (why := _READ.get(dotted)):
                yield node.lineno, f"{why} (`{dotted}`)"
            elif isinstance(node.ctx, ast.Store) and isinstance(node, ast.Attribute):
                top = dotted.partition(".")[0]
                if (
                    top in _OF_ALL
                    and top in {name.partition(".")[0] for name in names.values()}
                    and not any(dotted.startswith(known) for known in _SETTINGS)
                ):
                    yield node.lineno, f"changes `{dotted}` for all code"


def _dotted(node: ast.AST, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        above = _dotted(node.value, names)
        return f"{above}.{node.attr}" if above else ""
    return ""
