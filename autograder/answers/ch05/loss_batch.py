"""Answers to exercise 2 of 01_loss_and_perplexity: the loss of a batch."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="nanogpt",
        description="view(-1, V) and view(-1), as in nanoGPT.",
        code="""def loss_batch(model, inputs, targets):
    logits = model(inputs)
    return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.reshape(-1))
""",
    ),
    Alternative(
        name="transposed-logits",
        description="Classes in dimension 1, nothing flattened, the module form of the loss.",
        code="""def loss_batch(model, inputs, targets):
    criterion = nn.CrossEntropyLoss()
    return criterion(model(inputs).transpose(1, 2), targets)
""",
    ),
    Alternative(
        name="log-softmax-and-gather",
        description="The formula by hand.",
        code="""def loss_batch(model, inputs, targets):
    log_probs = F.log_softmax(model(inputs), dim=-1)
    return -torch.gather(log_probs, -1, targets[..., None]).mean()
""",
    ),
    Alternative(
        name="nll-loss",
        description="log_softmax and nll_loss, sum over tokens divided by their number.",
        code="""def loss_batch(model, inputs, targets):
    scores = torch.log_softmax(model(inputs), dim=2).permute(0, 2, 1)
    return F.nll_loss(scores, targets, reduction="sum") / targets.numel()
""",
    ),
]

_RIGHT = """def loss_batch(model, inputs, targets):
    logits = model(inputs)
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    return loss
"""

_mistake = partial(made_in, _RIGHT, see="01_loss_and_perplexity: Exercise 2: the loss of a batch")

MISTAKES = [
    _mistake(
        "shifted-twice",
        "You shift by one more place, so each guess is compared with the token after the right one. Inputs and targets "
        "are shifted already.",
        ("logits.flatten(0, 1), targets.flatten()", "logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten()"),
    ),
    _mistake(
        "softmax-before-cross-entropy",
        "You take a softmax before `F.cross_entropy`, which has one inside: two of them flatten all differences. It wants "
        "raw logits.",
        ("model(inputs)", "torch.softmax(model(inputs), dim=-1)"),
    ),
    _mistake(
        "texts-and-places-swapped",
        "You flatten the logits by place and the targets by text, so guesses and targets do not belong together. Flatten "
        "both in the same order.",
        ("logits.flatten(0, 1)", "logits.transpose(0, 1).flatten(0, 1)"),
    ),
    _mistake(
        "targets-transposed",
        "You turn the targets around before you flatten them, and not the logits, so guesses and targets do not belong "
        "together.",
        ("targets.flatten()", "targets.T.flatten()"),
    ),
    _mistake(
        "reshaped-for-transposed",
        "`view` and `reshape` to (B, V, T) keep the numbers in their order and cut them anew, so logits of different "
        "tokens get mixed up. Swap the dimensions: `transpose(1, 2)`, or flatten.",
        (
            "logits.flatten(0, 1), targets.flatten()",
            "logits.reshape(logits.shape[0], logits.shape[2], logits.shape[1]), targets",
        ),
    ),
    _mistake(
        "inputs-for-targets",
        "You compare the guesses with the inputs. A model trained so learns to repeat what it reads; compare with the "
        "targets.",
        ("targets.flatten()", "inputs.flatten()"),
    ),
    _mistake(
        "model-reads-the-targets",
        "Your model is given the targets, so it sees what it should guess. It reads the inputs.",
        ("model(inputs)", "model(targets)"),
    ),
    _mistake(
        "sum-for-mean",
        "You add up the losses. The loss of a batch is their mean, so that it does not depend on the batch's size.",
        ("targets.flatten())", 'targets.flatten(), reduction="sum")'),
    ),
    _mistake(
        "sum-over-the-text",
        "You divide by the number of texts only. The mean is over all tokens of all texts.",
        ("targets.flatten())", 'targets.flatten(), reduction="sum") / inputs.shape[0]'),
    ),
    _mistake(
        "last-place-only",
        "You look at the last place of each text only. All T places are guesses, and all count.",
        ("logits.flatten(0, 1), targets.flatten()", "logits[:, -1], targets[:, -1]"),
    ),
    _mistake(
        "first-text-only",
        "You look at the first text of the batch only.",
        ("logits.flatten(0, 1), targets.flatten()", "logits[0], targets[0]"),
    ),
    _mistake(
        "plain-number",
        "You return a plain number, which has no gradient: nothing can be trained with it. Leave `.item()` to whoever "
        "prints the loss.",
        ("return loss", "return loss.item()"),
    ),
    _mistake(
        "no-gradients",
        "You compute the loss without gradients. That is for evaluation; with this loss the model is to be trained.",
        ("    logits = model(inputs)\n", "    with torch.no_grad():\n        logits = model(inputs)\n"),
    ),
    _mistake(
        "switched-to-evaluation",
        "You switch the model to evaluation mode. The loss of a training batch is taken in training mode: leave the mode "
        "alone.",
        ("    logits =", "    model.eval()\n    logits ="),
    ),
    _mistake(
        "switched-to-training",
        "You switch the model to training mode. Whoever calls `loss_batch` decides: leave the mode alone.",
        ("    logits =", "    model.train()\n    logits ="),
    ),
    _mistake(
        "log-softmax-missing",
        "`F.nll_loss` wants logarithms of probabilities and you give it raw logits. Use `F.cross_entropy`, or "
        "`log_softmax` first.",
        ("F.cross_entropy", "F.nll_loss"),
    ),
    _mistake(
        "log-of-softmax",
        "Your softmax gives exactly 0 for logits far below the largest, and its logarithm is infinite. "
        "`F.cross_entropy` takes raw logits and does both in one safe step.",
        ("F.cross_entropy(logits.flatten(0, 1)", "F.nll_loss(logits.softmax(dim=-1).log().flatten(0, 1)"),
    ),
    _mistake(
        "softmax-over-the-places",
        "Your log-softmax runs over the places of the text. It belongs over the vocabulary, the last dimension.",
        ("F.cross_entropy(logits.flatten(0, 1)", "F.nll_loss(logits.log_softmax(dim=1).flatten(0, 1)"),
    ),
    _mistake(
        "squared-error",
        "You measure the squared distance between probabilities and truth. The loss of a language model is the "
        "cross-entropy: minus the logarithm of the target's probability.",
        (
            "F.cross_entropy(logits.flatten(0, 1), targets.flatten())",
            "F.mse_loss(logits.softmax(dim=-1), F.one_hot(targets, logits.shape[-1]).float())",
        ),
    ),
]
