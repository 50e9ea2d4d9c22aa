"""Known mistakes of the appendix on BERT: the loss of covered words, a training step, evaluation, filling gaps."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

_SEE = "04_training_and_masks: Exercise "

# --- mlm_loss ------------------------------------------------------------------------------------------------------

_LOSS_RIGHT = """def mlm_loss(logits, labels):
    asked = labels != -100
    if asked.sum() == 0:
        return 0.0 * logits.sum()
    scores, wanted = logits[asked], labels[asked]
    log_probs = torch.log_softmax(scores, dim=-1)
    return -log_probs[torch.arange(len(wanted)), wanted].mean()
"""


def _loss(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_LOSS_RIGHT, "bert/mlm-loss", name, explanation, *changes, see=_SEE + "1: mlm_loss")


_LOSS = [
    _loss(
        "unmasked-tokens-counted",
        "You count all tokens, also those where nothing is asked. Only places with a label count.",
        ("scores, wanted = logits[asked], labels[asked]", "scores, wanted = logits.flatten(0, 1), labels.flatten().clamp(min=0)"),
    ),
    _loss(
        "divided-by-all-tokens",
        "You divide by the number of all tokens. Divide by the number of labelled places.",
        ("wanted].mean()", "wanted].sum() / labels.numel()"),
    ),
    _loss(
        "divided-by-the-rows",
        "You divide by the number of rows. Divide by the number of labelled places.",
        ("wanted].mean()", "wanted].sum() / len(labels)"),
    ),
    _loss(
        "sum",
        "You return the sum. It is the mean over the labelled places.",
        ("wanted].mean()", "wanted].sum()"),
    ),
    _loss(
        "mean-of-the-rows",
        "You take the mean of each row and then the mean of the rows. All labelled places of the batch count alike.",
        ("    scores, wanted = logits[asked], labels[asked]\n",
         "    if len(labels) > 1:\n        rows = [mlm_loss(a[None], b[None]) for a, b in zip(logits, labels) if (b != -100).any()]\n"
         "        return sum(rows) / len(rows)\n    scores, wanted = logits[asked], labels[asked]\n"),
    ),
    _loss(
        "nan-without-labels",
        "Without a label you divide 0 by 0, and the loss is NaN. It should be zero.",
        ("    if asked.sum() == 0:\n        return 0.0 * logits.sum()\n", ""),
    ),
    _loss(
        "shifted",
        "You compare each token with the label of the next one, as for a GPT. Here the answer stands at the same place.",
        ("    asked = labels != -100\n", "    logits, labels = logits[:, :-1], labels[:, 1:]\n    asked = labels != -100\n"),
    ),
    _loss(
        "sign-missing",
        "The minus sign is missing.",
        ("return -log_probs", "return log_probs"),
    ),
    _loss(
        "softmax-twice",
        "You take the softmax of probabilities: `cross_entropy` and `log_softmax` want logits.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log_softmax(scores.softmax(dim=-1), dim=-1)"),
    ),
    _loss(
        "no-logarithm",
        "The logarithm is missing: the loss is minus the mean *logarithm* of the probabilities.",
        ("torch.log_softmax(scores", "torch.softmax(scores"),
    ),
    _loss(
        "softmax-over-the-places",
        "Your softmax goes over the places. For each place the probabilities of all words sum to 1.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log_softmax(scores, dim=0)"),
    ),
    _loss(
        "bits",
        "Your logarithm has the base 2. The loss is in nats, with the natural logarithm.",
        ("wanted].mean()", "wanted].mean() / math.log(2)"),
        ("def mlm_loss", "import math\n\n\ndef mlm_loss"),
    ),
    _loss(
        "overflows",
        "Large logits overflow in your `exp`. `log_softmax` and `cross_entropy` take care of that.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log(torch.exp(scores) / torch.exp(scores).sum(dim=-1, keepdim=True))"),
    ),
    _loss(
        "word-zero-left-out",
        "You leave out labels that are 0. Only -100 means that nothing is asked.",
        ("labels != -100", "labels > 0"),
    ),
    _loss(
        "no-gradient",
        "Your loss hangs on nothing: `detach`, `.item()` and `no_grad` cut the way of the gradient.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log_softmax(scores.detach(), dim=-1) + 0 * scores"),
    ),
]  # fmt: skip

# --- train_step ----------------------------------------------------------------------------------------------------

_STEP_RIGHT = """def train_step(model, optimizer, batch):
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


