"""Every figure of the views, drawn once from small numbers: what all of them must hold is tested on these."""

from __future__ import annotations

from collections.abc import Callable

import torch

from llmkit import views

WORDS = ["the", "rabbit", "hides", "because", "it", "hears", "a", "dog"]
LONG = "a name that is longer than most of the names"  # labels must not be cut
TITLE = "A long title, as a translation may well be, that a narrow figure has no room for in a single line"


def weights(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3)).softmax(-1)


def _film() -> views.Figure:
    points = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    film = views.BoundaryFilm(points, torch.tensor([0, 1, 1, 0]))
    for step in range(5):
        film.shoot(lambda grid, step=step: grid[:, 0] * step - grid[:, 1], f"step {10 * step}: loss 0.25")  # type: ignore[misc]
    return film.figure(TITLE)


def _batch() -> views.Figure:
    tokens = torch.arange(60).reshape(2, 30)
    return views.batch_picture(
        tokens, tokens.where(tokens % 3 > 0, -100), lambda ids: [f"w{i}" for i in ids], title=TITLE
    )


def _intervals(names: list[str]) -> dict[str, tuple[float, float, float]]:
    return dict.fromkeys(names, (0.6, 0.5, 0.8))


KINDS, SCORES, RATINGS = ["paraphrase", "too-long"], {"BLEU-4": [0.5, 0.2], "METEOR": [0.6, 0.7]}, [4.0, 2.0]
STEPS = [[("cat", 0.7), ("$dog", 0.2)], [("sat", 0.5), ("lay", 0.4)]]
LINES = {"one": [0.2, 0.4, 0.9], LONG: [0.3, 0.2, 0.1]}

# By name, what draws it.
FIGURES: dict[str, Callable[[], views.Figure]] = {
    "alignment": lambda: views.alignment_chart(WORDS, WORDS[2:] + WORDS[:2]),
    "attention": lambda: views.attention_heatmap(weights(8, 8), WORDS, title="Your causal weights"),
    "attention-heads": lambda: views.attention_heatmap(weights(4, 8, 8), WORDS, title=TITLE),
    "attention-without-names": lambda: views.attention_heatmap(weights(20, 20)),
    "cosines": lambda: views.attention_heatmap(2 * weights(3, 3) - 1, [LONG, "b", "c"], title=TITLE),
    "bars": lambda: views.bars({LONG: 12.0, "b": 3.0, "c": 1.0}, title=TITLE),
    "bar-chart": lambda: views.bar_chart({n: {"x": 0.2, "y": 0.4} for n in LINES}, title=TITLE, y_title="probability"),
    "batch": _batch,
    "bias": lambda: views.judges.bias_chart([0.0, 1.0, 2.0], LINES, title=TITLE),
    "confusion": lambda: views.confusion_chart([[8, 2], [1, 9]], ["ham", "spam"], title="Test messages"),
    "efficiency": lambda: views.efficiency_chart({n: [(8, 0.6, 0.5, 0.7), (64, 0.9, 0.8, 0.95)] for n in LINES}, title=TITLE),
    "embeddings": lambda: views.embedding_map(weights(8, 4), WORDS, neighbours=lambda i: [(i + 1) % 8, (i + 3) % 8], title=TITLE),
    "errors": lambda: views.error_chart({n: [(8.5, 0.5), (9.0, 0.4)] for n in LINES}, title=TITLE),
    "exponents": lambda: views.exponent_chart({"gradients": weights(50, 50)}, limits={"float16": -24}, title=TITLE),
    "plane": lambda: views.plane_chart({n: weights(6, 2) for n in LINES}, title=TITLE),
    "film": _film,
    "gradients": lambda: views.gradient_chart(LINES, title=TITLE),
    "intervals": lambda: views.interval_chart(_intervals([LONG, "b"]), title=TITLE),
    "kinds": lambda: views.kind_map(KINDS, SCORES, RATINGS),
    "lengths": lambda: views.length_chart({"train": [3, 4, 4, 9], "test": [2, 4, 5]}, 8, title=TITLE),
    "line-chart": lambda: views.line_chart({n: ([1.0, 2.0, 3.0], y) for n, y in LINES.items()}, title=TITLE, x_title="x", y_title="y"),
    "losses": lambda: views.loss_chart({n: [(10 * i, y) for i, y in enumerate(ys)] for n, ys in LINES.items()}, title=TITLE,
                                       faint=[(i, 0.5 + 0.1 * (i % 3)) for i in range(20)]),
    "perplexities": lambda: views.perplexity_curves([1, 2, 3], [9.0, 5.0, 2.0], [9.5, 7.0, 8.0], title=TITLE),
    "reliability": lambda: views.reliability_chart({"fine-tuned GPT": [(0.1, 0.2, 30), (0.9, 0.8, 50)]}, title=TITLE),
    "score-lines": lambda: views.score_lines(LINES, [1, 2, 3], x_title="edits", title=TITLE),
    "side-by-side": lambda: views.side_by_side({n: weights(7, 7) for n in ("both ways", "one way", "differ")}, WORDS[:7], title=TITLE),
    "steps": lambda: views.steps_chart(STEPS, title=TITLE),
    "stream": lambda: views.stream_chart(views.model.Stream([1.0, 2.0, 3.0], [1.0, 1.5], [0.5, 2.0]), title=TITLE),
    "subsequence": lambda: views.subsequence_heatmap(WORDS[:4], WORDS[1:6], title=TITLE),
    "tasks": lambda: views.task_bars({n: {LONG[:30]: (1, 2), "reverse": (2, 2)} for n in ("before", "after")}, title=TITLE),
    "tau": lambda: views.tau_chart(_intervals(["BLEU-4", "ROUGE-L"])),
    "vectors": lambda: views.vector_table(weights(3, 8) - 0.1, ["token 7, place 0", "b", "c"], title=TITLE),
    "zipf": lambda: views.zipf(WORDS * 3 + WORDS[:2], title=TITLE),
}  # fmt: skip
