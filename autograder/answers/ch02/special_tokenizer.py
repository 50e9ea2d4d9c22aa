"""Answers to exercise 2 of 03_special_tokens: SpecialTokenizer."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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
]

_RIGHT = """class SpecialTokenizer:
    def __init__(self, vocab):
        self.ids = vocab
        self.tokens = {number: token for token, number in vocab.items()}

    def encode(self, text, bos=False, eos=False):
        tokens = []
        for number, document in enumerate(text.split(END_OF_TEXT)):
            if number > 0:
                tokens.append(END_OF_TEXT)
            tokens.extend(split_text(document))
        if bos:
            tokens.insert(0, BOS)
        if eos:
            tokens.append(EOS)
        return [self.ids.get(token, self.ids[UNK]) for token in tokens]

    def decode(self, ids):
        tokens = [self.tokens[number] for number in ids]
        tokens = [token for token in tokens if token not in (PAD, BOS, EOS)]
        return join_tokens(tokens)
"""

_mistake = partial(made_in, _RIGHT, see="03_special_tokens: Exercise 2: SpecialTokenizer")

_IDS_OF = "[self.ids.get(token, self.ids[UNK]) for token in tokens]"
_LEFT_OUT = "        tokens = [token for token in tokens if token not in (PAD, BOS, EOS)]\n"
_DOCUMENTS = """        tokens = []
        for number, document in enumerate(text.split(END_OF_TEXT)):
            if number > 0:
                tokens.append(END_OF_TEXT)
            tokens.extend(split_text(document))
"""

MISTAKES = [
    _mistake(
        "unknown-raises",
        "Your `encode` raises at an unknown token. It has a substitute now: the id of [UNK].",
        (_IDS_OF, "[self.ids[token] for token in tokens]"),
    ),
    _mistake(
        "unknown-left-out",
        "Your `encode` leaves unknown tokens out. Each of them becomes one [UNK], so that the reader knows where something is missing.",
        (_IDS_OF, "[self.ids[token] for token in tokens if token in self.ids]"),
    ),
    _mistake(
        "unknown-is-padding",
        "Your `encode` gives unknown tokens the id of [PAD], which says that there is nothing. They are [UNK].",
        ("self.ids[UNK]", "self.ids[PAD]"),
    ),
    _mistake(
        "the-name-for-the-id",
        "Your `encode` puts the text `[UNK]` among the ids. Look its id up as well.",
        ("self.ids[UNK]", "UNK"),
    ),
    _mistake(
        "id-written-down",
        "Your `encode` takes the number 1 for [UNK]. In another vocabulary [UNK] has another id: look it up.",
        ("self.ids[UNK]", "1"),
    ),
    _mistake(
        "unknown-runs-together",
        "Your `encode` writes one [UNK] for several unknown tokens in a row. Each token has an id of its own.",
        (
            f"return {_IDS_OF}",
            f"found = {_IDS_OF}\n        return [i for p, i in enumerate(found) if i != self.ids[UNK] or p == 0 or found[p - 1] != i]",
        ),
    ),
    _mistake(
        "end-of-text-in-pieces",
        "Your `encode` cuts `<|endoftext|>` in pieces, as `split_text` does by its rule. Cut the text at `<|endoftext|>` first.",
        (_DOCUMENTS, "        tokens = list(split_text(text))\n"),
    ),
    _mistake(
        "end-of-text-between-spaces",
        "Your `encode` finds `<|endoftext|>` only where spaces stand around it. It may stand glued between two words.",
        (
            _DOCUMENTS,
            "        tokens = []\n        for part in text.split():\n"
            "            tokens += [part] if part == END_OF_TEXT else split_text(part)\n",
        ),
    ),
    _mistake(
        "end-of-text-lost",
        "Your `encode` cuts the text at `<|endoftext|>` and forgets to put the token back between the documents.",
        ("            if number > 0:\n                tokens.append(END_OF_TEXT)\n", ""),
    ),
    _mistake(
        "end-of-text-after-each",
        "Your `encode` writes `<|endoftext|>` after every document, also after the last, where the text has none. It stands between two.",
        (
            _DOCUMENTS,
            "        tokens = []\n        for document in text.split(END_OF_TEXT):\n            tokens += [*split_text(document), END_OF_TEXT]\n",
        ),
    ),
    _mistake(
        "typed-specials-obeyed",
        "Your `encode` obeys `[EOS]` when a user types it. Only `<|endoftext|>` is looked for in the text.",
        (
            _DOCUMENTS,
            "        tokens = []\n"
            '        for part in re.split(r"(\\[(?:PAD|UNK|BOS|EOS)\\]|<\\|endoftext\\|>)", text):\n'
            "            tokens += [part] if part in self.ids and part in SPECIALS else split_text(part)\n",
        ),
    ),
    _mistake(
        "always-marked",
        "Your `encode` always writes [BOS] and [EOS]. They stand there only when `bos` and `eos` ask for them.",
        ("if bos:", "if True:"),
        ("if eos:", "if True:"),
    ),
    _mistake(
        "never-marked",
        "Your `encode` forgets `bos` and `eos`: no mark is ever written.",
        ("        if bos:\n            tokens.insert(0, BOS)\n        if eos:\n            tokens.append(EOS)\n", ""),
    ),
    _mistake(
        "marks-exchanged",
        "Your `encode` begins with [EOS] and ends with [BOS]: B is for the beginning.",
        ("insert(0, BOS)", "insert(0, EOS)"),
        ("append(EOS)", "append(BOS)"),
    ),
    _mistake(
        "end-needs-beginning",
        "Your `encode` writes [EOS] only where [BOS] was asked for as well. The two arguments are independent.",
        ("if eos:", "if eos and bos:"),
    ),
    _mistake(
        "everything-shown",
        "Your `decode` shows [PAD], [BOS] and [EOS]. They are no text: leave them out.",
        (_LEFT_OUT, ""),
    ),
    _mistake(
        "padding-shown",
        "Your `decode` shows [PAD]. The filling is no text: leave it out.",
        ("(PAD, BOS, EOS)", "(BOS, EOS)"),
    ),
    _mistake(
        "all-specials-left-out",
        "Your `decode` also leaves [UNK] and <|endoftext|> out. The reader should know that something is missing, or that a document ended.",
        ("(PAD, BOS, EOS)", "SPECIALS"),
    ),
    _mistake(
        "stops-at-the-end",
        "Your `decode` stops at the first [EOS]. By the rule it leaves that token out and goes on.",
        (_LEFT_OUT, f"        tokens = tokens[: tokens.index(EOS)] if EOS in tokens else tokens\n{_LEFT_OUT}"),
    ),
    _mistake(
        "removed-from-the-text",
        "Your `decode` removes the special tokens from the joined text, and the spaces around them stay. Leave them out before you join.",
        (_LEFT_OUT, ""),
        ("return join_tokens(tokens)", 'return join_tokens(tokens).replace(PAD, "").replace(BOS, "").replace(EOS, "")'),
    ),
    _mistake(
        "plain-join",
        "Your `decode` puts a space between all tokens. `join_tokens` knows where there is none.",
        ("join_tokens(tokens)", '" ".join(tokens)'),
    ),
]
