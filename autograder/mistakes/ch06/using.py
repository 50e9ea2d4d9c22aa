"""Known mistakes of chapter 6: classifying any text, confusion, calibration, the most confident mistakes."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- classify ------------------------------------------------------------------------------------------------------

_CLASSIFY_RIGHT = """def classify(model, text, tokenizer, max_length, pad_id):
    tokens = tokenizer.encode_ordinary(text)[:max_length]
    if not tokens:
        tokens = [pad_id]
    model.eval()
    with torch.no_grad():
        scores = model(torch.tensor([tokens]))
    p = torch.softmax(scores[0, -1], dim=0)[1].item()
    return ("spam" if p > 0.5 else "ham"), p
"""


def _classify(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_using_the_classifier: Exercise 1: classify"
    return made_in(_CLASSIFY_RIGHT, "ch06/classify", name, explanation, *changes, see=see)


_CLASSIFY = [
    _classify(
        "too-long-not-truncated",
        "You do not cut long texts: the model reads positions it was never trained on, and beyond its context length it "
        "fails. Keep the first `max_length` tokens.",
        ("[:max_length]", ""),
    ),
    _classify(
        "end-kept",
        "You keep the end of long texts. In training the beginning was kept, so here too.",
        ("[:max_length]", "[-max_length:]"),
    ),
    _classify(
        "last-token-trimmed",
        "You cut one token too early: a text of exactly `max_length` tokens loses its last one.",
        ("[:max_length]", "[: max(1, max_length - 1)]"),
    ),
    _classify(
        "characters-cut",
        "You cut the text to `max_length` characters. It is tokens that are counted.",
        ("encode_ordinary(text)[:max_length]", 'encode_ordinary(text.encode()[: max_length // 2].decode("utf-8", "ignore"))'),
    ),
    _classify(
        "empty-text-fails",
        "An empty text has no tokens, and your function fails on it. Let a single padding token stand for it.",
        ("    if not tokens:\n        tokens = [pad_id]\n", ""),
    ),
    _classify(
        "empty-is-ham-without-asking",
        "You answer for an empty text without asking the model. A single padding token stands for it.",
        ("        tokens = [pad_id]\n", '        return "ham", 0.0\n'),
    ),
    _classify(
        "empty-is-zero",
        "You let the id 0 stand for an empty text. It is `pad_id`, as in training.",
        ("tokens = [pad_id]", "tokens = [0]"),
    ),
    _classify(
        "spaces-stripped",
        "You strip the spaces around the text. In training they were left, and a text of spaces only becomes empty.",
        ("encode_ordinary(text)", "encode_ordinary(text.strip())"),
    ),
    _classify(
        "special-tokens-crash",
        "`encode` refuses a text in which a special token is written out: one message stops your program. Use "
        "`encode_ordinary`.",
        ("tokenizer.encode_ordinary(text)", "tokenizer.encode(text)"),
    ),
    _classify(
        "special-tokens-allowed",
        "You let a message contain real special tokens, so its sender can write control signs into your model. Use "
        "`encode_ordinary`.",
        ("tokenizer.encode_ordinary(text)", 'tokenizer.encode(text, allowed_special="all")'),
    ),
    _classify(
        "first-token",
        "You read the first position, which has seen one token. Read the last.",
        ("scores[0, -1]", "scores[0, 0]"),
    ),
    _classify(
        "padded-and-last-column",
        "You pad the text and read the last column, which is padding. One text alone needs none.",
        ("torch.tensor([tokens])", "torch.tensor([tokens + [pad_id] * (max_length - len(tokens))])"),
    ),
    _classify(
        "mean-of-the-positions",
        "You take the mean of the logits of all positions. Read the last.",
        ("scores[0, -1]", "scores[0].mean(dim=0)"),
    ),
    _classify(
        "training-mode",
        "Your model may be in training mode, so dropout makes the answer a matter of luck. Call `model.eval()`.",
        ("    model.eval()\n", ""),
    ),
    _classify(
        "gradients-recorded",
        "You record gradients that nobody needs. Use `torch.no_grad()`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _classify(
        "probability-of-ham",
        "You return the probability of ham. Ham is entry 0, spam is entry 1.",
        ("dim=0)[1]", "dim=0)[0]"),
    ),
    _classify(
        "probability-of-the-answer",
        "You return the probability of the label that you give. It is always that of spam, so that it can be compared.",
        ('else "ham"), p\n', 'else "ham"), max(p, 1 - p)\n'),
    ),
    _classify(
        "labels-exchanged",
        "Your labels are exchanged: a high probability of spam means spam.",
        ('("spam" if p > 0.5 else "ham")', '("ham" if p > 0.5 else "spam")'),
    ),
    _classify(
        "spam-when-in-doubt",
        "At exactly one half you say spam. Spam is said above 0.5 only: when in doubt, deliver.",
        ("p > 0.5", "p >= 0.5"),
    ),
    _classify(
        "sigmoid-of-one-logit",
        "You take the sigmoid of spam's logit alone. With two logits their difference counts: use the softmax.",
        ("torch.softmax(scores[0, -1], dim=0)[1]", "torch.sigmoid(scores[0, -1, 1])"),
    ),
    _classify(
        "no-softmax",
        "You return a logit. The softmax makes a probability of it.",
        ("torch.softmax(scores[0, -1], dim=0)[1]", "scores[0, -1, 1]"),
    ),
    _classify(
        "no-batch",
        "You give the model a row of ids without a batch around it. It wants the shape (1, T).",
        ("torch.tensor([tokens])", "torch.tensor(tokens)"),
    ),
    _classify(
        "tensor-returned",
        "Your probability is a tensor. `.item()` makes it a plain number.",
        ("dim=0)[1].item()", "dim=0)[1]"),
    ),
]  # fmt: skip

# --- confusion_matrix ----------------------------------------------------------------------------------------------

_CONFUSION_RIGHT = """def confusion_matrix(predicted, true, num_classes):
    table = torch.zeros(num_classes, num_classes, dtype=torch.long)
    for said, is_class in zip(predicted.tolist(), true.tolist()):
        table[is_class, said] += 1
    return table
