"""Right answers of chapter 2 in other styles, notebooks 1 to 4: tokenizers."""

from __future__ import annotations

from autograder.catalogue import Alternative

# --- notebook 1 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_1 = [
    Alternative(
        exercise="ch02/tokenize",
        name="letter-by-letter",
        description="A loop over characters, without a regular expression.",
        code="""def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    tokens = []
    i = 0
    while i < len(text):
        j = i + 1
        if text[i].isalpha():
            while j < len(text) and (
                text[j].isalpha() or (text[j] in "-'’" and text[j + 1 : j + 2].isalpha() and text[j - 1].isalpha())
            ):
                j += 1
        elif text[i] in "0123456789":
            while j < len(text) and (
                text[j] in "0123456789"
                or (text[j] in ".," and text[j - 1] in "0123456789" and text[j + 1 : j + 2].isdigit())
            ):
                j += 1
        if not text[i].isspace():
            tokens.append(text[i:j])
        i = j
    return tokens
""",
    ),
    Alternative(
        exercise="ch02/tokenize",
        name="properties",
        description="The package regex with Unicode properties, in verbose mode.",
        code=r"""import regex

def tokenize(text: str) -> list[str]:
    pattern = regex.compile(
        r'''
        \p{Letter}+ (?: [\-'’] \p{Letter}+ )*   # words
        | [0-9]+ (?: [.,] [0-9]+ )*             # numbers
        | [^\s]                                 # all the rest
        ''',
        regex.VERBOSE,
    )
    return pattern.findall(unicodedata.normalize("NFC", text))
""",
    ),
    Alternative(
        exercise="ch02/tokenize",
        name="look-around",
        description="Single characters with look-around for joints, by finditer.",
        code=r"""LETTER = r"[^\W\d_]"

def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    word = rf"{LETTER}(?:{LETTER}|(?<={LETTER})['’\-](?={LETTER}))*"
    number = r"\d(?:\d|(?<=\d)[,.](?=\d))*"
    return [match.group() for match in re.finditer(rf"(?:{word})|(?:{number})|[^\s]", text)]
""",
    ),
    Alternative(
        exercise="ch02/tokenize",
        name="split-and-drop",
        description="re.split with a capturing bracket; empty pieces and white space are dropped.",
        code=r"""def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    pieces = re.split(r"([^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,]\d+)*|\S)", text)
    return [piece for piece in pieces if piece.strip()]
""",
    ),
    Alternative(
        exercise="ch02/vocabulary-curve",
        name="slices",
        description="A set of each beginning of the text.",
        code="""def vocabulary_curve(tokens):
    return [len(set(tokens[: n + 1])) for n in range(len(tokens))]
""",
    ),
    Alternative(
        exercise="ch02/vocabulary-curve",
        name="accumulate",
        description="The running sum of what is new.",
        code="""from itertools import accumulate

def vocabulary_curve(tokens):
    first = {}
    for place, token in enumerate(tokens):
        first.setdefault(token, place)
    return list(accumulate(int(first[token] == place) for place, token in enumerate(tokens)))
""",
    ),
    Alternative(
        exercise="ch02/vocabulary-curve",
        name="ids",
        description="A dictionary that numbers the tokens as they come.",
        code="""def vocabulary_curve(tokens: list[str]) -> list[int]:
    ids: dict[str, int] = {}
    result = []
    for token in tokens:
        if token not in ids:
            ids[token] = len(ids)
        result += [len(ids)]
    return result
""",
    ),
]

