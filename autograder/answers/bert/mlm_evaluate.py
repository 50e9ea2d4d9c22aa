"""Answers to exercise 3 of 04_training_and_masks: evaluate."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="tensors-collected",
        description="All answers are collected and joined; the mean comes at the end; mode put back in finally.",
        code="""@torch.no_grad()
def evaluate(model, batches):
    before = model.training
    try:
        model.eval()
        hits, agreements = [], []
        for ids, segments, labels, is_next in batches:
            words, follows = model(ids, segments)
            known = labels >= 0
            hits.append((words[known].argmax(-1) == labels[known]).float())
            agreements.append((follows.max(dim=1).indices == is_next).float())
        return torch.cat(hits).mean().item(), torch.cat(agreements).mean().item()
    finally:
        model.train(before)
""",
    ),
    Alternative(
        name="plain-loops",
        description="Place by place in plain Python; inference_mode; train or eval by an if.",
        code="""def evaluate(model, batches):
    training = model.training
    model.eval()
    words_right, words_all, rows_right, rows_all = 0, 0, 0, 0
    for batch in batches:
        with torch.inference_mode():
            said, follows = model(batch[0], batch[1])
        best = said.max(dim=-1)[1].tolist()
        for row, answers in enumerate(batch[2].tolist()):
            for place, answer in enumerate(answers):
                if answer != -100:
                    words_all += 1
                    if best[row][place] == answer:
                        words_right += 1
        says_yes = (follows[:, 1] > follows[:, 0]).tolist()
        rows_right += sum(bool(yes) == bool(true) for yes, true in zip(says_yes, batch[3].tolist()))
        rows_all += len(says_yes)
    if training:
        model.train()
    else:
        model.eval()
    return words_right / words_all, rows_right / rows_all
""",
    ),
    Alternative(
        name="weighted-means",
        description="Shares of the batches, weighted by their sizes.",
        code="""def evaluate(model, batches):
    mode = model.training
    model.train(False)
    shares, sizes = [], []
    with torch.no_grad():
        for ids, segments, labels, is_next in batches:
            words, follows = model(ids, segments)
            asked = (labels != -100).float()
            right = (words.argmax(2) == labels).float() * asked
            shares.append([right.sum() / asked.sum(), (follows.argmax(1) == is_next).float().mean()])
            sizes.append([asked.sum(), float(len(ids))])
    model.train(mode)
    shares, sizes = torch.tensor(shares), torch.tensor(sizes)
    return tuple(((shares * sizes).sum(0) / sizes.sum(0)).tolist())
""",
    ),
]

_RIGHT = """def evaluate(model, batches):
    mode = model.training
    model.eval()
    right = asked = good = rows = 0
    with torch.no_grad():
        for ids, segments, labels, is_next in batches:
            words, follows = model(ids, segments)
            where = labels != -100
            right += int((words.argmax(dim=-1)[where] == labels[where]).sum())
            asked += int(where.sum())
            good += int((follows.argmax(dim=-1) == is_next).sum())
            rows += len(is_next)
    model.train(mode)
    return right / asked, good / rows
"""

_mistake = partial(made_in, _RIGHT, see="04_training_and_masks: Exercise 3: evaluate")

MISTAKES = [
    _mistake(
        "dropout-never-off",
        "You evaluate in training mode, with dropout: `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "gradients-recorded",
        "You record gradients that nobody needs: `with torch.no_grad():`.",
        ("with torch.no_grad():", "if True:"),
    ),
    _mistake(
        "never-back-to-training",
        "You leave the model in evaluation mode. In the end it is in the mode in which it came.",
        ("    model.train(mode)\n", ""),
    ),
    _mistake(
        "always-back-to-training",
        "You leave the model in training mode, whatever it was before. Remember its mode, and put that back.",
        ("model.train(mode)", "model.train()"),
    ),
    _mistake(
        "mean-of-the-batches",
        "You take the mean of the batches' shares. Batches are of different sizes: count over all of them, divide once.",
        ("    right = asked = good = rows = 0\n", "    right = asked = good = rows = 0\n    n = 0\n"),
        (
            "right += int((words.argmax(dim=-1)[where] == labels[where]).sum())",
            "n += 1\n            right += float((words.argmax(dim=-1)[where] == labels[where]).float().mean())",
        ),
        (
            "good += int((follows.argmax(dim=-1) == is_next).sum())",
            "good += float((follows.argmax(dim=-1) == is_next).float().mean())",
        ),
        ("return right / asked, good / rows", "return right / n, good / n"),
    ),
    _mistake(
        "last-batch-only",
        "You report the last batch only. Add up over all batches.",
        ("right += int(", "right = int("),
        ("asked += int(", "asked = int("),
        ("good += int(", "good = int("),
        ("rows += len(", "rows = len("),
    ),
    _mistake(
        "first-batch-only",
        "You return inside of the loop, after the first batch.",
        ("            rows += len(is_next)\n", "            rows += len(is_next)\n            break\n"),
    ),
    _mistake(
        "divided-by-all-tokens",
        "You divide by the number of all tokens. Divide by the number of labelled places.",
        ("asked += int(where.sum())", "asked += labels.numel()"),
    ),
    _mistake(
        "unmasked-tokens-counted",
        "You count all tokens, and compare those without a label with what the model sees, which it can copy. Only "
        "labelled places count.",
        (
            "            where = labels != -100\n",
            "            where = ids == ids\n            labels = torch.where(labels == -100, ids, labels)\n",
        ),
    ),
    _mistake(
        "per-cent",
        "You return per cent. The shares are between 0 and 1.",
        ("return right / asked, good / rows", "return 100 * right / asked, 100 * good / rows"),
    ),
    _mistake(
        "results-swapped",
        "You return the share of the neighbours first. The words come first.",
        ("return right / asked, good / rows", "return good / rows, right / asked"),
    ),
    _mistake(
        "wrong-direction",
        "Your largest logit is taken over the tokens. For each token it is the largest over the words: `dim=-1`.",
        ("words.argmax(dim=-1)", "words.argmax(dim=1)[:, :1].expand_as(labels)"),
    ),
    _mistake(
        "least-likely-word",
        "You take the smallest logit.",
        ("words.argmax(dim=-1)", "words.argmin(dim=-1)"),
    ),
    _mistake(
        "neighbours-divided-by-words",
        "You divide the right rows by the number of words. Divide by the number of rows.",
        ("good / rows", "good / asked"),
    ),
    _mistake(
        "neighbours-turned-over",
        "You count the rows in which the model says the opposite of `is_next`.",
        ("(follows.argmax(dim=-1) == is_next)", "(follows.argmin(dim=-1) == is_next)"),
    ),
    _mistake(
        "only-the-words",
        "You return the share of the words only. The share of the rows belongs beside it.",
        ("return right / asked, good / rows", "return right / asked"),
    ),
    _mistake(
        "no-segments",
        "You do not pass on the segments of the batch.",
        ("model(ids, segments)", "model(ids, torch.zeros_like(segments))"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "agreed += (follows.argmax(dim=-1) == is_next).sum().item()",
        "- dropped",
        "With two dimensions the last one is number 1.",
    ),
]
