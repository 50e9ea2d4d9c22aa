"""What a GPT of any size costs: parameters, memory and calculations, with sliders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.widget import LABELS, show

MIB = 1024**2
# Bytes of one parameter. Training with AdamW (Kingma and Ba, 2015; Loshchilov and Hutter, 2019) in float32 keeps the
# parameter, its gradient and two running means.
BYTES = {"float32": 4, "bfloat16": 2, "int8": 1}
TRAINING_BYTES = 16


def parameter_count(cfg: Mapping[str, Any]) -> int:
    """The number of parameters of llmkit's GPT with an untied head, without building it."""
    vocabulary, context, width = cfg["vocab_size"], cfg["context_length"], cfg["emb_dim"]
    block = 12 * width**2 + (13 if cfg["qkv_bias"] else 10) * width
    return int((2 * vocabulary + context + 2) * width + cfg["n_layers"] * block)


def flops_per_token(cfg: Mapping[str, Any]) -> int:
    """FLOPs of the matrix products for one token of a full context, forward; the mask saves nothing.

    Hoffmann et al. (2022), "Training Compute-Optimal Large Language Models", appendix F.
    """
    width = cfg["emb_dim"]
    block = 24 * width**2 + 4 * cfg["context_length"] * width
    return int(cfg["n_layers"] * block + 2 * width * cfg["vocab_size"])


class GPTBuilder:
    """Sliders for the sizes of a GPT, and what it costs; see `gpt_builder`."""

    def __init__(self, count: Callable[[dict[str, Any]], int] | None, vocab_size: int) -> None:
        import ipywidgets as w

        from llmkit.models.gpt import SIZES

        self._count, self._vocab_size = count, vocab_size
        self.size = w.Dropdown(
            options=[(f"GPT-2 {size}", size) for size in SIZES], description=_("begin at"), style=LABELS
        )
        self.layers = w.IntSlider(
            value=12, min=1, max=96, description=_("layers"), style=LABELS, continuous_update=False
        )
        self.heads = w.IntSlider(value=12, min=1, max=96, description=_("heads"), style=LABELS, continuous_update=False)
        self.width = w.IntSlider(
            value=768, min=64, max=8192, step=64, description=_("width"), style=LABELS, continuous_update=False
        )
        self.context = w.IntSlider(
            value=1024, min=64, max=32768, step=64, description=_("context"), style=LABELS, continuous_update=False
        )
        self.picture = w.HTML()
        self._moving = False
        self.size.observe(self._begin, names="value")
        for slider in (self.layers, self.heads, self.width, self.context):
            slider.observe(self._draw, names="value")
        rows = [w.HBox([self.size]), w.HBox([self.layers, self.heads]), w.HBox([self.width, self.context])]
        self.widget = w.VBox([*rows, self.picture])
        self._draw()

    def config(self) -> dict[str, Any]:
        """The configuration on the sliders."""
        sizes = {
            "vocab_size": self._vocab_size,
            "context_length": self.context.value,
            "emb_dim": self.width.value,
            "n_heads": self.heads.value,
            "n_layers": self.layers.value,
        }
        return sizes | {"drop_rate": 0.1, "qkv_bias": False}

    def costs(self, cfg: dict[str, Any]) -> list[tuple[str, str]]:
        """What a GPT costs, as pairs of a name and a text.

        Args:
            cfg: its configuration.
        """
        if cfg["emb_dim"] % cfg["n_heads"]:
            told = _("the width {width} is not a multiple of {heads} heads: there is no such GPT")
            return [(told.format(width=cfg["emb_dim"], heads=cfg["n_heads"]), "")]
        number, by = self._counted(cfg)
        rows = [(_("parameters"), f"{localised(number, ',')} ({by})")]
        for dtype, size in BYTES.items():
            rows.append((_("weights in {dtype}").format(dtype=dtype), _memory(number * size)))
        rows.append((_("training with AdamW in float32"), _memory(number * TRAINING_BYTES)))
        rows.append((_("FLOPs per token, full context"), localised(flops_per_token(cfg), ",")))
        return rows

    def html(self, cfg: dict[str, Any]) -> str:
        """The costs as a table."""
        lines = (f"<tr><td>{escape(name)}</td><td><b>{escape(text)}</b></td></tr>" for name, text in self.costs(cfg))
        return f"<p>{escape(_title(cfg))}</p><table>{''.join(lines)}</table>"

    def text(self, cfg: dict[str, Any]) -> str:
        """The costs as plain text."""
        rows = self.costs(cfg)
        wide = max(len(name) for name, _text in rows)
        return "\n".join([_title(cfg), *(f"  {name:<{wide}}  {text}".rstrip() for name, text in rows)])

    def _counted(self, cfg: dict[str, Any]) -> tuple[int, str]:
        if self._count is not None:
            try:
                found = self._count(dict(cfg))
                if isinstance(found, int) and found > 0:
                    return found, _("counted by your code")
            except Exception:  # the student's code may raise anything, or be empty
                pass
        return parameter_count(cfg), _("counted by the course, with an untied head")

    def _begin(self, *_change: Any) -> None:
        from llmkit.models.gpt import config

        cfg = config(self.size.value)
        self._moving = True  # four sliders move, but the table is drawn once
        self.layers.value, self.heads.value = cfg["n_layers"], cfg["n_heads"]
        self.width.value, self.context.value = cfg["emb_dim"], cfg["context_length"]
        self._moving = False
        self._draw()

    def _draw(self, *_change: Any) -> None:
        if not self._moving:
            self.picture.value = self.html(self.config())

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget; in front ends without widgets, the sizes of GPT-2."""
        from llmkit.models.gpt import SIZES, config

        sizes = [dict(config(size, vocab_size=self._vocab_size)) for size in SIZES]
        for cfg in sizes:
            del cfg["tie_weights"]  # the student's model need not know this key
        show(self.widget, "".join(map(self.html, sizes)), "\n\n".join(map(self.text, sizes)))


def gpt_builder(count: Callable[[dict[str, Any]], int] | None = None, vocab_size: int = 50257) -> GPTBuilder:
    """Choose layers, heads, width and context, and see what the GPT costs.

    Args:
        count: the student's own: takes a configuration without `tie_weights` and returns the number of parameters. If it raises or
            does not return a positive int, the course's count is used, and the widget says so.
        vocab_size: tokens in the vocabulary.

    Returns:
        A widget for the last line of a cell.
    """
    return GPTBuilder(count, vocab_size)


def _title(cfg: Mapping[str, Any]) -> str:
    told = _("{layers} layers, {heads} heads, width {width}, context {context}")
    return told.format(
        layers=cfg["n_layers"], heads=cfg["n_heads"], width=cfg["emb_dim"], context=cfg["context_length"]
    )


def _memory(size: float) -> str:
    """Bytes in MiB, or in GiB from 1024 MiB on."""
    mebibytes = size / MIB
    return f"{localised(mebibytes, ',.0f')} MiB" if mebibytes < 1024 else f"{localised(mebibytes / 1024, ',.1f')} GiB"
