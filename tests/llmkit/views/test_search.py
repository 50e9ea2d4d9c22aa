"""The box for a query: what is found is shown with its nearness, and follows what is typed."""

from __future__ import annotations

from llmkit import views

SHELF = {"tea": [("a cup of <tea>", 0.91), ("coffee", 0.4)], "rain": [("an umbrella", 0.75), ("the sun", -0.1)]}


def test_what_is_found_follows_the_query() -> None:
    explorer = views.search_explorer(SHELF.__getitem__, "tea")
    page = explorer.picture.value
    assert "a cup of &lt;tea&gt;" in page and "0.910" in page and page.index("tea") < page.index("coffee")
    explorer.typed.value = "rain"
    assert "umbrella" in explorer.picture.value and "coffee" not in explorer.picture.value
    first, second = str(explorer.row()).splitlines()
    assert first.startswith("0.750") and first.endswith("an umbrella")
    assert second.startswith("-0.100") and "█" not in second  # nothing to draw below zero


def test_what_the_search_raises_is_shown() -> None:
    explorer = views.search_explorer(SHELF.__getitem__, "snow")
    assert "KeyError" in explorer.picture.value