"""


def _confusion(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_using_the_classifier: Exercise 2: confusion_matrix"
    return made_in(_CONFUSION_RIGHT, "ch06/confusion-matrix", name, explanation, *changes, see=see)


_CONFUSION = [
    _confusion(
        "transposed",
        "Your rows are the answers and your columns the true classes. It is the other way round.",
        ("table[is_class, said]", "table[said, is_class]"),
    ),
    _confusion(
        "diagonal-only",
        "You count the right answers only. The mistakes are what the table is for.",
        ("        table[is_class, said] += 1\n", "        if is_class == said:\n            table[is_class, said] += 1\n"),
    ),
    _confusion(
        "mistakes-only",
        "You count the mistakes only. Right answers stand on the diagonal.",
        ("        table[is_class, said] += 1\n", "        if is_class != said:\n            table[is_class, said] += 1\n"),
    ),
    _confusion(
        "repeats-lost",
        "You set each cell to 1. Add 1 for each message.",
        ("+= 1", "= 1"),
    ),
    _confusion(
        "indexed-assignment-counts-once",
        "`table[true, predicted] += 1` with whole tensors counts each cell once, however often it occurs. Use a loop, "
        "`bincount`, or `index_put_` with accumulate.",
        ("    for said, is_class in zip(predicted.tolist(), true.tolist()):\n        table[is_class, said] += 1\n",
         "    table[true, predicted] += 1\n"),
    ),
    _confusion(
        "always-two-classes",
        "Your table always has two rows. `num_classes` says how many classes there are.",
        ("torch.zeros(num_classes, num_classes,", "torch.zeros(2, 2,"),
    ),
    _confusion(
        "size-from-the-data",
        "You take the number of classes from the messages. A class that does not occur would be missing; use `num_classes`.",
        ("    table =", "    num_classes = int(true.max()) + 1 if len(true) else 1\n    table ="),
    ),
    _confusion(
        "shares",
        "You return shares of each row. Counts are asked for.",
        ("return table", "return table / table.sum(dim=1, keepdim=True).clamp(min=1)"),
    ),
    _confusion(
        "counts-as-floats",
        "Your counts are floating-point numbers. Counts are integers.",
        ("dtype=torch.long", "dtype=torch.float32"),
    ),
    _confusion(
        "last-message-lost",
        "Your last message is not counted.",
        ("zip(predicted.tolist(), true.tolist())", "zip(predicted.tolist()[:-1], true.tolist()[:-1])"),
    ),
    _confusion(
        "symmetric",
        "You count each message in two cells. False alarms and misses are to be kept apart.",
        ("+= 1\n", "+= 1\n        table[said, is_class] += is_class != said\n"),
    ),
]  # fmt: skip

# --- reliability ---------------------------------------------------------------------------------------------------

_RELIABILITY_RIGHT = """def reliability(probabilities, outcomes, bins):
    number = (probabilities * bins).long().clamp(max=bins - 1)
    result = []
    for k in range(bins):
        mask = number == k
        if not mask.any():
            continue
        said = probabilities[mask].mean().item()
        seen = outcomes[mask].float().mean().item()
        result.append((said, seen, int(mask.sum())))
    return result
