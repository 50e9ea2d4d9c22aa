"""Answers to exercise 1 of 08_cbow: one-hot vectors."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="torch",
        description="F.one_hot, whose own error is turned into a ValueError.",
        code="""def one_hot(ids, vocab_size):
    if ((ids < 0) | (ids >= vocab_size)).any():
        raise ValueError("id outside the vocabulary")
    return F.one_hot(ids, num_classes=vocab_size).float()
""",
    ),
    Alternative(
        name="comparison",
        description="Ids compared with a row of all ids.",
        code="""def one_hot(ids, vocab_size):
    table = (ids.unsqueeze(-1) == torch.arange(vocab_size)).to(torch.float32)
    if not bool((table.sum(dim=-1) == 1).all()):
        raise ValueError("there is an id that no word has")
    return table
""",
    ),
    Alternative(
        name="scatter",
        description="Ones written into zeros.",
        code="""def one_hot(ids, vocab_size):
    for number in ids.flatten().tolist():
        if number not in range(vocab_size):
            raise ValueError(f"{number} is not in the vocabulary")
    result = torch.zeros(*ids.shape, vocab_size)
    return result.scatter_(-1, ids[..., None], 1.0)
""",
    ),
]

_RIGHT = """def one_hot(ids, vocab_size):
    if ids.numel() and (ids.min() < 0 or ids.max() >= vocab_size):
        raise ValueError(f"ids should lie between 0 and {vocab_size - 1}")
    return torch.eye(vocab_size)[ids]
"""

_mistake = partial(made_in, _RIGHT, see="08_cbow: Exercise 1: one-hot vectors")

_CHECKED = """    if ids.numel() and (ids.min() < 0 or ids.max() >= vocab_size):
        raise ValueError(f"ids should lie between 0 and {vocab_size - 1}")
"""

MISTAKES = [
    _mistake(
        "whole-numbers",
        "Your result holds whole numbers, which cannot be multiplied by weights. Change its dtype to float32.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids].long()"),
    ),
    _mistake(
        "no-check",
        "Your function takes ids outside the vocabulary without a ValueError; -1 even counts as the last word. Check the limits first.",
        (_CHECKED, ""),
    ),
    _mistake(
        "negative-ids-pass",
        "Your function accepts negative ids, which count from the end. They lie outside the vocabulary as well.",
        ("(ids.min() < 0 or ids.max() >= vocab_size)", "ids.max() >= vocab_size"),
    ),
    _mistake(
        "limit-off-by-one",
        "Your check lets an id equal to the size of the vocabulary pass. The last word has the number V - 1.",
        (">= vocab_size", "> vocab_size"),
    ),
    _mistake(
        "last-word-refused",
        "Your check refuses the last word of the vocabulary, whose number is V - 1.",
        (">= vocab_size", ">= vocab_size - 1"),
    ),
    _mistake(
        "another-error",
        "Your function raises another kind of error. The statement asks for a ValueError.",
        ("raise ValueError", "raise IndexError"),
    ),
    _mistake(
        "counted-from-one",
        "Your ones stand one place too far left: ids are counted from 0, so word 0 has its 1 in column 0.",
        ("[ids]", "[ids - 1]"),
    ),
    _mistake(
        "turned-over",
        "Your new dimension comes first. Each id becomes a row, so the vocabulary is the last dimension.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids].movedim(-1, 0)"),
    ),
    _mistake(
        "flattened",
        "Your function flattens the ids. A batch keeps its dimensions, and one more is added.",
        ("[ids]", "[ids.flatten()]"),
    ),
    _mistake(
        "as-wide-as-the-largest-id",
        "Your vectors are as long as the largest id asks for. They are as long as the vocabulary, whatever ids occur.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(int(ids.max()) + 1)[ids]"),
    ),
    _mistake(
        "bag",
        "Your function adds the one-hot vectors up. Each id has a vector of its own; they are mixed later.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids].sum(dim=-2)"),
    ),
    _mistake(
        "ids-in-place-of-ones",
        "Your vectors hold the id where a 1 should be, so words with large numbers would weigh more.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids] * ids.unsqueeze(-1)"),
    ),
]
