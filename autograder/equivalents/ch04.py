"""Mutants of chapter 4 that no test can tell from the solution."""

from __future__ import annotations

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "ch04/next-token-table",
        "last = model(idx)[0, -1] → last = model(idx)[-1, -1]",
    ): "The batch has one row, which is the first and the last.",
    (
        "ch04/next-token-table",
        "chances = torch.softmax(last, dim=0) → chances = torch.softmax(last, dim=-1)",
    ): "A vector has one dimension, which is the first and the last.",
    (
        "ch04/gpt-model",
        "places = torch.arange(length, device=in_idx.device) → places = torch.arange(length)",
    ): "On a CPU there is one device only.",
}
