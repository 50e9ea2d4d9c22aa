"""Views of the appendix on BERT: rows with masked words, attention in one and in both directions, and an explorer of masked words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.attention import as_maps, heat_maps
from llmkit.views.figure import Figure
from llmkit.views.markup import BOX, bar_row, blocks, heading
from llmkit.views.palette import PALE_BLUE, PALE_GREEN, PALE_ORANGE
from llmkit.views.widget import LABELS, show

if TYPE_CHECKING:
    import torch

IGNORED = -100  # the label of a token that is not predicted
MASK = "[MASK]"
_COLOURS = {"mask": PALE_BLUE, "swapped": PALE_ORANGE, "kept": PALE_GREEN}

Guesses = Sequence[Sequence[tuple[str, float]]]


class MaskedRows:
    """Rows of a batch as words: which are masked, which are swapped, which are unchanged but predicted all the same.

    Args:
        inputs: what the model sees, ids of shape (B, T).
        labels: ids of the words to predict, -100 elsewhere, of the same shape.
        tokens: the token of each id; padding is id 0 and is not shown.
        title: above the rows.

    Raises:
        ValueError: inputs and labels do not have the same shape (B, T).
    """

    def __init__(self, inputs: torch.Tensor, labels: torch.Tensor, tokens: Sequence[str], title: str = "") -> None:
        if inputs.dim() != 2 or inputs.shape != labels.shape:
            raise ValueError(
                f"inputs and labels should have one shape (B, T), not {tuple(inputs.shape)} and {tuple(labels.shape)}"
            )
        self.title = title
        self.rows = [
            [(tokens[seen], tokens[label] if label != IGNORED else None) for seen, label in zip(*pair, strict=True) if seen]
            for pair in zip(inputs.tolist(), labels.tolist(), strict=True)
        ]  # fmt: skip

    @staticmethod
    def fate(seen: str, label: str | None) -> str:
        """What happened to a token: "mask", "swapped", "kept", or "" where nothing is predicted."""
        if label is None:
            return ""
        return "mask" if seen == MASK else "kept" if seen == label else "swapped"

    def counted(self) -> dict[str, int]:
        """How many of the chosen words met each fate."""
        fates = [self.fate(*token) for row in self.rows for token in row]
        return {name: fates.count(name) for name in _COLOURS}

    def _legend(self) -> str:
        counts = self.counted()
        return _("masked: {mask}, another word: {swapped}, unchanged: {kept}").format(**counts)

    def _repr_html_(self) -> str:
        rows = "".join(f"<div>{''.join(self._box(*token) for token in row)}</div>" for row in self.rows)
        return f'{heading(self.title)}<div style="line-height:1.9">{rows}</div><p>{escape(self._legend())}</p>'

    def _box(self, seen: str, label: str | None) -> str:
        colour = _COLOURS.get(self.fate(seen, label), "transparent")
        if label is None:
            return f'<span style="{BOX};color:inherit">{escape(seen)}</span>'
        return f'<span style="{BOX};background:{colour}">{escape(seen)} <sub>{escape(label)}</sub></span>'

    def __repr__(self) -> str:
        lines = [" ".join(seen if label is None else f"{seen}({label})" for seen, label in row) for row in self.rows]
        return "\n".join([*filter(None, [self.title]), *lines, self._legend()])


def side_by_side(maps: Mapping[str, torch.Tensor], tokens: Sequence[str], *, title: str | None = None) -> Figure:
    """Several kinds of attention weights for one sentence, as heat maps in a row with one scale.

    Args:
        maps: weights by name, each of shape (T, T); NaN cells are left blank.
        tokens: T texts.
        title: above the figure.

    Returns:
        A figure for the last line of a cell, or for `.show()`.

    Raises:
        ValueError: there are no maps, or one does not have shape (T, T).
    """
    if not maps:
        raise ValueError("maps should hold at least one table of attention weights")
    tables = {name: as_maps(one, name)[0] for name, one in maps.items()}
    for name, table in tables.items():
        if table.shape[0] != len(tokens):
            raise ValueError(
                f"{name!r} should have shape (T, T) with T = {len(tokens)} tokens, not {tuple(table.shape)}"
            )
    return heat_maps(list(tables.values()), list(tables), [str(token) for token in tokens], title)


class MaskExplorer:
    """Write a sentence with [MASK] in it, and see what a model puts there; see `mask_explorer`."""

    def __init__(self, predict: Callable[[str], Guesses], examples: Sequence[str]) -> None:
        import ipywidgets as w

        self._predict = predict
        self.sentence = w.Text(
            value=examples[0],
            description=_("sentence"),
            style=LABELS,
            continuous_update=False,
            layout=w.Layout(width="560px"),
        )
        self.buttons = [w.Button(description=_("example {number}").format(number=n + 1)) for n in range(len(examples))]
        for button, example in zip(self.buttons, examples, strict=True):
            button.on_click(lambda _button, text=example: setattr(self.sentence, "value", text))
        self.picture = w.HTML()
        self.sentence.observe(lambda _change: self._draw(), names="value")
        self.box = w.VBox([self.sentence, w.HBox(self.buttons), self.picture])
        self._draw()

    def _draw(self) -> None:
        text = self.sentence.value
        if MASK not in text:
            self.guesses: Guesses = []
            self.told = _("Put {mask} where a word is missing.").format(mask=MASK)
        else:
            self.guesses = [[(str(word), float(p)) for word, p in gap] for gap in self._predict(text)]
            self.told = _filled(text, self.guesses)
        tables = "".join(_bars(gap, number) for number, gap in enumerate(self.guesses, 1))
        self.picture.value = f"<p><i>{escape(self.told)}</i></p>{tables}"

    def text(self) -> str:
        """What is on show, as plain text."""
        lines = [self.told]
        for number, gap in enumerate(self.guesses, 1):
            wide = max((len(word) for word, _p in gap), default=0)
            lines.append(_("gap {number}").format(number=number))
            lines += [f"{word:>{wide}} {localised(p, '.3f')} {blocks(p)}".rstrip() for word, p in gap]
        return "\n".join(lines)

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with its current state as HTML and text for front ends without widgets."""
        show(self.box, self.picture.value, self.text())


def mask_explorer(predict: Callable[[str], Guesses], examples: Sequence[str]) -> MaskExplorer:
    """Write a sentence with [MASK] in it, and see what a model puts there.

    Args:
        predict: for a sentence, the likeliest words for each [MASK] with their probabilities, the likeliest first.
        examples: sentences with [MASK]; the first one is on show, each has a button.

    Returns:
        A widget for the last line of a cell.

    Raises:
        ValueError: there is no example.
    """
    if not examples:
        raise ValueError("examples should hold at least one sentence")
    return MaskExplorer(predict, list(examples))


def _filled(text: str, guesses: Guesses) -> str:
    """The sentence with the likeliest word in each gap."""
    for gap in guesses:
        text = text.replace(MASK, gap[0][0] if gap else "?", 1)
    return text


def _bars(gap: Sequence[tuple[str, float]], number: int) -> str:
    caption = _("gap {number}").format(number=number)
    lines = "".join(bar_row(word, p) for word, p in gap)
    return f"<p>{escape(caption)}</p><table>{lines}</table>"
