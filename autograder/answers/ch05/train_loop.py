"""Answers to exercise 2 of 02_training_loop: train."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="two-loops",
        description="while over passes and for over batches, as in nanoGPT's cousins; gradients cleared before the forward pass.",
        code="""def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
    history = {"loss": [], "evaluations": []}

    def run_measure(step):
        train_loss, validation_loss = measure()
        history["evaluations"].append((step, train_loss, validation_loss))
        if callback is not None:
            callback.on_eval(step, train_loss, validation_loss)

    if measure is not None:
        run_measure(0)
    step = 0
    while step < steps:
        for inputs, targets in loader:
            model.train()
            optimizer.zero_grad()
            loss = loss_of(model, inputs, targets)
            loss.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            step += 1
            history["loss"].append(loss.item())
            if callback is not None:
                if callback.on_step(step, loss.item(), targets.numel()):
                    return history
            if measure is not None and step % eval_every == 0:
                run_measure(step)
            if step == steps:
                break
    return history
""",
    ),
    Alternative(
        name="cleared-after",
        description="Gradients cleared after the step, set_to_none=False; next() on an iterator that is made anew.",
        code="""def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
    losses, evaluations = [], []
    source = iter(loader)
    for step in range(steps + 1):
        if step > 0:
            try:
                inputs, targets = next(source)
            except StopIteration:
                source = iter(loader)
                inputs, targets = next(source)
            model.train()
            loss = torch.nn.functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            if scheduler:
                scheduler.step()
            losses.append(float(loss.detach()))
            if callback and callback.on_step(step, losses[-1], targets.nelement()):
                break
        if measure and step % eval_every == 0:
            evaluations.append((step,) + tuple(measure()))
            if callback:
                callback.on_eval(*evaluations[-1])
    return {"loss": losses, "evaluations": evaluations}
""",
    ),
    Alternative(
        name="closure",
        description="The optimiser calls a closure; the history is made of lists by zip at the end.",
        code="""def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
    def closure():
        optimizer.zero_grad(set_to_none=True)
        loss = -model(inputs).log_softmax(-1).gather(-1, targets.unsqueeze(-1)).mean()
        loss.backward()
        return loss

    def evaluated(step):
        if measure is None or step % eval_every != 0:
            return
        a, b = measure()
        at.append(step), first.append(a), second.append(b)
        if callback is not None:
            callback.on_eval(step, a, b)

    losses, at, first, second = [], [], [], []
    evaluated(0)
    stream, stop = endless(loader), False
    while len(losses) < steps and not stop:
        inputs, targets = next(stream)
        model.train(True)
        losses.append(optimizer.step(closure).item())
        if scheduler is not None:
            scheduler.step()
        if callback is not None:
            stop = callback.on_step(len(losses), losses[-1], targets.numel())
        if not stop:
            evaluated(len(losses))
    return {"loss": losses, "evaluations": list(zip(at, first, second))}
""",
    ),
    Alternative(
        name="functional",
        description="torch.autograd.grad writes the gradients; nothing has to be cleared.",
        code="""def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
    history = {"loss": [], "evaluations": []}
    step = 0
    stopped = False

    while True:
        if measure is not None and step % eval_every == 0 and not stopped:
            entry = (step, *measure())
            history["evaluations"].append(entry)
            if callback is not None:
                callback.on_eval(*entry)
        if stopped or step >= steps:
            return history
        if step == 0:
            batches = endless(loader)
        x, y = next(batches)
        model.train()
        loss = loss_of(model, x, y)
        parameters = [p for p in model.parameters() if p.requires_grad]
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = gradient
        optimizer.step()
        scheduler and scheduler.step()
        step += 1
        history["loss"].append(loss.item())
        stopped = callback is not None and callback.on_step(step, loss.item(), y.numel())
""",
    ),
]

_RIGHT = """def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
    history = {"loss": [], "evaluations": []}

    def run_measure(step):
        train_loss, validation_loss = measure()
        history["evaluations"].append((step, train_loss, validation_loss))
        if callback is not None:
            callback.on_eval(step, train_loss, validation_loss)

    if measure is not None:
        run_measure(0)
    step = 0
    while step < steps:
        for inputs, targets in loader:
            model.train()
            optimizer.zero_grad()
            loss = loss_of(model, inputs, targets)
            loss.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            step += 1
            history["loss"].append(loss.item())
            if callback is not None:
                if callback.on_step(step, loss.item(), targets.numel()):
                    return history
            if measure is not None and step % eval_every == 0:
                run_measure(step)
            if step == steps:
                break
    return history
