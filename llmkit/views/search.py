"""A box for a query, and the texts that were found with how near they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llmkit.languages import localised
from llmkit.views.markup import bar_row, blocks
from llmkit.views.widget import TextExplorer

Hits = Sequence[tuple[str, float]]


class HitList:
    """Texts and how near each is, as HTML and, by `str`, as plain text.

    Args:
        hits: a text and its cosine, the nearest first.
    """

    def __init__(self, hits: Hits) -> None:
        self.hits = list(hits)

    def _repr_html_(self) -> str:
        return f"<table>{''.join(bar_row(text, cosine) for text, cosine in self.hits)}</table>"

    def __str__(self) -> str:
        return "\n".join(f"{localised(cosine, '.3f')} {blocks(cosine)} {text}" for text, cosine in self.hits)


class SearchExplorer(TextExplorer[HitList]):
    """A box to type a query in, and what is found; see `search_explorer`."""

    def __init__(self, search: Callable[[str], Hits], query: str) -> None:
        super().__init__(lambda typed: HitList(search(typed)), query)


def search_explorer(search: Callable[[str], Hits], query: str) -> SearchExplorer:
    """Type a query and see the texts nearest to it.

    Args:
        search: takes a query, returns texts with their cosines, the nearest first. Exceptions are shown.
        query: the query in the box at first.

    Returns:
        A widget for the last line of a cell.
    """
    return SearchExplorer(search, query)
