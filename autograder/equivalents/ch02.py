"""Mutants of chapter 2 that no test can tell from the solution."""

from __future__ import annotations

_SCALE = "How large the random weights are at the start is left to the student, as long as hidden neurons differ."
_FIRST = "self.W1, self.b1 = (torch.randn(d_in, d_hidden) {} math.sqrt(d_in), torch.zeros(d_hidden))"
_SECOND = "self.W2, self.b2 = (torch.randn(d_hidden, d_out) {} math.sqrt(d_hidden), torch.zeros(d_out))"

EQUIVALENT: dict[tuple[str, str], str] = {
    ("ch02/mlp-by-hand", f"{line.format('/')} → {line.format('*')}"): _SCALE for line in (_FIRST, _SECOND)
}
