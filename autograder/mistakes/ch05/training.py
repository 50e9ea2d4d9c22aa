"""Known mistakes of chapter 5, the training loop: evaluate, train."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- evaluate ------------------------------------------------------------------------------------------------------

_EVALUATE_RIGHT = """def evaluate(model, train_loader, validation_loader, batches=None):
    was_training = model.training
    model.eval()
    results = []
    with torch.no_grad():
        for loader in (train_loader, validation_loader):
            total, count = 0.0, 0
            for i, (inputs, targets) in enumerate(loader):
                if batches is not None and i >= batches:
                    break
                loss = loss_of(model, inputs, targets)
                total += loss.item() * targets.numel()
                count += targets.numel()
            if count == 0:
                raise ValueError("empty loader")
            results.append(total / count)
    model.train(was_training)
    return results[0], results[1]
"""


def _evaluate(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_training_loop: Exercise 1: evaluate"
    return made_in(_EVALUATE_RIGHT, "ch05/evaluate", name, explanation, *changes, see=see)


_EVALUATE = [
    _evaluate(
        "no-eval",
        "You do not switch to evaluation mode, so dropout disturbs the measurement. Call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _evaluate(
        "no-no-grad",
        "You record a graph for gradients that nobody uses, which costs time and memory. Measure under "
        "`torch.no_grad()`.",
        ("with torch.no_grad():", "if True:"),
    ),
    _evaluate(
        "never-back-to-train",
        "You leave the model in evaluation mode: training goes on without dropout. Set the mode in which it came again.",
        ("    model.train(was_training)\n", ""),
    ),
    _evaluate(
        "always-to-train",
        "You always leave the model in training mode. It goes back to the mode in which it came, which may have been "
        "evaluation: keep `model.training` before you change it.",
        ("model.train(was_training)", "model.train()"),
    ),
    _evaluate(
        "mode-kept-too-late",
        "You look at `model.training` after `model.eval()`, so it is always False. Keep it before.",
        ("    was_training = model.training\n    model.eval()\n", "    model.eval()\n    was_training = model.training\n"),
    ),
    _evaluate(
        "last-batch",
        "You return the loss of the last batch. It is the mean over all batches that is wanted.",
        ("total += loss.item() * targets.numel()", "total = loss.item() * targets.numel()"),
        ("count += targets.numel()", "count = targets.numel()"),
    ),
    _evaluate(
        "mean-of-batches",
        "You take the mean of the batches' means. A smaller last batch then weighs too much: weigh each batch by the "
        "number of its targets.",
        ("loss.item() * targets.numel()", "loss.item()"),
        ("count += targets.numel()", "count += 1"),
    ),
    _evaluate(
        "weighted-by-rows",
        "You weigh the batches by their rows. The mean is taken over tokens, so `targets.numel()` counts.",
        ("loss.item() * targets.numel()", "loss.item() * len(targets)"),
        ("count += targets.numel()", "count += len(targets)"),
    ),
    _evaluate(
        "sum",
        "You return the sum of the losses. Divide by the number of tokens.",
        ("total / count", "total"),
    ),
    _evaluate(
        "divided-by-the-batches",
        "You add up the nats of all tokens and divide by the number of batches. Divide by the number of tokens.",
        ("count += targets.numel()", "count += 1"),
    ),
    _evaluate(
        "one-batch-too-many",
        "You read one batch too many: with `batches=3` three are read, those with the numbers 0, 1 and 2.",
        ("i >= batches", "i > batches"),
    ),
    _evaluate(
        "limit-ignored",
        "You read all batches, whatever `batches` says.",
        ("i >= batches", "i >= 10**9"),
    ),
    _evaluate(
        "divided-by-the-limit",
        "You divide by `batches`, also when the loader has fewer. Count what you have really read.",
        ("loss.item() * targets.numel()", "loss.item()"),
        ("total / count", "total / (batches or len(list(loader)))"),
    ),
    _evaluate(
        "training-text-twice",
        "You measure the training text twice. The second number is for the validation text.",
        ("(train_loader, validation_loader)", "(train_loader, train_loader)"),
    ),
    _evaluate(
        "swapped",
        "You return the two losses in the wrong order: training text first, validation text second.",
        ("return results[0], results[1]", "return results[1], results[0]"),
    ),
    _evaluate(
        "sums-not-reset",
        "Your sums go on from the training text into the validation text. Begin each loader with zeros.",
        ("    results = []\n", "    results = []\n    total, count = 0.0, 0\n"),
        ("            total, count = 0.0, 0\n", ""),
    ),
    _evaluate(
        "tensors-returned",
        "You return tensors. Plain numbers are wanted: `.item()`.",
        ("loss.item() *", "loss *"),
    ),
    _evaluate(
        "empty-is-zero",
        "A loader without a batch has no loss, and you give it one. Raise a ValueError.",
        ('raise ValueError("empty loader")', "count = 1"),
    ),
    _evaluate(
        "weights-changed",
        "You train while you measure: there is no `backward` and no step in `evaluate`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
        ("                total += ", "                loss.backward()\n                total += "),
    ),
]  # fmt: skip

# --- train ---------------------------------------------------------------------------------------------------------

_TRAIN_RIGHT = """def train(model, loader, optimizer, steps, *, measure=None, eval_every=50, scheduler=None, callback=None):
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


