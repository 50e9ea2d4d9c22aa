"""Answers to exercise 1 of 03_instruction_tuning: response_loss."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="all-logits",
        description="All logits, cross_entropy with its ignore_index, a case for nothing.",
        code="""def response_loss(model, inputs, targets):
    logits = model(inputs)
    if (targets == -100).all():
        return 0.0 * logits.sum()
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)
""",
    ),
    Alternative(
        name="log-softmax-and-gather",
        description="log_softmax and gather, a mask that multiplies.",
        code="""def response_loss(model, inputs, targets):
    keep = (targets != -100).float()
    logs = model(inputs).log_softmax(dim=-1)
    chosen = torch.gather(logs, 2, targets.clamp(min=0)[..., None])[..., 0]
    return -(chosen * keep).sum() / keep.sum().clamp(min=1.0)
""",
    ),
    Alternative(
        name="row-by-row",
        description="A loop over the rows; logsumexp minus the logit.",
        code="""def response_loss(model, inputs, targets):
    total, count = model.out_head.weight.sum() * 0, 0
    for row_inputs, row_targets in zip(inputs, targets):
        places = torch.nonzero(row_targets >= 0).flatten()
        vectors = model.hidden(row_inputs[None])[0, places]
        logits = model.out_head(vectors)
        total = total + (logits.logsumexp(dim=1) - logits[torch.arange(len(places)), row_targets[places]]).sum()
        count += len(places)
    return total / max(count, 1)
""",
    ),
    Alternative(
        name="flat-indices",
        description="Flat indices of the places that count, nll_loss.",
        code="""def response_loss(model, inputs, targets):
    flat = targets.reshape(-1)
    where = flat.ne(-100).nonzero(as_tuple=True)[0]
    h = model.hidden(inputs).reshape(flat.numel(), -1).index_select(0, where)
    nats = F.nll_loss(F.log_softmax(model.out_head(h), dim=1), flat[where], reduction="none")
    return nats.sum().div(max(1, nats.numel()))
""",
    ),
]

_RIGHT = """def response_loss(model, inputs, targets):
    keep = targets != -100
    logits = model(inputs)
    logs = torch.log_softmax(logits, dim=-1)
    chosen = logs.gather(-1, targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    nats = -(chosen * keep).sum()
    return nats / max(int(keep.sum()), 1)
"""

_mistake = partial(made_in, _RIGHT, see="03_instruction_tuning: Exercise 1: response_loss")

MISTAKES = [
    _mistake(
        "divided-by-all-places",
        "You divide by the number of all places, so the loss shrinks with every token of filling. Divide by the number "
        "of targets that count.",
        ("max(int(keep.sum()), 1)", "targets.numel()"),
    ),
    _mistake(
        "mean-of-the-rows-means",
        "You take the mean within each row and then the mean of the rows, so a token of a short answer weighs more. The "
        "loss is one mean over all tokens that count.",
        (
            "    nats = -(chosen * keep).sum()\n",
            "    nats = -(chosen * keep).sum(dim=1) / keep.sum(dim=1).clamp(min=1)\n",
        ),
        ("return nats / max(int(keep.sum()), 1)", "return nats.sum() / max(int(keep.any(dim=1).sum()), 1)"),
    ),
    _mistake(
        "sum",
        "You return the sum, so a batch with more answers takes a larger step. The loss is the mean.",
        ("return nats / max(int(keep.sum()), 1)", "return nats"),
    ),
    _mistake(
        "divided-by-rows",
        "You divide by the number of rows. Divide by the number of targets that count.",
        ("max(int(keep.sum()), 1)", "len(targets)"),
    ),
    _mistake(
        "nan-when-nothing-counts",
        "When no target counts your loss is 0/0, which is nan, and after the step all weights are nan. Divide by at "
        "least 1.",
        ("max(int(keep.sum()), 1)", "keep.sum()"),
    ),
    _mistake(
        "plain-zero",
        "When nothing counts you return a number that depends on no parameter, so `backward` fails. Make the 0 "
        "from what the model computed.",
        (
            "    logits = model(inputs)\n",
            "    if not keep.any():\n        return torch.tensor(0.0)\n    logits = model(inputs)\n",
        ),
    ),
    _mistake(
        "shifted-again",
        "Your code shifts the targets once more. They are shifted already: the target at place t is what follows t.",
        (
            "    logits = model(inputs)\n",
            "    logits = model(inputs)[:, :-1]\n    targets, keep = targets[:, 1:], keep[:, 1:]\n",
        ),
    ),
    _mistake(
        "token-zero-left-out",
        "You leave out targets that are 0, which is a token like any other. The number that does not count is -100.",
        ("keep = targets != -100", "keep = targets > 0"),
    ),
    _mistake(
        "everything-counts",
        "Your loss counts all places: -100 is turned into a token and trained on.",
        ("keep = targets != -100", "keep = torch.ones_like(targets, dtype=torch.bool)"),
    ),
    _mistake(
        "softmax-without-log",
        "You add up probabilities. The loss is minus the logarithm of the probability.",
        ("torch.log_softmax(logits, dim=-1)", "torch.softmax(logits, dim=-1)"),
    ),
    _mistake(
        "softmax-twice",
        "Your logits go through a softmax twice: `log_softmax` (and `cross_entropy`) wants logits.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log_softmax(logits.softmax(dim=-1), dim=-1)"),
    ),
    _mistake(
        "bits",
        "Your loss is in bits. Here it is in nats: the natural logarithm.",
        ("-(chosen * keep).sum()", "-(chosen * keep).sum() / 0.6931471805599453"),
    ),
    _mistake(
        "wrong-sign",
        "Your loss has the wrong sign: training would make the right tokens less likely.",
        ("-(chosen * keep).sum()", "(chosen * keep).sum()"),
    ),
    _mistake(
        "softmax-over-places",
        "Your softmax goes over the places and not over the vocabulary, which is the last dimension.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log_softmax(logits, dim=1)"),
    ),
    _mistake(
        "no-gradient",
        "Nothing can be learnt from your loss: it is cut off from the model, by `.item()`, `detach` or `no_grad`.",
        ("    nats = -(chosen * keep).sum()\n", "    nats = -(chosen * keep).sum().detach()\n"),
    ),
    _mistake(
        "evaluation-mode",
        "Your function switches the model to evaluation mode, and it stays there. The mode is up to the caller.",
        ("    logits = model(inputs)\n", "    model.eval()\n    logits = model(inputs)\n"),
    ),
    _mistake(
        "targets-changed",
        "You write into the targets that were given: `clamp_` changes them in place.",
        ("targets.clamp(min=0)", "targets.clamp_(min=0)"),
    ),
]