def _step(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_STEP_RIGHT, "bert/mlm-train-step", name, explanation, *changes, see=_SEE + "2: one training step")


_STEP = [
    _step(
        "gradients-not-cleared",
        "You do not clear the old gradients, so the new ones are added to them: `optimizer.zero_grad()`.",
        ("    optimizer.zero_grad()\n", ""),
    ),
    _step(
        "gradients-cleared-too-late",
        "You clear the gradients between `backward` and `step`, so that the optimiser finds none.",
        ("    optimizer.zero_grad()\n", ""),
        ("    loss.backward()\n", "    loss.backward()\n    optimizer.zero_grad()\n"),
    ),
    _step(
        "no-step",
        "The optimiser takes no step, so nothing is learned.",
        ("    optimizer.step()\n", ""),
    ),
    _step(
        "no-backward",
        "No gradients are computed: `loss.backward()` is missing.",
        ("    loss.backward()\n", ""),
    ),
    _step(
        "step-before-backward",
        "Your optimiser takes its step before there are new gradients.",
        ("    loss.backward()\n    optimizer.step()\n", "    optimizer.step()\n    loss.backward()\n"),
    ),
    _step(
        "only-the-words",
        "You train on the words only. The loss is the sum of both.",
        ("loss = word_loss + follow_loss", "loss = word_loss"),
    ),
    _step(
        "only-the-neighbours",
        "You train on the neighbours only. The loss is the sum of both.",
        ("loss = word_loss + follow_loss", "loss = follow_loss"),
    ),
    _step(
        "mean-of-both",
        "You take the mean of the two losses. It is their sum.",
        ("loss = word_loss + follow_loss", "loss = (word_loss + follow_loss) / 2"),
    ),
    _step(
        "only-the-words-told",
        "You return the loss of the words. It is the sum of both that is returned.",
        ("return loss.item()", "return word_loss.item()"),
    ),
    _step(
        "evaluation-mode",
        "You do not put the model into training mode, so dropout stays as it was: `model.train()`.",
        ("    model.train()\n", ""),
    ),
    _step(
        "loss-as-a-tensor",
        "You return a tensor, which drags all its operations along. Return a plain number: `.item()`.",
        ("return loss.item()", "return loss"),
    ),
    _step(
        "loss-after-the-step",
        "You compute the loss again after the step. The one before it is returned.",
        ("    return loss.item()", "    words, follows = model(ids, segments)\n"
         "    return (F.cross_entropy(words.transpose(1, 2), labels) + F.cross_entropy(follows, is_next)).item()"),
    ),
    _step(
        "unmasked-tokens-counted",
        "You count all tokens, also those where nothing is asked. Where the label is -100, nothing counts.",
        ("F.cross_entropy(words.transpose(1, 2), labels)",
         "F.cross_entropy(words.transpose(1, 2), torch.where(labels == -100, ids, labels))"),
    ),
    _step(
        "ids-for-labels",
        "You compare with what the model sees. The answers are the labels.",
        ("words.transpose(1, 2), labels", "words.transpose(1, 2), ids"),
    ),
    _step(
        "no-segments",
        "You do not hand on the segments of the batch.",
        ("model(ids, segments)", "model(ids, torch.zeros_like(segments))"),
    ),
    _step(
        "summed-over-the-words",
        "Your loss of the words is a sum. It is a mean over the labelled places.",
        ("words.transpose(1, 2), labels", "words.transpose(1, 2), labels, reduction=\"sum\""),
    ),
    _step(
        "two-steps",
        "You take two steps for one batch.",
        ("    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n"),
    ),
    _step(
        "gradients-clipped",
        "You clip the gradients, which this exercise does not ask for.",
        ("    optimizer.step()\n", "    nn.utils.clip_grad_norm_(model.parameters(), 0.1)\n    optimizer.step()\n"),
    ),
    _step(
        "neighbours-turned-over",
        "You train on the opposite of `is_next`.",
        ("follows, is_next", "follows, 1 - is_next"),
    ),
]  # fmt: skip

# --- evaluate ------------------------------------------------------------------------------------------------------

