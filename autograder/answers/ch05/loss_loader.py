"""Answers to exercise 3 of 01_loss_and_perplexity: the loss of a whole loader."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sums-of-losses",
        description="islice, inference_mode, sums instead of means, the mode put back in any case.",
        code="""from itertools import islice


def loss_loader(model, loader, n_batches=None):
    mode = model.training
    sums, sizes = [], []
    try:
        model.eval()
        with torch.inference_mode():
            for inputs, targets in islice(loader, n_batches):
                logits = model(inputs)
                loss = F.cross_entropy(logits.transpose(1, 2), targets, reduction="sum")
                sums.append(float(loss))
                sizes.append(targets.numel())
    finally:
        model.train(mode)
    if not sizes:
        raise ValueError("empty")
    return sum(sums) / sum(sizes)
""",
    ),
    Alternative(
        name="all-tokens-in-a-row",
        description="Decorated with no_grad; all losses in one tensor, and its mean.",
        code="""@torch.no_grad()
def loss_loader(model, loader, n_batches=None):
    was_training = model.training
    model.eval()
    losses = []
    for number, batch in enumerate(loader, start=1):
        if n_batches is not None and number > n_batches:
            break
        inputs, targets = batch
        log_probs = model(inputs).log_softmax(-1)
        losses.append(-log_probs.gather(-1, targets.unsqueeze(-1)).flatten())
    if was_training:
        model.train()
    if len(losses) == 0:
        raise ValueError("the loader gave no batch")
    return torch.cat(losses).mean().item()
""",
    ),
    Alternative(
        name="book-like",
        description="min(n_batches, len(loader)) first, the error before any work, a helper for one batch.",
        code="""def calc_loss_batch(model, inputs, targets):
    logits = model(inputs)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def loss_loader(model, loader, n_batches=None):
    if len(loader) == 0 or n_batches == 0:
        raise ValueError("no batches")
    n_batches = len(loader) if n_batches is None else min(n_batches, len(loader))
    mode, total_loss, total_tokens = model.training, 0.0, 0
    model.eval()
    for i, (input_batch, target_batch) in enumerate(loader):
        if i < n_batches:
            with torch.no_grad():
                loss = calc_loss_batch(model, input_batch, target_batch)
            n = target_batch.shape[0] * target_batch.shape[1]
            total_loss += loss.item() * n
            total_tokens += n
        else:
            break
    model.train(mode)
    return total_loss / total_tokens
""",
    ),
    Alternative(
        name="running-mean",
        description="A running mean that each batch moves by its share; the batches taken with next.",
        code="""def loss_loader(model, loader, n_batches=None):
    before = model.training
    model.train(False)
    batches, mean, seen, read = iter(loader), 0.0, 0, 0
    with torch.no_grad():
        while n_batches is None or read < n_batches:
            pair = next(batches, None)
            if pair is None:
                break
            loss, size = loss_of(model, *pair).item(), pair[1].numel()
            seen += size
            mean += (loss - mean) * size / seen
            read += 1
    model.train(before)
    if read == 0:
        raise ValueError("nothing to average")
    return mean
""",
    ),
]

_RIGHT = """def loss_loader(model, loader, n_batches=None):
    if n_batches is None:
        n_batches = len(loader)
    n_batches = min(n_batches, len(loader))
    if n_batches == 0:
        raise ValueError("no batch to average over")
    training = model.training
    total_loss, count = 0.0, 0
    model.eval()
    with torch.no_grad():
        for i, (inputs, targets) in enumerate(loader):
            if i >= n_batches:
                break
            loss = loss_of(model, inputs, targets).item()
            total_loss += loss * targets.numel()
            count += targets.numel()
    if training:
        model.train()
    return total_loss / count
