"""Pre-training and decoding."""

# ruff: noqa: E501  (texts are lines of answers)

from __future__ import annotations

from people.written import Written, by

_batch = by(
    "ch05/loss-batch",
    """def loss_batch(model, inputs, targets):
    out = model(inputs)
    B, T, V = out.shape
    return F.cross_entropy(out.view(B * T, V), targets.reshape(B * T))
""",
)
_loader = by(
    "ch05/loss-loader",
    """def loss_loader(model, loader, n_batches=None):
    mode = model.training
    model.eval()
    nll, seen = 0.0, 0
    with torch.no_grad():
        for i, (xb, yb) in enumerate(loader):
            if n_batches is not None and i >= n_batches:
                break
            loss = loss_of(model, xb, yb)
            nll += loss.item() * yb.numel()
            seen += yb.numel()
    model.train(mode)
    if seen == 0:
        raise ValueError("nothing to average")
    return nll / seen
""",
)
_loop = by(
    "ch05/train-loop",
    """def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
    losses, evals = [], []

    def evaluate(step):
        if measure is None or step % eval_every:
            return
        a, b = measure()
        evals.append((step, a, b))
        if callback is not None:
            callback.on_eval(step, a, b)

    evaluate(0)
    step = 0
    done = steps <= 0
    while not done:
        for xb, yb in loader:
            model.train()
            optimizer.zero_grad()
            loss = loss_of(model, xb, yb)
            loss.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            step += 1
            losses.append(loss.item())
            if callback is not None and callback.on_step(step, losses[-1], yb.numel()):
                done = True
                break
            evaluate(step)
            if step >= steps:
                done = True
                break
    return {"loss": losses, "evaluations": evals}
""",
)
_cosine = by(
    "ch05/warmup-cosine",
    """def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        return initial + step * (peak - initial) / warmup_steps
    if step >= n_steps:
        return least
    progress = (step - warmup_steps) / (n_steps - warmup_steps)
    return least + 0.5 * (peak - least) * (1.0 + math.cos(math.pi * progress))
""",
)
_clip = by(
    "ch05/clip-gradients",
    """def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    total = 0.0
    for g in grads:
        total += (g.detach() ** 2).sum().item()
    total = total ** 0.5
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total
""",
)
_temperature = by(
    "ch05/apply-temperature",
    """def apply_temperature(logits, temperature):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        best = logits.max(dim=-1, keepdim=True).values
        return torch.where(logits == best, logits, torch.tensor(float("-inf"), dtype=logits.dtype))
    return logits / temperature
""",
)
_top_k = by(
    "ch05/top-k-filter",
    """def top_k_filter(logits, k):
    top, _ = torch.topk(logits, min(k, logits.size(-1)))
    smallest = top[:, -1].unsqueeze(-1)
    return torch.where(logits < smallest, torch.full_like(logits, float("-inf")), logits)
""",
)
_top_p = by(
    "ch05/top-p-filter",
    """def top_p_filter(logits, p):
    s, order = torch.sort(logits, dim=-1, descending=True)
    cum = torch.cumsum(torch.softmax(s, dim=-1), dim=-1)
    remove = cum >= p
    remove[:, 1:] = remove[:, :-1].clone()
    remove[:, 0] = False
    mask = torch.zeros_like(remove).scatter(1, order, remove)
    return logits.masked_fill(mask, float("-inf"))
""",
)
_sample = by(
    "ch05/sample-next",
    """def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    logits = tempered(logits, temperature)
    if top_k is not None:
        logits = most_probable(logits, top_k)
    if top_p is not None:
        logits = nucleus(logits, top_p)
    probs = torch.softmax(logits, dim=-1)
    return torch.multinomial(probs, num_samples=1, generator=generator)
""",
)
_generate = by(
    "ch05/generate",
    """def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    before = model.training
    model.eval()
    finished = torch.zeros(idx.shape[0], 1, dtype=torch.bool)
    for _ in range(max_new_tokens):
        window = idx[:, -context_length:]
        with torch.no_grad():
            logits = model(window)[:, -1, :]
            nxt = choose(logits)
        if eos_id is not None:
            nxt = nxt.masked_fill(finished, eos_id)
            finished = finished | (nxt == eos_id)
        idx = torch.cat((idx, nxt), dim=1)
        if eos_id is not None and finished.all():
            break
    model.train(before)
    return idx
""",
)
_losses = by(
    "ch05/token-losses",
    """def token_losses(logits, targets):
    logp = F.log_softmax(logits, dim=-1)
    picked = torch.gather(logp, -1, targets.unsqueeze(-1))
    return -picked.squeeze(-1)
""",
)

