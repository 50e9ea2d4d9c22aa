"""Known mistakes of chapter 6: accuracy with an interval, the loss, evaluation, the training loop."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- accuracy ------------------------------------------------------------------------------------------------------

_ACCURACY_RIGHT = """def accuracy(logits, labels, z=1.96):
    n = len(labels)
    if n == 0:
        raise ValueError("no messages")
    p = (logits.argmax(dim=1) == labels).double().mean().item()
    shrink = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink
    return p, centre - half, centre + half
"""


def _accuracy(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_training_a_classifier: Exercise 1: accuracy, with its interval"
    return made_in(_ACCURACY_RIGHT, "ch06/accuracy", name, explanation, *changes, see=see)


_ACCURACY = [
    _accuracy(
        "walds-interval",
        "Yours is Wald's interval, the estimate plus and minus z standard deviations. Near 1 it is far too narrow, and it "
        "can leave the range from 0 to 1. Wilson's has a shifted middle and a factor.",
        ("return p, centre - half, centre + half",
         "d = z * math.sqrt(p * (1 - p) / n)\n    return p, p - d, p + d"),
    ),
    _accuracy(
        "walds-interval-clipped",
        "Yours is Wald's interval, cut off at 0 and 1. For ten right answers of ten it has no width at all. Use Wilson's.",
        ("return p, centre - half, centre + half",
         "d = z * math.sqrt(p * (1 - p) / n)\n    return p, max(0.0, p - d), min(1.0, p + d)"),
    ),
    _accuracy(
        "around-the-estimate",
        "Your interval lies around the estimate. Wilson's lies around its own middle, which is pulled a little towards one half.",
        ("centre - half, centre + half", "p - half, p + half"),
    ),
    _accuracy(
        "factor-missing",
        "The factor 1 / (1 + z² / n) is missing.",
        ("shrink = 1 + z * z / n", "shrink = 1"),
    ),
    _accuracy(
        "factor-on-the-middle-only",
        "You apply the factor to the middle and not to the reach. It multiplies both.",
        ("(4 * n * n)) / shrink", "(4 * n * n))"),
    ),
    _accuracy(
        "n-not-squared",
        "Under the root the second term is z² / (4 n²), and yours has n without its square.",
        ("(4 * n * n)", "(4 * n)"),
    ),
    _accuracy(
        "half-instead-of-quarter",
        "Under the root the second term is z² / (4 n²), and yours is divided by 2 n².",
        ("(4 * n * n)", "(2 * n * n)"),
    ),
    _accuracy(
        "middle-not-shifted",
        "The term z² / (2 n) of the middle is missing.",
        ("p + z * z / (2 * n)", "p"),
    ),
    _accuracy(
        "z-fixed",
        "Your interval always uses 1.96. The argument `z` says how far it reaches.",
        ("    n = len(labels)\n", "    n, z = len(labels), 1.96\n"),
    ),
    _accuracy(
        "z-not-squared",
        "In the middle z stands squared: z² / (2 n).",
        ("p + z * z / (2 * n)", "p + z / (2 * n)"),
    ),
    _accuracy(
        "ends-exchanged",
        "You return the upper end first. The order is share, lower end, upper end.",
        ("centre - half, centre + half", "centre + half, centre - half"),
    ),
    _accuracy(
        "in-per-cent",
        "You return per cent. The numbers go from 0 to 1.",
        ("return p, centre - half, centre + half", "return 100 * p, 100 * (centre - half), 100 * (centre + half)"),
    ),
    _accuracy(
        "argmax-over-the-messages",
        "You take the largest over the messages. Each message has its own answer: the largest over the classes, `dim=1`.",
        ("argmax(dim=1)", "argmax(dim=0)[: 1]"),
    ),
    _accuracy(
        "second-logit-above-zero",
        "You call a message spam when its second logit is above 0. What counts is which logit is larger.",
        ("logits.argmax(dim=1)", "(logits[:, 1] > 0).long()"),
    ),
    _accuracy(
        "smallest-logit",
        "You take the smallest logit for the answer. It is the largest.",
        ("argmax", "argmin"),
    ),
    _accuracy(
        "nothing-is-no-error",
        "Without messages you return a share of 0. There is nothing to measure: raise a ValueError.",
        ('raise ValueError("no messages")', "return 0.0, 0.0, 1.0"),
    ),
    _accuracy(
        "share-as-tensor",
        "Your share is a tensor. `.item()` makes it a plain number.",
        (".double().mean().item()", ".double().mean()"),
    ),
]  # fmt: skip

# --- classification_loss -------------------------------------------------------------------------------------------

_LOSS_RIGHT = """def classification_loss(model, inputs, lengths, labels):
    everywhere = model(inputs)
    chosen = last_real(everywhere, lengths)
    return F.cross_entropy(chosen, labels)
