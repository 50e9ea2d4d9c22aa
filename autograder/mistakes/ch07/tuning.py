"""Known mistakes of chapter 7: the loss of the answers, and a step for a batch in parts."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- response_loss -------------------------------------------------------------------------------------------------

_LOSS_RIGHT = '''def response_loss(model, inputs, targets):
    keep = targets != -100
    logits = model(inputs)
    logs = torch.log_softmax(logits, dim=-1)
    chosen = logs.gather(-1, targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    nats = -(chosen * keep).sum()
    return nats / max(int(keep.sum()), 1)
'''


def _loss(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_instruction_tuning: Exercise 1: response_loss"
    return made_in(_LOSS_RIGHT, "ch07/response-loss", name, explanation, *changes, see=see)


_LOSS = [
    _loss(
        "divided-by-all-places",
        "You divide by the number of all places, so the loss shrinks with every token of filling. Divide by the number "
        "of targets that count.",
        ("max(int(keep.sum()), 1)", "targets.numel()"),
    ),
    _loss(
        "mean-of-the-rows-means",
        "You take the mean within each row and then the mean of the rows, so a token of a short answer weighs more. The "
        "loss is one mean over all tokens that count.",
        ("    nats = -(chosen * keep).sum()\n", "    nats = -(chosen * keep).sum(dim=1) / keep.sum(dim=1).clamp(min=1)\n"),
        ("return nats / max(int(keep.sum()), 1)", "return nats.sum() / max(int(keep.any(dim=1).sum()), 1)"),
    ),
    _loss(
        "sum",
        "You return the sum, so a batch with more answers takes a larger step. The loss is the mean.",
        ("return nats / max(int(keep.sum()), 1)", "return nats"),
    ),
    _loss(
        "divided-by-rows",
        "You divide by the number of rows. Divide by the number of targets that count.",
        ("max(int(keep.sum()), 1)", "len(targets)"),
    ),
    _loss(
        "nan-when-nothing-counts",
        "When no target counts your loss is 0/0, which is nan, and after the step all weights are nan. Divide by at "
        "least 1.",
        ("max(int(keep.sum()), 1)", "keep.sum()"),
    ),
    _loss(
        "plain-zero",
        "When nothing counts you return a number that hangs on no parameter, so `backward` fails. Make the 0 from what "
        "the model computed.",
        ("    logits = model(inputs)\n", "    if not keep.any():\n        return torch.tensor(0.0)\n    logits = model(inputs)\n"),
    ),
    _loss(
        "shifted-again",
        "Your code shifts the targets once more. They are shifted already: the target at place t is what follows t.",
        (
            "    logits = model(inputs)\n",
            "    logits = model(inputs)[:, :-1]\n    targets, keep = targets[:, 1:], keep[:, 1:]\n",
        ),
    ),
    _loss(
        "token-zero-left-out",
        "You leave out targets that are 0, which is a token like any other. The number that does not count is -100.",
        ("keep = targets != -100", "keep = targets > 0"),
    ),
    _loss(
        "everything-counts",
        "Your loss counts all places: -100 is turned into a token and trained on.",
        ("keep = targets != -100", "keep = torch.ones_like(targets, dtype=torch.bool)"),
    ),
    _loss(
        "softmax-without-log",
        "You add up probabilities. The loss is minus the logarithm of the probability.",
        ("torch.log_softmax(logits, dim=-1)", "torch.softmax(logits, dim=-1)"),
    ),
    _loss(
        "softmax-twice",
        "Your logits go through a softmax twice: `log_softmax` (and `cross_entropy`) wants logits.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log_softmax(logits.softmax(dim=-1), dim=-1)"),
    ),
    _loss(
        "bits",
        "Your loss is in bits. Here it is in nats: the natural logarithm.",
        ("-(chosen * keep).sum()", "-(chosen * keep).sum() / 0.6931471805599453"),
    ),
    _loss(
        "wrong-sign",
        "Your loss has the wrong sign: training would make the right tokens less likely.",
        ("-(chosen * keep).sum()", "(chosen * keep).sum()"),
    ),
    _loss(
        "softmax-over-places",
        "Your softmax goes over the places and not over the vocabulary, which is the last dimension.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log_softmax(logits, dim=1)"),
    ),
    _loss(
        "no-gradient",
        "Nothing can be learnt from your loss: it is cut off from the model, by `.item()`, `detach` or `no_grad`.",
        ("    nats = -(chosen * keep).sum()\n", "    nats = -(chosen * keep).sum().detach()\n"),
    ),
    _loss(
        "evaluation-mode",
        "Your function switches the model to evaluation mode, and it stays there. The mode is the caller's affair.",
        ("    logits = model(inputs)\n", "    model.eval()\n    logits = model(inputs)\n"),
    ),
    _loss(
        "targets-changed",
        "You write into the targets that were given: `clamp_` changes them in place.",
        ("targets.clamp(min=0)", "targets.clamp_(min=0)"),
    ),
]  # fmt: skip

# --- tune_step -----------------------------------------------------------------------------------------------------

_STEP_RIGHT = '''def tune_step(model, optimizer, parts, max_norm=1.0):
    model.train()
    optimizer.zero_grad()
    n = sum(int((y != -100).sum()) for _, y in parts)
    total = 0.0
    for x, y in parts:
        weight = int((y != -100).sum()) / n
        loss = course_loss(model, x, y)
        (loss * weight).backward()
        total += loss.item() * weight
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return total
'''


def _step(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_instruction_tuning: Exercise 2: tune_step"
    return made_in(_STEP_RIGHT, "ch07/tune-step", name, explanation, *changes, see=see)


_WEIGHT = "weight = int((y != -100).sum()) / n"
_CLIP = "    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n"
_STEP = [
    _step(
        "mean-of-means",
        "You give each part the same weight. A part counts as much as it has targets that count: its loss is weighed by "
        "its share of them.",
        (_WEIGHT, "weight = 1 / len(parts)"),
    ),
    _step(
        "weighed-by-rows",
        "You weigh a part by its number of rows. What counts is its number of targets that are not -100.",
        (_WEIGHT, "weight = len(y) / sum(len(other) for _, other in parts)"),
    ),
    _step(
        "weighed-by-places",
        "You weigh a part by all of its places, the filling too. What counts is its number of targets that are not -100.",
        (_WEIGHT, "weight = y.numel() / sum(other.numel() for _, other in parts)"),
    ),
    _step(
        "losses-added-up",
        "You add the parts' mean losses without weights, so the gradient grows with the number of parts.",
        (_WEIGHT, "weight = 1.0"),
    ),
    _step(
        "step-after-each-part",
        "You take a step after each part. The parts belong to one batch: one step, when all gradients are there.",
        (_CLIP + "    optimizer.step()\n", ""),
        ("        total += loss.item() * weight\n", "        total += loss.item() * weight\n    " + _CLIP + "        optimizer.step()\n"),
    ),
    _step(
        "cleared-for-each-part",
        "You clear the gradients for each part, so only the last one is learnt from. Clear them once, before the first.",
        ("    optimizer.zero_grad()\n", ""),
        ("        loss = course_loss", "        optimizer.zero_grad()\n        loss = course_loss"),
    ),
    _step(
        "never-cleared",
        "You never clear the gradients: those of the step before are still in `.grad` and are added to. Call `zero_grad`.",
        ("    optimizer.zero_grad()\n", ""),
    ),
    _step(
        "not-clipped",
        "You do not clip: `max_norm` is the greatest length that all gradients together may have.",
        (_CLIP, ""),
    ),
    _step(
        "clipped-after-the-step",
        "You clip after the step, when it is too late.",
        (_CLIP + "    optimizer.step()\n", "    optimizer.step()\n" + _CLIP),
    ),
    _step(
        "clipped-for-each-part",
        "You clip within the loop, when not all gradients are there. Clip once, after the last part.",
        (_CLIP, ""),
        ("        total +=", "    " + _CLIP + "        total +="),
    ),
    _step(
        "each-number-clipped",
        "You cut each number of the gradient off at `max_norm`, which changes the direction. `clip_grad_norm_` scales "
        "them all down together.",
        ("nn.utils.clip_grad_norm_", "nn.utils.clip_grad_value_"),
    ),
    _step(
        "each-parameter-clipped",
        "You clip each parameter's gradient by itself. The length is that of all gradients together.",
        (_CLIP, "    for parameter in model.parameters():\n        nn.utils.clip_grad_norm_(parameter, max_norm)\n"),
    ),
    _step(
        "always-one",
        "You clip to 1, whatever `max_norm` says.",
        ("model.parameters(), max_norm)", "model.parameters(), 1.0)"),
    ),
    _step(
        "no-training-mode",
        "You do not switch the model to training mode: after an evaluation its dropout would stay off.",
        ("    model.train()\n", ""),
    ),
    _step(
        "one-backward-at-the-end",
        "You keep all parts' losses and go backward once, so the intermediate results of all parts are in memory: that is "
        "what the parts are there to avoid. Go backward after each part.",
        ("    total = 0.0\n", "    total = 0.0\n    together = 0.0\n"),
        ("        (loss * weight).backward()\n", "        together = together + loss * weight\n"),
        (_CLIP, "    together.backward()\n" + _CLIP),
    ),
    _step(
        "loss-of-the-last-part",
        "You return the last part's loss. The result is that of the whole batch.",
        ("return total", "return loss.item()"),
    ),
    _step(
        "mean-of-means-returned",
        "Your step is right, and the loss that you return gives each part the same weight.",
        ("total += loss.item() * weight", "total += loss.item() / len(parts)"),
    ),
    _step(
        "a-tensor-comes-back",
        "Your loss is a tensor. Return a plain number, so that nothing hangs on to the computation.",
        ("loss.item() * weight", "loss.detach() * weight"),
    ),
    _step(
        "only-the-first-part",
        "Your `return` stands in the loop: only the first part is used.",
        ("    return total", "        return total"),
        (_CLIP + "    optimizer.step()\n", "    " + _CLIP + "        optimizer.step()\n"),
    ),
    _step(
        "no-step",
        "You never call `optimizer.step()`, so the model stays as it was.",
        ("    optimizer.step()\n", ""),
    ),
    _step(
        "loss-after-the-step",
        "You measure the loss after the step. It is the one before it, which you have computed anyway.",
        ("        total += loss.item() * weight\n", ""),
        (
            "    return total\n",
            "    for x, y in parts:\n        total += course_loss(model, x, y).item() * int((y != -100).sum()) / n\n    return total\n",
        ),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_LOSS, *_STEP]
