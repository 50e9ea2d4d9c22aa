"""Answers to exercise 2 of 04_training_and_masks: one training step."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="cleared-at-the-end",
        description="Two backward passes whose gradients add up; cleared before and after.",
        code="""def train_step(model, optimizer, batch):
    model.train(True)
    optimizer.zero_grad(set_to_none=True)
    words, follows = model(batch[0], batch[1])
    one = nn.CrossEntropyLoss(ignore_index=-100)(words.reshape(-1, words.shape[-1]), batch[2].reshape(-1))
    two = nn.CrossEntropyLoss()(follows, batch[3])
    one.backward(retain_graph=True)
    two.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(one) + float(two)
""",
    ),
    Alternative(
        name="masked-selection",
        description="Labelled places picked by a mask, losses by log-softmax, gradients of the model cleared.",
        code="""def train_step(model, optimizer, batch):
    ids, segments, labels, is_next = batch
    if not model.training:
        model.train()
    said, follows = model(ids, segments)
    asked = labels >= 0
    p = said[asked].log_softmax(-1).gather(1, labels[asked][:, None])
    q = follows.log_softmax(-1)[range(len(is_next)), is_next]
    loss = -(p.mean() + q.mean())
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach().item()
""",
    ),
    Alternative(
        name="gradients-by-autograd",
        description="torch.autograd.grad, the gradients put in place by hand.",
        code="""def train_step(model, optimizer, batch):
    ids, segments, labels, is_next = batch
    model.train()
    outputs = model(ids, segments)
    losses = [
        F.cross_entropy(outputs[0].transpose(-1, -2), labels),
        F.nll_loss(torch.log_softmax(outputs[1], dim=1), is_next),
    ]
    total = torch.stack(losses).sum()
    parameters = [p for p in model.parameters() if p.requires_grad]
    for parameter, gradient in zip(parameters, torch.autograd.grad(total, parameters, allow_unused=True)):
        parameter.grad = gradient
    optimizer.step()
    return total.item()
""",
    ),
]

_RIGHT = """def train_step(model, optimizer, batch):
    ids, segments, labels, is_next = batch
    model.train()
    optimizer.zero_grad()
    words, follows = model(ids, segments)
    word_loss = F.cross_entropy(words.transpose(1, 2), labels)
    follow_loss = F.cross_entropy(follows, is_next)
    loss = word_loss + follow_loss
    loss.backward()
    optimizer.step()
    return loss.item()
"""

_mistake = partial(made_in, _RIGHT, see="04_training_and_masks: Exercise 2: one training step")

MISTAKES = [
    _mistake(
        "gradients-not-cleared",
        "You do not clear the old gradients, so the new ones are added to them: `optimizer.zero_grad()`.",
        ("    optimizer.zero_grad()\n", ""),
    ),
    _mistake(
        "gradients-cleared-too-late",
        "You clear the gradients between `backward` and `step`, so that the optimiser finds none.",
        ("    optimizer.zero_grad()\n", ""),
        ("    loss.backward()\n", "    loss.backward()\n    optimizer.zero_grad()\n"),
    ),
    _mistake(
        "no-step",
        "The optimiser takes no step, so nothing is learned.",
        ("    optimizer.step()\n", ""),
    ),
    _mistake(
        "no-backward",
        "No gradients are computed: `loss.backward()` is missing.",
        ("    loss.backward()\n", ""),
    ),
    _mistake(
        "step-before-backward",
        "Your optimiser takes its step before there are new gradients.",
        ("    loss.backward()\n    optimizer.step()\n", "    optimizer.step()\n    loss.backward()\n"),
    ),
    _mistake(
        "only-the-words",
        "You train on the words only. The loss is the sum of both.",
        ("loss = word_loss + follow_loss", "loss = word_loss"),
    ),
    _mistake(
        "only-the-neighbours",
        "You train on the neighbours only. The loss is the sum of both.",
        ("loss = word_loss + follow_loss", "loss = follow_loss"),
    ),
    _mistake(
        "mean-of-both",
        "You take the mean of the two losses. It is their sum.",
        ("loss = word_loss + follow_loss", "loss = (word_loss + follow_loss) / 2"),
    ),
    _mistake(
        "only-the-words-told",
        "You return the loss of the words. It is the sum of both that is returned.",
        ("return loss.item()", "return word_loss.item()"),
    ),
    _mistake(
        "evaluation-mode",
        "You do not put the model into training mode, so dropout stays as it was: `model.train()`.",
        ("    model.train()\n", ""),
    ),
    _mistake(
        "loss-as-a-tensor",
        "You return a tensor, which drags all its operations along. Return a plain number: `.item()`.",
        ("return loss.item()", "return loss"),
    ),
    _mistake(
        "loss-after-the-step",
        "You compute the loss again after the step. The one before it is returned.",
        (
            "    return loss.item()",
            "    words, follows = model(ids, segments)\n"
            "    return (F.cross_entropy(words.transpose(1, 2), labels) + F.cross_entropy(follows, is_next)).item()",
        ),
    ),
    _mistake(
        "unmasked-tokens-counted",
        "You count all tokens, also those where nothing is asked. Where the label is -100, nothing counts.",
        (
            "F.cross_entropy(words.transpose(1, 2), labels)",
            "F.cross_entropy(words.transpose(1, 2), torch.where(labels == -100, ids, labels))",
        ),
    ),
    _mistake(
        "ids-for-labels",
        "You compare with what the model sees. The answers are the labels.",
        ("words.transpose(1, 2), labels", "words.transpose(1, 2), ids"),
    ),
    _mistake(
        "no-segments",
        "You do not pass on the segments of the batch.",
        ("model(ids, segments)", "model(ids, torch.zeros_like(segments))"),
    ),
    _mistake(
        "summed-over-the-words",
        "Your loss of the words is a sum. It is a mean over the labelled places.",
        ("words.transpose(1, 2), labels", 'words.transpose(1, 2), labels, reduction="sum"'),
    ),
    _mistake(
        "two-steps",
        "You take two steps for one batch.",
        ("    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n"),
    ),
    _mistake(
        "gradients-clipped",
        "You clip the gradients, which this exercise does not ask for.",
        ("    optimizer.step()\n", "    nn.utils.clip_grad_norm_(model.parameters(), 0.1)\n    optimizer.step()\n"),
    ),
    _mistake(
        "neighbours-turned-over",
        "You train on the opposite of `is_next`.",
        ("follows, is_next", "follows, 1 - is_next"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "loss = F.cross_entropy(words.flatten(0, 1), labels.flatten(), ignore_index=-100)",
        "keyword ignore_index dropped",
        "-100 is what cross_entropy ignores unless it is told otherwise.",
    ),
]
