"""Answers to exercise 5 of 01_vocabulary_and_batches: cover words."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="loops-with-a-fixed-count",
        description="Row by row in plain Python: a fixed, rounded number of words of each row.",
        code="""def make_mlm_batch(ids, vocab_size):
    inputs, labels = ids.tolist(), [[-100] * ids.shape[1] for _ in range(len(ids))]
    for row, answer in zip(inputs, labels):
        words = [place for place, token in enumerate(row) if token > 4]
        if not words:
            continue
        for place in random.sample(words, max(1, round(0.15 * len(words)))):
            answer[place] = row[place]
            die = random.random()
            if die < 0.8:
                row[place] = 4
            elif die < 0.9:
                row[place] = random.randint(5, vocab_size - 1)
    return torch.tensor(inputs), torch.tensor(labels)
""",
    ),
    Alternative(
        name="bernoulli-matrices",
        description="torch.bernoulli for every decision, half of the rest for the swap; topk for the least one.",
        code="""def make_mlm_batch(ids, vocab_size):
    special = ids < 5
    chance = torch.full(ids.shape, 0.15).masked_fill(special, 0.0)
    masked = torch.bernoulli(chance).bool()
    empty = ~masked.any(dim=1) & ~special.all(dim=1)
    if empty.any():
        one = torch.multinomial((~special[empty]).float(), 1)
        masked[empty] = masked[empty].scatter(1, one, True)
    labels = ids.clone()
    labels[~masked] = -100
    inputs = ids.clone()
    replaced = torch.bernoulli(torch.full(ids.shape, 0.8)).bool() & masked
    inputs[replaced] = 4
    swapped = torch.bernoulli(torch.full(ids.shape, 0.5)).bool() & masked & ~replaced
    inputs[swapped] = torch.randint(5, vocab_size, ids.shape, dtype=torch.long)[swapped]
    return inputs, labels
""",
    ),
    Alternative(
        name="ranks-and-where",
        description="A fixed count by ranks of random numbers, all decisions with torch.where.",
        code="""def make_mlm_batch(ids, vocab_size):
    words = ids >= 5
    keys = torch.where(words, torch.rand(ids.shape), torch.inf)
    rank = keys.argsort(dim=1).argsort(dim=1)
    count = (0.15 * words.sum(dim=1, keepdim=True)).round().clamp(min=1)
    chosen = words & (rank < count)
    fate = torch.multinomial(torch.tensor([0.8, 0.1, 0.1]), ids.numel(), replacement=True).view(ids.shape)
    noise = 5 + (torch.rand(ids.shape) * (vocab_size - 5)).long()
    seen = torch.where(fate == 0, torch.tensor(4), torch.where(fate == 1, noise, ids))
    return torch.where(chosen, seen, ids), torch.where(chosen, ids, torch.tensor(-100))
""",
    ),
    Alternative(
        name="list-of-places",
        description="The places of words as a list of indices, permuted; one more for rows that got none.",
        code="""def make_mlm_batch(ids, vocab_size):
    inputs, labels = ids.clone(), ids.new_full(ids.shape, -100)
    places = (ids > 4).nonzero().tolist()
    rows = {}
    for row, column in places:
        rows.setdefault(row, []).append(column)
    for row, columns in rows.items():
        hit = [column for column in columns if torch.rand(1).item() < 0.15] or [random.choice(columns)]
        for column in hit:
            labels[row, column] = ids[row, column]
            p = random.uniform(0, 100)
            if p >= 20:
                inputs[row, column] = 4
            elif p >= 10:
                inputs[row, column] = random.randrange(5, vocab_size)
    return inputs, labels
