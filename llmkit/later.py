"""What a wheel that ends with an earlier chapter says of a module that it lacks: see `autograder release --through`."""

from __future__ import annotations

from llmkit.i18n import gettext as _


def comes_later(module: str, chapter: str) -> ImportError:
    """The error that such a module raises when it is imported.

    Args:
        module: its dotted name.
        chapter: the chapter that needs it first, such as "ch05".
    """
    told = _("{module} comes with {chapter}. Remedy: install the wheel that your course hands out for that chapter.")
    return ImportError(told.format(module=module, chapter=chapter), name=module)