"""


def _reliability(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_using_the_classifier: Exercise 3: reliability"
    return made_in(_RELIABILITY_RIGHT, "ch06/reliability", name, explanation, *changes, see=see)


_RELIABILITY = [
    _reliability(
        "one-has-no-bin",
        "A probability of exactly 1 has no bin in your function and gets lost. It belongs to the last one.",
        (".clamp(max=bins - 1)", ""),
    ),
    _reliability(
        "one-too-many",
        "You have one bin more than was asked for, for the probability 1 alone. It belongs to the last one.",
        (".clamp(max=bins - 1)", ""),
        ("range(bins)", "range(bins + 1)"),
    ),
    _reliability(
        "rounded",
        "You round to the nearest border. A bin begins at its lower border: cut the fraction off.",
        ("(probabilities * bins).long()", "(probabilities * bins).round().long()"),
    ),
    _reliability(
        "border-to-the-lower-bin",
        "A probability on a border belongs to the upper bin: the lower border is part of a bin, the upper is not.",
        ("(probabilities * bins).long().clamp(max=bins - 1)", "((probabilities * bins).ceil().long() - 1).clamp(min=0)"),
    ),
    _reliability(
        "empty-bins-kept",
        "You keep empty bins, with a mean of nothing. Leave them out.",
        ("        if not mask.any():\n            continue\n", ""),
    ),
    _reliability(
        "empty-bins-as-zeros",
        "You put zeros for empty bins. Leave them out.",
        ("            continue\n", "            result.append((0.0, 0.0, 0))\n            continue\n"),
    ),
    _reliability(
        "middle-of-the-bin",
        "You give the middle of the bin. It is the mean of the probabilities in it that is compared.",
        ("probabilities[mask].mean().item()", "(k + 0.5) / bins"),
    ),
    _reliability(
        "border-of-the-bin",
        "You give the border of the bin. It is the mean of the probabilities in it that is compared.",
        ("probabilities[mask].mean().item()", "k / bins"),
    ),
    _reliability(
        "right-answers-for-outcomes",
        "You give the share of right answers. It is the share of spam that is compared with the probability of spam.",
        ("outcomes[mask].float()", "((probabilities[mask] > 0.5).long() == outcomes[mask]).float()"),
    ),
    _reliability(
        "spam-not-share",
        "You count the spam in the bin. Its share is asked for.",
        ("outcomes[mask].float().mean()", "outcomes[mask].float().sum()"),
    ),
    _reliability(
        "exchanged",
        "The observed share stands first in your tuples. First comes what was predicted.",
        ("(said, seen,", "(seen, said,"),
    ),
    _reliability(
        "equal-counts",
        "Your bins hold equal numbers of messages. They should have equal width.",
        ("(probabilities * bins).long().clamp(max=bins - 1)",
         "(probabilities.argsort().argsort() * bins // len(probabilities))"),
    ),
    _reliability(
        "range-of-the-data",
        "You stretch the bins over the probabilities that occur. They divide the range from 0 to 1.",
        ("(probabilities * bins)", "((probabilities - probabilities.min()) / (probabilities.max() - probabilities.min() + 1e-9) * bins)"),
    ),
    _reliability(
        "always-ten-bins",
        "You always make ten bins. `bins` says how many.",
        ("    number =", "    bins = 10\n    number ="),
    ),
    _reliability(
        "confidence-for-probability",
        "You sort by the confidence in the answer. It is the probability of spam that is put into bins.",
        ("    number =", "    probabilities = torch.maximum(probabilities, 1 - probabilities)\n    number ="),
    ),
    _reliability(
        "share-of-all",
        "Your third number is the share of all messages. It is their count.",
        ("int(mask.sum())", "float(mask.float().mean())"),
    ),
]  # fmt: skip

# --- confident_mistakes --------------------------------------------------------------------------------------------

_CONFIDENT_RIGHT = """def confident_mistakes(probabilities, true, count):
    pairs = list(enumerate(zip(probabilities.tolist(), true.tolist())))
    numbers = [i for i, (p, label) in pairs if (p > 0.5) != (label == 1)]
    numbers.sort(key=lambda i: abs(probabilities[i].item() - 0.5), reverse=True)
    return numbers[:count]
