"""Answers to exercise 4 of 04_using_the_classifier: the most confident mistakes."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def confident_mistakes(probabilities, true, count):
    pairs = list(enumerate(zip(probabilities.tolist(), true.tolist())))
    numbers = [i for i, (p, label) in pairs if (p > 0.5) != (label == 1)]
    numbers.sort(key=lambda i: abs(probabilities[i].item() - 0.5), reverse=True)
    return numbers[:count]
"""

_mistake = partial(made_in, _RIGHT, see="04_using_the_classifier: Exercise 4: the most confident mistakes")

MISTAKES = [
    _mistake(
        "least-confident-first",
        "You begin with the mistake that was nearly right. The most confident comes first.",
        (", reverse=True", ""),
    ),
    _mistake(
        "not-sorted",
        "You give the mistakes in the order of the messages. The most confident comes first.",
        ("    numbers.sort(key=lambda i: abs(probabilities[i].item() - 0.5), reverse=True)\n", ""),
    ),
    _mistake(
        "sorted-by-spam",
        "You sort by the probability of spam. For spam that was taken for ham the confidence is 1 minus it.",
        ("abs(probabilities[i].item() - 0.5)", "probabilities[i].item()"),
    ),
    _mistake(
        "right-answers-too",
        "You sort all messages, the right ones too. Only mistakes are wanted.",
        (" if (p > 0.5) != (label == 1)]", "]"),
    ),
    _mistake(
        "right-answers-only",
        "You give the right answers of which the classifier is most sure. It is the mistakes that are wanted.",
        ("(p > 0.5) != (label == 1)", "(p > 0.5) == (label == 1)"),
    ),
    _mistake(
        "false-alarms-only",
        "You find ham that was called spam, and not the spam that was missed. Both are mistakes.",
        ("(p > 0.5) != (label == 1)", "p > 0.5 and label == 0"),
    ),
    _mistake(
        "missed-only",
        "You find the spam that was missed, and not the ham that was called spam. Both are mistakes.",
        ("(p > 0.5) != (label == 1)", "p <= 0.5 and label == 1"),
    ),
    _mistake(
        "places-in-the-short-list",
        "Your numbers are places in the list of mistakes. Look up the messages' own numbers there.",
        ("return numbers[:count]", "return list(range(len(numbers)))[:count]"),
    ),
    _mistake(
        "all-of-them",
        "You give all mistakes, however many. `count` is the most that are wanted.",
        ("[:count]", ""),
    ),
    _mistake(
        "last-ones",
        "You take the end of the sorted list, where the least confident mistakes are.",
        ("[:count]", "[-count:]"),
    ),
    _mistake(
        "half-means-spam",
        "At exactly one half you take the answer for spam. Spam is said above 0.5 only.",
        ("(p > 0.5)", "(p >= 0.5)"),
    ),
    _mistake(
        "filled-up",
        "Where there are fewer mistakes than were asked for, you fill the list up. Let it be shorter.",
        ("return numbers[:count]", "return (numbers + [i for i, _ in pairs if i not in numbers])[:count]"),
    ),
    _mistake(
        "confidences-returned",
        "You return confidences. The numbers of the messages are asked for.",
        ("return numbers[:count]", "return [abs(probabilities[i].item() - 0.5) + 0.5 for i in numbers[:count]]"),
    ),
]
