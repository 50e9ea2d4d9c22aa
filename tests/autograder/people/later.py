"""Fine-tuning and metrics."""

# ruff: noqa: E501  (texts are lines of answers)

from __future__ import annotations

from people.written import Written, by

_last = by(
    "ch06/last-logits",
    """def last_logits(logits, lengths):
    rows = torch.arange(logits.size(0), device=logits.device)
    return logits[rows, lengths.long() - 1, :]
""",
)
_freeze = by(
    "ch06/freeze",
    """def freeze(model):
    for p in model.parameters():
        p.requires_grad = False
    for p in model.trf_blocks[-1].parameters():
        p.requires_grad = True
    for p in model.final_norm.parameters():
        p.requires_grad = True
    for p in model.out_head.parameters():
        p.requires_grad = True
    return model
""",
)
_head = by(
    "ch06/classifier-head",
    """def add_classifier_head(model, num_classes):
    width = model.cfg["emb_dim"]
    head = torch.nn.Linear(in_features=width, out_features=num_classes)
    model.out_head = head
    return model
""",
)
_prompt = by(
    "ch07/format-prompt",
    """def format_prompt(instruction, input_text="", language="en"):
    if language == "en":
        parts = ["Below is an instruction that describes a task. Write a response that appropriately completes the request.", f"### Instruction:\\n{instruction}"]
        if input_text.strip():
            parts.append(f"### Input:\\n{input_text}")
        parts.append("### Response:\\n")
    elif language == "pt-BR":
        parts = ["A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.", f"### Instrução:\\n{instruction}"]
        if input_text.strip():
            parts.append(f"### Entrada:\\n{input_text}")
        parts.append("### Resposta:\\n")
    else:
        raise ValueError(language)
    return "\\n\\n".join(parts)
""",
)
_collate = by(
    "ch07/collate",
    """def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    longest = max(len(item) for item in batch)
    xs, ys = [], []
    for item in batch:
        x = list(item) + [pad_id] * (longest - len(item))
        y = list(item[1:]) + [ignore_index] * (longest - len(item) + 1)
        if max_length is not None:
            x, y = x[:max_length], y[:max_length]
        xs.append(torch.tensor(x))
        ys.append(torch.tensor(y))
    return torch.stack(xs).to(device), torch.stack(ys).to(device)
""",
)
_instruction = by(
    "ch07/mask-instruction",
    """def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    result = targets.clone()
    for row, n in enumerate(prompt_lengths):
        result[row, : max(0, n - 1)] = ignore_index
    return result
""",
)
_bleu = by(
    "metrics/rouge-n",
    """def rouge_n(candidate, reference, n):
    def grams(tokens):
        return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))

    c, r = grams(candidate), grams(reference)
    hit = sum(min(c[g], r[g]) for g in c)
    p = hit / sum(c.values()) if c else 0.0
    rec = hit / sum(r.values()) if r else 0.0
    f = 2 * p * rec / (p + rec) if p + rec else 0.0
    return p, rec, f
""",
)
_perplexity = by(
    "metrics/perplexity",
    """def perplexity(log_probs, mask=None):
    if mask is not None:
        log_probs = log_probs[mask]
    if log_probs.numel() == 0:
        raise ValueError("nothing counts")
    return float(torch.exp(-log_probs.mean()))
""",
)
_lcs = by(
    "metrics/rouge-l",
    """def rouge_l(candidate, reference):
    m, n = len(candidate), len(reference)
    dp = [[0 for _ in range(n + 1)] for _ in range(m + 1)]
    for i in range(m):
        for j in range(n):
            if candidate[i] == reference[j]:
                dp[i + 1][j + 1] = dp[i][j] + 1
            else:
                dp[i + 1][j + 1] = max(dp[i][j + 1], dp[i + 1][j])
    lcs = dp[m][n]
    p = lcs / m if m else 0.0
    r = lcs / n if n else 0.0
    return p, r, (2 * p * r / (p + r) if lcs else 0.0)
""",
)

