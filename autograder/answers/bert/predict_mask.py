"""Answers to exercise 4 of 04_training_and_masks: predict_mask."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="sorted-in-python",
        description="Softmax by hand over a dictionary of words, sorted in plain Python.",
        code="""@torch.no_grad()
def predict_mask(model, words, vocab, k=5):
    import math

    tokens = ["[CLS]"] + list(words) + ["[SEP]"]
    places = [t for t, token in enumerate(tokens) if token == "[MASK]"]
    if not places:
        raise ValueError("nothing to guess")
    model.eval()
    ids = torch.tensor([vocab[token] if token in vocab else 1 for token in tokens]).unsqueeze(0)
    scores, _follows = model(ids, ids * 0)
    answer = []
    for t in places:
        row = scores[0, t].tolist()
        powers = {word: math.exp(row[i] - max(row)) for word, i in vocab.items() if i > 4}
        total = sum(powers.values())
        best = sorted(powers, key=powers.get, reverse=True)[:k]
        answer.append([(word, powers[word] / total) for word in best])
    return answer
""",
    ),
    Alternative(
        name="all-masks-at-once",
        description="Logits of all masks in one tensor, words in a list, inference_mode.",
        code="""def predict_mask(model, words, vocab, k=5):
    numbers = [2, *(vocab.get(word, 1) for word in words), 3]
    ids = torch.tensor(numbers)[None, :]
    where = ids[0] == 4
    if not where.any():
        raise ValueError("give me a [MASK]")
    names = sorted(vocab, key=vocab.get)[5:]
    model = model.eval()
    with torch.inference_mode():
        logits = model(ids, torch.zeros(1, len(numbers), dtype=torch.long))[0]
    values, places = torch.log_softmax(logits[0, where][:, 5:], dim=-1).exp().sort(dim=-1, descending=True)
    return [
        [(names[place], float(value)) for value, place in zip(row[:k], spots[:k].tolist())]
        for row, spots in zip(values, places)
    ]
""",
    ),
    Alternative(
        name="special-tokens-far-down",
        description="Special logits lowered by a large number; a helper for one place; the mode put back.",
        code="""def best_words(logits, names, k):
    lowered = logits.clone()
    lowered[:5] -= 1e9
    chances = F.softmax(lowered, dim=0)
    order = torch.argsort(chances, descending=True)[:k]
    return [[names[int(i)], chances[i].item()] for i in order]


def predict_mask(model, words, vocab, k=5):
    count = words.count("[MASK]")
    if count < 1:
        raise ValueError(words)
    names = dict(zip(vocab.values(), vocab.keys()))
    ids = [vocab["[CLS]"]] + [vocab.get(w, vocab["[UNK]"]) for w in words] + [vocab["[SEP]"]]
    mode = model.training
    model.eval()
    with torch.no_grad():
        out = model(torch.LongTensor([ids]), torch.LongTensor([[0] * len(ids)]))[0]
    model.train(mode)
    return [best_words(out[0, t + 1], names, k) for t, w in enumerate(words) if w == "[MASK]"]
""",
    ),
]

_RIGHT = """def predict_mask(model, words, vocab, k=5):
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

_mistake = partial(made_in, _RIGHT, see="04_training_and_masks: Exercise 4: predict_mask")

