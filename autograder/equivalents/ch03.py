"""Mutants of chapter 3 that no test can tell from the solution."""

from __future__ import annotations

_KEY_BIAS = (
    "A bias of the keys adds the same number to all scores of a row, and the softmax of a row does not change by that."
)
_KEPT = "Whether the mask is saved with the weights is left to the student: the statement allows any buffer, or none."
_BUFFER = "self.register_buffer('future', future, persistent=False)"
_KEY = "self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias) → self.W_key = nn.Linear(d_in, d_out)"
_FUTURE = "torch.triu(torch.ones(length, length, dtype=torch.bool{device}), diagonal=1)"

EQUIVALENT: dict[tuple[str, str], str] = {
    ("ch03/self-attention", _KEY): _KEY_BIAS,
    ("ch03/causal-attention", _KEY): _KEY_BIAS,
    ("ch03/multi-head-attention", _KEY): _KEY_BIAS,
    (
        "ch03/causal-mask",
        "return torch.ones(length, length, dtype=torch.bool).triu(diagonal=1) → return torch.ones(length, length).triu(diagonal=1)",
    ): "The statement allows 1 and 0 for True and False.",
    (
        "ch03/masked-attention-weights",
        "length = scores.shape[-1] → length = scores.shape[-2]",
    ): "Scores are square.",
    (
        "ch03/masked-attention-weights",
        f"future = {_FUTURE.format(device=', device=scores.device')} → future = {_FUTURE.format(device='')}",
    ): "On a CPU there is one device only.",
    **{
        (f"ch03/{name}", f"{_BUFFER} → self.register_buffer('future', future{kept})"): _KEPT
        for name in ("causal-attention", "multi-head-attention")
        for kept in ("", ", persistent=True")
    },
}
