"""Answers to exercise 4 of 03_training_a_classifier: train_classifier."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="zero-grad-last",
        description="Gradients cleared before the loop and after each step; a counter; two breaks.",
        code="""def train_classifier(model, loader, optimizer, epochs, callback=None):
    model = model.train()
    optimizer.zero_grad()
    losses, stop, step = [], False, 0
    for _ in range(epochs):
        for batch in loader:
            inputs, lengths, labels = batch
            loss = loss_of_batch(model, inputs, lengths, labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            losses.append(float(loss))
            stop = callback is not None and bool(callback.on_step(step, float(loss), lengths.sum().item()))
            if stop:
                break
        if stop:
            break
    return losses
""",
    ),
    Alternative(
        name="flat-loop",
        description="One loop over a generator of all batches; its own loss.",
        code="""def train_classifier(model, loader, optimizer, epochs, callback=None):
    def batches():
        for _ in range(epochs):
            yield from loader

    model.train()
    losses = []
    for step, (inputs, lengths, labels) in enumerate(batches(), start=1):
        logits = model(inputs)[torch.arange(len(labels)), lengths - 1]
        loss = F.cross_entropy(logits, labels)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().item())
        if callback and callback.on_step(step, losses[-1], int(torch.sum(lengths))):
            break
    return losses
""",
    ),
    Alternative(
        name="while-loop",
        description="Training mode set in each step, a closure for the optimiser, a while loop over passes.",
        code="""def train_classifier(model, loader, optimizer, epochs, callback=None):
    history, passes = [], 0
    while passes < epochs:
        passes += 1
        for inputs, lengths, labels in loader:
            model.train()

            def closure():
                optimizer.zero_grad()
                value = loss_of_batch(model, inputs, lengths, labels)
                value.backward()
                return value

            history.append(optimizer.step(closure).item())
            if callback is None:
                continue
            if callback.on_step(len(history), history[-1], sum(lengths.tolist())):
                return history
    return history
""",
    ),
]

_RIGHT = """def train_classifier(model, loader, optimizer, epochs, callback=None):
    model.train()
    history = []
    for epoch in range(epochs):
        for inputs, lengths, labels in loader:
            optimizer.zero_grad()
            loss = loss_of_batch(model, inputs, lengths, labels)
            loss.backward()
            optimizer.step()
            history.append(loss.item())
            if callback is not None:
                if callback.on_step(len(history), loss.item(), int(lengths.sum())):
                    return history
    return history
