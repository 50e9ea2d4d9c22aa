"""Answers to exercise 3 of 03_learning_rate_and_gradients: gradient accumulation."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sums-of-losses",
        description="F.cross_entropy with a sum, divided by all tokens; cleared at the end.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    n = 0
    for _, y in micro_batches:
        n += y.shape[0] * y.shape[1]
    losses = []
    for x, y in micro_batches:
        logits = model(x)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / n
        loss.backward()
        losses.append(loss.item())
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return sum(losses)
""",
    ),
    Alternative(
        name="divided-at-the-end",
        description="Gradients of sums are added up and divided once, before clipping.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    model.zero_grad(set_to_none=True)
    total_loss, total_tokens = 0.0, 0
    for inputs, targets in micro_batches:
        tokens = targets.numel()
        summed = tokens * loss_of(model, inputs, targets)
        summed.backward()
        total_loss += summed.detach().item()
        total_tokens += tokens
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= total_tokens
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return total_loss / total_tokens
""",
    ),
    Alternative(
        name="own-buffers",
        description="torch.autograd.grad and sums of its own, put into .grad, clipped by hand.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    params = list(model.parameters())
    total = sum(targets.numel() for _, targets in micro_batches)
    sums, mean = [torch.zeros_like(p) for p in params], 0.0
    for inputs, targets in micro_batches:
        loss = loss_of(model, inputs, targets) * (targets.numel() / total)
        for have, new in zip(sums, torch.autograd.grad(loss, params)):
            have += new
        mean += loss.item()
    norm = torch.cat([s.flatten() for s in sums]).norm().item()
    for p, s in zip(params, sums):
        p.grad = s * min(1.0, max_norm / (norm + 1e-6))
    optimizer.step()
    optimizer.zero_grad()
    return mean
""",
    ),
    Alternative(
        name="gradient-argument",
        description="The weight handed to backward, the mean kept as it goes; set_to_none=False.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    sizes = [targets.numel() for _, targets in micro_batches]
    optimizer.zero_grad(set_to_none=False)
    report = []
    for (inputs, targets), size in zip(micro_batches, sizes):
        share = size / sum(sizes)
        loss = loss_of(model, inputs, targets)
        loss.backward(gradient=torch.tensor(share))
        report.append(share * loss.item())
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=max_norm)
    optimizer.step()
    return math.fsum(report)
""",
    ),
]

_RIGHT = """def train_step(model, optimizer, micro_batches, max_norm=1.0):
    total = sum(targets.numel() for inputs, targets in micro_batches)
    optimizer.zero_grad()
    mean_loss = 0.0
    for inputs, targets in micro_batches:
        weight = targets.numel() / total
        loss = loss_of(model, inputs, targets) * weight
        loss.backward()
        mean_loss += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return mean_loss
"""

_LOOP = """        loss.backward()
        mean_loss += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
