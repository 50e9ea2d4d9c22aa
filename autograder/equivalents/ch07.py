"""Mutants of chapter 7 that no test can tell from the solution."""

from __future__ import annotations

_LOGITS = "logits = model(torch.tensor([window]{device}))[:, -1]"
_CHOSEN = "chosen = logits.argmax({dim}) if choose is None else choose(logits)"
_GREEDY = "There is one row of logits, so its greatest is the greatest of all."
_WRITE = "Path(path).write_text(json.dumps(records, ensure_ascii=False, indent={indent}){encoding})"
_UTF8 = ", encoding='utf-8'"
_WRITTEN = _WRITE.format(indent=2, encoding=_UTF8)

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "ch07/generate-response",
        f"{_LOGITS.format(device=', device=device')} → {_LOGITS.format(device='')}",
    ): "On a CPU there is one device only.",
    **{
        ("ch07/generate-response", f"{_CHOSEN.format(dim='dim=-1')} → {_CHOSEN.format(dim=dim)}"): _GREEDY
        for dim in ("", "dim=1")
    },
    (
        "ch07/save-responses",
        f"{_WRITTEN} → {_WRITE.format(indent=2, encoding='')}",
    ): "Where the tests run, the system's own encoding is UTF-8.",
    **{
        (
            "ch07/save-responses",
            f"{_WRITTEN} → {_WRITE.format(indent=indent, encoding=_UTF8)}",
        ): "The statement allows any indentation."
        for indent in (1, 3)
    },
    **{
        ("ch07/mask-instruction", f"{line.format(', device=targets.device')} → {line.format('')}"): "On a CPU there is one device only."
        for line in (
            "lengths = torch.tensor(prompt_lengths{})",
            "following = torch.arange(targets.shape[1]{}) + 1",
        )
    },
}
