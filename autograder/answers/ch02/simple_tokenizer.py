"""Answers to exercise 2 of 02_simple_encoder: SimpleTokenizer."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = r"""class SimpleTokenizer:
    def __init__(self, vocab):
        self.ids = vocab
        self.tokens = {number: token for token, number in vocab.items()}

    def encode(self, text):
        pieces = split_text(text)
        return [self.ids[token] for token in pieces]

    def decode(self, ids):
        text = " ".join(self.tokens[number] for number in ids)
        text = re.sub(r" ([.,;:!?)])", r"\1", text)
        text = re.sub(r"\( ", "(", text)
        return text
"""

_mistake = partial(made_in, _RIGHT, see="02_simple_encoder: Exercise 2: SimpleTokenizer")

_LOOK_UP = "[self.ids[token] for token in pieces]"

MISTAKES = [
    _mistake(
        "split-at-spaces",
        "Your `encode` cuts at white space only, so `dog.` is looked up with its full stop and not found. Cut with `split_text`.",
        ("split_text(text)", "text.split()"),
    ),
    _mistake(
        "signs-lost",
        "Your `encode` loses the signs. Every token that `split_text` gives has an id and is kept.",
        ("split_text(text)", r're.findall(r"\w+", text)'),
    ),
    _mistake(
        "ascii-only",
        "Your `encode` cuts by a pattern of its own that knows no accents. Cut with `split_text`.",
        ("split_text(text)", r"""re.findall(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*|[0-9]+(?:[,.][0-9]+)*|\S", text)"""),
    ),
    _mistake(
        "small-letters",
        "Your `encode` converts everything to lower case first, so `The` gets the id of `the`, or none. Tokens are "
        "looked up as they are.",
        ("split_text(text)", "split_text(text.lower())"),
    ),
    _mistake(
        "unknown-left-out",
        "Your `encode` leaves unknown tokens out without a word. A text would then lose words silently; let the dictionary raise `KeyError`.",
        (_LOOK_UP, "[self.ids[token] for token in pieces if token in self.ids]"),
    ),
    _mistake(
        "none-for-unknown",
        "Your `encode` puts `None` where a token is unknown, because `dict.get` never raises. Look tokens up with `[...]`.",
        (_LOOK_UP, "[self.ids.get(token) for token in pieces]"),
    ),
    _mistake(
        "another-vocabulary",
        "Your `encode` numbers the tokens of the text anew. The ids are those of the vocabulary that the tokenizer was given.",
        (_LOOK_UP, "[{t: i for i, t in enumerate(sorted(set(pieces)))}[token] for token in pieces]"),
    ),
    _mistake(
        "one-vocabulary-for-all",
        "Your vocabulary is kept in the class, so a second tokenizer changes the first. Keep it in the object: `self.`.",
        ("        self.ids = vocab", "        SimpleTokenizer.ids = vocab"),
    ),
    _mistake(
        "order-of-the-vocabulary",
        "Your `decode` takes the id for a place in the dictionary. The ids of a vocabulary may come in any order: exchange keys and values.",
        ("{number: token for token, number in vocab.items()}", "list(vocab)"),
    ),
    _mistake(
        "no-spaces",
        "Your `decode` glues the words together. Between two tokens stands a space, except where points 2 and 3 say none.",
        ('" ".join', '"".join'),
    ),
    _mistake(
        "spaces-everywhere",
        "Your `decode` puts a space before every sign too. There is none before `. , ; : ! ? )` and none after `(`.",
        (
            '        text = re.sub(r" ([.,;:!?)])", r"\\1", text)\n        text = re.sub(r"\\( ", "(", text)\n',
            "",
        ),
    ),
    _mistake(
        "space-after-the-bracket",
        "Your `decode` leaves a space behind `(`. By point 3 there is none.",
        ('        text = re.sub(r"\\( ", "(", text)\n', ""),
    ),
    _mistake(
        "no-space-before-the-bracket",
        "Your `decode` takes the space before `(` away. It is the one behind the bracket that goes.",
        ("[.,;:!?)]", "[.,;:!?()]"),
    ),
    _mistake(
        "apostrophes-too",
        "Your `decode` also takes the space before an apostrophe away. The rule names seven signs: `. , ; : ! ? )`.",
        ("[.,;:!?)]", "[.,;:!?)']"),
    ),
    _mistake(
        "signs-forgotten",
        "Your `decode` treats only points and commas. The rule names seven signs: `. , ; : ! ? )`.",
        ("[.,;:!?)]", "[.,]"),
    ),
    _mistake(
        "sign-replaced",
        'Your `decode` loses the signs: the replacement must put back what stood in the bracket, `r"\\1"`.',
        ('r"\\1"', '""'),
    ),
    _mistake(
        "tokens-for-a-text",
        "Your `decode` returns the list of tokens. Join them to one text.",
        ('" ".join(self.tokens[number] for number in ids)', "[self.tokens[number] for number in ids]"),
        ('        text = re.sub(r" ([.,;:!?)])", r"\\1", text)\n        text = re.sub(r"\\( ", "(", text)\n', ""),
    ),
]
