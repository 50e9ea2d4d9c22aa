"""Right answers of chapter 5 in other styles: temperature, top-k, top-p, drawing the next token, generating whole texts."""

from __future__ import annotations

from autograder.catalogue import Alternative

_TEMPERATURE = [
    Alternative(
        exercise="ch05/apply-temperature",
        name="one-hot",
        description="Temperature 0 as the logarithm of a one-hot vector: one of the tied tokens wins.",
        code="""def apply_temperature(logits, temperature):
    if temperature < 0.0:
        raise ValueError(temperature)
    if not temperature:
        return nn.functional.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype).log()
    return logits.div(temperature)
""",
    ),
    Alternative(
        exercise="ch05/apply-temperature",
        name="log-probabilities",
        description="Logarithms of probabilities are logits, too; torch.where keeps all that tie.",
        code="""def apply_temperature(logits, temperature):
    if temperature > 0:
        return torch.log_softmax(logits * (1 / temperature), dim=-1)
    if temperature == 0:
        top = logits.max(dim=-1, keepdim=True).values
        return torch.where(logits == top, 0.0, -torch.inf)
    raise ValueError("temperature should be at least 0")
""",
    ),
    Alternative(
        exercise="ch05/apply-temperature",
        name="row-by-row",
        description="A loop over rows; very negative numbers in place of -inf.",
        code="""def apply_temperature(logits, temperature):
    if temperature < 0:
        raise ValueError("negative temperature")
    rows = []
    for row in logits:
        if temperature == 0:
            cold = torch.full_like(row, torch.finfo(row.dtype).min)
            cold[row.argmax()] = row.max()
            rows.append(cold)
        else:
            rows.append(row / temperature)
    return torch.stack(rows)
""",
    ),
]

_TOP_K = [
    Alternative(
        exercise="ch05/top-k-filter",
        name="scatter",
        description="The k best values scattered into rows of -inf: exactly k stay, also among ties.",
        code="""def top_k_filter(logits, k):
    values, places = torch.topk(logits, min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -torch.inf).scatter_(-1, places, values)
""",
    ),
    Alternative(
        exercise="ch05/top-k-filter",
        name="ranks",
        description="The rank of each token by sorting twice.",
        code="""def top_k_filter(logits, k):
    ranks = logits.argsort(dim=1, descending=True).argsort(dim=1)
    return torch.where(ranks < k, logits, float("-inf"))
""",
    ),
    Alternative(
        exercise="ch05/top-k-filter",
        name="kth-value",
        description="kthvalue from below gives the threshold; in place in a copy.",
        code="""def top_k_filter(logits, k):
    V = logits.shape[1]
    if k >= V:
        return logits
    threshold = logits.kthvalue(V - k + 1, dim=1, keepdim=True).values
    out = logits.clone()
    out[out < threshold] = -math.inf
    return out
""",
    ),
    Alternative(
        exercise="ch05/top-k-filter",
        name="lists",
        description="Plain Python on lists, row by row; -1e9 for -inf.",
        code="""def top_k_filter(logits, k):
    rows = []
    for row in logits.tolist():
        best = set(sorted(range(len(row)), key=row.__getitem__)[-k:])
        rows.append([value if place in best else -1e9 for place, value in enumerate(row)])
    return torch.tensor(rows, dtype=logits.dtype)
""",
    ),
]