"""

_mistake = partial(made_in, _RIGHT, see="01_loss_and_perplexity: Exercise 3: the loss of a whole loader")

MISTAKES = [
    _mistake(
        "mean-of-means",
        "You average the means of the batches, so the tokens of a small last batch count more than others. Weigh each "
        "batch by its number of tokens.",
        ("loss * targets.numel()", "loss"),
        ("count += targets.numel()", "count += 1"),
    ),
    _mistake(
        "weighed-by-texts",
        "You weigh each batch by its number of texts. Texts may differ in length: weigh by the number of tokens.",
        ("loss * targets.numel()", "loss * len(targets)"),
        ("count += targets.numel()", "count += len(targets)"),
    ),
    _mistake(
        "weighed-by-length",
        "You weigh each batch by the length of its texts, and not by how many texts there are. Both count: "
        "`targets.numel()`.",
        ("loss * targets.numel()", "loss * targets.shape[1]"),
        ("count += targets.numel()", "count += targets.shape[1]"),
    ),
    _mistake(
        "last-batch-only",
        "Your result is the loss of the last batch: each one overwrites the one before. Add them up.",
        ("total_loss += loss * targets.numel()", "total_loss = loss * targets.numel()"),
        ("count += targets.numel()", "count = targets.numel()"),
    ),
    _mistake(
        "total-overwritten",
        "Each batch overwrites the sum of the losses, and all tokens are counted. Add up with `+=`.",
        ("total_loss += loss", "total_loss = loss"),
    ),
    _mistake(
        "count-overwritten",
        "You divide by the tokens of the last batch. Count the tokens of all batches with `+=`.",
        ("count += targets.numel()", "count = targets.numel()"),
    ),
    _mistake(
        "sum-for-mean",
        "You return the sum of all losses. Divide by the number of tokens.",
        ("total_loss / count", "total_loss"),
    ),
    _mistake(
        "divided-by-batches",
        "You add up the losses of tokens and divide by the number of batches. Divide by the number of tokens.",
        ("total_loss / count", "total_loss / n_batches"),
    ),
    _mistake(
        "means-over-all-batches",
        "You divide by the number of batches in the loader, whether they were read or not, and every batch counts the "
        "same. Divide by the tokens that were read.",
        ("loss * targets.numel()", "loss"),
        ("total_loss / count", "total_loss / len(loader)"),
    ),
    _mistake(
        "n-batches-ignored",
        "You read the whole loader, whatever `n_batches` says.",
        ("            if i >= n_batches:\n                break\n", ""),
    ),
    _mistake(
        "one-batch-too-many",
        "You read one batch more than `n_batches`: the first one has the number 0.",
        ("i >= n_batches", "i > n_batches"),
    ),
    _mistake(
        "one-batch-too-few",
        "You stop one batch early: with `n_batches=1` batch 0 is still to be read.",
        ("i >= n_batches", "i >= n_batches - 1"),
    ),
    _mistake(
        "returned-after-the-first",
        "You return inside the loop, after the first batch.",
        (
            "            count += targets.numel()\n",
            "            count += targets.numel()\n            model.train(training)\n            return total_loss / count\n",
        ),
    ),
    _mistake(
        "no-evaluation-mode",
        "You measure in whatever mode the model is, so in training mode dropout disturbs the result. Switch to evaluation "
        "mode first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "gradients-recorded",
        "You record gradients that nobody needs: most of the memory goes there. Evaluate inside `torch.no_grad()`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _mistake(
        "no-grad-around-too-little",
        "Only a part of your loop is free of gradients: the model is called outside of `torch.no_grad()`.",
        ("    with torch.no_grad():\n", "    if True:\n"),
        (
            "            loss = loss_of(model, inputs, targets).item()\n",
            "            loss = loss_of(model, inputs, targets)\n"
            "            with torch.no_grad():\n                loss = loss.item()\n",
        ),
    ),
    _mistake(
        "never-back-to-training",
        "You leave the model in evaluation mode, so the training that goes on afterwards has no dropout. Put back the "
        "mode in which it was.",
        ("    if training:\n        model.train()\n", ""),
    ),
    _mistake(
        "always-to-training",
        "You leave the model in training mode, even if it came in evaluation mode. Put back the mode in which it was.",
        ("    if training:\n        model.train()\n", "    model.train()\n"),
    ),
    _mistake(
        "mode-read-too-late",
        "In the end your model is in evaluation mode, whatever mode it came in. Read its mode before `model.eval()`, and put that mode "
        "back at the end.",
        ("    training = model.training\n", ""),
        ("    model.eval()\n", "    model.eval()\n    training = model.training\n"),
    ),
    _mistake(
        "empty-is-perfect",
        "With no batch you return 0, the loss of a perfect model. There is nothing to average: raise a ValueError.",
        ('raise ValueError("no batch to average over")', "return 0.0"),
    ),
    _mistake(
        "empty-is-nan",
        "With no batch you return NaN, which travels on until nobody knows where it came from. Raise a ValueError.",
        ('raise ValueError("no batch to average over")', 'return float("nan")'),
    ),
    _mistake(
        "empty-divides-by-zero",
        "With no batch you divide by zero. Raise a ValueError that says what is wrong.",
        ('    if n_batches == 0:\n        raise ValueError("no batch to average over")\n', ""),
    ),
    _mistake(
        "zero-means-all",
        "`n_batches or ...` and `if n_batches` take 0 for None, so with 0 batches you read all. Compare with "
        "`is None`.",
        ("if n_batches is None", "if not n_batches"),
    ),
    _mistake(
        "tensor-returned",
        "You return a tensor. For printing and plotting a plain number is wanted: take `.item()` of the losses.",
        ("loss_of(model, inputs, targets).item()", "loss_of(model, inputs, targets)"),
    ),
]