_EVALUATE_RIGHT = """def evaluate(model, batches):
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


def _evaluate(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_EVALUATE_RIGHT, "bert/mlm-evaluate", name, explanation, *changes, see=_SEE + "3: evaluate")


_EVALUATE = [
    _evaluate(
        "dropout-never-off",
        "You evaluate in training mode, with dropout: `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _evaluate(
        "gradients-recorded",
        "You record gradients that nobody needs: `with torch.no_grad():`.",
        ("with torch.no_grad():", "if True:"),
    ),
    _evaluate(
        "never-back-to-training",
        "You leave the model in evaluation mode. In the end it is in the mode in which it came.",
        ("    model.train(mode)\n", ""),
    ),
    _evaluate(
        "always-back-to-training",
        "You leave the model in training mode, whatever it was before. Remember its mode, and put that back.",
        ("model.train(mode)", "model.train()"),
    ),
    _evaluate(
        "mean-of-the-batches",
        "You take the mean of the batches' shares. Batches are of different sizes: count over all of them, divide once.",
        ("    right = asked = good = rows = 0\n", "    right = asked = good = rows = 0\n    n = 0\n"),
        ("right += int((words.argmax(dim=-1)[where] == labels[where]).sum())",
         "n += 1\n            right += float((words.argmax(dim=-1)[where] == labels[where]).float().mean())"),
        ("good += int((follows.argmax(dim=-1) == is_next).sum())",
         "good += float((follows.argmax(dim=-1) == is_next).float().mean())"),
        ("return right / asked, good / rows", "return right / n, good / n"),
    ),
    _evaluate(
        "last-batch-only",
        "You report the last batch only. Add up over all batches.",
        ("right += int(", "right = int("),
        ("asked += int(", "asked = int("),
        ("good += int(", "good = int("),
        ("rows += len(", "rows = len("),
    ),
    _evaluate(
        "first-batch-only",
        "You return inside of the loop, after the first batch.",
        ("            rows += len(is_next)\n", "            rows += len(is_next)\n            break\n"),
    ),
    _evaluate(
        "divided-by-all-tokens",
        "You divide by the number of all tokens. Divide by the number of labelled places.",
        ("asked += int(where.sum())", "asked += labels.numel()"),
    ),
    _evaluate(
        "unmasked-tokens-counted",
        "You count all tokens, and compare those without a label with what the model sees, which it can copy. Only "
        "labelled places count.",
        ("            where = labels != -100\n",
         "            where = ids == ids\n            labels = torch.where(labels == -100, ids, labels)\n"),
    ),
    _evaluate(
        "per-cent",
        "You return per cent. The shares are between 0 and 1.",
        ("return right / asked, good / rows", "return 100 * right / asked, 100 * good / rows"),
    ),
    _evaluate(
        "results-swapped",
        "You return the share of the neighbours first. The words come first.",
        ("return right / asked, good / rows", "return good / rows, right / asked"),
    ),
    _evaluate(
        "wrong-direction",
        "Your largest logit is taken over the tokens. For each token it is the largest over the words: `dim=-1`.",
        ("words.argmax(dim=-1)", "words.argmax(dim=1)[:, :1].expand_as(labels)"),
    ),
    _evaluate(
        "least-likely-word",
        "You take the smallest logit.",
        ("words.argmax(dim=-1)", "words.argmin(dim=-1)"),
    ),
    _evaluate(
        "neighbours-divided-by-words",
        "You divide the right rows by the number of words. Divide by the number of rows.",
        ("good / rows", "good / asked"),
    ),
    _evaluate(
        "neighbours-turned-over",
        "You count the rows in which the model says the opposite of `is_next`.",
        ("(follows.argmax(dim=-1) == is_next)", "(follows.argmin(dim=-1) == is_next)"),
    ),
    _evaluate(
        "only-the-words",
        "You return the share of the words only. The share of the rows belongs beside it.",
        ("return right / asked, good / rows", "return right / asked"),
    ),
    _evaluate(
        "no-segments",
        "You do not hand on the segments of the batch.",
        ("model(ids, segments)", "model(ids, torch.zeros_like(segments))"),
    ),
]  # fmt: skip

# --- predict_mask --------------------------------------------------------------------------------------------------

_PREDICT_RIGHT = """def predict_mask(model, words, vocab, k=5):
    if "[MASK]" not in words:
        raise ValueError("no [MASK]")
    row = [vocab["[CLS]"]] + [vocab.get(word, vocab["[UNK]"]) for word in words] + [vocab["[SEP]"]]
    ids = torch.tensor([row])
    segments = torch.zeros_like(ids)
    model.eval()
    with torch.no_grad():
        logits = model(ids, segments)[0][0]
    logits[:, :5] = float("-inf")
    probs = logits.softmax(dim=-1)
    names = {i: token for token, i in vocab.items()}
    result = []
    for t in range(len(row)):
        if row[t] == vocab["[MASK]"]:
            p, i = probs[t].topk(k)
            result.append([(names[b], a) for a, b in zip(p.tolist(), i.tolist())])
    return result
