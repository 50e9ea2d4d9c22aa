"""Mutants of chapter 5 that no test can tell from the solution."""

from __future__ import annotations

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "ch05/clip-gradients",
        "if norm > max_norm: → if norm >= max_norm:",
    ): "Where the norm equals the limit, the factor is exactly 1.",
    (
        "ch05/top-p-filter",
        "outside = torch.zeros_like(logits, dtype=torch.bool).scatter(1, order, reached_before >= p)"
        " → outside = torch.zeros_like(logits, dtype=torch.bool).scatter(1, order, reached_before > p)",
    ): "The two differ where a sum equals p to the last digit, which rounding decides; the statement leaves that open.",
    (
        "ch05/load-checkpoint",
        "saved = torch.load(path, map_location='cpu', weights_only=True) → saved = torch.load(path, map_location='cpu')",
    ): "weights_only=True is PyTorch's default since version 2.6.",
}
