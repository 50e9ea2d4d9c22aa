"""Mutants of chapter 6 that no test can tell from the solution."""

from __future__ import annotations

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "ch06/split",
        "if not math.isclose(sum(fractions), 1): → if not math.isclose(1, sum(fractions)):",
    ): "Closeness is symmetric.",
    (
        "ch06/classify",
        "ham, spam = model(torch.tensor([ids]))[0, -1] → ham, spam = model(torch.tensor([ids]))[-1, -1]",
    ): "The first row of a batch of one is the last one too.",
}
