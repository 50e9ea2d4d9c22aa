"""Right answers in other styles of chapter 7: the loss of the answers, and a step for a batch in parts."""

from __future__ import annotations

from autograder.catalogue import Alternative

_LOSS = [
    Alternative(
        exercise="ch07/response-loss",
        name="all-logits",
        description="All logits, cross_entropy with its ignore_index, a case for nothing.",
        code='''def response_loss(model, inputs, targets):
    logits = model(inputs)
    if (targets == -100).all():
        return 0.0 * logits.sum()
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)
''',
    ),
    Alternative(
        exercise="ch07/response-loss",
        name="log-softmax-and-gather",
        description="log_softmax and gather, a mask that multiplies.",
        code='''def response_loss(model, inputs, targets):
    keep = (targets != -100).float()
    logs = model(inputs).log_softmax(dim=-1)
    chosen = torch.gather(logs, 2, targets.clamp(min=0)[..., None])[..., 0]
    return -(chosen * keep).sum() / keep.sum().clamp(min=1.0)
''',
    ),
    Alternative(
        exercise="ch07/response-loss",
        name="row-by-row",
        description="A loop over the rows; logsumexp minus the logit.",
        code='''def response_loss(model, inputs, targets):
    total, count = model.out_head.weight.sum() * 0, 0
    for row_inputs, row_targets in zip(inputs, targets):
        places = torch.nonzero(row_targets >= 0).flatten()
        vectors = model.hidden(row_inputs[None])[0, places]
        logits = model.out_head(vectors)
        total = total + (logits.logsumexp(dim=1) - logits[torch.arange(len(places)), row_targets[places]]).sum()
        count += len(places)
    return total / max(count, 1)
''',
    ),
    Alternative(
        exercise="ch07/response-loss",
        name="flat-indices",
        description="Flat indices of the places that count, nll_loss.",
        code='''def response_loss(model, inputs, targets):
    flat = targets.reshape(-1)
    where = flat.ne(-100).nonzero(as_tuple=True)[0]
    h = model.hidden(inputs).reshape(flat.numel(), -1).index_select(0, where)
    nats = F.nll_loss(F.log_softmax(model.out_head(h), dim=1), flat[where], reduction="none")
    return nats.sum().div(max(1, nats.numel()))
''',
    ),
]

_STEP = [
    Alternative(
        exercise="ch07/tune-step",
        name="counts-first",
        description="Counts in a list, gradients cleared at the end of the step before and at the start.",
        code='''def tune_step(model, optimizer, parts, max_norm=1.0):
    counts = [(targets != -100).sum().item() for _, targets in parts]
    n = sum(counts)
    model.train()
    optimizer.zero_grad(set_to_none=False)
    losses = []
    for (inputs, targets), count in zip(parts, counts):
        if count == 0:
            continue
        loss = course_loss(model, inputs, targets) * count / n
        loss.backward()
        losses.append(loss.item())
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return sum(losses)
''',
    ),
    Alternative(
        exercise="ch07/tune-step",
        name="divided-afterwards",
        description="Sums of nats go backward; all gradients are divided by the number of targets afterwards.",
        code='''def tune_step(model, optimizer, parts, max_norm=1.0):
    model.train()
    for parameter in model.parameters():
        parameter.grad = None
    nats, n = 0.0, 0
    for inputs, targets in parts:
        count = int(targets.ne(-100).sum())
        part = course_loss(model, inputs, targets) * count
        part.backward()
        nats, n = nats + float(part.detach()), n + count
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.grad.div_(n)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return nats / n
''',
    ),
    Alternative(
        exercise="ch07/tune-step",
        name="clipped-by-hand",
        description="Own cross-entropy, gradients from autograd.grad, clipped by hand.",
        code='''def tune_step(model, optimizer, parts, max_norm=1.0):
    parameters = [p for p in model.parameters() if p.requires_grad]
    model.train(True)
    sums, n, total = [torch.zeros_like(p) for p in parameters], sum((y != -100).sum() for _, y in parts).item(), 0.0
    for x, y in parts:
        loss = F.cross_entropy(model(x).flatten(0, -2), y.flatten(), reduction="sum") / n
        for whole, one in zip(sums, torch.autograd.grad(loss, parameters)):
            whole += one
        total += loss.item()
    length = torch.stack([g.norm() for g in sums]).norm()
    for p, g in zip(parameters, sums):
        p.grad = g * min(1.0, max_norm / (length.item() + 1e-6))
    optimizer.step()
    optimizer.zero_grad()
    return total
''',
    ),
    Alternative(
        exercise="ch07/tune-step",
        name="model-cleared",
        description="model.zero_grad after the step and before it; the weights as a tensor.",
        code='''def tune_step(model, optimizer, parts, max_norm=1.0):
    model.zero_grad()
    model.train()
    weights = torch.tensor([float((targets != -100).sum()) for _inputs, targets in parts])
    weights = weights / weights.sum()
    result = torch.zeros(())
    for weight, (inputs, targets) in zip(weights, parts):
        loss = weight * course_loss(model, inputs, targets)
        loss.backward()
        result += loss.detach()
    torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm)
    optimizer.step()
    model.zero_grad()
    return result.item()
''',
    ),
]

ALTERNATIVES: list[Alternative] = [*_LOSS, *_STEP]