# --- notebook 2 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_2 = [
    Alternative(
        exercise="ch02/build-vocab",
        name="first-appearance",
        description="Ids in the order in which the tokens come in the text.",
        code="""def build_vocab(tokens):
    vocab = {}
    for token in tokens:
        vocab.setdefault(token, len(vocab))
    return vocab
""",
    ),
    Alternative(
        exercise="ch02/build-vocab",
        name="most-frequent-first",
        description="Ids by frequency; equally frequent ones in the order of the text.",
        code="""from collections import Counter

def build_vocab(tokens: list[str]) -> dict[str, int]:
    return {token: i for i, (token, _) in enumerate(Counter(tokens).most_common())}
""",
    ),
    Alternative(
        exercise="ch02/build-vocab",
        name="frequency-then-alphabet",
        description="Ids by frequency; equally frequent ones by the alphabet.",
        code="""from collections import Counter

def build_vocab(tokens):
    counts = Counter(tokens)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    return dict(zip(ranked, range(len(ranked))))
""",
    ),
    Alternative(
        exercise="ch02/build-vocab",
        name="backwards",
        description="Sorted from the end of the alphabet, by hand.",
        code="""def build_vocab(tokens):
    different = []
    for token in sorted(tokens, reverse=True):
        if not different or different[-1] != token:
            different.append(token)
    return {different[i]: i for i in range(len(different))}
""",
    ),
    Alternative(
        exercise="ch02/simple-tokenizer",
        name="loop-and-replace",
        description="Plain loops and str.replace.",
        code="""class SimpleTokenizer:
    def __init__(self, vocab):
        self.vocab = dict(vocab)
        self.inverse = {}
        for word in self.vocab:
            self.inverse[self.vocab[word]] = word

    def encode(self, text):
        ids = []
        for word in split_text(text):
            ids.append(self.vocab[word])
        return ids

    def decode(self, ids):
        text = " ".join([self.inverse[i] for i in ids])
        for sign in ".,;:!?)":
            text = text.replace(" " + sign, sign)
        return text.replace("( ", "(")
""",
    ),
    Alternative(
        exercise="ch02/simple-tokenizer",
        name="list-of-tokens",
        description="The way back as a list; the text is built token by token.",
        code="""class SimpleTokenizer:
    def __init__(self, vocab: dict[str, int]) -> None:
        self.str_to_int = vocab
        self.int_to_str = sorted(vocab, key=vocab.__getitem__)

    def encode(self, text: str) -> list[int]:
        return list(map(self.str_to_int.__getitem__, split_text(text)))

    def decode(self, ids: list[int]) -> str:
        pieces, before = [], "("
        for i in ids:
            token = self.int_to_str[i]
            if before != "(" and token not in {".", ",", ";", ":", "!", "?", ")"}:
                pieces.append(" ")
            pieces.append(token)
            before = token
        return "".join(pieces)
""",
    ),
    Alternative(
        exercise="ch02/simple-tokenizer",
        name="look-around",
        description="One regular expression for both kinds of spaces; a check of its own for unknown tokens.",
        code=r"""class SimpleTokenizer:
    SPACE = re.compile(r" (?=[.,;:!?)])|(?<=\() ")

    def __init__(self, vocab):
        self.to_id, self.to_token = vocab, dict(zip(vocab.values(), vocab.keys()))

    def encode(self, text):
        tokens = split_text(text)
        unknown = [token for token in tokens if token not in self.to_id]
        if unknown:
            raise KeyError(f"no ids for {unknown}")
        return [self.to_id[token] for token in tokens]

    def decode(self, ids):
        return self.SPACE.sub("", " ".join(self.to_token[int(i)] for i in ids))
""",
    ),
]

