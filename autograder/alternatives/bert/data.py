"""Right answers in other styles: cleaning, vocabulary, rows, sentence pairs, masking."""

from __future__ import annotations

from autograder.catalogue import Alternative

_CLEANING = [
    Alternative(
        exercise="bert/clean-corpus",
        name="sign-by-sign",
        description="No regular expressions: one loop over the signs.",
        code="""def clean(text):
    sentences, sentence, word = [], [], ""
    signs = text.lower() + "\\n"
    for i, c in enumerate(signs):
        if c.isalnum():
            word += c
            continue
        if c in "'-" and word and signs[i + 1].isalnum():
            word += c
            continue
        if word:
            sentence.append(word)
            word = ""
        if c in ".!?\\n" and sentence:
            sentences.append(sentence)
            sentence = []
    return sentences
""",
    ),
    Alternative(
        exercise="bert/clean-corpus",
        name="signs-replaced",
        description="Unwanted signs become spaces, then split; marks at the edge of words are cut off.",
        code=r"""def clean(text):
    result = []
    for line in text.lower().splitlines():
        for sentence in re.sub(r"[!?]", ".", line).split("."):
            kept = re.sub(r"[^\w'-]|_", " ", sentence)
            kept = re.sub(r"(?<![^\W_])['-]|['-](?![^\W_])", " ", kept)
            if kept.split():
                result.append(kept.split())
    return result
""",
    ),
    Alternative(
        exercise="bert/clean-corpus",
        name="tokens-in-one-pass",
        description="One pattern finds words and ends of sentences; groupby parts them.",
        code=r"""def clean(text):
    from itertools import groupby

    token = re.compile(r"\b[^\W_]+(?:(?:'|-)[^\W_]+)*|[^\W_]+|[.!?\n]")
    pieces = (match.group() for match in token.finditer(text.lower().replace("_", " ")))
    return [list(words) for ends, words in groupby(pieces, key=lambda piece: piece in ".!?\n") if not ends]
""",
    ),
]

_VOCABULARY = [
    Alternative(
        exercise="bert/build-vocab",
        name="plain-dictionary",
        description="Counted by hand, words in the order in which they come.",
        code="""SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def build_vocab(sentences, min_count=1):
    seen = {}
    for sentence in sentences:
        for word in sentence:
            seen[word] = seen.get(word, 0) + 1
    vocab = dict(zip(SPECIAL_TOKENS, range(5)))
    for word, count in seen.items():
        if count < min_count:
            continue
        vocab.setdefault(word, len(vocab))
    return vocab
""",
    ),
    Alternative(
        exercise="bert/build-vocab",
        name="sorted-set",
        description="A sorted set of words and dict(zip(...)).",
        code="""SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def build_vocab(sentences, min_count=1):
    flat = sum(sentences, [])
    counts = Counter(flat)
    words = sorted({word for word in flat if counts[word] >= min_count} - set(SPECIAL_TOKENS))
    return dict(zip(SPECIAL_TOKENS + words, range(5 + len(words))))
""",
    ),
    Alternative(
        exercise="bert/build-vocab",
        name="special-ids-by-hand",
        description="The special tokens written out, the words from enumerate(start=5), rarest last.",
        code="""def build_vocab(sentences, min_count=1):
    from itertools import chain

    vocab = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4}
    counted = Counter(chain.from_iterable(sentences))
    for special in vocab:
        counted.pop(special, None)
    order = sorted(counted, key=lambda word: (-counted[word], word))
    vocab.update((word, i) for i, word in enumerate(filter(lambda w: counted[w] >= min_count, order), start=5))
    return vocab
""",
    ),
]

_ROWS = [
    Alternative(
        exercise="bert/encode-pair",
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
        exercise="bert/encode-pair",
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
        exercise="bert/encode-pair",
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

_PAIRS = [
    Alternative(
        exercise="bert/sentence-pairs",
        name="torch-dice-and-lists",
        description="Dice from torch, the other documents as a list, pairs as lists, shuffled at the end.",
        code="""def sentence_pairs(documents):
    pairs = []
    for d, document in enumerate(documents):
        others = [sentence for e, other in enumerate(documents) if e != d for sentence in other]
        for first, following in zip(document[:-1], document[1:]):
            if torch.rand(()).item() > 0.5:
                pairs.append([first, following, 1])
            else:
                pairs.append([first, others[torch.randint(len(others), ()).item()], 0])
    random.shuffle(pairs)
    return pairs
""",
    ),
    Alternative(
        exercise="bert/sentence-pairs",
        name="exactly-half",
        description="All places first; a shuffled half of them gets a stranger.",
        code="""def sentence_pairs(documents):
    places = [(d, i) for d, document in enumerate(documents) for i in range(len(document) - 1)]
    order = random.sample(range(len(places)), len(places))
    half = len(places) // 2 + random.randrange(2) * (len(places) % 2)
    true = set(order[:half])
    result = []
    for number, (d, i) in enumerate(places):
        if number in true:
            result.append((documents[d][i], documents[d][i + 1], True))
        else:
            e = random.choice([e for e in range(len(documents)) if e != d])
            result.append((documents[d][i], random.choice(documents[e]), False))
    return result
""",
    ),
    Alternative(
        exercise="bert/sentence-pairs",
        name="draw-again",
        description="A helper that draws any sentence again until its document is another one.",
        code="""def stranger(documents, own):
    while True:
        d = int(random.random() * len(documents))
        if d != own:
            return documents[d][int(random.random() * len(documents[d]))]


def sentence_pairs(documents):
    made = []
    for own, document in enumerate(documents):
        for place, first in enumerate(document):
            if place + 1 == len(document):
                break
            label = random.choice((0, 1))
            second = document[place + 1] if label else stranger(documents, own)
            made.append((first, second, label))
    return made
""",
    ),
]

_MASKS = [
    Alternative(
        exercise="bert/make-mlm-batch",
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
        exercise="bert/make-mlm-batch",
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
        exercise="bert/make-mlm-batch",
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
        exercise="bert/make-mlm-batch",
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

ALTERNATIVES: list[Alternative] = [*_CLEANING, *_VOCABULARY, *_ROWS, *_PAIRS, *_MASKS]