""",
    ),
]

_RIGHT = """def make_mlm_batch(ids, vocab_size):
    inputs, labels = ids.clone(), torch.full_like(ids, -100)
    words = ids >= 5
    draw = torch.rand(ids.shape)
    draw[~words] = 2.0
    pick = draw < 0.15
    lowest = draw.argmin(dim=1)
    rows = torch.arange(len(ids))
    pick[rows, lowest] |= words.any(dim=1)
    labels[pick] = ids[pick]
    fate = torch.rand(ids.shape)
    inputs[pick & (fate < 0.8)] = 4
    other = pick & (fate >= 0.8) & (fate < 0.9)
    inputs[other] = torch.randint(5, vocab_size, ids.shape)[other]
    return inputs, labels
"""

_mistake = partial(made_in, _RIGHT, see="01_vocabulary_and_batches: Exercise 5: cover words")

_AT_LEAST_ONE = """    lowest = draw.argmin(dim=1)
    rows = torch.arange(len(ids))
    pick[rows, lowest] |= words.any(dim=1)
"""
MISTAKES = [
    _mistake(
        "special-tokens-masked",
        "You choose special tokens, too. Only words, ids from 5 on, may be chosen.",
        ("words = ids >= 5", "words = ids >= 0"),
    ),
    _mistake(
        "padding-masked",
        "You choose padding, too. Only words, ids from 5 on, may be chosen.",
        ("words = ids >= 5", "words = (ids >= 5) | (ids == 0)"),
    ),
    _mistake(
        "separators-masked",
        "You leave padding alone, and choose [CLS], [SEP] and [UNK]. Only words, ids from 5 on, may be chosen.",
        ("words = ids >= 5", "words = ids != 0"),
    ),
    _mistake(
        "first-word-never-chosen",
        "The word with the id 5 is never chosen: words begin at 5, so `ids >= 5`.",
        ("words = ids >= 5", "words = ids > 5"),
    ),
    _mistake(
        "nothing-in-short-rows",
        "In a short row the dice often choose nothing, and it teaches nothing. Choose at least one word of each row.",
        (_AT_LEAST_ONE, ""),
    ),
    _mistake(
        "rounded-down",
        "You choose 15% of the words of a row, rounded down: in rows of fewer than 7 words that is none. Choose at least "
        "one.",
        (
            "    pick = draw < 0.15\n" + _AT_LEAST_ONE,
            "    count = (0.15 * words.sum(dim=1, keepdim=True)).int()\n    pick = draw.argsort(dim=1).argsort(dim=1) < count\n",
        ),
    ),
    _mistake(
        "labels-everywhere",
        "Your labels hold every word, so the loss counts words that stand in plain sight. Where nothing is chosen they are "
        "-100.",
        ("    labels[pick] = ids[pick]\n", "    labels = ids.clone()\n"),
    ),
    _mistake(
        "labels-of-words-only-where-masked",
        "In your code only the words behind [MASK] have a label. All chosen words have one, also those that were "
        "swapped or stay.",
        ("    labels[pick] = ids[pick]\n", ""),
        ("    return inputs", "    labels[inputs == 4] = ids[inputs == 4]\n    return inputs"),
    ),
    _mistake(
        "labels-from-the-masked-row",
        "You take the labels from the row that is already masked, so that the answer to every mask is [MASK]. Take them "
        "from the original ids.",
        ("    labels[pick] = ids[pick]\n", ""),
        ("    return inputs", "    labels[pick] = inputs[pick]\n    return inputs"),
    ),
    _mistake(
        "zero-for-minus-hundred",
        "Your labels are 0 where nothing is asked. 0 is the id of [PAD], and the loss would count it: use -100.",
        ("-100", "0"),
    ),
    _mistake(
        "always-masked",
        "In your code every chosen word becomes [MASK]. That is right for 80% of them; 10% become another word, "
        "10% stay.",
        ("inputs[pick & (fate < 0.8)] = 4", "inputs[pick] = 4"),
        ("    inputs[other] = torch.randint(5, vocab_size, ids.shape)[other]\n", ""),
    ),
    _mistake(
        "none-unchanged",
        "You mask 80% and swap the other 20%. Half of these should stay as they are.",
        (" & (fate < 0.9)", ""),
    ),
    _mistake(
        "none-swapped",
        "You mask 80% and leave the other 20% as they are. Half of these should become another word.",
        ("    inputs[other] = torch.randint(5, vocab_size, ids.shape)[other]\n", ""),
    ),
    _mistake(
        "ninety-percent-masked",
        "You mask 90% of the chosen words, and 10% are left for both other fates. It is 80, 10 and 10.",
        ("inputs[pick & (fate < 0.8)] = 4", "inputs[pick & (fate < 0.9)] = 4"),
        ("(fate >= 0.8) & (fate < 0.9)", "(fate >= 0.9) & (fate < 0.95)"),
    ),
    _mistake(
        "percent-of-the-rest",
        "Your second die for swapping is rolled over all chosen words again, so the shares are not 80, 10 and 10, and some "
        "masks are overwritten. Let one number decide.",
        ("    other = pick & (fate >= 0.8) & (fate < 0.9)\n", "    other = pick & (torch.rand(ids.shape) < 0.1)\n"),
    ),
    _mistake(
        "eighty-percent-of-all-words",
        "The 80% are a share of the chosen words, and you cover 80% of all words.",
        ("inputs[pick & (fate < 0.8)] = 4", "inputs[words & (fate < 0.8)] = 4"),
    ),
    _mistake(
        "another-share-chosen",
        "You choose another share of the words. It is 15%.",
        ("draw < 0.15", "draw < 0.2"),
    ),
    _mistake(
        "one-mask-for-all-rows",
        "You roll the dice for one row and use them for all rows. Each word of each row has a die of its own.",
        ("    draw = torch.rand(ids.shape)\n", "    draw = torch.rand(ids.shape[1]).repeat(len(ids), 1)\n"),
    ),
    _mistake(
        "first-words-chosen",
        "You always choose the first words of a row. Every word should have the same chance.",
        ("    draw = torch.rand(ids.shape)\n", "    draw = torch.arange(ids.shape[1]).repeat(len(ids), 1) / 40\n"),
    ),
    _mistake(
        "special-tokens-as-random-words",
        "Your random words can be special tokens. Draw from 5 on.",
        ("torch.randint(5, vocab_size", "torch.randint(0, vocab_size"),
    ),
    _mistake(
        "last-word-never-drawn",
        "Your random words never are the last word of the vocabulary: `randint` leaves out its upper end by itself.",
        ("torch.randint(5, vocab_size", "torch.randint(5, vocab_size - 1"),
    ),
    _mistake(
        "ids-changed",
        "You write into the caller's tensor. Work on `ids.clone()`.",
        (
            "inputs, labels = ids.clone(), torch.full_like(ids, -100)",
            "inputs, labels = ids, torch.full_like(ids, -100)",
        ),
    ),
    _mistake(
        "seed-inside",
        "You set the seed inside of the function: each batch gets the same masks.",
        ("    words = ids >= 5\n", "    torch.manual_seed(0)\n    words = ids >= 5\n"),
    ),
    _mistake(
        "one-word-only",
        "You choose one word of each row. It is 15% of them, and at least one.",
        ("pick = draw < 0.15", "pick = draw < 0"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "draw = torch.rand(ids.shape).masked_fill(~is_word, 2.0)",
        "2.0 → 4.0",
        "Any number above 1 says that a special token is not chosen.",
    ),
    Equivalent(
        "chosen = (draw < 0.15) | is_word & (draw == draw.min(dim=1, keepdim=True).values)",
        "< → <=",
        "A random number of 53 or 24 bits meets the bound itself about never.",
    ),
    Equivalent(
        "inputs = ids.masked_fill(chosen & (fate < 0.8), 4)",
        "< → <=",
        "A random number of 53 or 24 bits meets the bound itself about never.",
    ),
    Equivalent(
        "swapped = chosen & (fate >= 0.9)",
        ">= → >",
        "A random number of 53 or 24 bits meets the bound itself about never.",
    ),
]
