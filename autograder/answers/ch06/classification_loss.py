"""Answers to exercise 2 of 03_training_a_classifier: the loss."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="log-softmax-and-gather",
        description="Written out with log_softmax.",
        code="""def classification_loss(model, inputs, lengths, labels):
    log_probs = torch.log_softmax(last_real(model(inputs), lengths), dim=-1)
    return -log_probs.gather(1, labels.unsqueeze(1)).mean()
""",
    ),
    Alternative(
        name="ignored-positions",
        description="Cross-entropy over all positions, with -100 for all but the last real ones.",
        code="""def classification_loss(model, inputs, lengths, labels):
    targets = torch.full_like(inputs, -100)
    targets[torch.arange(len(inputs)), lengths - 1] = labels
    return F.cross_entropy(model(inputs).transpose(1, 2), targets, ignore_index=-100)
""",
    ),
    Alternative(
        name="one-hot",
        description="Logsumexp minus the true class's logit, chosen by a one-hot product.",
        code="""def classification_loss(model, inputs, lengths, labels):
    scores = model(inputs)[torch.arange(inputs.size(0)), lengths - 1, :]
    true = (scores * F.one_hot(labels, scores.size(1))).sum(dim=1)
    return (scores.logsumexp(dim=1) - true).sum() / labels.numel()
""",
    ),
    Alternative(
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

_RIGHT = """def classification_loss(model, inputs, lengths, labels):
    everywhere = model(inputs)
    chosen = last_real(everywhere, lengths)
    return F.cross_entropy(chosen, labels)
"""

_mistake = partial(made_in, _RIGHT, see="03_training_a_classifier: Exercise 2: the loss")

MISTAKES = [
    _mistake(
        "last-column",
        "You read the last column, which for short messages is padding. Read the last real token: `last_real`.",
        ("last_real(everywhere, lengths)", "everywhere[:, -1]"),
    ),
    _mistake(
        "first-token",
        "You read the first token, which has seen nothing of the message but itself. Read the last real one: `last_real`.",
        ("last_real(everywhere, lengths)", "everywhere[:, 0]"),
    ),
    _mistake(
        "one-too-early",
        "You take 1 from the lengths, and `last_real` does that itself: you read the last token but one.",
        ("last_real(everywhere, lengths)", "last_real(everywhere, (lengths - 1).clamp(min=1))"),
    ),
    _mistake(
        "every-position",
        "You take the loss at every position. Only the last real token's logits count.",
        ("    chosen = last_real(everywhere, lengths)\n", "    chosen = everywhere.flatten(0, 1)\n"),
        ("(chosen, labels)", "(chosen, labels.repeat_interleave(inputs.shape[1]))"),
    ),
    _mistake(
        "mean-over-the-positions",
        "You take the mean of the logits over all positions, padding included. Read the last real token: `last_real`.",
        ("last_real(everywhere, lengths)", "everywhere.mean(dim=1)"),
    ),
    _mistake(
        "softmax-twice",
        "You apply a softmax before the cross-entropy, which applies it itself. It wants logits.",
        ("(chosen, labels)", "(chosen.softmax(dim=-1), labels)"),
    ),
    _mistake(
        "no-logarithm",
        "You take the mean probability of the true class. The loss is the negative of its logarithm.",
        ("F.cross_entropy(chosen, labels)", "-chosen.softmax(dim=-1).gather(1, labels[:, None]).mean()"),
    ),
    _mistake(
        "logarithm-of-softmax-by-hand",
        "You take the softmax first and its logarithm afterwards. For large logits a probability becomes exactly 0, and its "
        "logarithm infinite. `F.cross_entropy` and `log_softmax` avoid it.",
        ("F.cross_entropy(chosen, labels)", "-chosen.softmax(dim=-1).gather(1, labels[:, None]).log().mean()"),
    ),
    _mistake(
        "sum",
        "You add the losses up. The mean over the messages is asked for, so that the batch's size does not matter.",
        ("(chosen, labels)", '(chosen, labels, reduction="sum")'),
    ),
    _mistake(
        "one-for-each-message",
        "You return a loss for each message. Their mean is one number.",
        ("(chosen, labels)", '(chosen, labels, reduction="none")'),
    ),
    _mistake(
        "plain-number",
        "You return a plain number, from which nothing can be trained: the graph is lost. Return the tensor.",
        ("F.cross_entropy(chosen, labels)", "torch.tensor(F.cross_entropy(chosen, labels).item())"),
    ),
    _mistake(
        "cut-off-from-the-gradient",
        "No gradient reaches the model, because it is called inside `no_grad`. That is for evaluation.",
        ("    everywhere = model(inputs)\n", "    with torch.no_grad():\n        everywhere = model(inputs)\n"),
    ),
    _mistake(
        "labels-exchanged",
        "Your labels are exchanged: you train ham as spam.",
        ("(chosen, labels)", "(chosen, chosen.shape[1] - 1 - labels)"),
    ),
    _mistake(
        "smoothed-labels",
        "You smooth the labels. That is another loss than the one that is asked for.",
        ("(chosen, labels)", "(chosen, labels, label_smoothing=0.1)"),
    ),
    _mistake(
        "squared-error",
        "You take the squared error between probabilities and labels. The loss is the cross-entropy.",
        (
            "F.cross_entropy(chosen, labels)",
            "(chosen.softmax(dim=-1) - F.one_hot(labels, chosen.shape[1])).square().sum(dim=-1).mean()",
        ),
    ),
    _mistake(
        "evaluation-mode",
        "You put the model into evaluation mode. The loss is computed in the mode that the model is in; in training, dropout "
        "is on.",
        ("    everywhere = model(inputs)\n", "    everywhere = model.eval()(inputs)\n"),
    ),
]
