"""Answers to exercise 2 of 03_instruction_tuning: tune_step."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="counts-first",
        description="Counts in a list, gradients cleared at the end of the step before and at the start.",
        code="""def tune_step(model, optimizer, parts, max_norm=1.0):
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
""",
    ),
    Alternative(
        name="divided-afterwards",
        description="Sums of nats go backward; all gradients are divided by the number of targets afterwards.",
        code="""def tune_step(model, optimizer, parts, max_norm=1.0):
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
""",
    ),
    Alternative(
        name="clipped-by-hand",
        description="Own cross-entropy, gradients from autograd.grad, clipped by hand.",
        code="""def tune_step(model, optimizer, parts, max_norm=1.0):
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
""",
    ),
    Alternative(
        name="model-cleared",
        description="model.zero_grad after the step and before it; the weights as a tensor.",
        code="""def tune_step(model, optimizer, parts, max_norm=1.0):
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
""",
    ),
]

_RIGHT = """def tune_step(model, optimizer, parts, max_norm=1.0):
    model.train()
    optimizer.zero_grad()
    n = sum(int((y != -100).sum()) for _, y in parts)
    total = 0.0
    for x, y in parts:
        weight = int((y != -100).sum()) / n
        loss = course_loss(model, x, y)
        (loss * weight).backward()
        total += loss.item() * weight
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return total
"""

_mistake = partial(made_in, _RIGHT, see="03_instruction_tuning: Exercise 2: tune_step")

_WEIGHT = "weight = int((y != -100).sum()) / n"
_CLIP = "    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n"
MISTAKES = [
    _mistake(
        "mean-of-means",
        "You give each part the same weight. A part counts as much as it has targets that count: its loss is weighed by "
        "its share of them.",
        (_WEIGHT, "weight = 1 / len(parts)"),
    ),
    _mistake(
        "weighed-by-rows",
        "You weigh a part by its number of rows. What counts is its number of targets that are not -100.",
        (_WEIGHT, "weight = len(y) / sum(len(other) for _, other in parts)"),
    ),
    _mistake(
        "weighed-by-places",
        "You weigh a part by all of its places, the filling too. What counts is its number of targets that are not -100.",
        (_WEIGHT, "weight = y.numel() / sum(other.numel() for _, other in parts)"),
    ),
    _mistake(
        "losses-added-up",
        "You add the parts' mean losses without weights, so the gradient grows with the number of parts.",
        (_WEIGHT, "weight = 1.0"),
    ),
    _mistake(
        "step-after-each-part",
        "You take a step after each part. The parts belong to one batch: one step, when all gradients are there.",
        (_CLIP + "    optimizer.step()\n", ""),
        (
            "        total += loss.item() * weight\n",
            "        total += loss.item() * weight\n    " + _CLIP + "        optimizer.step()\n",
        ),
    ),
    _mistake(
        "cleared-for-each-part",
        "You clear the gradients for each part, so only the last one is learnt from. Clear them once, before the first.",
        ("    optimizer.zero_grad()\n", ""),
        ("        loss = course_loss", "        optimizer.zero_grad()\n        loss = course_loss"),
    ),
    _mistake(
        "never-cleared",
        "You never clear the gradients: those of the step before are still in `.grad` and are added to. Call `zero_grad`.",
        ("    optimizer.zero_grad()\n", ""),
    ),
    _mistake(
        "not-clipped",
        "You do not clip: `max_norm` is the greatest length that all gradients together may have.",
        (_CLIP, ""),
    ),
    _mistake(
        "clipped-after-the-step",
        "You clip after the step, when it is too late.",
        (_CLIP + "    optimizer.step()\n", "    optimizer.step()\n" + _CLIP),
    ),
    _mistake(
        "clipped-for-each-part",
        "You clip within the loop, when not all gradients are there. Clip once, after the last part.",
        (_CLIP, ""),
        ("        total +=", "    " + _CLIP + "        total +="),
    ),
    _mistake(
        "each-number-clipped",
        "You cut each number of the gradient off at `max_norm`, which changes the direction. `clip_grad_norm_` scales "
        "them all down together.",
        ("nn.utils.clip_grad_norm_", "nn.utils.clip_grad_value_"),
    ),
    _mistake(
        "each-parameter-clipped",
        "You clip each parameter's gradient by itself. The length is that of all gradients together.",
        (_CLIP, "    for parameter in model.parameters():\n        nn.utils.clip_grad_norm_(parameter, max_norm)\n"),
    ),
    _mistake(
        "always-one",
        "You clip to 1, whatever `max_norm` says.",
        ("model.parameters(), max_norm)", "model.parameters(), 1.0)"),
    ),
    _mistake(
        "no-training-mode",
        "You do not switch the model to training mode: after an evaluation its dropout would stay off.",
        ("    model.train()\n", ""),
    ),
    _mistake(
        "one-backward-at-the-end",
        "You keep all parts' losses and go backward once, so the intermediate results of all parts are in memory: that is "
        "what the parts are there to avoid. Go backward after each part.",
        ("    total = 0.0\n", "    total = 0.0\n    together = 0.0\n"),
        ("        (loss * weight).backward()\n", "        together = together + loss * weight\n"),
        (_CLIP, "    together.backward()\n" + _CLIP),
    ),
    _mistake(
        "loss-of-the-last-part",
        "You return the last part's loss. The result is that of the whole batch.",
        ("return total", "return loss.item()"),
    ),
    _mistake(
        "mean-of-means-returned",
        "Your step is right, and the loss that you return gives each part the same weight.",
        ("total += loss.item() * weight", "total += loss.item() / len(parts)"),
    ),
    _mistake(
        "a-tensor-comes-back",
        "Your loss is a tensor. Return a plain number, so that nothing keeps the computation in memory.",
        ("loss.item() * weight", "loss.detach() * weight"),
    ),
    _mistake(
        "only-the-first-part",
        "Your `return` stands in the loop: only the first part is used.",
        ("    return total", "        return total"),
        (_CLIP + "    optimizer.step()\n", "    " + _CLIP + "        optimizer.step()\n"),
    ),
    _mistake(
        "no-step",
        "You never call `optimizer.step()`, so the model stays as it was.",
        ("    optimizer.step()\n", ""),
    ),
    _mistake(
        "loss-after-the-step",
        "You measure the loss after the step. It is the one before it, which you have computed anyway.",
        ("        total += loss.item() * weight\n", ""),
        (
            "    return total\n",
            "    for x, y in parts:\n        total += course_loss(model, x, y).item() * int((y != -100).sum()) / n\n    return total\n",
        ),
    ),
]