def _train(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_training_loop: Exercise 2: train"
    return made_in(_TRAIN_RIGHT, "ch05/train-loop", name, explanation, *changes, see=see)


_TRAIN = [
    _train(
        "no-zero-grad",
        "You never clear the gradients, and `backward` adds to what is there: each step goes along the sum of all "
        "gradients so far. Call `optimizer.zero_grad()` once in each step.",
        ("            optimizer.zero_grad()\n", ""),
    ),
    _train(
        "zero-grad-once",
        "You clear the gradients once, before the loop. They have to be cleared in each step.",
        ("            optimizer.zero_grad()\n", ""),
        ("    step = 0\n", "    step = 0\n    optimizer.zero_grad()\n"),
    ),
    _train(
        "zero-grad-after-backward",
        "You clear the gradients between `backward` and the optimiser's step, so that nothing is left to step along.",
        ("            optimizer.zero_grad()\n", ""),
        ("            optimizer.step()\n", "            optimizer.zero_grad()\n            optimizer.step()\n"),
    ),
    _train(
        "step-before-backward",
        "You step before `backward`: the step goes along the gradients of the batch before. First backward, then step.",
        ("            optimizer.zero_grad()\n", ""),
        ("            loss.backward()\n            optimizer.step()\n",
         "            optimizer.step()\n            optimizer.zero_grad()\n            loss.backward()\n"),
    ),
    _train(
        "no-step",
        "You never call `optimizer.step()`: gradients are computed, and no weight changes.",
        ("            optimizer.step()\n", ""),
    ),
    _train(
        "no-backward",
        "You never call `loss.backward()`, so there are no gradients to step along.",
        ("            loss.backward()\n", ""),
    ),
    _train(
        "never-in-training-mode",
        "You do not put the model into training mode, so dropout is off while it learns.",
        ("            model.train()\n", ""),
    ),
    _train(
        "training-mode-once",
        "You switch to training mode before the first step only. The measurement leaves the model in evaluation mode, and "
        "training goes on without dropout: switch at each step.",
        ("            model.train()\n", ""),
        ("    step = 0\n", "    step = 0\n    model.train()\n"),
    ),
    _train(
        "loss-with-its-graph",
        "You keep the loss as a tensor, and with it the graph of the whole step. Keep `loss.item()`.",
        ('history["loss"].append(loss.item())', 'history["loss"].append(loss)'),
    ),
    _train(
        "tensor-told",
        "You tell the callback the loss as a tensor. It wants a plain number: `loss.item()`.",
        ("callback.on_step(step, loss.item(), targets.numel())", "callback.on_step(step, loss.detach(), targets.numel())"),
    ),
    _train(
        "one-pass-only",
        "You stop when the loader ends. Start it again until all steps are taken.",
        ("    while step < steps:\n", "    if step < steps:\n"),
    ),
    _train(
        "steps-taken-for-epochs",
        "You make as many passes as there should be steps. `steps` counts steps of the optimiser.",
        ("    while step < steps:\n", "    for _epoch in range(steps):\n"),
        ("            if step == steps:\n                break\n", ""),
    ),
    _train(
        "pass-always-finished",
        "You finish the pass that you have begun, and take more steps than you were asked for. Stop in the middle of it.",
        ("            if step == steps:\n                break\n", ""),
    ),
    _train(
        "one-step-too-many",
        "You take one step too many.",
        ("while step < steps", "while step <= steps"),
        ("if step == steps:", "if step > steps:"),
    ),
    _train(
        "itertools-cycle",
        "`itertools.cycle` keeps the batches of the first pass and repeats them in the same order: the loader is never "
        "shuffled again. Start the loader itself anew.",
        ("    while step < steps:\n        for inputs, targets in loader:\n",
         "    import itertools\n\n    while step < steps:\n        for inputs, targets in itertools.cycle(loader):\n"),
    ),
    _train(
        "same-batch-again",
        "You take the first batch in every step: `next(iter(loader))` starts the loader each time.",
        ("        for inputs, targets in loader:\n", "        for inputs, targets in [next(iter(loader))]:\n"),
    ),
    _train(
        "not-measured-before",
        "You do not measure before the first step. The curve begins at step 0.",
        ("    if measure is not None:\n        run_measure(0)\n", ""),
    ),
    _train(
        "measured-one-step-late",
        "You measure one step late: after the steps whose number is a multiple of `eval_every`, counted from 1.",
        ("step % eval_every == 0", "step % eval_every == 1 % eval_every and step > 1"),
    ),
    _train(
        "counted-from-zero",
        "You count the steps from 0, so all that you tell and measure is one step off. The first step is number 1.",
        ("            step += 1\n", ""),
        ("            if step == steps:\n                break\n",
         "            step += 1\n            if step == steps:\n                break\n"),
    ),
    _train(
        "measured-before-the-step",
        "You measure before the step is taken, so that the losses are those of the step before.",
        ("            model.train()\n",
         "            if measure is not None and (step + 1) % eval_every == 0:\n"
         "                run_measure(step + 1)\n            model.train()\n"),
        ("            if measure is not None and step % eval_every == 0:\n                run_measure(step)\n", ""),
    ),
    _train(
        "measured-each-step",
        "You measure after every step. That is slow: only each `eval_every`-th time.",
        (" and step % eval_every == 0", ""),
    ),
    _train(
        "measured-once-more",
        "You measure once more at the end. Only steps whose number is a multiple of `eval_every` are measured.",
        ("            if step == steps:\n                break\n    return history",
         "            if step == steps:\n                break\n    if measure is not None:\n        run_measure(step)\n    return history"),
    ),
    _train(
        "no-scheduler",
        "You do not call `scheduler.step()`: the learning rate stays as it is.",
        ("            if scheduler is not None:\n                scheduler.step()\n", ""),
    ),
    _train(
        "scheduler-each-pass",
        "You call `scheduler.step()` once in a pass. It wants to be called after each step of the optimiser.",
        ("            if scheduler is not None:\n                scheduler.step()\n", ""),
        ("    while step < steps:\n", "    while step < steps:\n        if scheduler is not None:\n            scheduler.step()\n"),
    ),
    _train(
        "scheduler-first",
        "You call `scheduler.step()` before the optimiser's step, so that the first learning rate is never used.",
        ("            optimizer.step()\n            if scheduler is not None:\n                scheduler.step()\n",
         "            if scheduler is not None:\n                scheduler.step()\n            optimizer.step()\n"),
    ),
    _train(
        "stop-ignored",
        "You do not look at what `on_step` returns. When it is True, training ends at once.",
        ("                if callback.on_step(step, loss.item(), targets.numel()):\n                    return history\n",
         "                callback.on_step(step, loss.item(), targets.numel())\n"),
    ),
    _train(
        "stop-ends-the-pass-only",
        "When the callback asks to stop, you leave the inner loop only, and the next pass begins. End training.",
        ("                    return history\n", "                    break\n"),
    ),
    _train(
        "measured-before-stopping",
        "You measure once more before you stop. When the callback asks for it, training ends at once.",
        ("                    return history\n",
         "                    if measure is not None and step % eval_every == 0:\n                        run_measure(step)\n"
         "                    return history\n"),
    ),
    _train(
        "rows-for-tokens",
        "You tell the callback the number of rows. It wants the number of targets, `targets.numel()`.",
        ("targets.numel()", "len(targets)"),
    ),
    _train(
        "tokens-summed-up",
        "You tell the callback how many tokens there were so far. It wants those of this batch, and adds them up itself.",
        ("loss.item(), targets.numel())", "loss.item(), step * targets.numel())"),
    ),
    _train(
        "measurements-not-told",
        "You do not tell the callback about measurements: `on_eval` is missing.",
        ("        if callback is not None:\n            callback.on_eval(step, train_loss, validation_loss)\n", ""),
    ),
    _train(
        "measure-required",
        "You call `measure` also when it is None.",
        ("    if measure is not None:\n        run_measure(0)\n", "    run_measure(0)\n"),
    ),
    _train(
        "mean-loss-of-the-pass",
        "You keep a running mean of the losses. `history[\"loss\"]` holds the loss of each single step.",
        ('history["loss"].append(loss.item())',
         'history["loss"].append((sum(history["loss"]) + loss.item()) / (len(history["loss"]) + 1))'),
    ),
    _train(
        "nothing-returned",
        "You return nothing at the end. The history is wanted.",
        ("                break\n    return history\n", "                break\n"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_EVALUATE, *_TRAIN]
