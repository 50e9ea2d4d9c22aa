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


ALTERNATIVES = [*_NOTEBOOK_1, *_NOTEBOOK_2, *_NOTEBOOK_3]
