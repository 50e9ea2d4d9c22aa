"""Answers to exercise 3 of 01_vocabulary_and_batches: from two sentences to one row."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="lengths-computed",
        description="The two lengths first, then slices; a row of padding that is filled.",
        code="""def encode_pair(first, second, vocab, length):
    m, n = len(first), len(second)
    while m + n > length - 3:
        if m > n:
            m -= 1
        else:
            n -= 1
    unknown = vocab["[UNK]"]
    ids, segments = [vocab["[PAD]"]] * length, [0] * length
    ids[0], ids[m + 1], ids[m + n + 2] = vocab["[CLS]"], vocab["[SEP]"], vocab["[SEP]"]
    ids[1 : m + 1] = [vocab.get(word, unknown) for word in first[:m]]
    ids[m + 2 : m + n + 2] = [vocab.get(word, unknown) for word in second[:n]]
    for place in range(m + 2, m + n + 3):
        segments[place] = 1
    return ids, segments
""",
    ),
    Alternative(
        name="recursive",
        description="A pair that is too long calls the function again with one word less.",
        code="""def encode_pair(first, second, vocab, length):
    if len(first) + len(second) + 3 > length:
        if len(first) > len(second):
            return encode_pair(first[:-1], second, vocab, length)
        return encode_pair(first, second[:-1], vocab, length)
    left, right = ["[CLS]", *first, "[SEP]"], [*second, "[SEP]"]
    row = left + right
    row = row + ["[PAD]"] * (length - len(row))
    number = [vocab[token] if token in vocab else vocab["[UNK]"] for token in row]
    kind = [1 if len(left) <= place < len(left) + len(right) else 0 for place in range(length)]
    return number, kind
""",
    ),
    Alternative(
        name="tensors",
        description="Tensors of zeros that are filled; special ids written out.",
        code="""def encode_pair(first, second, vocab, length):
    words = [[vocab.get(w, 1) for w in sentence] for sentence in (first, second)]
    while sum(map(len, words)) + 3 > length:
        words[int(len(words[1]) >= len(words[0]))].pop()
    ids, segments = torch.zeros(length, dtype=torch.long), torch.zeros(length, dtype=torch.long)
    row = [2] + words[0] + [3] + words[1] + [3]
    ids[: len(row)] = torch.tensor(row)
    segments[len(words[0]) + 2 : len(row)] = 1
    return ids, segments
""",
    ),
]

_RIGHT = """def encode_pair(first, second, vocab, length):
    a, b = first[:], second[:]
    while len(a) + len(b) + 3 > length:
        if len(a) > len(b):
            a.pop()
        else:
            b.pop()
    tokens = ["[CLS]"] + a + ["[SEP]"] + b + ["[SEP]"]
    segments = [0] * (len(a) + 2) + [1] * (len(b) + 1)
    while len(tokens) < length:
        tokens.append("[PAD]")
        segments.append(0)
    return [vocab.get(token, vocab["[UNK]"]) for token in tokens], segments
"""

_mistake = partial(made_in, _RIGHT, see="01_vocabulary_and_batches: Exercise 3: from two sentences to one row")

_SHORTEN = """    while len(a) + len(b) + 3 > length:
        if len(a) > len(b):
            a.pop()
        else:
            b.pop()