_TOP_P = [
    Alternative(
        exercise="ch05/top-p-filter",
        name="shifted-mask",
        description="The mask of sums above p, moved on by one place.",
        code="""def top_p_filter(logits, p):
    sorted_logits, sorted_indices = torch.sort(logits, descending=True)
    cumulative = torch.cumsum(torch.softmax(sorted_logits, dim=-1), dim=-1)
    remove = cumulative > p
    remove[..., 1:] = remove[..., :-1].clone()
    remove[..., 0] = False
    mask = torch.empty_like(remove).scatter_(-1, sorted_indices, remove)
    return torch.where(mask, torch.full_like(logits, -torch.inf), logits)
""",
    ),
    Alternative(
        exercise="ch05/top-p-filter",
        name="from-below",
        description="Sorted upwards: what together has at most 1 - p goes; the largest always stays.",
        code="""def top_p_filter(logits, p):
    probs, order = torch.softmax(logits, dim=-1).sort(dim=-1)
    remove = probs.cumsum(dim=-1) <= 1 - p
    remove[:, -1] = False
    return logits.masked_fill(remove.gather(1, order.argsort(dim=-1)), float("-inf"))
""",
    ),
    Alternative(
        exercise="ch05/top-p-filter",
        name="comparing-all-pairs",
        description="The probability of all that are more probable, by comparing each with each; no sort.",
        code="""def top_p_filter(logits, p):
    probs = logits.softmax(-1)
    larger = (probs[:, None, :] > probs[:, :, None]).to(probs.dtype)
    before = torch.einsum("bij,bj->bi", larger, probs)
    return logits + torch.where(before < p, 0.0, -torch.inf)
""",
    ),
    Alternative(
        exercise="ch05/top-p-filter",
        name="lists",
        description="A loop over rows and tokens with a running sum, in a copy.",
        code="""def top_p_filter(logits, p):
    out = logits.clone()
    for row in range(len(logits)):
        total = 0.0
        probs = torch.softmax(logits[row].double(), dim=0)
        for token in torch.argsort(probs, descending=True).tolist():
            if total >= p:
                out[row, token] = -math.inf
            total += probs[token].item()
    return out
""",
    ),
    Alternative(
        exercise="ch05/top-p-filter",
        name="threshold",
        description="How many stay, the smallest logit of them, and a comparison with it.",
        code="""def top_p_filter(logits, p):
    ordered = logits.sort(dim=1, descending=True).values
    sums = ordered.softmax(dim=1).cumsum(dim=1)
    last = (sums < p).sum(dim=1, keepdim=True).clamp(max=logits.shape[1] - 1)
    return torch.where(logits >= ordered.gather(1, last), logits, -torch.inf)
""",
    ),
]