"""


def _predict(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_PREDICT_RIGHT, "bert/predict-mask", name, explanation, *changes, see=_SEE + "4: predict_mask")


_PREDICT = [
    _predict(
        "no-class-token",
        "Your row begins without [CLS].",
        ('[vocab["[CLS]"]] + ', ""),
    ),
    _predict(
        "no-separator",
        "Your row ends without [SEP].",
        (' + [vocab["[SEP]"]]', ""),
    ),
    _predict(
        "one-place-off",
        "You read the logits one place too far to the left: [CLS] stands in front of the words.",
        ("probs[t].topk", "probs[t - 1].topk"),
    ),
    _predict(
        "special-tokens-as-answers",
        "Special tokens are among your answers. Take the first five logits out before the softmax.",
        ('    logits[:, :5] = float("-inf")\n', ""),
    ),
    _predict(
        "not-renormalised",
        "You take the special tokens out after the softmax, so the probabilities of the words do not sum to 1.",
        ('    logits[:, :5] = float("-inf")\n    probs = logits.softmax(dim=-1)\n',
         "    probs = logits.softmax(dim=-1)\n    probs[:, :5] = 0\n"),
    ),
    _predict(
        "ids-too-low",
        "You leave the special tokens out and forget to count them again: your words are five ids off.",
        ('    logits[:, :5] = float("-inf")\n', "    logits = logits[:, 5:]\n"),
    ),
    _predict(
        "first-mask-only",
        "You answer for the first mask only. Each mask gets a list.",
        ("zip(p.tolist(), i.tolist())])\n", "zip(p.tolist(), i.tolist())])\n            break\n"),
    ),
    _predict(
        "logits-for-probabilities",
        "You return logits. Probabilities are wanted: softmax.",
        ("logits.softmax(dim=-1)", "logits"),
    ),
    _predict(
        "softmax-over-the-tokens",
        "Your softmax goes over the tokens of the row. It goes over the words: `dim=-1`.",
        ("logits.softmax(dim=-1)", "logits.softmax(dim=0)"),
    ),
    _predict(
        "least-likely-first",
        "You return the words that are least likely.",
        ("topk(k)", "topk(k, largest=False)"),
    ),
    _predict(
        "dropout-never-off",
        "You use the model in training mode, with dropout: `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _predict(
        "gradients-recorded",
        "You record gradients that nobody needs: `with torch.no_grad():`.",
        ("    with torch.no_grad():\n        logits = model(ids, segments)[0][0]\n",
         "    logits = model(ids, segments)[0][0].detach()\n"),
    ),
    _predict(
        "unknown-word-fails",
        "A word that is not in the vocabulary stops your code. It becomes [UNK].",
        ('vocab.get(word, vocab["[UNK]"])', "vocab[word]"),
    ),
    _predict(
        "no-error-without-a-mask",
        "Without a mask you return an empty list. Raise a ValueError.",
        ('    if "[MASK]" not in words:\n        raise ValueError("no [MASK]")\n', ""),
    ),
    _predict(
        "ids-for-words",
        "You return ids. Words are wanted.",
        ("(names[b], a)", "(b, a)"),
    ),
    _predict(
        "second-segment",
        "Your segments are 1. A sentence alone has segment 0 everywhere.",
        ("torch.zeros_like(ids)", "torch.ones_like(ids)"),
    ),
    _predict(
        "filled-one-after-the-other",
        "You fill in the best word before you guess the next mask. Each is guessed while the others stay masks.",
        ("            p, i = probs[t].topk(k)\n",
         "            with torch.no_grad():\n                scores = model(torch.tensor([row]), segments)[0][0]\n"
         "            scores[:, :5] = float(\"-inf\")\n            p, i = scores[t].softmax(dim=-1).topk(k)\n"
         "            row[t] = int(i[0])\n"),
    ),
    _predict(
        "probability-first",
        "Your pairs hold the probability first. The word comes first.",
        ("(names[b], a)", "(a, names[b])"),
    ),
    _predict(
        "unsorted",
        "Your words are sorted by the alphabet. The likeliest comes first.",
        ("zip(p.tolist(), i.tolist())])", "sorted(zip(p.tolist(), i.tolist()), key=lambda pair: pair[1])])"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_LOSS, *_STEP, *_EVALUATE, *_PREDICT]
