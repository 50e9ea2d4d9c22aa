"""Answers to exercise 3 of 09_bpe_and_cbow: shuffled mini-batches."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="list",
        description="A list of batches by slices of the order.",
        code="""def minibatches(contexts, centres, batch_size, seed):
    source = torch.Generator()
    source.manual_seed(seed)
    order = torch.randperm(centres.shape[0], generator=source)
    return [
        (contexts[order[i : i + batch_size]], centres[order[i : i + batch_size]])
        for i in range(0, centres.shape[0], batch_size)
    ]
""",
    ),
    Alternative(
        name="random-module",
        description="Python's own shuffle of a list of numbers.",
        code="""import random


def minibatches(contexts, centres, batch_size, seed):
    numbers = list(range(len(centres)))
    random.Random(seed).shuffle(numbers)
    while numbers:
        now, numbers = numbers[:batch_size], numbers[batch_size:]
        yield contexts[now], centres[now]
""",
    ),
    Alternative(
        name="loader",
        description="PyTorch's DataLoader.",
        code="""from torch.utils.data import DataLoader, TensorDataset


def minibatches(contexts, centres, batch_size, seed):
    loader = DataLoader(
        TensorDataset(contexts, centres), batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)
    )
    return [tuple(batch) for batch in loader]
""",
    ),
]

_RIGHT = """def minibatches(contexts, centres, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(contexts), generator=generator)
    batches = []
    for start in range(0, len(order), batch_size):
        part = order[start:start + batch_size]
        batches.append((contexts[part], centres[part]))
    return batches
"""

_mistake = partial(made_in, _RIGHT, see="09_bpe_and_cbow: Exercise 3: shuffled mini-batches")

MISTAKES = [
    _mistake(
        "pairs-torn-apart",
        "Your contexts and centres are shuffled separately, so they no longer belong together. One order must serve both.",
        ("    batches = []\n", "    other = torch.randperm(len(contexts), generator=generator)\n    batches = []\n"),
        ("centres[part]", "centres[other[start:start + batch_size]]"),
    ),
    _mistake(
        "centres-not-shuffled",
        "Your contexts are shuffled, your centres are not. Index both with the same part of the order.",
        ("centres[part]", "centres[start:start + batch_size]"),
    ),
    _mistake(
        "last-batch-lost",
        "Your function drops the last, smaller batch. Every pair occurs once in each epoch.",
        ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)"),
    ),
    _mistake(
        "not-shuffled",
        "Your batches come in the order of the text. Shuffle, so that each batch is a fair sample.",
        ("torch.randperm(len(contexts), generator=generator)", "torch.arange(len(contexts))"),
    ),
    _mistake(
        "drawn-with-replacement",
        "Your pairs are drawn with replacement, so some come twice and others never. `torch.randperm` gives each exactly once.",
        (
            "torch.randperm(len(contexts), generator=generator)",
            "torch.randint(len(contexts), (len(contexts),), generator=generator)",
        ),
    ),
    _mistake(
        "seed-ignored",
        "Your order does not depend on the seed: the same seed should give the same order again.",
        ("len(contexts), generator=generator", "len(contexts)"),
    ),
    _mistake(
        "always-the-same-order",
        "Your seed is fixed, so all epochs have the same order. Use the seed that the function is given.",
        ("manual_seed(seed)", "manual_seed(0)"),
    ),
    _mistake(
        "batches-shuffled-only",
        "Your function cuts first and shuffles the batches, so each batch still holds neighbours from the text. Shuffle "
        "first, then cut.",
        (
            "    order = torch.randperm(len(contexts), generator=generator)\n",
            "    pieces = torch.arange(len(contexts)).split(batch_size)\n"
            "    order = torch.cat([pieces[i] for i in torch.randperm(len(pieces), generator=generator).tolist()])\n",
        ),
    ),
    _mistake(
        "shuffled-within-batches",
        "Your function shuffles inside each batch only, so each batch still holds neighbours from the text. Shuffle all, then cut.",
        (
            "    order = torch.randperm(len(contexts), generator=generator)\n",
            "    pieces = torch.arange(len(contexts)).split(batch_size)\n"
            "    order = torch.cat([piece[torch.randperm(len(piece), generator=generator)] for piece in pieces])\n",
        ),
    ),
    _mistake(
        "first-batch-only",
        "Your `return` stands inside the loop, so there is one batch. Move it out by one level.",
        ("    return batches", "        return batches"),
    ),
    _mistake(
        "overlapping-batches",
        "Your batches overlap: each begins one pair after the last. The start moves by `batch_size`.",
        ("range(0, len(order), batch_size)", "range(0, len(order))"),
    ),
    _mistake(
        "number-of-batches",
        "Your function takes `batch_size` for the number of batches. It is the number of pairs in each.",
        ("    batches = []\n", "    batches = []\n    batch_size = -(-len(order) // batch_size)\n"),
    ),
    _mistake(
        "contexts-only",
        "Your batches hold contexts only. Each is a pair of tensors: contexts and their centres.",
        ("batches.append((contexts[part], centres[part]))", "batches.append(contexts[part])"),
    ),
]