"""


def _loss(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_training_a_classifier: Exercise 2: the loss"
    return made_in(_LOSS_RIGHT, "ch06/classification-loss", name, explanation, *changes, see=see)


_LOSS = [
    _loss(
        "last-column",
        "You read the last column, which for short messages is padding. Read the last real token: `last_real`.",
        ("last_real(everywhere, lengths)", "everywhere[:, -1]"),
    ),
    _loss(
        "first-token",
        "You read the first token, which has seen nothing of the message but itself. Read the last real one: `last_real`.",
        ("last_real(everywhere, lengths)", "everywhere[:, 0]"),
    ),
    _loss(
        "one-too-early",
        "You take 1 from the lengths, and `last_real` does that itself: you read the last token but one.",
        ("last_real(everywhere, lengths)", "last_real(everywhere, (lengths - 1).clamp(min=1))"),
    ),
    _loss(
        "every-position",
        "You take the loss at every position. Only the last real token's logits count.",
        ("    chosen = last_real(everywhere, lengths)\n", "    chosen = everywhere.flatten(0, 1)\n"),
        ("(chosen, labels)", "(chosen, labels.repeat_interleave(inputs.shape[1]))"),
    ),
    _loss(
        "mean-over-the-positions",
        "You take the mean of the logits over all positions, padding included. Read the last real token: `last_real`.",
        ("last_real(everywhere, lengths)", "everywhere.mean(dim=1)"),
    ),
    _loss(
        "softmax-twice",
        "You apply a softmax before the cross-entropy, which applies it itself. It wants logits.",
        ("(chosen, labels)", "(chosen.softmax(dim=-1), labels)"),
    ),
    _loss(
        "no-logarithm",
        "You take the mean probability of the true class. The loss is the negative of its logarithm.",
        ("F.cross_entropy(chosen, labels)", "-chosen.softmax(dim=-1).gather(1, labels[:, None]).mean()"),
    ),
    _loss(
        "logarithm-of-softmax-by-hand",
        "You take the softmax first and its logarithm afterwards. For large logits a probability becomes exactly 0, and its "
        "logarithm infinite. `F.cross_entropy` and `log_softmax` avoid it.",
        ("F.cross_entropy(chosen, labels)", "-chosen.softmax(dim=-1).gather(1, labels[:, None]).log().mean()"),
    ),
    _loss(
        "sum",
        "You add the losses up. The mean over the messages is asked for, so that the batch's size does not matter.",
        ("(chosen, labels)", '(chosen, labels, reduction="sum")'),
    ),
    _loss(
        "one-for-each-message",
        "You return a loss for each message. Their mean is one number.",
        ("(chosen, labels)", '(chosen, labels, reduction="none")'),
    ),
    _loss(
        "plain-number",
        "You return a plain number, from which nothing can be trained: the graph is lost. Return the tensor.",
        ("F.cross_entropy(chosen, labels)", "torch.tensor(F.cross_entropy(chosen, labels).item())"),
    ),
    _loss(
        "cut-off-from-the-gradient",
        "No gradient reaches the model, because it is called inside `no_grad`. That is for evaluation.",
        ("    everywhere = model(inputs)\n", "    with torch.no_grad():\n        everywhere = model(inputs)\n"),
    ),
    _loss(
        "labels-exchanged",
        "Your labels are exchanged: you train ham as spam.",
        ("(chosen, labels)", "(chosen, chosen.shape[1] - 1 - labels)"),
    ),
    _loss(
        "smoothed-labels",
        "You smooth the labels. That is another loss than the one that is asked for.",
        ("(chosen, labels)", "(chosen, labels, label_smoothing=0.1)"),
    ),
    _loss(
        "squared-error",
        "You take the squared error between probabilities and labels. The loss is the cross-entropy.",
        ("F.cross_entropy(chosen, labels)",
         "(chosen.softmax(dim=-1) - F.one_hot(labels, chosen.shape[1])).square().sum(dim=-1).mean()"),
    ),
    _loss(
        "evaluation-mode",
        "You put the model into evaluation mode. The loss is computed in the mode that the model is in; in training, dropout "
        "is on.",
        ("    everywhere = model(inputs)\n", "    everywhere = model.eval()(inputs)\n"),
    ),
]  # fmt: skip

# --- evaluate ------------------------------------------------------------------------------------------------------

_EVALUATE_RIGHT = """def evaluate(model, loader):
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


