"""Right answers of chapter 4 in other styles: the table of next tokens, greedy generation."""

from __future__ import annotations

from autograder.catalogue import Alternative

_TABLE = [
    Alternative(
        exercise="ch04/next-token-table",
        name="topk-and-zip",
        description="topk on a batch of one, squeezed; without gradients.",
        code="""@torch.no_grad()
def next_token_table(model, idx, k):
    probs = torch.nn.functional.softmax(model(idx)[:, -1, :], dim=-1).squeeze(0)
    top = torch.topk(probs, k=min(k, probs.numel()))
    return list(zip(top.indices.tolist(), top.values.tolist()))
""",
    ),
    Alternative(
        exercise="ch04/next-token-table",
        name="plain-python",
        description="The softmax by hand on a list, the k largest by heapq.",
        code="""import heapq
import math


def next_token_table(model, idx, k):
    row = model(idx)[0][-1].tolist()
    top = max(row)
    weights = [math.exp(value - top) for value in row]
    total = sum(weights)
    pairs = [(token, weight / total) for token, weight in enumerate(weights)]
    return heapq.nlargest(k, pairs, key=lambda pair: pair[1])
""",
    ),
    Alternative(
        exercise="ch04/next-token-table",
        name="sorted-log-softmax",
        description="Log-softmax of all positions, a full sort, a slice.",
        code="""def next_token_table(model, idx, k):
    model.eval()
    logp = model(idx).log_softmax(dim=2).detach()
    ordered, order = logp[:, -1].sort(dim=1, descending=True)
    table = []
    for rank in range(min(k, order.size(1))):
        table.append((int(order[0, rank]), float(ordered[0, rank].exp())))
    return table
""",
    ),
    Alternative(
        exercise="ch04/next-token-table",
        name="numpy",
        description="numpy: exponentials of the differences to the largest, argsort.",
        code="""import numpy as np


def next_token_table(model, idx, k):
    z = model(idx).detach().numpy()[0, -1].astype(np.float64)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return [(int(i), float(p[i])) for i in np.argsort(-p)[:k]]
""",
    ),
]

_GREEDY = [
    Alternative(
        exercise="ch04/generate-greedy",
        name="decorator",
        description="no_grad as a decorator, the softmax before the arg-max, as in the book; finally.",
        code="""@torch.no_grad()
def generate_greedy(model, idx, max_new_tokens, context_length):
    training = model.training
    model.eval()
    try:
        for _ in range(max_new_tokens):
            logits = model(idx[:, -context_length:])
            probas = torch.softmax(logits[:, -1, :], dim=-1)
            idx = torch.cat((idx, torch.argmax(probas, dim=-1, keepdim=True)), dim=1)
        return idx
    finally:
        if training:
            model.train()
""",
    ),
    Alternative(
        exercise="ch04/generate-greedy",
        name="buffer",
        description="A tensor of the final size that is filled, in inference mode.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    B, T = idx.shape
    text = torch.zeros(B, T + max_new_tokens, dtype=idx.dtype, device=idx.device)
    text[:, :T] = idx
    mode = model.training
    model.train(False)
    with torch.inference_mode():
        for end in range(T, T + max_new_tokens):
            text[:, end] = model(text[:, max(0, end - context_length):end])[:, -1].max(dim=-1).indices
    model.train(mode)
    return text
""",
    ),
    Alternative(
        exercise="ch04/generate-greedy",
        name="recursion",
        description="One step and then itself.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    if max_new_tokens == 0:
        return idx
    before = model.training
    with torch.no_grad():
        best = model.eval()(idx[:, -context_length:]).topk(1, dim=-1).indices[:, -1]
    model.train(before)
    return generate_greedy(model, torch.hstack([idx, best]), max_new_tokens - 1, context_length)
""",
    ),
    Alternative(
        exercise="ch04/generate-greedy",
        name="list-of-columns",
        description="A list of columns, stacked for each step, no_grad around the call only.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    was_training = model.training
    model.eval()
    columns = list(idx.unbind(dim=1))
    while len(columns) < idx.shape[1] + max_new_tokens:
        window = torch.stack(columns[-context_length:], dim=1)
        with torch.no_grad():
            logits = model(window)
        columns.append(torch.argmax(logits[:, -1], dim=-1))
    if was_training:
        model.train()
    return torch.stack(columns, dim=1)
""",
    ),
    Alternative(
        exercise="ch04/generate-greedy",
        name="row-by-row",
        description="Each row by itself, as a Python list; gradients switched off and on again.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    mode, recording = model.training, torch.is_grad_enabled()
    model.eval()
    torch.set_grad_enabled(False)
    rows = []
    for row in idx.tolist():
        for _ in range(max_new_tokens):
            logits = model(torch.tensor([row[-context_length:]]))[0, -1]
            row.append(int(logits.argmax()))
        rows.append(row)
    torch.set_grad_enabled(recording)
    model.train(mode)
    return torch.tensor(rows, dtype=idx.dtype)
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_TABLE, *_GREEDY]