"""

_mistake = partial(made_in, _RIGHT, see="03_training_a_classifier: Exercise 4: train_classifier")

MISTAKES = [
    _mistake(
        "gradients-not-cleared",
        "You never clear the gradients, so each step adds to those of all steps before. Call `optimizer.zero_grad()`.",
        ("            optimizer.zero_grad()\n", ""),
    ),
    _mistake(
        "cleared-before-the-step",
        "You clear the gradients between `backward` and `step`, so the optimiser finds none.",
        ("            optimizer.zero_grad()\n", ""),
        ("            optimizer.step()\n", "            optimizer.zero_grad()\n            optimizer.step()\n"),
    ),
    _mistake(
        "cleared-once-in-a-pass",
        "You clear the gradients once in each pass. They have to be cleared in every step.",
        ("            optimizer.zero_grad()\n", ""),
        ("        for inputs,", "        optimizer.zero_grad()\n        for inputs,"),
    ),
    _mistake(
        "no-step",
        "Your optimiser never steps, so nothing is learned.",
        ("            optimizer.step()\n", ""),
    ),
    _mistake(
        "step-once-in-a-pass",
        "Your optimiser steps once in each pass, with the gradients of its last batch. It should step after every batch.",
        ("            optimizer.step()\n", ""),
        (
            "                    return history\n    return history\n",
            "                    return history\n        optimizer.step()\n    return history\n",
        ),
    ),
    _mistake(
        "no-backward",
        "Without `loss.backward()` there are no gradients.",
        ("            loss.backward()\n", ""),
    ),
    _mistake(
        "not-in-training-mode",
        "Your model is never put into training mode, so dropout is off.",
        ("    model.train()\n", ""),
    ),
    _mistake(
        "evaluation-mode",
        "You put the model into evaluation mode. Training wants `model.train()`.",
        ("model.train()", "model.eval()"),
    ),
    _mistake(
        "everything-unfrozen",
        "You unfreeze the whole model. Which parts are trained was decided before: leave `requires_grad` alone.",
        ("    model.train()\n", "    model.train()\n    model.requires_grad_(True)\n"),
    ),
    _mistake(
        "one-pass",
        "You walk through the loader once, whatever `epochs` says.",
        ("range(epochs)", "range(1)"),
    ),
    _mistake(
        "epochs-for-steps",
        "You take `epochs` for a number of steps. An epoch is a pass over all batches.",
        (
            "            history.append(loss.item())\n",
            "            history.append(loss.item())\n            if len(history) >= epochs:\n                return history\n",
        ),
    ),
    _mistake(
        "loader-used-up",
        "You make one iterator for all passes. It is used up after the first: walk through the loader anew in each pass.",
        ("    history = []\n", "    history = []\n    batches = iter(loader)\n"),
        ("labels in loader:", "labels in batches:"),
    ),
    _mistake(
        "batches-kept",
        "You keep the batches of the first pass. The loader shuffles: walk through it anew in each pass.",
        ("    history = []\n", "    history = []\n    batches = list(loader)\n"),
        ("labels in loader:", "labels in batches:"),
    ),
    _mistake(
        "loss-per-pass",
        "You keep one loss for each pass. The loss of every step is asked for.",
        ("            history.append(loss.item())\n", ""),
        (
            "                    return history\n    return history\n",
            "                    return history\n        history.append(loss.item())\n    return history\n",
        ),
    ),
    _mistake(
        "losses-as-tensors",
        "Your losses are tensors, each with its graph behind it, which fills the memory. `.item()` makes plain numbers.",
        ("history.append(loss.item())", "history.append(loss)"),
    ),
    _mistake(
        "loss-after-the-step",
        "You compute the loss anew after the step. It is the loss before the step that is asked for, and once is enough.",
        (
            "            history.append(loss.item())\n",
            "            loss = loss_of_batch(model, inputs, lengths, labels)\n            history.append(loss.item())\n",
        ),
    ),
    _mistake(
        "steps-counted-from-zero",
        "You tell the callback steps from 0 on. They are counted from 1.",
        ("on_step(len(history),", "on_step(len(history) - 1,"),
    ),
    _mistake(
        "padding-counted",
        "You tell the callback all places of the batch, padding included. The real tokens are `lengths.sum()`.",
        ("int(lengths.sum())", "inputs.numel()"),
    ),
    _mistake(
        "stop-not-heeded",
        "You call the callback and ignore its answer. When it is true, the training ends.",
        (
            "                if callback.on_step(len(history), loss.item(), int(lengths.sum())):\n                    return history\n",
            "                callback.on_step(len(history), loss.item(), int(lengths.sum()))\n",
        ),
    ),
    _mistake(
        "stop-of-one-pass",
        "`break` ends the inner loop only, and the next pass begins. Return, so that both loops end.",
        ("int(lengths.sum())):\n                    return history", "int(lengths.sum())):\n                    break"),
    ),
    _mistake(
        "callback-needed",
        "Without a callback your loop fails. It may be None.",
        (
            "            if callback is not None:\n                if callback",
            "            if True:\n                if callback",
        ),
    ),
    _mistake(
        "returned-too-early",
        "Your `return` stands inside the loop over the passes, so there is only one pass.",
        (
            "                    return history\n    return history",
            "                    return history\n        return history",
        ),
    ),
]