"""
MISTAKES = [
    _mistake(
        "row-cut-off",
        "You cut the finished row, so that the last [SEP] and most of the second sentence are gone. Shorten the two "
        "sentences first.",
        (_SHORTEN, ""),
        ('b + ["[SEP]"]\n', 'b + ["[SEP]"]\n    tokens = tokens[:length]\n'),
        ("[1] * (len(b) + 1)\n", "[1] * (len(b) + 1)\n    segments = segments[:length]\n"),
    ),
    _mistake(
        "not-shortened",
        "A pair that is too long comes out too long. Take words away until it fits.",
        (_SHORTEN, ""),
    ),
    _mistake(
        "only-the-second-shortened",
        "You always take words from the second sentence. It is the longer of the two that loses its last word.",
        (
            "        if len(a) > len(b):\n            a.pop()\n        else:\n            b.pop()\n",
            "        (b or a).pop()\n",
        ),
    ),
    _mistake(
        "first-loses-a-tie",
        "When both are equally long it is the second sentence that loses a word; yours takes it from the first.",
        ("if len(a) > len(b):", "if len(a) >= len(b):"),
    ),
    _mistake(
        "shorter-one-shortened",
        "You take words from the shorter sentence. It is the longer one that loses them.",
        ("if len(a) > len(b):", "if len(b) > len(a) > 0:"),
    ),
    _mistake(
        "first-word-lost",
        "You take the first word of the longer sentence away. It is the last one.",
        ("            a.pop()\n", "            a.pop(0)\n"),
        ("            b.pop()\n", "            b.pop(0)\n"),
    ),
    _mistake(
        "no-room-for-specials",
        "You count two special tokens and there are three: [CLS] and two [SEP].",
        ("+ 3 > length", "+ 2 > length"),
    ),
    _mistake(
        "one-word-too-few",
        "Your row could hold one word more: take words away only while the row is *longer* than `length`.",
        ("+ 3 > length", "+ 3 >= length"),
    ),
    _mistake(
        "one-separator",
        "The second [SEP] is missing: each sentence ends with one.",
        (' + b + ["[SEP]"]', " + b"),
        ("[1] * (len(b) + 1)", "[1] * len(b)"),
    ),
    _mistake(
        "no-class-token",
        "[CLS] is missing at the beginning.",
        ('["[CLS]"] + a', "a"),
        ("(len(a) + 2)", "(len(a) + 1)"),
    ),
    _mistake(
        "separator-in-the-second-segment",
        "The first [SEP] belongs to the first sentence: its segment is 0.",
        ("(len(a) + 2)", "(len(a) + 1)"),
        ("(len(b) + 1)", "(len(b) + 2)"),
    ),
    _mistake(
        "padding-in-the-second-segment",
        "Your padding has the segment 1. It is 0.",
        ("segments.append(0)", "segments.append(1)"),
    ),
    _mistake(
        "one-segment-for-all",
        "All your segments are 0. The second sentence and its [SEP] have 1.",
        ("[1] * (len(b) + 1)", "[0] * (len(b) + 1)"),
    ),
    _mistake(
        "segments-from-one",
        "Your segments are 1 and 2. They are 0 and 1.",
        ("[0] * (len(a) + 2) + [1]", "[1] * (len(a) + 2) + [2]"),
    ),
    _mistake(
        "not-padded",
        "Short pairs stay short. Fill the row with [PAD], and the segments with 0, up to `length`.",
        ("while len(tokens) < length:", "while len(tokens) < 0:"),
    ),
    _mistake(
        "padded-on-the-left",
        "Your padding comes first. It comes at the end, so that [CLS] stays in front.",
        (
            '        tokens.append("[PAD]")\n        segments.append(0)\n',
            '        tokens.insert(0, "[PAD]")\n        segments.insert(0, 0)\n',
        ),
    ),
    _mistake(
        "unknown-word-fails",
        "A word that is not in the vocabulary stops your code. It becomes [UNK]: `vocab.get` has a second argument.",
        ('vocab.get(token, vocab["[UNK]"])', "vocab[token]"),
    ),
    _mistake(
        "unknown-words-left-out",
        "You leave out words that nobody knows. They become [UNK].",
        (
            "    a, b = first[:], second[:]\n",
            "    a, b = [w for w in first if w in vocab], [w for w in second if w in vocab]\n",
        ),
    ),
    _mistake(
        "unknown-words-padded",
        "In your code unknown words become [PAD], which the model does not look at. They should become [UNK].",
        ('vocab["[UNK]"]', 'vocab["[PAD]"]'),
    ),
    _mistake(
        "sentences-changed",
        "You shorten the caller's own lists. Work on copies.",
        ("first[:], second[:]", "first, second"),
    ),
]
