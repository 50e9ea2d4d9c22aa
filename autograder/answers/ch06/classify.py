"""Answers to exercise 1 of 04_using_the_classifier: classify."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="padded-and-read-at-the-length",
        description="A padded row, read at the last real position.",
        code="""def classify(model, text, tokenizer, max_length, pad_id):
    ids = tokenizer.encode_ordinary(text)[:max_length]
    length = max(1, len(ids))
    row = torch.full((1, max_length), pad_id)
    row[0, : len(ids)] = torch.tensor(ids, dtype=torch.long)
    model.eval()
    with torch.no_grad():
        logits = model(row)[0, length - 1]
    spam = float(logits.exp()[1] / logits.exp().sum())
    return ("ham", "spam")[int(spam > 0.5)], spam
""",
    ),
    Alternative(
        name="inference-mode-decorator",
        description="A decorator for gradients, log_softmax, encode with special tokens taken as text.",
        code="""@torch.inference_mode()
def classify(model, text, tokenizer, max_length, pad_id):
    ids = tokenizer.encode(text, disallowed_special=())
    if len(ids) > max_length:
        ids = ids[0:max_length]
    if len(ids) == 0:
        ids.append(pad_id)
    output = model.train(False)(torch.as_tensor(ids).unsqueeze(0))
    p_spam = output[:, -1, :].log_softmax(dim=-1).exp().squeeze(0)[1].item()
    if p_spam > 0.5:
        return "spam", p_spam
    return "ham", p_spam
""",
    ),
    Alternative(
        name="labels-by-argmax",
        description="The label by argmax, where ham wins a tie; a list comes back for a pair.",
        code="""def classify(model, text, tokenizer, max_length, pad_id):
    encoded = torch.tensor(tokenizer.encode_ordinary(text) or [pad_id])[:max_length]
    was_training = model.training
    try:
        model.eval()
        with torch.no_grad():
            scores = model(encoded[None, :])[0][-1]
    finally:
        model.train(was_training)
    return LABELS[int(torch.argmax(scores))], torch.softmax(scores, -1).tolist()[1]
""",
    ),
]

_RIGHT = """def classify(model, text, tokenizer, max_length, pad_id):
    tokens = tokenizer.encode_ordinary(text)[:max_length]
    if not tokens:
        tokens = [pad_id]
    model.eval()
    with torch.no_grad():
        scores = model(torch.tensor([tokens]))
    p = torch.softmax(scores[0, -1], dim=0)[1].item()
    return ("spam" if p > 0.5 else "ham"), p
"""

_mistake = partial(made_in, _RIGHT, see="04_using_the_classifier: Exercise 1: classify")

MISTAKES = [
    _mistake(
        "too-long-not-truncated",
        "You do not cut long texts: the model reads positions it was never trained on, and beyond its context length it "
        "fails. Keep the first `max_length` tokens.",
        ("[:max_length]", ""),
    ),
    _mistake(
        "end-kept",
        "You keep the end of long texts. In training the beginning was kept, so here too.",
        ("[:max_length]", "[-max_length:]"),
    ),
    _mistake(
        "last-token-trimmed",
        "You cut one token too early: a text of exactly `max_length` tokens loses its last one.",
        ("[:max_length]", "[: max(1, max_length - 1)]"),
    ),
    _mistake(
        "characters-cut",
        "You cut the text to `max_length` characters. It is tokens that are counted.",
        (
            "encode_ordinary(text)[:max_length]",
            'encode_ordinary(text.encode()[: max_length // 2].decode("utf-8", "ignore"))',
        ),
    ),
    _mistake(
        "empty-text-fails",
        "An empty text has no tokens, and your function fails on it. Let a single padding token stand for it.",
        ("    if not tokens:\n        tokens = [pad_id]\n", ""),
    ),
    _mistake(
        "empty-is-ham-without-asking",
        "You answer for an empty text without asking the model. A single padding token stands for it.",
        ("        tokens = [pad_id]\n", '        return "ham", 0.0\n'),
    ),
    _mistake(
        "empty-is-zero",
        "You let the id 0 stand for an empty text. It is `pad_id`, as in training.",
        ("tokens = [pad_id]", "tokens = [0]"),
    ),
    _mistake(
        "spaces-stripped",
        "You strip the spaces around the text. In training they were left, and a text of spaces only becomes empty.",
        ("encode_ordinary(text)", "encode_ordinary(text.strip())"),
    ),
    _mistake(
        "special-tokens-crash",
        "`encode` refuses a text in which a special token is written out: one message stops your program. Use "
        "`encode_ordinary`.",
        ("tokenizer.encode_ordinary(text)", "tokenizer.encode(text)"),
    ),
    _mistake(
        "special-tokens-allowed",
        "You let a message contain real special tokens, so its sender can write control signs into your model. Use "
        "`encode_ordinary`.",
        ("tokenizer.encode_ordinary(text)", 'tokenizer.encode(text, allowed_special="all")'),
    ),
    _mistake(
        "first-token",
        "You read the first position, which has seen one token. Read the last.",
        ("scores[0, -1]", "scores[0, 0]"),
    ),
    _mistake(
        "padded-and-last-column",
        "You pad the text and read the last column, which is padding. One text alone needs none.",
        ("torch.tensor([tokens])", "torch.tensor([tokens + [pad_id] * (max_length - len(tokens))])"),
    ),
    _mistake(
        "mean-of-the-positions",
        "You take the mean of the logits of all positions. Read the last.",
        ("scores[0, -1]", "scores[0].mean(dim=0)"),
    ),
    _mistake(
        "training-mode",
        "Your model may be in training mode, so dropout makes the answer a matter of luck. Call `model.eval()`.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "gradients-recorded",
        "You record gradients that nobody needs. Use `torch.no_grad()`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _mistake(
        "probability-of-ham",
        "You return the probability of ham. Ham is entry 0, spam is entry 1.",
        ("dim=0)[1]", "dim=0)[0]"),
    ),
    _mistake(
        "probability-of-the-answer",
        "You return the probability of the label that you give. It is always that of spam, so that it can be compared.",
        ('else "ham"), p\n', 'else "ham"), max(p, 1 - p)\n'),
    ),
    _mistake(
        "labels-exchanged",
        "Your labels are exchanged: a high probability of spam means spam.",
        ('("spam" if p > 0.5 else "ham")', '("ham" if p > 0.5 else "spam")'),
    ),
    _mistake(
        "spam-when-in-doubt",
        "At exactly one half you say spam. Spam is said above 0.5 only: when in doubt, deliver.",
        ("p > 0.5", "p >= 0.5"),
    ),
    _mistake(
        "sigmoid-of-one-logit",
        "You take the sigmoid of spam's logit alone. With two logits their difference counts: use the softmax.",
        ("torch.softmax(scores[0, -1], dim=0)[1]", "torch.sigmoid(scores[0, -1, 1])"),
    ),
    _mistake(
        "no-softmax",
        "You return a logit. The softmax makes a probability of it.",
        ("torch.softmax(scores[0, -1], dim=0)[1]", "scores[0, -1, 1]"),
    ),
    _mistake(
        "no-batch",
        "You give the model a row of ids without a batch around it. It wants the shape (1, T).",
        ("torch.tensor([tokens])", "torch.tensor(tokens)"),
    ),
    _mistake(
        "tensor-returned",
        "Your probability is a tensor. `.item()` makes it a plain number.",
        ("dim=0)[1].item()", "dim=0)[1]"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "ham, spam = model(torch.tensor([ids]))[0, -1]",
        "0 → -1",
        "The first row of a batch of one is the last one too.",
    ),
]
