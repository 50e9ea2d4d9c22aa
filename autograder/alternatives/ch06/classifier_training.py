"""Right answers of chapter 6 in other styles: accuracy with an interval, the loss, evaluation, the training loop."""

from __future__ import annotations

from autograder.catalogue import Alternative

_ACCURACY = [
    Alternative(
        exercise="ch06/accuracy",
        name="roots-of-the-quadratic",
        description="The interval's ends as roots of the quadratic equation.",
        code="""def accuracy(logits, labels, z=1.96):
    n = labels.numel()
    if not n:
        raise ValueError("empty")
    k = torch.eq(logits.max(dim=1).indices, labels).sum().item()
    a, b, c = n + z**2, -(2 * k + z**2), k**2 / n
    root = math.sqrt(max(b**2 - 4 * a * c, 0.0))
    return k / n, (-b - root) / (2 * a), (-b + root) / (2 * a)
""",
    ),
    Alternative(
        exercise="ch06/accuracy",
        name="added-successes",
        description="Wilson's middle as the share after z²/2 more right and wrong answers each; clamped.",
        code="""def accuracy(logits, labels, z=1.96):
    right = sum(int(row.argmax()) == int(label) for row, label in zip(logits, labels))
    n = len(labels)
    if n < 1:
        raise ValueError(f"{n} messages")
    wrong = n - right
    middle = (right + z * z / 2) / (n + z * z)
    reach = z / (n + z * z) * (right * wrong / n + z * z / 4) ** 0.5
    return right / n, max(0.0, middle - reach), min(1.0, middle + reach)
""",
    ),
    Alternative(
        exercise="ch06/accuracy",
        name="numpy-softmax",
        description="Probabilities first, numpy in float64.",
        code="""def accuracy(logits, labels, z=1.96):
    import numpy as np

    said = torch.softmax(logits, dim=-1).numpy().argmax(axis=-1)
    if said.size == 0:
        raise ValueError("nothing to measure")
    p, n = float(np.mean(said == labels.numpy())), said.size
    d = 1 + z**2 / n
    low, high = ((p + z**2 / (2 * n)) + sign * z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) for sign in (-1, 1))
    return p, float(low / d), float(high / d)
""",
    ),
]

_LOSS = [
    Alternative(
        exercise="ch06/classification-loss",
        name="log-softmax-and-gather",
        description="Written out with log_softmax.",
        code="""def classification_loss(model, inputs, lengths, labels):
    log_probs = torch.log_softmax(last_real(model(inputs), lengths), dim=-1)
    return -log_probs.gather(1, labels.unsqueeze(1)).mean()
""",
    ),
    Alternative(
        exercise="ch06/classification-loss",
        name="ignored-positions",
        description="Cross-entropy over all positions, with -100 for all but the last real ones.",
        code="""def classification_loss(model, inputs, lengths, labels):
    targets = torch.full_like(inputs, -100)
    targets[torch.arange(len(inputs)), lengths - 1] = labels
    return F.cross_entropy(model(inputs).transpose(1, 2), targets, ignore_index=-100)
""",
    ),
    Alternative(
        exercise="ch06/classification-loss",
        name="one-hot",
        description="Logsumexp minus the true class's logit, chosen by a one-hot product.",
        code="""def classification_loss(model, inputs, lengths, labels):
    scores = model(inputs)[torch.arange(inputs.size(0)), lengths - 1, :]
    true = (scores * F.one_hot(labels, scores.size(1))).sum(dim=1)
    return (scores.logsumexp(dim=1) - true).sum() / labels.numel()
""",
    ),
    Alternative(
        exercise="ch06/classification-loss",
        name="loss-module",
        description="nn.CrossEntropyLoss on stacked rows.",
        code="""def classification_loss(model, inputs, lengths, labels):
    output = model(inputs)
    rows = torch.stack([output[i, n - 1] for i, n in enumerate(lengths.tolist())])
    criterion = nn.CrossEntropyLoss()
    return criterion(rows, labels)
""",
    ),
]

_EVALUATE = [
    Alternative(
        exercise="ch06/evaluate",
        name="collect-then-measure",
        description="All logits and labels first, one measurement at the end; a decorator for no_grad.",
        code="""@torch.no_grad()
def evaluate(model, loader):
    before = model.training
    model.eval()
    logits, labels = [], []
    for x, n, y in loader:
        logits.append(last_real(model(x), n))
        labels.append(y)
    model.train(before)
    logits, labels = torch.cat(logits), torch.cat(labels)
    return F.cross_entropy(logits, labels).item(), (logits.argmax(-1) == labels).float().mean().item()
""",
    ),
    Alternative(
        exercise="ch06/evaluate",
        name="weighted-means",
        description="The course's loss, weighted by the batch's size; inference_mode; try and finally.",
        code="""def evaluate(model, loader):
    mode = model.training
    try:
        model.train(False)
        with torch.inference_mode():
            loss, right, seen = 0.0, 0.0, 0
            for inputs, lengths, labels in loader:
                size = labels.shape[0]
                loss += float(loss_of_batch(model, inputs, lengths, labels)) * size
                answers = torch.stack([row[n - 1].argmax() for row, n in zip(model(inputs), lengths)])
                right += float((answers == labels).float().sum())
                seen += size
    finally:
        model.train(mode)
    return loss / seen, right / seen
""",
    ),
    Alternative(
        exercise="ch06/evaluate",
        name="lists-of-plain-numbers",
        description="A loss and a hit for every message, means of lists.",
        code="""def evaluate(model, loader):
    was = model.training
    model.eval()
    losses, hits = [], []
    with torch.no_grad():
        for batch in loader:
            inputs, lengths, labels = batch
            scores = last_real(model(inputs), lengths)
            losses.extend(F.cross_entropy(scores, labels, reduction="none").tolist())
            hits.extend(scores.max(dim=1)[1].eq(labels).tolist())
    if was:
        model.train()
    return sum(losses) / len(losses), sum(hits) / len(hits)
""",
    ),
]

_TRAIN = [
    Alternative(
        exercise="ch06/train-classifier",
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
        exercise="ch06/train-classifier",
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
        exercise="ch06/train-classifier",
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

ALTERNATIVES: list[Alternative] = [*_ACCURACY, *_LOSS, *_EVALUATE, *_TRAIN]
