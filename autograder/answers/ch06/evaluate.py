"""Answers to exercise 3 of 03_training_a_classifier: evaluate."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def evaluate(model, loader):
    mode = model.training
    model.eval()
    loss_sum, hits, n = 0.0, 0, 0
    with torch.no_grad():
        for inputs, lengths, labels in loader:
            scores = last_real(model(inputs), lengths)
            loss_sum += F.cross_entropy(scores, labels, reduction="sum").item()
            hits += (scores.argmax(dim=-1) == labels).sum().item()
            n += len(labels)
    model.train(mode)
    return loss_sum / n, hits / n
"""

_mistake = partial(made_in, _RIGHT, see="03_training_a_classifier: Exercise 3: evaluate")

MISTAKES = [
    _mistake(
        "mean-of-batch-means",
        "You take the mean of the batches' means, so the messages of a small last batch count more. Sum over the messages, "
        "and divide by their number.",
        (', reduction="sum").item()', ").item()"),
        ("return loss_sum / n", "return loss_sum / len(loader)"),
    ),
    _mistake(
        "means-divided-by-messages",
        "You add up means of batches and divide by the number of messages: the loss comes out too small by the batch's size.",
        (', reduction="sum").item()', ").item()"),
    ),
    _mistake(
        "last-batch-only",
        "You return the loss of the last batch. It should be the mean over all messages.",
        ("loss_sum += F.cross", "loss_sum = len(loader) * F.cross"),
    ),
    _mistake(
        "first-batch-only",
        "You return after the first batch. All of them count.",
        ("            n += len(labels)\n", "            n += len(labels)\n            break\n"),
    ),
    _mistake(
        "no-evaluation-mode",
        "Your model stays in training mode, so dropout spoils the measurement. Call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "never-back-to-training",
        "Your model is left in evaluation mode, and training goes on without dropout. Put it back into the mode it came in.",
        ("    model.train(mode)\n", ""),
    ),
    _mistake(
        "always-back-to-training",
        "You put the model into training mode whatever mode it came in. Remember the mode, and put it back.",
        ("model.train(mode)", "model.train()"),
    ),
    _mistake(
        "gradients-recorded",
        "You record gradients that nobody needs, which costs memory and time. Use `torch.no_grad()`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _mistake(
        "last-column",
        "You read the last column, which for short messages is padding. Read the last real token: `last_real`.",
        ("last_real(model(inputs), lengths)", "model(inputs)[:, -1]"),
    ),
    _mistake(
        "first-token",
        "You read the first token. Only the last real one has seen the whole message: `last_real`.",
        ("last_real(model(inputs), lengths)", "model(inputs)[:, 0]"),
    ),
    _mistake(
        "accuracy-per-batch",
        "You divide the right answers by the number of batches. It is the share of all messages.",
        ("hits / n", "hits / len(loader)"),
    ),
    _mistake(
        "accuracy-of-the-batches",
        "You take the mean of the batches' accuracies, so the messages of a small last batch count more.",
        (".sum().item()", ".float().mean().item()"),
        ("hits / n", "hits / len(loader)"),
    ),
    _mistake(
        "wrong-answers-counted",
        "You count the wrong answers. Accuracy is the share of the right ones.",
        ("== labels", "!= labels"),
    ),
    _mistake(
        "equal-batches-expected",
        "You take for granted that every batch is as large as the first. The last one often is smaller.",
        ("            n += len(labels)\n", "            n = n or len(labels)\n"),
        ("    model.train(mode)\n", "    model.train(mode)\n    n = n * len(loader)\n"),
    ),
    _mistake(
        "exchanged",
        "You return the accuracy first. The order is loss, accuracy.",
        ("return loss_sum / n, hits / n", "return hits / n, loss_sum / n"),
    ),
    _mistake(
        "tensors-returned",
        "Your loss is a tensor. `.item()` makes it a plain number.",
        ('reduction="sum").item()', 'reduction="sum")'),
    ),
    _mistake(
        "softmax-twice",
        "You apply a softmax before the cross-entropy, which applies it itself. It wants logits.",
        ("F.cross_entropy(scores,", "F.cross_entropy(scores.softmax(dim=-1),"),
    ),
]
