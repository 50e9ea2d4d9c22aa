"""Right answers of chapter 6 in other styles: classifying any text, confusion, calibration, the most confident mistakes."""

from __future__ import annotations

from autograder.catalogue import Alternative

_CLASSIFY = [
    Alternative(
        exercise="ch06/classify",
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
        exercise="ch06/classify",
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
        exercise="ch06/classify",
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

_CONFUSION = [
    Alternative(
        exercise="ch06/confusion-matrix",
        name="loop",
        description="A loop over the messages.",
        code="""def confusion_matrix(predicted, true, num_classes):
    matrix = torch.zeros((num_classes, num_classes), dtype=torch.int64)
    for i in range(len(true)):
        matrix[int(true[i])][int(predicted[i])] += 1
    return matrix
""",
    ),
    Alternative(
        exercise="ch06/confusion-matrix",
        name="one-hot-product",
        description="A product of two one-hot tables.",
        code="""def confusion_matrix(predicted, true, num_classes):
    eye = torch.eye(num_classes)
    return (eye[true].T @ eye[predicted]).round().long()
""",
    ),
    Alternative(
        exercise="ch06/confusion-matrix",
        name="masks",
        description="Every cell as the size of a mask.",
        code="""def confusion_matrix(predicted, true, num_classes):
    classes = range(num_classes)
    return torch.tensor([[((true == i) & (predicted == j)).sum().item() for j in classes] for i in classes])
""",
    ),
    Alternative(
        exercise="ch06/confusion-matrix",
        name="index-put",
        description="index_put_ with accumulate.",
        code="""def confusion_matrix(predicted, true, num_classes):
    table = torch.zeros(num_classes, num_classes, dtype=torch.int32)
    return table.index_put_((true, predicted), torch.ones(len(true), dtype=torch.int32), accumulate=True)
""",
    ),
]

_RELIABILITY = [
    Alternative(
        exercise="ch06/reliability",
        name="bucketize",
        description="Borders and bucketize; sums by scatter.",
        code="""def reliability(probabilities, outcomes, bins):
    borders = torch.arange(1, bins) / bins
    place = torch.bucketize(probabilities, borders, right=True)
    count = torch.bincount(place, minlength=bins)
    said = torch.bincount(place, weights=probabilities.double(), minlength=bins)
    seen = torch.bincount(place, weights=outcomes.double(), minlength=bins)
    return [
        ((said[k] / count[k]).item(), (seen[k] / count[k]).item(), int(count[k])) for k in range(bins) if count[k] > 0
    ]
""",
    ),
    Alternative(
        exercise="ch06/reliability",
        name="plain-python",
        description="Dictionaries and plain numbers.",
        code="""def reliability(probabilities, outcomes, bins):
    boxes = {}
    for p, y in zip(probabilities.tolist(), outcomes.tolist()):
        box = boxes.setdefault(min(int(p * bins), bins - 1), [0.0, 0, 0])
        box[0] += p
        box[1] += y
        box[2] += 1
    return [(p / n, y / n, n) for _, (p, y, n) in sorted(boxes.items())]
""",
    ),
    Alternative(
        exercise="ch06/reliability",
        name="comparisons",
        description="Lower and upper border of each bin compared; the last one closed.",
        code="""def reliability(probabilities, outcomes, bins):
    found = []
    for k in range(bins):
        low, high = k / bins, (k + 1) / bins
        inside = (probabilities >= low) & ((probabilities < high) | (k == bins - 1))
        n = inside.sum().item()
        if n == 0:
            continue
        spam = (outcomes[inside] == 1).sum().item()
        found.append((float(probabilities[inside].sum()) / n, spam / n, n))
    return found
""",
    ),
]

_CONFIDENT = [
    Alternative(
        exercise="ch06/confident-mistakes",
        name="sort-by-probability-of-the-truth",
        description="Sorted by the probability of the true class, the smallest first.",
        code="""def confident_mistakes(probabilities, true, count):
    of_truth = torch.where(true == 1, probabilities, 1 - probabilities)
    wrong = (probabilities > 0.5).int() != true.int()
    order = torch.argsort(of_truth).tolist()
    return [i for i in order if wrong[i]][:count]
""",
    ),
    Alternative(
        exercise="ch06/confident-mistakes",
        name="topk",
        description="topk on confidences, with right answers below all.",
        code="""def confident_mistakes(probabilities, true, count):
    spam = probabilities > 0.5
    wrong = spam ^ true.bool()
    confidence = torch.where(spam, probabilities, 1 - probabilities).masked_fill(~wrong, -1.0)
    k = min(count, int(wrong.sum()))
    return confidence.topk(k).indices.tolist()
""",
    ),
    Alternative(
        exercise="ch06/confident-mistakes",
        name="heap",
        description="heapq.nlargest over tuples of plain numbers.",
        code="""def confident_mistakes(probabilities, true, count):
    import heapq

    mistakes = []
    for number, (p, y) in enumerate(zip(probabilities.tolist(), true.tolist())):
        if y == 0 and p > 0.5:
            mistakes.append((p, number))
        elif y == 1 and p <= 0.5:
            mistakes.append((1 - p, number))
    return [number for _, number in heapq.nlargest(count, mistakes)]
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_CLASSIFY, *_CONFUSION, *_RELIABILITY, *_CONFIDENT]