CHAPTER_5: list[Written] = [
    _losses("sign", "no-minus", ("return -picked", "return picked")),
    _losses(
        "probabilities", "probability-for-logarithm", ("F.log_softmax(logits, dim=-1)", "F.softmax(logits, dim=-1)")
    ),
    _losses(
        "over the places", "softmax-over-the-places", ("log_softmax(logits, dim=-1)", "log_softmax(logits, dim=1)")
    ),
    _losses("last dimension left over", "dimension-left-over", (".squeeze(-1)", "")),
    _batch(
        "softmax first", "softmax-before-cross-entropy", ("out.view(B * T, V)", "out.softmax(dim=-1).view(B * T, V)")
    ),
    _batch("plain number", "plain-number", ("targets.reshape(B * T))", "targets.reshape(B * T)).item()")),
    _batch(
        "shifts again",
        "shifted-twice",
        ("out.view(B * T, V), targets.reshape(B * T)", "out[:, :-1].reshape(-1, V), targets[:, 1:].reshape(-1)"),
    ),
    _batch(
        "last place", "last-place-only", ("out.view(B * T, V), targets.reshape(B * T)", "out[:, -1], targets[:, -1]")
    ),
    _loader(
        "mean of means",
        "mean-of-means",
        ("loss.item() * yb.numel()", "loss.item()"),
        ("seen += yb.numel()", "seen += 1"),
    ),
    _loader("no eval", "no-evaluation-mode", ("    model.eval()\n", "")),
    _loader("never back", "never-back-to-training mode-read-too-late", ("    model.train(mode)\n", "")),
    _loader("always back to training", "always-to-training", ("model.train(mode)", "model.train()")),
    _loader("one batch too many", "one-batch-too-many", ("i >= n_batches", "i > n_batches")),
    _loader("nan for nothing", "empty-is-nan", ('raise ValueError("nothing to average")', "return float('nan')")),
    _loader(
        "never back, mean of means",
        "never-back-to-training mode-read-too-late mean-of-means",
        ("    model.train(mode)\n", ""),
        ("loss.item() * yb.numel()", "loss.item()"),
        ("seen += yb.numel()", "seen += 1"),
    ),
    _loop(
        "zero_grad after backward",
        "zero-grad-after-backward",
        (
            "            optimizer.zero_grad()\n            loss = loss_of(model, xb, yb)\n            loss.backward()\n",
            "            loss = loss_of(model, xb, yb)\n            loss.backward()\n            optimizer.zero_grad()\n",
        ),
    ),
    _loop("no zero_grad", "no-zero-grad", ("            optimizer.zero_grad()\n", "")),
    _loop(
        "losses keep their graph",
        "loss-with-its-graph tensor-told",
        ("losses.append(loss.item())", "losses.append(loss)"),
    ),
    _loop(
        "train() only once",
        "training-mode-once never-in-training-mode",
        ("            model.train()\n", ""),
        ("    evaluate(0)\n", "    model.train()\n    evaluate(0)\n"),
    ),
    _loop(
        "epochs for steps",
        "steps-taken-for-epochs",
        (
            "            if step >= steps:\n                done = True\n                break\n",
            "        if step >= steps * len(loader):\n            done = True\n",
        ),
    ),
    _loop("measures not at the start", "not-measured-before", ("    evaluate(0)\n", "")),
    _loop(
        "scheduler forgotten",
        "no-scheduler",
        ("            if scheduler is not None:\n                scheduler.step()\n", ""),
    ),
    _cosine(
        "no warm-up start",
        "",
        ("initial + step * (peak - initial) / warmup_steps", "peak * (0.5 + step) / warmup_steps"),
    ),
    _cosine(
        "decay over all steps",
        "decay-counted-from-the-start decay-over-all-steps decay-without-the-warm-up",
        ("(step - warmup_steps) / (n_steps - warmup_steps)", "step / n_steps"),
    ),
    _cosine(
        "from zero",
        "warm-up-from-zero",
        ("initial + step * (peak - initial) / warmup_steps", "step * peak / warmup_steps"),
    ),
    _cosine("rises again", "rises-again", ("    if step >= n_steps:\n        return least\n", "")),
    _clip("no root", "no-root", ("    total = total ** 0.5\n", "")),
    _clip(
        "each by itself",
        "each-by-itself",
        (
            "            g.mul_(max_norm / total)\n",
            "            g.mul_(max_norm / g.norm().item()) if g.norm() > max_norm else None\n",
        ),
    ),
    _clip(
        "result thrown away",
        "result-thrown-away thrown-away",
        ("g.mul_(max_norm / total)", "g = g * (max_norm / total)"),
    ),
    _clip(
        "always to the length",
        "stretched",
        (
            "    if total > max_norm:\n        for g in grads:\n            g.mul_(max_norm / total)\n",
            "    for g in grads:\n        g.mul_(max_norm / total)\n",
        ),
    ),
    _clip("gradients may be missing", "missing-gradients", (" if p.grad is not None", "")),
    _temperature("multiplies", "multiplied", ("logits / temperature", "logits * temperature")),
    _temperature(
        "no zero",
        "no-case-for-zero",
        (
            """    if temperature == 0:
        best = logits.max(dim=-1, keepdim=True).values
        return torch.where(logits == best, logits, torch.tensor(float("-inf"), dtype=logits.dtype))
""",
            "",
        ),
    ),
    _temperature(
        "in place", "input-changed", ("return logits / temperature", "logits /= temperature\n    return logits")
    ),
    _temperature(
        "probabilities",
        "probabilities",
        ("return logits / temperature", "return torch.softmax(logits / temperature, dim=-1)"),
    ),
    _top_k("threshold of all rows", "threshold-without-dimension", (".unsqueeze(-1)", "")),
    _top_k("k larger than the vocabulary", "too-large-k-crashes", ("min(k, logits.size(-1))", "k")),
    _top_k("zeros", "zero-for-minus-infinity", ('float("-inf")', "0.0")),
    _top_k(
        "exactly k, the others by scatter, of zeros",
        "zero-for-minus-infinity",
        (
            '    smallest = top[:, -1].unsqueeze(-1)\n    return torch.where(logits < smallest, torch.full_like(logits, float("-inf")), logits)',
            "    return torch.zeros_like(logits).scatter(1, _, top)",
        ),
    ),
    _top_k(
        "only values",
        "only-the-values",
        (
            '    smallest = top[:, -1].unsqueeze(-1)\n    return torch.where(logits < smallest, torch.full_like(logits, float("-inf")), logits)',
            "    return top",
        ),
    ),
    _top_p(
        "crossing one dropped",
        "crossing-token-dropped-but-one-kept",
        ("    remove = cum >= p\n    remove[:, 1:] = remove[:, :-1].clone()\n", "    remove = cum > p\n"),
    ),
    _top_p(
        "crossing one dropped, even the first",
        "crossing-token-dropped",
        (
            "    remove = cum >= p\n    remove[:, 1:] = remove[:, :-1].clone()\n    remove[:, 0] = False\n",
            "    remove = cum > p\n",
        ),
    ),
    _top_p(
        "not put back", "not-put-back", ("mask = torch.zeros_like(remove).scatter(1, order, remove)", "mask = remove")
    ),
    _top_p("sorted upwards", "sorted-upwards", ("descending=True", "descending=False")),
    _top_p("sums of logits", "sums-of-logits", ("torch.softmax(s, dim=-1)", "s")),
    _sample("generator forgotten", "generator-ignored global-seed", (", generator=generator", "")),
    _sample("logits to multinomial", "drawn-from-logits", ("torch.softmax(logits, dim=-1)", "logits")),
    _sample(
        "top-p before top-k",
        "top-p-before-top-k",
        (
            "    if top_k is not None:\n        logits = most_probable(logits, top_k)\n    if top_p is not None:\n        logits = nucleus(logits, top_p)\n",
            "    if top_p is not None:\n        logits = nucleus(logits, top_p)\n    if top_k is not None:\n        logits = most_probable(logits, top_k)\n",
        ),
    ),
    _sample(
        "argmax",
        "always-the-best",
        ("torch.multinomial(probs, num_samples=1, generator=generator)", "probs.argmax(dim=-1, keepdim=True)"),
    ),
    _sample("temperature forgotten", "temperature-ignored", ("    logits = tempered(logits, temperature)\n", "")),
    _sample("keeps one dimension", "dimension-lost", ("generator=generator)", "generator=generator).squeeze(1)")),
    _generate("stops when one ends", "one-row-ends-all", ("finished.all()", "finished.any()")),
    _generate(
        "never stops",
        "never-stops ended-rows-go-on",
        ("            nxt = nxt.masked_fill(finished, eos_id)\n", "            pass\n"),
    ),
    _generate("crop to the first", "crop-to-the-first", ("idx[:, -context_length:]", "idx[:, :context_length]")),
    _generate(
        "eos as truth value",
        "zero-is-no-end",
        ("        if eos_id is not None:\n            nxt", "        if eos_id:\n            nxt"),
        ("if eos_id is not None and finished.all()", "if eos_id and finished.all()"),
    ),
    _generate("probabilities to choose", "probabilities-to-choose", ("choose(logits)", "choose(logits.softmax(-1))")),
    _generate(
        "break before the append",
        "end-not-appended",
        (
            "        idx = torch.cat((idx, nxt), dim=1)\n        if eos_id is not None and finished.all():\n            break\n",
            "        if eos_id is not None and finished.all():\n            break\n        idx = torch.cat((idx, nxt), dim=1)\n",
        ),
    ),
]