_SAMPLE = [
    Alternative(
        exercise="ch05/sample-next",
        name="all-in-one",
        description="Everything anew in one function, an arg-max for temperature 0.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    if temperature == 0:
        return torch.argmax(logits, dim=-1, keepdim=True)
    probs = torch.softmax(logits / temperature, dim=-1)
    if top_k:
        least = torch.topk(probs, min(top_k, probs.shape[-1])).values[:, -1:]
        probs = torch.where(probs < least, 0.0, probs)
        probs = probs / probs.sum(dim=-1, keepdim=True)
    if top_p:
        ordered, order = torch.sort(probs, descending=True)
        keep = ordered.cumsum(dim=-1) - ordered < top_p
        probs = torch.zeros_like(probs).scatter(1, order, ordered * keep)
    return torch.multinomial(probs, 1, generator=generator)
""",
    ),
    Alternative(
        exercise="ch05/sample-next",
        name="gumbel",
        description="The arg-max of logits with Gumbel noise, which is a draw from the softmax.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    if temperature == 0:
        return logits.argmax(-1, keepdim=True)
    logits = logits / temperature
    if top_k is not None:
        logits = most_probable(logits, top_k)
    if top_p is not None:
        logits = nucleus(logits, top_p)
    u = torch.rand(logits.shape, generator=generator).clamp(min=1e-12)
    return (logits - torch.log(-torch.log(u))).argmax(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        exercise="ch05/sample-next",
        name="inverse-distribution-function",
        description="A uniform number for each row, looked up in the running sums, in double precision.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    z = tempered(logits, temperature)
    z = most_probable(z, top_k or z.shape[1])
    z = nucleus(z, top_p or 1.0)
    sums = z.double().softmax(dim=-1).cumsum(dim=-1)
    u = torch.rand(len(z), 1, dtype=torch.float64, generator=generator) * sums[:, -1:]
    return torch.searchsorted(sums, u, right=True)
""",
    ),
    Alternative(
        exercise="ch05/sample-next",
        name="in-sorted-order",
        description="Sorts once, cuts ranks, draws a rank, looks up its token.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    ordered, order = logits.sort(dim=-1, descending=True)
    if temperature == 0:
        return order[:, :1]
    ordered = (ordered / temperature)[:, :top_k]
    probs = ordered.softmax(dim=-1)
    if top_p is not None:
        probs = probs * ((probs.cumsum(-1) - probs) < top_p)
    ranks = torch.multinomial(probs, 1, generator=generator)
    return order.gather(1, ranks)
""",
    ),
]

_GENERATE = [
    Alternative(
        exercise="ch05/generate",
        name="decorator",
        description="no_grad as a decorator, try and finally, a return from inside the loop.",
        code="""@torch.no_grad()
def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    training = model.training
    model.eval()
    active = torch.ones(idx.shape[0], 1, dtype=torch.bool)
    try:
        for _ in range(max_new_tokens):
            logits = model(idx[:, -context_length:])[:, -1, :]
            new = choose(logits)
            if eos_id is not None:
                new = new * active + eos_id * ~active
                active = active & (new != eos_id)
            idx = torch.cat((idx, new), dim=1)
            if not active.any():
                return idx
        return idx
    finally:
        model.train(training)
""",
    ),
    Alternative(
        exercise="ch05/generate",
        name="buffer",
        description="A tensor of the largest size filled with eos_id, cut in the end.",
        code="""def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    mode = model.training
    model.eval()
    B, T = idx.shape
    text = torch.full((B, T + max_new_tokens), 0 if eos_id is None else eos_id, dtype=idx.dtype)
    text[:, :T] = idx
    running = torch.ones(B, dtype=torch.bool)
    end = T
    with torch.inference_mode():
        while end < T + max_new_tokens and running.any():
            new = choose(model(text[:, max(0, end - context_length):end])[:, -1]).squeeze(1)
            text[running, end] = new[running]
            if eos_id is not None:
                running &= new != eos_id
            end += 1
    model.train(mode)
    return text[:, :end].clone()
""",
    ),
    Alternative(
        exercise="ch05/generate",
        name="only-the-running-rows",
        description="Only rows that have not ended go through the model; texts as lists.",
        code="""def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    was_training = model.training
    model.eval()
    texts = idx.tolist()
    alive = list(range(len(texts)))
    with torch.no_grad():
        for _ in range(max_new_tokens):
            if not alive:
                break
            window = torch.tensor([texts[row][-context_length:] for row in alive])
            chosen = choose(model(window)[:, -1]).flatten().tolist()
            for row, token in zip(list(alive), chosen):
                texts[row].append(token)
                if token == eos_id:
                    alive.remove(row)
    model.train(was_training)
    longest = max(len(text) for text in texts)
    return torch.tensor([text + [eos_id] * (longest - len(text)) for text in texts])
""",
    ),
    Alternative(
        exercise="ch05/generate",
        name="generator-function",
        description="An inner generator gives the columns; a set of the rows that have ended.",
        code="""def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    def columns():
        text, ended = idx, set()
        for _ in range(max_new_tokens):
            with torch.no_grad():
                new = choose(model(text[:, -context_length:])[:, -1]).clone()
            for row in ended:
                new[row] = eos_id
            yield new
            text = torch.hstack([text, new])
            if eos_id is not None:
                ended.update(row for row in range(len(new)) if new[row].item() == eos_id)
            if len(ended) == len(idx):
                return

    before = model.training
    model.eval()
    result = torch.cat([idx, *columns()], dim=1)
    if before:
        model.train()
    return result
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_TEMPERATURE, *_TOP_K, *_TOP_P, *_SAMPLE, *_GENERATE]
