"""Looks inside a GPT: what each part adds to the residual stream, what each block would predict, and weights for another GPT."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, cast

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.palette import BLUE, GREEN, INCH, ORANGE, SILVER, WHITE, WIDE, tint
from llmkit.views.picture import legend, png, sheet
from llmkit.views.tokens import readable

if TYPE_CHECKING:
    import torch
    from torch import nn

    from llmkit.models.gpt import GPTModel, TransformerBlock


@dataclass(frozen=True)
class Stream:
    """Mean lengths of vectors in one run of a GPT, over all tokens.

    Attributes:
        stream: the residual stream before the first block and after each one, L + 1 numbers for L blocks.
        attention: what each block's attention adds, L numbers.
        feed_forward: what each block's feed-forward network adds, L numbers.
    """

    stream: list[float]
    attention: list[float]
    feed_forward: list[float]


def stream_norms(model: GPTModel, in_idx: torch.Tensor) -> Stream:
    """Runs llmkit's GPT in evaluation mode and measures its residual stream.

    Args:
        model: not changed.
        in_idx: token ids, (batch, tokens).

    Returns:
        Mean Euclidean lengths of the vectors, by block.
    """
    import torch

    lengths: dict[str, list[float]] = {"stream": [], "attention": [], "feed_forward": []}

    def note(name: str) -> Callable[..., None]:
        return lambda _part, _given, answer: lengths[name].append(float(answer.norm(dim=-1).mean()))

    hooks = [model.drop_emb.register_forward_hook(note("stream"))]
    for block in cast("list[TransformerBlock]", model.trf_blocks):
        for name, part in (("stream", block), ("attention", block.att), ("feed_forward", block.ff)):
            hooks.append(part.register_forward_hook(note(name)))
    was_training = model.training
    try:
        model.eval()
        with torch.no_grad():
            model.hidden(in_idx)
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    return Stream(**lengths)


def stream_chart(stream: Stream, *, title: str) -> Figure:
    """The length of the stream as a line, and what the two parts of each block add to it as bars.

    Args:
        stream: from `stream_norms`.
        title: above the figure.
    """
    import plotly.graph_objects as go

    blocks = list(range(1, len(stream.attention) + 1))
    names = [_("residual stream"), _("added by attention"), _("added by feed-forward")]
    figure = go.Figure()
    bars = ((names[1], stream.attention, ORANGE, "/"), (names[2], stream.feed_forward, GREEN, "."))
    for name, heights, colour, pattern in bars:
        figure.add_trace(
            go.Bar(name=name, x=blocks, y=heights, marker={"color": colour, "pattern": {"shape": pattern}})
        )
    line = {"color": BLUE, "width": 3}
    figure.add_trace(go.Scatter(name=names[0], x=[0, *blocks], y=stream.stream, mode="lines+markers", line=line))
    figure.update_traces(hovertemplate=_("block %{x}: %{y:.1f}") + "<extra></extra>")
    figure.update_xaxes(title_text=_("after block (0: the embeddings)"), dtick=1)
    figure.update_yaxes(title_text=_("mean length of the vectors"))
    figure.update_layout(title=title, barmode="group")
    return Figure(figure, _static_stream(stream, names, title))


def _static_stream(stream: Stream, names: list[str], title: str) -> bytes:
    page, axis = sheet(WIDE / INCH, 4.3, title)
    blocks = range(1, len(stream.attention) + 1)
    axis.bar(
        [b - 0.2 for b in blocks],
        stream.attention,
        0.4,
        color=ORANGE,
        hatch="//",
        edgecolor=WHITE,
        linewidth=0,
        label=names[1],
    )
    axis.bar(
        [b + 0.2 for b in blocks],
        stream.feed_forward,
        0.4,
        color=GREEN,
        hatch="..",
        edgecolor=WHITE,
        linewidth=0,
        label=names[2],
    )
    axis.plot(range(len(stream.stream)), stream.stream, color=BLUE, marker="o", linewidth=2, label=names[0])
    axis.set_xticks(range(len(stream.stream)))
    axis.set_xlabel(_("after block (0: the embeddings)"))
    axis.set_ylabel(_("mean length of the vectors"))
    axis.grid(alpha=0.3)
    legend(page, axis)
    return png(page)


def transplant(source: nn.Module, target: nn.Module) -> bool:
    """Copies the weights of llmkit's GPT into another GPT; prints why if it cannot.

    Parameters are matched by shape, in order of creation; an untied head gets the token embedding where the source's
    head is tied.

    Args:
        source: llmkit's GPTModel.
        target: built from llmkit's blocks; not changed if it does not fit.

    Returns:
        Whether it was done.
    """
    import torch

    # The token embedding, and perhaps a head, share a shape that no other parameter has.
    table = dict(source.named_parameters())["tok_emb.weight"]
    given = [p for p in source.parameters() if p.shape != table.shape]
    wanted = [p for p in target.parameters() if p.shape != table.shape]
    given_tables = [p for p in source.parameters() if p.shape == table.shape]
    tables = [p for p in target.parameters() if p.shape == table.shape]
    if len(given_tables) == 1:
        given_tables *= len(tables)
    if not tables or [p.shape for p in given + given_tables] != [p.shape for p in wanted + tables]:
        print(_("The weights do not fit your model: its parts have other shapes, or were created in another order."))
        return False
    with torch.no_grad():
        for old, new in zip(wanted + tables, given + given_tables, strict=True):
            old.copy_(new)
    return True


class LensTable:
    """What a GPT would predict after each block; see `logit_lens`.

    Args:
        tokens: T texts that the model has read.
        answers: for each depth, from the embeddings on, a predicted text and its probability for each of the T tokens.
    """

    def __init__(self, tokens: Sequence[str], answers: Sequence[Sequence[tuple[str, float]]]) -> None:
        self.tokens = [readable(token) for token in tokens]
        self.answers = [[(readable(text), probability) for text, probability in row] for row in answers]

    def names(self) -> list[str]:
        """The rows' names."""
        return [_("embeddings"), *(_("block {number}").format(number=n) for n in range(1, len(self.answers)))]

    def hits(self) -> list[int]:
        """For each row, how often the text continues as predicted."""
        return [
            sum(text == token for (text, _p), token in zip(row, self.tokens[1:], strict=False)) for row in self.answers
        ]

    def _repr_html_(self) -> str:
        """The more probable a token, the darker its cell; right predictions are bold."""
        cell = f"padding:2px 5px;text-align:center;font-family:monospace;border:1px solid {SILVER}"
        head = "".join(f'<th style="{cell}">{escape(token)}</th>' for token in self.tokens)
        rows = []
        for name, row in zip(self.names(), self.answers, strict=True):
            fields = []
            for (text, probability), follows in zip(row, [*self.tokens[1:], None], strict=True):
                shown = f"<b>{escape(text)}</b>" if text == follows else escape(text)
                ink = WHITE if probability > 0.6 else "inherit"
                fields.append(
                    f'<td title="{localised(probability, ".3f")}" style="{cell};color:{ink};'
                    f'background:{tint(BLUE, probability)}">{shown}</td>'
                )
            rows.append(f'<tr><th style="text-align:right">{escape(name)}</th>{"".join(fields)}</tr>')
        read = escape(_("read:"))
        return f'<table><tr><th style="text-align:right">{read}</th>{head}</tr>{"".join(rows)}</table>'

    def __repr__(self) -> str:
        names = [_("read:"), *self.names()]
        texts = [self.tokens, *([text for text, _p in row] for row in self.answers)]
        first = max(map(len, names))
        wide = [max(len(row[place]) for row in texts) for place in range(len(self.tokens))]
        return "\n".join(
            f"{name:>{first}} " + "|".join(text.center(size) for text, size in zip(row, wide, strict=True))
            for name, row in zip(names, texts, strict=True)
        )


def logit_lens(model: GPTModel, tokens: Sequence[int], decode: Callable[[int], str]) -> LensTable:
    """Reads the residual stream after each block through the model's last LayerNorm and head.

    The logit lens: nostalgebraist (2020), "interpreting GPT: the logit lens".

    Args:
        model: llmkit's GPT; not changed.
        tokens: ids, at least one and at most the context length.
        decode: returns the text of one id.

    Returns:
        A table for the last line of a cell.
    """
    import torch

    seen: list[torch.Tensor] = []
    parts = [model.drop_emb, *model.trf_blocks]
    hooks = [part.register_forward_hook(lambda _part, _given, answer: seen.append(answer[0])) for part in parts]
    was_training = model.training
    try:
        model.eval()
        with torch.no_grad():
            model.hidden(torch.tensor([list(tokens)], device=model.tok_emb.weight.device))
            best = [model.out_head(model.final_norm(x)).softmax(dim=-1).max(dim=-1) for x in seen]
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    answers = [
        [(decode(int(token)), float(p)) for p, token in zip(row.values, row.indices, strict=True)] for row in best
    ]
    return LensTable([decode(int(token)) for token in tokens], answers)