"""

_mistake = partial(made_in, _RIGHT, see="02_training_loop: Exercise 2: train")

MISTAKES = [
    _mistake(
        "no-zero-grad",
        "You never clear the gradients, and `backward` adds to what is there: each step goes along the sum of all "
        "gradients so far. Call `optimizer.zero_grad()` once in each step.",
        ("            optimizer.zero_grad()\n", ""),
    ),
    _mistake(
        "zero-grad-once",
        "You clear the gradients once, before the loop. They have to be cleared in each step.",
        ("            optimizer.zero_grad()\n", ""),
        ("    step = 0\n", "    step = 0\n    optimizer.zero_grad()\n"),
    ),
    _mistake(
        "zero-grad-after-backward",
        "You clear the gradients between `backward` and the optimiser's step, so that nothing is left to step along.",
        ("            optimizer.zero_grad()\n", ""),
        ("            optimizer.step()\n", "            optimizer.zero_grad()\n            optimizer.step()\n"),
    ),
    _mistake(
        "step-before-backward",
        "You step before `backward`: the step goes along the gradients of the batch before. First backward, then step.",
        ("            optimizer.zero_grad()\n", ""),
        (
            "            loss.backward()\n            optimizer.step()\n",
            "            optimizer.step()\n            optimizer.zero_grad()\n            loss.backward()\n",
        ),
    ),
    _mistake(
        "no-step",
        "You never call `optimizer.step()`: gradients are computed, and no weight changes.",
        ("            optimizer.step()\n", ""),
    ),
    _mistake(
        "no-backward",
        "You never call `loss.backward()`, so there are no gradients to step along.",
        ("            loss.backward()\n", ""),
    ),
    _mistake(
        "never-in-training-mode",
        "Your model is not in training mode while it learns, so dropout is off. Measuring leaves it in evaluation mode: `model.train()` "
        "belongs into each step.",
        ("            model.train()\n", ""),
    ),
    _mistake(
        "training-mode-once",
        "You switch to training mode before the first step only. The measurement leaves the model in evaluation mode, and "
        "training goes on without dropout: switch at each step.",
        ("            model.train()\n", ""),
        ("    step = 0\n", "    step = 0\n    model.train()\n"),
    ),
    _mistake(
        "loss-with-its-graph",
        "You keep the loss as a tensor, and with it the graph of the whole step. Keep `loss.item()`.",
        ('history["loss"].append(loss.item())', 'history["loss"].append(loss)'),
    ),
    _mistake(
        "tensor-told",
        "You tell the callback the loss as a tensor. It wants a plain number: `loss.item()`.",
        (
            "callback.on_step(step, loss.item(), targets.numel())",
            "callback.on_step(step, loss.detach(), targets.numel())",
        ),
    ),
    _mistake(
        "one-pass-only",
        "You stop when the loader ends. Start it again until all steps are taken.",
        ("    while step < steps:\n", "    if step < steps:\n"),
    ),
    _mistake(
        "steps-taken-for-epochs",
        "You make as many passes as there should be steps. `steps` counts steps of the optimiser.",
        ("    while step < steps:\n", "    for _epoch in range(steps):\n"),
        ("            if step == steps:\n                break\n", ""),
    ),
    _mistake(
        "pass-always-finished",
        "You finish the pass that you have begun, and take more steps than you were asked for. Stop in the middle of it.",
        ("            if step == steps:\n                break\n", ""),
    ),
    _mistake(
        "one-step-too-many",
        "You take one step too many.",
        ("while step < steps", "while step <= steps"),
        ("if step == steps:", "if step > steps:"),
    ),
    _mistake(
        "itertools-cycle",
        "`itertools.cycle` keeps the batches of the first pass and repeats them in the same order: the loader is never "
        "shuffled again. Start the loader itself anew.",
        (
            "    while step < steps:\n        for inputs, targets in loader:\n",
            "    import itertools\n\n    while step < steps:\n        for inputs, targets in itertools.cycle(loader):\n",
        ),
    ),
    _mistake(
        "same-batch-again",
        "You take the first batch in every step: `next(iter(loader))` starts the loader each time.",
        ("        for inputs, targets in loader:\n", "        for inputs, targets in [next(iter(loader))]:\n"),
    ),
    _mistake(
        "not-measured-before",
        "You do not measure before the first step. The curve begins at step 0.",
        ("    if measure is not None:\n        run_measure(0)\n", ""),
    ),
    _mistake(
        "measured-one-step-late",
        "You measure one step late: after the steps whose number is a multiple of `eval_every`, counted from 1.",
        ("step % eval_every == 0", "step % eval_every == 1 % eval_every and step > 1"),
    ),
    _mistake(
        "counted-from-zero",
        "You count the steps from 0, so all that you tell and measure is one step off. The first step is number 1.",
        ("            step += 1\n", ""),
        (
            "            if step == steps:\n                break\n",
            "            step += 1\n            if step == steps:\n                break\n",
        ),
    ),
    _mistake(
        "measured-before-the-step",
        "You measure before the step is taken, so that the losses are those of the step before.",
        (
            "            model.train()\n",
            "            if measure is not None and (step + 1) % eval_every == 0:\n"
            "                run_measure(step + 1)\n            model.train()\n",
        ),
        ("            if measure is not None and step % eval_every == 0:\n                run_measure(step)\n", ""),
    ),
    _mistake(
        "measured-each-step",
        "You measure after every step. That is slow: only each `eval_every`-th time.",
        (" and step % eval_every == 0", ""),
    ),
    _mistake(
        "measured-once-more",
        "You measure once more at the end. Only steps whose number is a multiple of `eval_every` are measured.",
        (
            "            if step == steps:\n                break\n    return history",
            "            if step == steps:\n                break\n    if measure is not None:\n        run_measure(step)\n    return history",
        ),
    ),
    _mistake(
        "no-scheduler",
        "You do not call `scheduler.step()`: the learning rate stays as it is.",
        ("            if scheduler is not None:\n                scheduler.step()\n", ""),
    ),
    _mistake(
        "scheduler-each-pass",
        "You call `scheduler.step()` once in a pass. It wants to be called after each step of the optimiser.",
        ("            if scheduler is not None:\n                scheduler.step()\n", ""),
        (
            "    while step < steps:\n",
            "    while step < steps:\n        if scheduler is not None:\n            scheduler.step()\n",
        ),
    ),
    _mistake(
        "scheduler-first",
        "You call `scheduler.step()` before the optimiser's step, so that the first learning rate is never used.",
        (
            "            optimizer.step()\n            if scheduler is not None:\n                scheduler.step()\n",
            "            if scheduler is not None:\n                scheduler.step()\n            optimizer.step()\n",
        ),
    ),
    _mistake(
        "stop-ignored",
        "You do not look at what `on_step` returns. When it is True, training ends right away.",
        (
            "                if callback.on_step(step, loss.item(), targets.numel()):\n                    return history\n",
            "                callback.on_step(step, loss.item(), targets.numel())\n",
        ),
    ),
    _mistake(
        "stop-ends-the-pass-only",
        "When the callback asks to stop, you leave the inner loop only, and the next pass begins. End training.",
        ("                    return history\n", "                    break\n"),
    ),
    _mistake(
        "measured-before-stopping",
        "You measure once more before you stop. When the callback asks for it, training ends right away.",
        (
            "                    return history\n",
            "                    if measure is not None and step % eval_every == 0:\n                        run_measure(step)\n"
            "                    return history\n",
        ),
    ),
    _mistake(
        "rows-for-tokens",
        "You tell the callback the number of rows. It wants the number of targets, `targets.numel()`.",
        ("targets.numel()", "len(targets)"),
    ),
    _mistake(
        "tokens-summed-up",
        "You tell the callback how many tokens there were so far. It wants those of this batch, and adds them up itself.",
        ("loss.item(), targets.numel())", "loss.item(), step * targets.numel())"),
    ),
    _mistake(
        "measurements-not-told",
        "You do not tell the callback about measurements: `on_eval` is missing.",
        ("        if callback is not None:\n            callback.on_eval(step, train_loss, validation_loss)\n", ""),
    ),
    _mistake(
        "measure-required",
        "You call `measure` also when it is None.",
        ("    if measure is not None:\n        run_measure(0)\n", "    run_measure(0)\n"),
    ),
    _mistake(
        "mean-loss-of-the-pass",
        'You keep a running mean of the losses. `history["loss"]` holds the loss of each single step.',
        (
            'history["loss"].append(loss.item())',
            'history["loss"].append((sum(history["loss"]) + loss.item()) / (len(history["loss"]) + 1))',
        ),
    ),
    _mistake(
        "nothing-returned",
        "You return nothing at the end. The history is wanted.",
        ("                break\n    return history\n", "                break\n"),
    ),
]
