"""Mutants of the appendix on BERT that no test can tell from the solution."""

from __future__ import annotations

_NEVER = "A random number of 53 or 24 bits meets the bound itself about never."
_PAIRS = "pairs = zip(best.indices.tolist(), best.values.tolist(){})"
_EQUAL_LENGTHS = "topk gives as many indices as values."
_CHOSEN = "chosen = {} | is_word & (draw == draw.min(dim=1, keepdim=True).values)"

EQUIVALENT: dict[tuple[str, str], str] = {
    ("bert/sentence-pairs", "if random.random() < 0.5: → if random.random() <= 0.5:"): _NEVER,
    (
        "bert/sentence-pairs",
        "if random.random() < 0.5: → if not random.random() < 0.5:",
    ): "Both sides of a fair coin are equally likely.",
    ("bert/make-mlm-batch", f"{_CHOSEN.format('(draw < 0.15)')} → {_CHOSEN.format('(draw <= 0.15)')}"): _NEVER,
    (
        "bert/make-mlm-batch",
        "inputs = ids.masked_fill(chosen & (fate < 0.8), 4) → inputs = ids.masked_fill(chosen & (fate <= 0.8), 4)",
    ): _NEVER,
    ("bert/make-mlm-batch", "swapped = chosen & (fate >= 0.9) → swapped = chosen & (fate > 0.9)"): _NEVER,
    (
        "bert/make-mlm-batch",
        "draw = torch.rand(ids.shape).masked_fill(~is_word, 2.0) → draw = torch.rand(ids.shape).masked_fill(~is_word, 4.0)",
    ): "Any number above 1 says that a special token is not chosen.",
    (
        "bert/bert-embedding",
        "positions = torch.arange(ids.shape[1], device=ids.device) → positions = torch.arange(ids.shape[1])",
    ): "On a CPU there is one device only.",
    (
        "bert/mlm-train-step",
        "loss = F.cross_entropy(words.flatten(0, 1), labels.flatten(), ignore_index=-100) → "
        "loss = F.cross_entropy(words.flatten(0, 1), labels.flatten())",
    ): "-100 is what cross_entropy ignores unless it is told otherwise.",
    (
        "bert/mlm-evaluate",
        "agreed += (follows.argmax(dim=-1) == is_next).sum().item() → agreed += (follows.argmax(dim=1) == is_next).sum().item()",
    ): "With two dimensions the last one is number 1.",
    (
        "bert/predict-mask",
        "logits = model(ids, torch.zeros_like(ids))[0][0] → logits = model(ids, torch.zeros_like(ids))[0][-1]",
    ): "In a batch of one row the first row is the last.",
    (
        "bert/predict-mask",
        "best = torch.softmax(logits[place, 5:], dim=-1).topk(k) → best = torch.softmax(logits[place, 5:], dim=-0).topk(k)",
    ): "With one dimension the last one is number 0.",
    ("bert/predict-mask", f"{_PAIRS.format(', strict=True')} → {_PAIRS.format('')}"): _EQUAL_LENGTHS,
    ("bert/predict-mask", f"{_PAIRS.format(', strict=True')} → {_PAIRS.format(', strict=False')}"): _EQUAL_LENGTHS,
}