LATER: list[Written] = [
    _last("last column", "last-column", ("lengths.long() - 1", "-1")),
    _last(
        "length as index",
        "length-as-index one-behind",
        ("lengths.long() - 1", "lengths.long().clamp(max=logits.size(1) - 1)"),
    ),
    _last(
        "rows not paired",
        "rows-not-paired",
        ("logits[rows, lengths.long() - 1, :]", "logits[:, lengths.long() - 1, :]"),
    ),
    _freeze(
        "head forgotten",
        "head-left-frozen",
        ("    for p in model.out_head.parameters():\n        p.requires_grad = True\n", ""),
    ),
    _freeze(
        "all frozen",
        "everything-frozen frozen-at-the-end",
        (
            "    for p in model.trf_blocks[-1].parameters():\n        p.requires_grad = True\n    for p in model.final_norm.parameters():\n        p.requires_grad = True\n    for p in model.out_head.parameters():\n        p.requires_grad = True\n",
            "",
        ),
    ),
    _freeze(
        "attribute misspelt",
        "attribute-misspelt",
        (
            """model.trf_blocks[-1].parameters():
        p.requires_grad = True""",
            """model.trf_blocks[-1].parameters():
        p.require_grad = True""",
        ),
        (
            """model.final_norm.parameters():
        p.requires_grad = True""",
            """model.final_norm.parameters():
        p.require_grad = True""",
        ),
        (
            """model.out_head.parameters():
        p.requires_grad = True""",
            """model.out_head.parameters():
        p.require_grad = True""",
        ),
    ),
    _freeze("first block", "first-block", ("trf_blocks[-1]", "trf_blocks[0]")),
    _freeze(
        "norm forgotten",
        "final-norm-left-frozen",
        ("    for p in model.final_norm.parameters():\n        p.requires_grad = True\n", ""),
    ),
    _head("two classes written in", "always-two-classes", ("out_features=num_classes", "out_features=2")),
    _head("gpt2's width", "width-of-gpt2", ('model.cfg["emb_dim"]', "768")),
    _head("returns nothing", "nothing-returned", ("    return model\n", "")),
    _prompt(
        "empty input printed",
        "empty-input-printed",
        (
            """        if input_text.strip():
            parts.append(f"### Input:""",
            """        if True:
            parts.append(f"### Input:""",
        ),
        (
            """        if input_text.strip():
            parts.append(f"### Entrada:""",
            """        if True:
            parts.append(f"### Entrada:""",
        ),
    ),
    _prompt("slip in a heading", "heading-drifts text-slip", ("### Response:\\n", "### Reponse:\\n")),
    _prompt("blanks before the colon", "heading-drifts", ("### Instruction:\\n", "### Instruction :\\n")),
    _prompt(
        "no line break at the end",
        "no-line-break-at-the-end",
        ('"### Response:\\n"', '"### Response:"'),
        ('"### Resposta:\\n"', '"### Resposta:"'),
    ),
    _prompt("one line break", "one-line-break-between-parts", ('"\\n\\n".join', '"\\n".join')),
    _prompt(
        "white space counts",
        "white-space-is-an-input",
        (
            """        if input_text.strip():
            parts.append(f"### Input:""",
            """        if input_text:
            parts.append(f"### Input:""",
        ),
        (
            """        if input_text.strip():
            parts.append(f"### Entrada:""",
            """        if input_text:
            parts.append(f"### Entrada:""",
        ),
    ),
    _prompt("accents lost", "portuguese-heading-drifts", ("### Instrução:", "### Instrucao:")),
    _collate(
        "pads in the targets",
        "every-pad-masked nothing-masked",
        ("[ignore_index] * (longest - len(item) + 1)", "[pad_id] * (longest - len(item) + 1)"),
    ),
    _collate(
        "no shift",
        "no-shift",
        (
            "y = list(item[1:]) + [ignore_index] * (longest - len(item) + 1)",
            "y = list(item) + [ignore_index] * (longest - len(item))",
        ),
    ),
    _collate(
        "masks every pad id",
        "every-pad-masked",
        (
            "        if max_length is not None:",
            "        y = [ignore_index if t == pad_id else t for t in y]\n        if max_length is not None:",
        ),
    ),
    _collate("targets not cut", "only-inputs-cut", ("x, y = x[:max_length], y[:max_length]", "x = x[:max_length]")),
    _collate(
        "rows grow in place",
        "rows-grow",
        (
            "        x = list(item) + [pad_id] * (longest - len(item))\n",
            "        item += [pad_id]\n        x = list(item[:-1]) + [pad_id] * (longest - len(item) + 1)\n        item_ = item[:-1]\n",
        ),
        (
            "y = list(item[1:]) + [ignore_index] * (longest - len(item) + 1)",
            "y = list(item_[1:]) + [ignore_index] * (longest - len(item_) + 1)",
        ),
    ),
    _instruction("one too many", "first-word-masked", ("max(0, n - 1)", "n")),
    _instruction("in place", "changed-in-place", ("targets.clone()", "targets")),
    _instruction("negative length", "empty-prompt-masks-the-row", ("max(0, n - 1)", "n - 1")),
    _bleu("not clipped", "not-clipped", ("min(c[g], r[g])", "c[g] * (g in r)")),
    _bleu(
        "sets",
        "sets-for-multisets",
        (
            "return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))",
            "return Counter({tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)})",
        ),
    ),
    _bleu("one n-gram short", "last-ngram-missing", ("len(tokens) - n + 1", "len(tokens) - n")),
    _bleu("swapped", "precision-and-recall-swapped", ("return p, rec, f", "return rec, p, f")),
    _perplexity("sign", "sign-missing", ("-log_probs.mean()", "log_probs.mean()")),
    _perplexity(
        "multiplies by the mask",
        "multiplied-by-the-mask multiplied-and-averaged",
        ("log_probs = log_probs[mask]", "log_probs = log_probs * mask"),
    ),
    _perplexity("two for e", "two-for-e", ("torch.exp(-log_probs.mean())", "2 ** (-log_probs.mean())")),
    _lcs(
        "substring",
        "substring-for-subsequence last-cell-of-substrings",
        ("dp[i + 1][j + 1] = max(dp[i][j + 1], dp[i + 1][j])", "dp[i + 1][j + 1] = 0"),
    ),
    _lcs(
        "one list for all rows",
        "rows-are-one-list",
        ("[[0 for _ in range(n + 1)] for _ in range(m + 1)]", "[[0] * (n + 1)] * (m + 1)"),
    ),
    _lcs("no diagonal", "no-diagonal", ("dp[i][j] + 1", "max(dp[i][j + 1], dp[i + 1][j]) + 1")),
]