"""


def _confident(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_using_the_classifier: Exercise 4: the most confident mistakes"
    return made_in(_CONFIDENT_RIGHT, "ch06/confident-mistakes", name, explanation, *changes, see=see)


_CONFIDENT = [
    _confident(
        "least-confident-first",
        "You begin with the mistake that was nearly right. The most confident comes first.",
        (", reverse=True", ""),
    ),
    _confident(
        "not-sorted",
        "You give the mistakes in the order of the messages. The most confident comes first.",
        ("    numbers.sort(key=lambda i: abs(probabilities[i].item() - 0.5), reverse=True)\n", ""),
    ),
    _confident(
        "sorted-by-spam",
        "You sort by the probability of spam. For spam that was taken for ham the confidence is 1 minus it.",
        ("abs(probabilities[i].item() - 0.5)", "probabilities[i].item()"),
    ),
    _confident(
        "right-answers-too",
        "You sort all messages, the right ones too. Only mistakes are wanted.",
        (" if (p > 0.5) != (label == 1)]", "]"),
    ),
    _confident(
        "right-answers-only",
        "You give the right answers of which the classifier is most sure. It is the mistakes that are wanted.",
        ("(p > 0.5) != (label == 1)", "(p > 0.5) == (label == 1)"),
    ),
    _confident(
        "false-alarms-only",
        "You find ham that was called spam, and not the spam that was missed. Both are mistakes.",
        ("(p > 0.5) != (label == 1)", "p > 0.5 and label == 0"),
    ),
    _confident(
        "missed-only",
        "You find the spam that was missed, and not the ham that was called spam. Both are mistakes.",
        ("(p > 0.5) != (label == 1)", "p <= 0.5 and label == 1"),
    ),
    _confident(
        "places-in-the-short-list",
        "Your numbers are places in the list of mistakes. Look up the messages' own numbers there.",
        ("return numbers[:count]", "return list(range(len(numbers)))[:count]"),
    ),
    _confident(
        "all-of-them",
        "You give all mistakes, however many. `count` is the most that are wanted.",
        ("[:count]", ""),
    ),
    _confident(
        "last-ones",
        "You take the end of the sorted list, where the least confident mistakes are.",
        ("[:count]", "[-count:]"),
    ),
    _confident(
        "half-means-spam",
        "At exactly one half you take the answer for spam. Spam is said above 0.5 only.",
        ("(p > 0.5)", "(p >= 0.5)"),
    ),
    _confident(
        "filled-up",
        "Where there are fewer mistakes than were asked for, you fill the list up. Let it be shorter.",
        ("return numbers[:count]", "return (numbers + [i for i, _ in pairs if i not in numbers])[:count]"),
    ),
    _confident(
        "confidences-returned",
        "You return confidences. The numbers of the messages are asked for.",
        ("return numbers[:count]", "return [abs(probabilities[i].item() - 0.5) + 0.5 for i in numbers[:count]]"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_CLASSIFY, *_CONFUSION, *_RELIABILITY, *_CONFIDENT]