# --- notebook 3 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_3 = [
    Alternative(
        exercise="ch02/special-vocab",
        name="specials-last",
        description="Words first, special tokens behind them, as GPT-2 does.",
        code="""def build_special_vocab(tokens, specials):
    vocab = {}
    for token in sorted(set(tokens)):
        if token not in specials:
            vocab[token] = len(vocab)
    for special in specials:
        vocab[special] = len(vocab)
    return vocab
""",
    ),
    Alternative(
        exercise="ch02/special-vocab",
        name="first-appearance",
        description="The special tokens, then the tokens as they come.",
        code="""def build_special_vocab(tokens, specials):
    return {token: i for i, token in enumerate(dict.fromkeys(specials + tokens))}
""",
    ),
    Alternative(
        exercise="ch02/special-vocab",
        name="all-sorted",
        description="Special tokens and words sorted together.",
        code="""def build_special_vocab(tokens: list[str], specials: list[str]) -> dict[str, int]:
    everything = sorted({*tokens, *specials})
    return dict(zip(everything, range(len(everything))))
""",
    ),
    Alternative(
        exercise="ch02/special-tokenizer",
        name="re-split",
        description="The text cut by re.split with a capturing bracket.",
        code=r"""class SpecialTokenizer:
    def __init__(self, vocab):
        self.str_to_int = vocab
        self.int_to_str = {i: s for s, i in vocab.items()}

    def encode(self, text, bos=False, eos=False):
        pieces = []
        for part in re.split(r"(<\|endoftext\|>)", text):
            pieces += [part] if part == "<|endoftext|>" else split_text(part)
        pieces = [p if p in self.str_to_int else "[UNK]" for p in pieces]
        ids = [self.str_to_int[p] for p in pieces]
        if bos:
            ids = [self.str_to_int["[BOS]"]] + ids
        if eos:
            ids = ids + [self.str_to_int["[EOS]"]]
        return ids

    def decode(self, ids):
        hidden = {self.str_to_int[name] for name in ("[PAD]", "[BOS]", "[EOS]")}
        return join_tokens([self.int_to_str[i] for i in ids if i not in hidden])
""",
    ),
    Alternative(
        exercise="ch02/special-tokenizer",
        name="partition",
        description="str.partition in a loop, generators, and a joining of its own.",
        code="""class SpecialTokenizer:
    def __init__(self, vocab: dict[str, int]) -> None:
        self._vocab = dict(vocab)
        self._words = sorted(vocab, key=vocab.get)

    def _pieces(self, text):
        while text:
            before, found, text = text.partition(END_OF_TEXT)
            yield from split_text(before)
            if found:
                yield found

    def encode(self, text: str, bos: bool = False, eos: bool = False) -> list[int]:
        unknown = self._vocab["[UNK]"]
        body = [self._vocab.get(piece, unknown) for piece in self._pieces(text)]
        return [*([self._vocab["[BOS]"]] if bos else []), *body, *([self._vocab["[EOS]"]] if eos else [])]

    def decode(self, ids: list[int]) -> str:
        text = ""
        for word in (self._words[i] for i in ids):
            if word in ("[PAD]", "[BOS]", "[EOS]"):
                continue
            if text and not text.endswith("(") and word not in set(".,;:!?)"):
                text += " "
            text += word
        return text
""",
    ),
    Alternative(
        exercise="ch02/special-tokenizer",
        name="try-except",
        description="Unknown tokens by try and except; the text is cut by position.",
        code="""class SpecialTokenizer:
    SILENT = ("[PAD]", "[BOS]", "[EOS]")

    def __init__(self, vocab):
        self.vocab = vocab
        self.back = dict(map(reversed, vocab.items()))

    def number(self, token):
        try:
            return self.vocab[token]
        except KeyError:
            return self.vocab["[UNK]"]

    def encode(self, text, bos=False, eos=False):
        ids = [self.vocab["[BOS]"]] if bos else []
        start = 0
        while (end := text.find("<|endoftext|>", start)) >= 0:
            ids += [self.number(token) for token in split_text(text[start:end])] + [self.vocab["<|endoftext|>"]]
            start = end + len("<|endoftext|>")
        ids += [self.number(token) for token in split_text(text[start:])]
        if eos:
            ids.append(self.vocab["[EOS]"])
        return ids

    def decode(self, ids):
        return join_tokens(list(filter(lambda token: token not in self.SILENT, map(self.back.get, ids))))
""",
    ),
    Alternative(
        exercise="ch02/pad-batch",
        name="pad-sequence",
        description="torch's own pad_sequence, for the ids and for the mask.",
        code="""def pad_batch(sequences, pad_id, max_length=None):
    rows = [torch.tensor(s[:max_length], dtype=torch.long) for s in sequences]
    ids = nn_utils.pad_sequence(rows, batch_first=True, padding_value=pad_id)
    mask = nn_utils.pad_sequence([torch.ones_like(row, dtype=torch.bool) for row in rows], batch_first=True)
    return ids, mask

from torch.nn.utils import rnn as nn_utils
""",
    ),
    Alternative(
        exercise="ch02/pad-batch",
        name="lists",
        description="Lists filled up, tensors at the end.",
        code="""def pad_batch(sequences, pad_id, max_length=None):
    cut = [list(s) if max_length is None else list(s)[:max_length] for s in sequences]
    T = max(map(len, cut))
    ids = [s + [pad_id] * (T - len(s)) for s in cut]
    mask = [[True] * len(s) + [False] * (T - len(s)) for s in cut]
    return torch.tensor(ids), torch.tensor(mask)
""",
    ),
    Alternative(
        exercise="ch02/pad-batch",
        name="compare-positions",
        description="The mask by comparing positions with lengths, for all rows at once.",
        code="""def pad_batch(sequences, pad_id, max_length=None):
    limit = float("inf") if max_length is None else max_length
    lengths = torch.tensor([min(len(s), limit) for s in sequences], dtype=torch.long)
    mask = torch.arange(int(lengths.max())) < lengths.unsqueeze(1)
    ids = torch.full(mask.shape, pad_id, dtype=torch.long)
    ids[mask] = torch.tensor([token for s, n in zip(sequences, lengths.tolist()) for token in s[:n]], dtype=torch.long)
    return [ids, mask]
""",
    ),
]

