"""Answers to exercise 1 of 02_training_loop: evaluate."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="helper",
        description="A function for one loader, enumerate and break, try and finally.",
        code="""def evaluate(model, train_loader, validation_loader, batches=None):
    def mean_loss(loader):
        total, count = 0.0, 0
        for i, (inputs, targets) in enumerate(loader):
            if batches is not None and i >= batches:
                break
            total += loss_of(model, inputs, targets).item() * targets.numel()
            count += targets.numel()
        if count == 0:
            raise ValueError("empty loader")
        return total / count

    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            return mean_loss(train_loader), mean_loss(validation_loader)
    finally:
        model.train(was_training)
""",
    ),
    Alternative(
        name="inference-mode",
        description="A decorator for inference mode, cross-entropy with sums, and all modes kept by module.",
        code="""@torch.inference_mode()
def evaluate(model, train_loader, validation_loader, batches=None):
    modes = {module: module.training for module in model.modules()}
    model.eval()
    losses = []
    for loader in [train_loader, validation_loader]:
        sums, tokens, read = torch.zeros(()), 0, 0
        for inputs, targets in loader:
            if read == batches:
                break
            logits = model(inputs)
            sums += torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")
            tokens += targets.shape[0] * targets.shape[1]
            read += 1
        if not read:
            for module, mode in modes.items():
                module.training = mode
            raise ValueError("no batches")
        losses.append(float(sums / tokens))
    for module, mode in modes.items():
        module.training = mode
    return tuple(losses)
""",
    ),
    Alternative(
        name="lists",
        description="Losses and weights in lists, then a weighted mean by torch; the result is a list.",
        code="""def evaluate(model, train_loader, validation_loader, batches=None):
    training = model.training
    model.train(False)
    found = []
    for loader in train_loader, validation_loader:
        losses, weights = [], []
        with torch.set_grad_enabled(False):
            for x, y in islice(loader, batches):
                losses.append(loss_of(model, x, y))
                weights.append(y.numel())
        if not losses:
            model.train(training)
            raise ValueError("the loader is empty")
        weight = torch.tensor(weights, dtype=torch.float64)
        found.append((torch.stack(losses).double() @ weight / weight.sum()).item())
    if training:
        model.train()
    return found
""",
    ),
    Alternative(
        name="by-the-length-of-the-loader",
        description="Asks the loaders for their length first, and counts batches by it.",
        code="""def evaluate(model, train_loader, validation_loader, batches=None):
    def loss_loader(loader):
        if len(loader) == 0:
            raise ValueError("the loader is empty")
        number = len(loader) if batches is None else min(batches, len(loader))
        total_loss = total_tokens = 0
        for i, (inputs, targets) in enumerate(loader):
            if i == number:
                break
            total_loss += loss_of(model, inputs, targets).item() * targets.numel()
            total_tokens += targets.numel()
        return total_loss / total_tokens

    came = model.training
    model.eval()
    try:
        with torch.no_grad():
            return loss_loader(train_loader), loss_loader(validation_loader)
    finally:
        model.train(came)
""",
    ),
]

_RIGHT = """def evaluate(model, train_loader, validation_loader, batches=None):
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

_mistake = partial(made_in, _RIGHT, see="02_training_loop: Exercise 1: evaluate")

MISTAKES = [
    _mistake(
        "no-eval",
        "You do not switch to evaluation mode, so dropout disturbs the measurement. Call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "no-no-grad",
        "You record a graph for gradients that nobody uses, which costs time and memory. Measure under "
        "`torch.no_grad()`.",
        ("with torch.no_grad():", "if True:"),
    ),
    _mistake(
        "never-back-to-train",
        "You leave the model in evaluation mode: training goes on without dropout. Set the mode in which it came again.",
        ("    model.train(was_training)\n", ""),
    ),
    _mistake(
        "always-to-train",
        "You always leave the model in training mode. It goes back to the mode in which it came, which may have been "
        "evaluation: keep `model.training` before you change it.",
        ("model.train(was_training)", "model.train()"),
    ),
    _mistake(
        "mode-kept-too-late",
        "In the end your model is in evaluation mode, whatever mode it came in. Read `model.training` before `model.eval()`, and put that "
        "mode back at the end.",
        (
            "    was_training = model.training\n    model.eval()\n",
            "    model.eval()\n    was_training = model.training\n",
        ),
    ),
    _mistake(
        "last-batch",
        "You return the loss of the last batch. It is the mean over all batches that is wanted.",
        ("total += loss.item() * targets.numel()", "total = loss.item() * targets.numel()"),
        ("count += targets.numel()", "count = targets.numel()"),
    ),
    _mistake(
        "mean-of-batches",
        "You take the mean of the batches' means. A smaller last batch then weighs too much: weigh each batch by the "
        "number of its targets.",
        ("loss.item() * targets.numel()", "loss.item()"),
        ("count += targets.numel()", "count += 1"),
    ),
    _mistake(
        "weighted-by-rows",
        "You weigh the batches by their rows. The mean is taken over tokens, so `targets.numel()` counts.",
        ("loss.item() * targets.numel()", "loss.item() * len(targets)"),
        ("count += targets.numel()", "count += len(targets)"),
    ),
    _mistake(
        "sum",
        "You return the sum of the losses. Divide by the number of tokens.",
        ("total / count", "total"),
    ),
    _mistake(
        "divided-by-the-batches",
        "You add up the nats of all tokens and divide by the number of batches. Divide by the number of tokens.",
        ("count += targets.numel()", "count += 1"),
    ),
    _mistake(
        "one-batch-too-many",
        "You read one batch too many: with `batches=3` three are read, those with the numbers 0, 1 and 2.",
        ("i >= batches", "i > batches"),
    ),
    _mistake(
        "limit-ignored",
        "You read all batches, whatever `batches` says.",
        ("i >= batches", "i >= 10**9"),
    ),
    _mistake(
        "divided-by-the-limit",
        "You divide by `batches`, also when the loader has fewer. Count what you have really read.",
        ("loss.item() * targets.numel()", "loss.item()"),
        ("total / count", "total / (batches or len(list(loader)))"),
    ),
    _mistake(
        "training-text-twice",
        "You measure the training text twice. The second number is for the validation text.",
        ("(train_loader, validation_loader)", "(train_loader, train_loader)"),
    ),
    _mistake(
        "swapped",
        "You return the two losses in the wrong order: training text first, validation text second.",
        ("return results[0], results[1]", "return results[1], results[0]"),
    ),
    _mistake(
        "sums-not-reset",
        "Your sums go on from the training text into the validation text. Begin each loader with zeros.",
        ("    results = []\n", "    results = []\n    total, count = 0.0, 0\n"),
        ("            total, count = 0.0, 0\n", ""),
    ),
    _mistake(
        "tensors-returned",
        "You return tensors. Plain numbers are wanted: `.item()`.",
        ("loss.item() *", "loss *"),
    ),
    _mistake(
        "empty-is-zero",
        "A loader without a batch has no loss, and you give it one. Raise a ValueError.",
        ('raise ValueError("empty loader")', "count = 1"),
    ),
    _mistake(
        "weights-changed",
        "You train while you measure: there is no `backward` and no step in `evaluate`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
        ("                total += ", "                loss.backward()\n                total += "),
    ),
]