MISTAKES = [
    _mistake(
        "no-class-token",
        "Your row begins without [CLS].",
        ('[vocab["[CLS]"]] + ', ""),
    ),
    _mistake(
        "no-separator",
        "Your row ends without [SEP].",
        (' + [vocab["[SEP]"]]', ""),
    ),
    _mistake(
        "one-place-off",
        "You read the logits one place too far to the left: [CLS] stands in front of the words.",
        ("probs[t].topk", "probs[t - 1].topk"),
    ),
    _mistake(
        "special-tokens-as-answers",
        "Special tokens are among your answers. Take the first five logits out before the softmax.",
        ('    logits[:, :5] = float("-inf")\n', ""),
    ),
    _mistake(
        "not-renormalised",
        "You take the special tokens out after the softmax, so the probabilities of the words do not sum to 1.",
        (
            '    logits[:, :5] = float("-inf")\n    probs = logits.softmax(dim=-1)\n',
            "    probs = logits.softmax(dim=-1)\n    probs[:, :5] = 0\n",
        ),
    ),
    _mistake(
        "ids-too-low",
        "You leave the special tokens out and forget to count them again: your words are five ids off.",
        ('    logits[:, :5] = float("-inf")\n', "    logits = logits[:, 5:]\n"),
    ),
    _mistake(
        "first-mask-only",
        "You answer for the first mask only. Each mask gets a list.",
        ("zip(p.tolist(), i.tolist())])\n", "zip(p.tolist(), i.tolist())])\n            break\n"),
    ),
    _mistake(
        "logits-for-probabilities",
        "You return logits. Probabilities are wanted: softmax.",
        ("logits.softmax(dim=-1)", "logits"),
    ),
    _mistake(
        "softmax-over-the-tokens",
        "Your softmax goes over the tokens of the row. It goes over the words: `dim=-1`.",
        ("logits.softmax(dim=-1)", "logits.softmax(dim=0)"),
    ),
    _mistake(
        "least-likely-first",
        "You return the words that are least likely.",
        ("topk(k)", "topk(k, largest=False)"),
    ),
    _mistake(
        "dropout-never-off",
        "You use the model in training mode, with dropout: `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "gradients-recorded",
        "You record gradients that nobody needs: `with torch.no_grad():`.",
        (
            "    with torch.no_grad():\n        logits = model(ids, segments)[0][0]\n",
            "    logits = model(ids, segments)[0][0].detach()\n",
        ),
    ),
    _mistake(
        "unknown-word-fails",
        "A word that is not in the vocabulary stops your code. It becomes [UNK].",
        ('vocab.get(word, vocab["[UNK]"])', "vocab[word]"),
    ),
    _mistake(
        "no-error-without-a-mask",
        "Without a mask you return an empty list. Raise a ValueError.",
        ('    if "[MASK]" not in words:\n        raise ValueError("no [MASK]")\n', ""),
    ),
    _mistake(
        "ids-for-words",
        "You return ids. Words are wanted.",
        ("(names[b], a)", "(b, a)"),
    ),
    _mistake(
        "second-segment",
        "Your segments are 1. A sentence alone has segment 0 everywhere.",
        ("torch.zeros_like(ids)", "torch.ones_like(ids)"),
    ),
    _mistake(
        "filled-one-after-the-other",
        "You fill in the best word before you guess the next mask. Each is guessed while the others stay masks.",
        (
            "            p, i = probs[t].topk(k)\n",
            "            with torch.no_grad():\n                scores = model(torch.tensor([row]), segments)[0][0]\n"
            '            scores[:, :5] = float("-inf")\n            p, i = scores[t].softmax(dim=-1).topk(k)\n'
            "            row[t] = int(i[0])\n",
        ),
    ),
    _mistake(
        "probability-first",
        "Your pairs hold the probability first. The word comes first.",
        ("(names[b], a)", "(a, names[b])"),
    ),
    _mistake(
        "unsorted",
        "Your words are sorted by the alphabet. The likeliest comes first.",
        ("zip(p.tolist(), i.tolist())])", "sorted(zip(p.tolist(), i.tolist()), key=lambda pair: pair[1])])"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "logits = model(ids, torch.zeros_like(ids))[0][0]",
        "0 → -1",
        "In a batch of one row the first row is the last.",
        nth=2,
    ),
    Equivalent(
        "best = torch.softmax(logits[place, 5:], dim=-1).topk(k)",
        "1 → 0",
        "With one dimension the last one is number 0.",
    ),
    Equivalent(
        "pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)",
        "keyword strict dropped",
        "topk gives as many indices as values.",
    ),
    Equivalent(
        "pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)",
        "True → False",
        "topk gives as many indices as values.",
    ),
]