# --- notebook 4 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_4 = [
    Alternative(
        exercise="ch02/count-pairs",
        name="places",
        description="Indexes and dict.get.",
        code="""def count_pairs(words):
    counts = {}
    for word in words:
        for i in range(len(word) - 1):
            pair = (word[i], word[i + 1])
            counts[pair] = counts.get(pair, 0) + words[word]
    return counts
""",
    ),
    Alternative(
        exercise="ch02/count-pairs",
        name="repeated",
        description="A Counter over all pairs, each repeated as often as its word.",
        code="""def count_pairs(words):
    return Counter(pair for word, n in words.items() for pair in list(zip(word, word[1:])) * n)
""",
    ),
    Alternative(
        exercise="ch02/count-pairs",
        name="summed-counters",
        description="A defaultdict filled from one Counter per word.",
        code="""def count_pairs(words: dict) -> dict:
    total = defaultdict(int)
    for word, n in words.items():
        for pair, places in Counter(pairwise(word)).items():
            total[pair] += n * places
    return dict(total)
""",
    ),
    Alternative(
        exercise="ch02/merge-pair",
        name="while-loop",
        description="A while loop that goes on by one or two places.",
        code="""def merge_pair(symbols, pair):
    out = []
    i = 0
    while i < len(symbols):
        if i < len(symbols) - 1 and symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            out.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out
""",
    ),
    Alternative(
        exercise="ch02/merge-pair",
        name="slices",
        description="A copy in which slices are replaced.",
        code="""def merge_pair(symbols, pair):
    symbols = list(symbols)
    for place in range(len(symbols)):
        if tuple(symbols[place : place + 2]) == tuple(pair):
            symbols[place : place + 2] = [b"".join(pair)]
    return symbols
""",
    ),
    Alternative(
        exercise="ch02/merge-pair",
        name="iterator",
        description="A generator that keeps one symbol waiting.",
        code="""def merge_pair(symbols, pair):
    def walk():
        waiting = None
        for symbol in symbols:
            if waiting is not None and (waiting, symbol) == pair:
                yield waiting + symbol
                waiting = None
            else:
                if waiting is not None:
                    yield waiting
                waiting = symbol
        if waiting is not None:
            yield waiting

    return list(walk())
""",
    ),
    Alternative(
        exercise="ch02/bpe-train",
        name="count-anew",
        description="Counts anew at each step; of equally frequent pairs the largest.",
        code="""def bpe_train(text, num_merges):
    words = byte_words(text)
    merges = []
    for _ in range(num_merges):
        counts = Counter()
        for word, n in words.items():
            for i in range(len(word) - 1):
                counts[word[i], word[i + 1]] += n
        if not counts:
            return merges
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        merged = {}
        for word, n in words.items():
            new, i = [], 0
            while i < len(word):
                if word[i : i + 2] == best:
                    new.append(word[i] + word[i + 1])
                    i += 2
                else:
                    new.append(word[i])
                    i += 1
            merged[tuple(new)] = n
        words = merged
    return merges
""",
    ),
    Alternative(
        exercise="ch02/bpe-train",
        name="numbers",
        description="Ids in place of bytes, over all pre-tokens one by one; of equally frequent pairs the first that comes.",
        code="""def bpe_train(text, num_merges):
    sequences = [list(piece.encode("utf-8")) for piece in pre_tokenize(text)]
    tokens = [bytes([i]) for i in range(256)]
    merges = []
    while len(merges) < num_merges:
        stats = Counter(pair for ids in sequences for pair in zip(ids, ids[1:]))
        if not stats:
            break
        (a, b), _ = stats.most_common(1)[0]
        merges.append((tokens[a], tokens[b]))
        new_id = len(tokens)
        tokens.append(tokens[a] + tokens[b])
        for ids in sequences:
            i = 0
            while i < len(ids) - 1:
                if ids[i] == a and ids[i + 1] == b:
                    ids[i : i + 2] = [new_id]
                i += 1
    return merges
""",
    ),
    Alternative(
        exercise="ch02/bpe-train",
        name="only-changed-words",
        description="Keeps the counts and corrects them for the words that change; ties at random.",
        code="""import random

def bpe_train(text: str, num_merges: int) -> list[tuple[bytes, bytes]]:
    words = [[list(word), n] for word, n in byte_words(text).items()]
    counts = Counter()
    for word, n in words:
        for pair in pairwise(word):
            counts[pair] += n
    merges = []
    while len(merges) < num_merges and counts:
        top = max(counts.values())
        left, right = best = random.choice([pair for pair, count in counts.items() if count == top])
        merges.append(best)
        for entry in words:
            word, n = entry
            if best not in pairwise(word):
                continue
            counts.subtract({pair: n * c for pair, c in Counter(pairwise(word)).items()})
            i = 0
            while i < len(word) - 1:
                if word[i] == left and word[i + 1] == right:
                    word[i] = left + word.pop(i + 1)
                i += 1
            counts.update({pair: n * c for pair, c in Counter(pairwise(word)).items()})
        counts = +counts
    return merges
""",
    ),
    Alternative(
        exercise="ch02/bpe-encode",
        name="one-pass",
        description="All merges once, in order.",
        code="""def bpe_encode(text, merges):
    ids = []
    vocabulary = {bytes([i]): i for i in range(256)}
    vocabulary.update({a + b: 256 + i for i, (a, b) in enumerate(merges)})
    for piece in pre_tokenize(text):
        parts = [bytes([b]) for b in piece.encode()]
        for a, b in merges:
            i = 0
            while i < len(parts) - 1:
                if parts[i] == a and parts[i + 1] == b:
                    parts[i : i + 2] = [a + b]
                i += 1
        ids += [vocabulary[part] for part in parts]
    return ids
""",
    ),
    Alternative(
        exercise="ch02/bpe-encode",
        name="lowest-rank-one-place",
        description="Merges one place at a time, the leftmost of the lowest rank, in numbers.",
        code="""def bpe_encode(text, merges):
    token_id = {bytes([i]): i for i in range(256)}
    ranks = {}
    for rank, (left, right) in enumerate(merges):
        ranks[token_id.setdefault(left, -1), token_id.setdefault(right, -2)] = 256 + rank
        token_id[left + right] = 256 + rank
    result = []
    for piece in pre_tokenize(text):
        ids = list(piece.encode("utf-8"))
        while len(ids) >= 2:
            rank, place = min((ranks.get((ids[i], ids[i + 1]), math.inf), i) for i in range(len(ids) - 1))
            if rank == math.inf:
                break
            ids[place : place + 2] = [rank]
        result.extend(ids)
    return result
""",
    ),
    Alternative(
        exercise="ch02/bpe-encode",
        name="cached-words",
        description="A helper function for one pre-token, whose results are kept.",
        code="""from functools import cache

def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    rank_of = {pair: rank for rank, pair in enumerate(merges)}

    @cache
    def parts_of(piece: str) -> tuple[bytes, ...]:
        parts = tuple(bytes([b]) for b in piece.encode("utf-8"))
        while True:
            ranked = [(rank_of[pair], pair) for pair in zip(parts, parts[1:]) if pair in rank_of]
            if not ranked:
                return parts
            pair, new = min(ranked)[1], []
            for part in parts:
                if new and new[-1] == pair[0] and part == pair[1]:
                    new[-1] = pair[0] + pair[1]
                else:
                    new.append(part)
            parts = tuple(new)

    tokens = [bytes([b]) for b in range(256)] + [a + b for a, b in merges]
    ids = {token: number for number, token in enumerate(tokens)}
    return [ids[part] for piece in pre_tokenize(text) for part in parts_of(piece)]
""",
    ),
    Alternative(
        exercise="ch02/bpe-decode",
        name="bytearray",
        description="Bytes collected one token at a time.",
        code="""def bpe_decode(ids, merges):
    data = bytearray()
    for i in ids:
        if i < 256:
            data.append(i)
        else:
            left, right = merges[i - 256]
            data += left + right
    return str(data, encoding="utf-8", errors="replace")
""",
    ),
    Alternative(
        exercise="ch02/bpe-decode",
        name="dictionary",
        description="A dictionary from id to bytes.",
        code="""def bpe_decode(ids: list[int], merges: list[tuple[bytes, bytes]]) -> str:
    table = dict(enumerate([bytes((b,)) for b in range(256)]))
    for merge in merges:
        table[len(table)] = b"".join(merge)
    return b"".join(map(table.__getitem__, ids)).decode(errors="replace")
""",
    ),
    Alternative(
        exercise="ch02/bpe-decode",
        name="incremental",
        description="An incremental decoder, token by token.",
        code="""import codecs

def bpe_decode(ids, merges):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = ""
    for i in ids:
        text += decoder.decode(bytes([i]) if i < 256 else b"".join(merges[i - 256]))
    return text + decoder.decode(b"", final=True)
""",
    ),
    Alternative(
        exercise="ch02/bpe-ranks",
        name="one-list",
        description="All tokens in one list, numbered.",
        code="""def bpe_ranks(merges):
    tokens = [bytes([b]) for b in range(256)] + [a + b for a, b in merges]
    return {token: rank for rank, token in enumerate(tokens)}
""",
    ),
    Alternative(
        exercise="ch02/bpe-ranks",
        name="zip",
        description="dict and zip.",
        code="""def bpe_ranks(merges):
    ranks = dict(zip((bytes([b]) for b in range(256)), range(256)))
    ranks.update(zip(map(b"".join, merges), range(256, 256 + len(merges))))
    return ranks
""",
    ),
    Alternative(
        exercise="ch02/bpe-ranks",
        name="union",
        description="Two dictionaries joined; bytes by int.to_bytes.",
        code="""def bpe_ranks(merges: list[tuple[bytes, bytes]]) -> dict[bytes, int]:
    single = {number.to_bytes(1, "big"): number for number in range(0x100)}
    learned = {pair[0] + pair[1]: 0x100 + number for number, pair in enumerate(merges)}
    return single | learned
""",
    ),
]

ALTERNATIVES = [*_NOTEBOOK_1, *_NOTEBOOK_2, *_NOTEBOOK_3, *_NOTEBOOK_4]