def _evaluate(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_training_a_classifier: Exercise 3: evaluate"
    return made_in(_EVALUATE_RIGHT, "ch06/evaluate", name, explanation, *changes, see=see)


_EVALUATE = [
    _evaluate(
        "mean-of-batch-means",
        "You take the mean of the batches' means, so the messages of a small last batch count more. Sum over the messages, "
        "and divide by their number.",
        (', reduction="sum").item()', ").item()"),
        ("return loss_sum / n", "return loss_sum / len(loader)"),
    ),
    _evaluate(
        "means-divided-by-messages",
        "You add up means of batches and divide by the number of messages: the loss comes out too small by the batch's size.",
        (', reduction="sum").item()', ").item()"),
    ),
    _evaluate(
        "last-batch-only",
        "You return the loss of the last batch. It should be the mean over all messages.",
        ("loss_sum += F.cross", "loss_sum = len(loader) * F.cross"),
    ),
    _evaluate(
        "first-batch-only",
        "You return after the first batch. All of them count.",
        ("            n += len(labels)\n", "            n += len(labels)\n            break\n"),
    ),
    _evaluate(
        "no-evaluation-mode",
        "Your model stays in training mode, so dropout spoils the measurement. Call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _evaluate(
        "never-back-to-training",
        "Your model is left in evaluation mode, and training goes on without dropout. Put it back into the mode it came in.",
        ("    model.train(mode)\n", ""),
    ),
    _evaluate(
        "always-back-to-training",
        "You put the model into training mode whatever mode it came in. Remember the mode, and put it back.",
        ("model.train(mode)", "model.train()"),
    ),
    _evaluate(
        "gradients-recorded",
        "You record gradients that nobody needs, which costs memory and time. Use `torch.no_grad()`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _evaluate(
        "last-column",
        "You read the last column, which for short messages is padding. Read the last real token: `last_real`.",
        ("last_real(model(inputs), lengths)", "model(inputs)[:, -1]"),
    ),
    _evaluate(
        "first-token",
        "You read the first token. Only the last real one has seen the whole message: `last_real`.",
        ("last_real(model(inputs), lengths)", "model(inputs)[:, 0]"),
    ),
    _evaluate(
        "accuracy-per-batch",
        "You divide the right answers by the number of batches. It is the share of all messages.",
        ("hits / n", "hits / len(loader)"),
    ),
    _evaluate(
        "accuracy-of-the-batches",
        "You take the mean of the batches' accuracies, so the messages of a small last batch count more.",
        (".sum().item()", ".float().mean().item()"),
        ("hits / n", "hits / len(loader)"),
    ),
    _evaluate(
        "wrong-answers-counted",
        "You count the wrong answers. Accuracy is the share of the right ones.",
        ("== labels", "!= labels"),
    ),
    _evaluate(
        "equal-batches-expected",
        "You take for granted that every batch is as large as the first. The last one often is smaller.",
        ("            n += len(labels)\n", "            n = n or len(labels)\n"),
        ("    model.train(mode)\n", "    model.train(mode)\n    n = n * len(loader)\n"),
    ),
    _evaluate(
        "exchanged",
        "You return the accuracy first. The order is loss, accuracy.",
        ("return loss_sum / n, hits / n", "return hits / n, loss_sum / n"),
    ),
    _evaluate(
        "tensors-returned",
        "Your loss is a tensor. `.item()` makes it a plain number.",
        ('reduction="sum").item()', 'reduction="sum")'),
    ),
    _evaluate(
        "softmax-twice",
        "You apply a softmax before the cross-entropy, which applies it itself. It wants logits.",
        ("F.cross_entropy(scores,", "F.cross_entropy(scores.softmax(dim=-1),"),
    ),
]  # fmt: skip

# --- train_classifier ----------------------------------------------------------------------------------------------

_TRAIN_RIGHT = """def train_classifier(model, loader, optimizer, epochs, callback=None):
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


def _train(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_training_a_classifier: Exercise 4: train_classifier"
    return made_in(_TRAIN_RIGHT, "ch06/train-classifier", name, explanation, *changes, see=see)


_TRAIN = [
    _train(
        "gradients-not-cleared",
        "You never clear the gradients, so each step adds to those of all steps before. Call `optimizer.zero_grad()`.",
        ("            optimizer.zero_grad()\n", ""),
    ),
    _train(
        "cleared-before-the-step",
        "You clear the gradients between `backward` and `step`, so the optimiser finds none.",
        ("            optimizer.zero_grad()\n", ""),
        ("            optimizer.step()\n", "            optimizer.zero_grad()\n            optimizer.step()\n"),
    ),
    _train(
        "cleared-once-in-a-pass",
        "You clear the gradients once in each pass. They have to be cleared in every step.",
        ("            optimizer.zero_grad()\n", ""),
        ("        for inputs,", "        optimizer.zero_grad()\n        for inputs,"),
    ),
    _train(
        "no-step",
        "Your optimiser never steps, so nothing is learned.",
        ("            optimizer.step()\n", ""),
    ),
    _train(
        "step-once-in-a-pass",
        "Your optimiser steps once in each pass, with the gradients of its last batch. It should step after every batch.",
        ("            optimizer.step()\n", ""),
        ("                    return history\n    return history\n",
         "                    return history\n        optimizer.step()\n    return history\n"),
    ),
    _train(
        "no-backward",
        "Without `loss.backward()` there are no gradients.",
        ("            loss.backward()\n", ""),
    ),
    _train(
        "not-in-training-mode",
        "Your model is never put into training mode, so dropout is off.",
        ("    model.train()\n", ""),
    ),
    _train(
        "evaluation-mode",
        "You put the model into evaluation mode. Training wants `model.train()`.",
        ("model.train()", "model.eval()"),
    ),
    _train(
        "everything-unfrozen",
        "You unfreeze the whole model. Which parts are trained was decided before: leave `requires_grad` alone.",
        ("    model.train()\n", "    model.train()\n    model.requires_grad_(True)\n"),
    ),
    _train(
        "one-pass",
        "You walk through the loader once, whatever `epochs` says.",
        ("range(epochs)", "range(1)"),
    ),
    _train(
        "epochs-for-steps",
        "You take `epochs` for a number of steps. An epoch is a pass over all batches.",
        ("            history.append(loss.item())\n",
         "            history.append(loss.item())\n            if len(history) >= epochs:\n                return history\n"),
    ),
    _train(
        "loader-used-up",
        "You make one iterator for all passes. It is used up after the first: walk through the loader anew in each pass.",
        ("    history = []\n", "    history = []\n    batches = iter(loader)\n"),
        ("labels in loader:", "labels in batches:"),
    ),
    _train(
        "batches-kept",
        "You keep the batches of the first pass. The loader shuffles: walk through it anew in each pass.",
        ("    history = []\n", "    history = []\n    batches = list(loader)\n"),
        ("labels in loader:", "labels in batches:"),
    ),
    _train(
        "loss-per-pass",
        "You keep one loss for each pass. The loss of every step is asked for.",
        ("            history.append(loss.item())\n", ""),
        ("                    return history\n    return history\n",
         "                    return history\n        history.append(loss.item())\n    return history\n"),
    ),
    _train(
        "losses-as-tensors",
        "Your losses are tensors, each with its graph behind it, which fills the memory. `.item()` makes plain numbers.",
        ("history.append(loss.item())", "history.append(loss)"),
    ),
    _train(
        "loss-after-the-step",
        "You compute the loss anew after the step. It is the loss before the step that is asked for, and once is enough.",
        ("            history.append(loss.item())\n",
         "            loss = loss_of_batch(model, inputs, lengths, labels)\n            history.append(loss.item())\n"),
    ),
    _train(
        "steps-counted-from-zero",
        "You tell the callback steps from 0 on. They are counted from 1.",
        ("on_step(len(history),", "on_step(len(history) - 1,"),
    ),
    _train(
        "padding-counted",
        "You tell the callback all places of the batch, padding included. The real tokens are `lengths.sum()`.",
        ("int(lengths.sum())", "inputs.numel()"),
    ),
    _train(
        "stop-not-heeded",
        "You ask the callback and do not heed its answer. When it is true, the training ends.",
        ("                if callback.on_step(len(history), loss.item(), int(lengths.sum())):\n                    return history\n",
         "                callback.on_step(len(history), loss.item(), int(lengths.sum()))\n"),
    ),
    _train(
        "stop-of-one-pass",
        "`break` ends the inner loop only, and the next pass begins. Return, so that both loops end.",
        ("int(lengths.sum())):\n                    return history", "int(lengths.sum())):\n                    break"),
    ),
    _train(
        "callback-needed",
        "Without a callback your loop fails. It may be None.",
        ("            if callback is not None:\n                if callback", "            if True:\n                if callback"),
    ),
    _train(
        "returned-too-early",
        "Your `return` stands inside the loop over the passes, so there is only one pass.",
        ("                    return history\n    return history", "                    return history\n        return history"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_ACCURACY, *_LOSS, *_EVALUATE, *_TRAIN]
