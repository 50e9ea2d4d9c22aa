"""Answers to exercise 2 of 04_using_the_classifier: confusion_matrix."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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
        name="one-hot-product",
        description="A product of two one-hot tables.",
        code="""def confusion_matrix(predicted, true, num_classes):
    eye = torch.eye(num_classes)
    return (eye[true].T @ eye[predicted]).round().long()
""",
    ),
    Alternative(
        name="masks",
        description="Every cell as the size of a mask.",
        code="""def confusion_matrix(predicted, true, num_classes):
    classes = range(num_classes)
    return torch.tensor([[((true == i) & (predicted == j)).sum().item() for j in classes] for i in classes])
""",
    ),
    Alternative(
        name="index-put",
        description="index_put_ with accumulate.",
        code="""def confusion_matrix(predicted, true, num_classes):
    table = torch.zeros(num_classes, num_classes, dtype=torch.int32)
    return table.index_put_((true, predicted), torch.ones(len(true), dtype=torch.int32), accumulate=True)
""",
    ),
]

_RIGHT = """def confusion_matrix(predicted, true, num_classes):
    table = torch.zeros(num_classes, num_classes, dtype=torch.long)
    for said, is_class in zip(predicted.tolist(), true.tolist()):
        table[is_class, said] += 1
    return table
"""

_mistake = partial(made_in, _RIGHT, see="04_using_the_classifier: Exercise 2: confusion_matrix")

MISTAKES = [
    _mistake(
        "transposed",
        "Your rows are the answers and your columns the true classes. It should be the other way round.",
        ("table[is_class, said]", "table[said, is_class]"),
    ),
    _mistake(
        "diagonal-only",
        "You count the right answers only. The mistakes are what the table is for.",
        (
            "        table[is_class, said] += 1\n",
            "        if is_class == said:\n            table[is_class, said] += 1\n",
        ),
    ),
    _mistake(
        "mistakes-only",
        "You count the mistakes only. Right answers stand on the diagonal.",
        (
            "        table[is_class, said] += 1\n",
            "        if is_class != said:\n            table[is_class, said] += 1\n",
        ),
    ),
    _mistake(
        "repeats-lost",
        "You set each cell to 1. Add 1 for each message.",
        ("+= 1", "= 1"),
    ),
    _mistake(
        "indexed-assignment-counts-once",
        "`table[true, predicted] += 1` with whole tensors counts each cell once, however often it occurs. Use a loop, "
        "`bincount`, or `index_put_` with accumulate.",
        (
            "    for said, is_class in zip(predicted.tolist(), true.tolist()):\n        table[is_class, said] += 1\n",
            "    table[true, predicted] += 1\n",
        ),
    ),
    _mistake(
        "always-two-classes",
        "Your table always has two rows. `num_classes` says how many classes there are.",
        ("torch.zeros(num_classes, num_classes,", "torch.zeros(2, 2,"),
    ),
    _mistake(
        "size-from-the-data",
        "You take the number of classes from the messages. A class that does not occur would be missing; use `num_classes`.",
        ("    table =", "    num_classes = int(true.max()) + 1 if len(true) else 1\n    table ="),
    ),
    _mistake(
        "shares",
        "You return shares of each row. Counts are asked for.",
        ("return table", "return table / table.sum(dim=1, keepdim=True).clamp(min=1)"),
    ),
    _mistake(
        "counts-as-floats",
        "Your counts are floating-point numbers. Counts are integers.",
        ("dtype=torch.long", "dtype=torch.float32"),
    ),
    _mistake(
        "last-message-lost",
        "Your last message is not counted.",
        ("zip(predicted.tolist(), true.tolist())", "zip(predicted.tolist()[:-1], true.tolist()[:-1])"),
    ),
    _mistake(
        "symmetric",
        "You count each message in two cells. Keep false alarms and misses apart.",
        ("+= 1\n", "+= 1\n        table[said, is_class] += is_class != said\n"),
    ),
]