"""

_mistake = partial(made_in, _RIGHT, see="03_learning_rate_and_gradients: Exercise 3: gradient accumulation")

MISTAKES = [
    _mistake(
        "not-divided",
        "You add up the gradients of the parts without a weight, so the step grows with the number of parts. Multiply "
        "each loss by its share of the tokens.",
        ("weight = targets.numel() / total", "weight = 1.0"),
    ),
    _mistake(
        "every-part-counts-the-same",
        "You divide each loss by the number of parts, which is right for parts of equal size only. Weigh each by its "
        "share of the tokens.",
        ("weight = targets.numel() / total", "weight = 1 / len(micro_batches)"),
    ),
    _mistake(
        "weighed-by-texts",
        "You weigh each part by its number of texts. Texts may differ in length: weigh by the number of tokens.",
        ("targets.numel() for", "len(targets) for"),
        ("targets.numel() / total", "len(targets) / total"),
    ),
    _mistake(
        "sum-of-tokens",
        "You multiply by the number of tokens and do not divide by that of the whole batch.",
        ("targets.numel() / total", "targets.numel()"),
    ),
    _mistake(
        "gradients-cleared-in-the-loop",
        "You clear the gradients before each part, so only the last part counts. Clear them once, before the loop.",
        ("    optimizer.zero_grad()\n", ""),
        ("        loss.backward()\n", "        optimizer.zero_grad()\n        loss.backward()\n"),
    ),
    _mistake(
        "never-cleared",
        "You never clear the gradients, so each step carries all earlier ones along. `optimizer.zero_grad()` once per "
        "step.",
        ("    optimizer.zero_grad()\n", ""),
    ),
    _mistake(
        "cleared-before-the-step",
        "You clear the gradients just before the optimiser uses them, so it does nothing.",
        ("    optimizer.zero_grad()\n", ""),
        ("    optimizer.step()\n", "    optimizer.zero_grad()\n    optimizer.step()\n"),
    ),
    _mistake(
        "step-for-each-part",
        "You take a step for each part. The parts belong to one batch: one step, after the loop.",
        (_LOOP, _LOOP.replace("    torch", "        torch").replace("    optimizer", "        optimizer")),
    ),
    _mistake(
        "step-and-clear-for-each-part",
        "You train on each part by itself, with a step after each. The parts belong to one batch: clear once, step once.",
        ("    optimizer.zero_grad()\n", ""),
        (
            _LOOP,
            "        optimizer.zero_grad()\n"
            + _LOOP.replace("    torch", "        torch").replace("    optimizer", "        optimizer"),
        ),
    ),
    _mistake(
        "no-step",
        "Your optimiser never takes its step: `optimizer.step()` is missing.",
        ("    optimizer.step()\n", ""),
    ),
    _mistake(
        "no-backward",
        "`backward` is missing, so there are no gradients.",
        ("        loss.backward()\n", ""),
    ),
    _mistake(
        "backward-after-the-loop",
        "You call `backward` on the last part only, after the loop. Each part needs its own.",
        ("        loss.backward()\n", ""),
        ("    torch.nn", "    loss.backward()\n    torch.nn"),
    ),
    _mistake(
        "all-parts-in-memory",
        "You add up the losses and call `backward` once, so all parts are kept in memory until then. Call it for each "
        "part: that is what accumulation is for.",
        ("        loss.backward()\n        mean_loss += loss.item()\n", "        mean_loss = mean_loss + loss\n"),
        ("    torch.nn", "    mean_loss.backward()\n    torch.nn"),
        ("return mean_loss", "return mean_loss.item()"),
    ),
    _mistake(
        "graph-kept",
        "You keep the graph of each part, and with it its memory: `retain_graph=True` is not needed.",
        ("        loss.backward()\n", "        loss.backward(retain_graph=True)\n        kept.append(loss)\n"),
        ("    mean_loss = 0.0\n", "    mean_loss, kept = 0.0, []\n"),
    ),
    _mistake(
        "not-clipped",
        "You do not clip. `torch.nn.utils.clip_grad_norm_` once, before the step.",
        ("    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n", ""),
    ),
    _mistake(
        "clipped-after-the-step",
        "You clip after the step, when nobody uses the gradients any more. Clip before it.",
        (
            "    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimizer.step()\n",
            "    optimizer.step()\n    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n",
        ),
    ),
    _mistake(
        "clipped-for-each-part",
        "You clip after each part, when the gradient is not complete yet. Clip once, after the loop.",
        ("        mean_loss += loss.item()\n    torch", "        mean_loss += loss.item()\n        torch"),
    ),
    _mistake(
        "always-clipped-at-one",
        "You clip at 1, whatever `max_norm` says.",
        ("model.parameters(), max_norm)", "model.parameters(), 1.0)"),
    ),
    _mistake(
        "clipped-by-value",
        "You clip every single number of the gradient. Here the global norm is limited: `clip_grad_norm_`.",
        ("clip_grad_norm_", "clip_grad_value_"),
    ),
    _mistake(
        "last-loss-returned",
        "You return the loss of the last part, times its weight. Add the parts up.",
        ("mean_loss += loss.item()", "mean_loss = loss.item()"),
    ),
    _mistake(
        "loss-after-the-weights-forgotten",
        "You add up the mean losses without their weights. The mean loss of the batch weighs each part by its tokens.",
        ("mean_loss += loss.item()", "mean_loss += loss.item() / weight"),
    ),
    _mistake(
        "tensor-returned",
        "You return a tensor, and with it the graphs of all parts stay in memory. Take `.item()`.",
        ("mean_loss += loss.item()", "mean_loss += loss"),
    ),
]
