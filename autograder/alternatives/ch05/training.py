"""Right answers of chapter 5 in other styles, the training loop: evaluate, train."""

from __future__ import annotations

from autograder.catalogue import Alternative

_EVALUATE = [
    Alternative(
        exercise="ch05/evaluate",
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
        exercise="ch05/evaluate",
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
        exercise="ch05/evaluate",
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
]

_TRAIN = [
    Alternative(
        exercise="ch05/train-loop",
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
        exercise="ch05/train-loop",
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
        exercise="ch05/train-loop",
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
        exercise="ch05/train-loop",
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

ALTERNATIVES: list[Alternative] = [*_EVALUATE, *_TRAIN]
