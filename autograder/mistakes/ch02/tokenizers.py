"""Known mistakes of chapter 2, notebooks 1 to 4: tokenizers."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- notebook 1: tokenize ------------------------------------------------------------------------------------------

_TOKENIZE_RIGHT = r"""def tokenize(text):
    text = unicodedata.normalize("NFC", text)
    word = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
    number = r"[0-9]+(?:[.,][0-9]+)*"
    sign = r"\S"
    return re.findall(word + "|" + number + "|" + sign, text)
"""


def _tokenize(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_simple_tokenizer: Exercise 1: cut a text into tokens"
    return made_in(_TOKENIZE_RIGHT, "ch02/tokenize", name, explanation, *changes, see=where)


_FINDALL = 're.findall(word + "|" + number + "|" + sign, text)'

_TOKENIZE = [
    _tokenize(
        "split-at-spaces",
        "Your function cuts at white space only, so signs stay glued to the words beside them. Every sign is a token by itself.",
        (_FINDALL, "text.split()"),
    ),
    _tokenize(
        "punctuation-lost",
        "Your tokens hold words and numbers only; the signs are gone. Every character that is no white space "
        "belongs to some token: let the last alternative of the pattern be `\\S`.",
        (' + "|" + sign', ""),
    ),
    _tokenize(
        "signs-in-runs",
        "Your pattern takes several signs in a row as one token. `...` is three tokens: one sign at a time, without a `+`.",
        (r'sign = r"\S"', r'sign = r"[^\w\s]+|_"'),
    ),
    _tokenize(
        "ascii-letters",
        "Your words hold the letters a to z only, so `ã` or `é` falls out of its word. A letter of any alphabet is a letter.",
        (r'''r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''r"[A-Za-z]+(?:['’-][A-Za-z]+)*"'''),
    ),
    _tokenize(
        "western-letters",
        "Your words hold the letters of Western Europe only (`À` to `ÿ`), so Polish, Greek or Russian words fall apart. "
        "A letter of any alphabet is a letter.",
        (r'''r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*"'''),
    ),
    _tokenize(
        "accents-removed",
        "Your function takes the accents off. `avó` and `avô` are two words; the rule changes nothing but the spelling "
        "of an accent (NFC).",
        (
            'unicodedata.normalize("NFC", text)',
            '"".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))',
        ),
    ),
    _tokenize(
        "no-normal-form",
        "Your function does not bring the text into NFC. An `é` that comes as `e` and a combining accent is then torn "
        "in two, or is another word than the `é` of a keyboard.",
        ('    text = unicodedata.normalize("NFC", text)\n', ""),
    ),
    _tokenize(
        "taken-apart",
        "Your function brings the text into NFD, which takes accents off their letters; `\\w` does not count a "
        "combining accent. The rule asks for NFC.",
        ('"NFC"', '"NFD"'),
    ),
    _tokenize(
        "compatible-form",
        "Your function uses NFKC, which also replaces characters by similar ones, such as `…` by three points. "
        "The rule asks for NFC, which keeps them.",
        ('"NFC"', '"NFKC"'),
    ),
    _tokenize(
        "words-with-digits",
        "Your words hold digits and underscores, because `\\w` does. Letters and digits do not mix by the rule: "
        "`2nd` is `2` and `nd`, and `_` is a sign.",
        (r'''word = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''word = r"[^\W\d]\w*(?:['’-]\w+)*"'''),
    ),
    _tokenize(
        "underscore-is-a-letter",
        "Your words hold underscores: `[^\\W\\d]` still fits `_`. Take it out as well, `[^\\W\\d_]`.",
        (r'''word = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"''', r'''word = r"[^\W\d]+(?:['’-][^\W\d]+)*"'''),
    ),
    _tokenize(
        "words-torn",
        "Your words end at a hyphen or an apostrophe. Between two letters these belong to the word: `don't` and "
        "`guarda-chuva` are one token each.",
        (r"(?:['’-][^\W\d_]+)*", ""),
    ),
    _tokenize(
        "only-one-joint",
        "Your words hold at most one hyphen or apostrophe: `mother-in-law` has two. Repeat the bracket with `*`, not `?`.",
        (r"['’-][^\W\d_]+)*", r"['’-][^\W\d_]+)?"),
    ),
    _tokenize(
        "only-the-straight-apostrophe",
        "Your words know the straight apostrophe `'` and not the curved one, `’`, which printed texts have. The rule names both.",
        ("['’-]", "['-]"),
    ),
    _tokenize(
        "glued-hyphens",
        "Your words take hyphens and apostrophes along wherever they stand. Only single ones between two letters belong to a "
        "word: `pre-` is `pre` and `-`.",
        (r"[^\W\d_]+(?:['’-][^\W\d_]+)*", r"[^\W\d_](?:[^\W\d_]|['’-])*"),
    ),
    _tokenize(
        "numbers-torn",
        "Your numbers end at a point or a comma. Between two digits these belong to the number: `3.14` is one token.",
        (r"(?:[.,][0-9]+)*", ""),
    ),
    _tokenize(
        "glued-points",
        "Your numbers swallow the full stop or the comma behind them. Only those between two digits belong to a number.",
        (r"[0-9]+(?:[.,][0-9]+)*", r"[0-9][0-9.,]*"),
    ),
    _tokenize(
        "digits-one-by-one",
        "Your numbers fall into single digits. A run of digits is one token: there is a `+` missing.",
        (r"[0-9]+(?:[.,][0-9]+)*", r"[0-9](?:[.,][0-9])*"),
    ),
    _tokenize(
        "small-letters",
        "Your function writes everything in small letters. Capitals stay capitals by the rule.",
        ("text)\n    word", "text).lower()\n    word"),
    ),
    _tokenize(
        "white-space-kept",
        "Your list holds white space as tokens. It separates tokens and is none.",
        (r'sign = r"\S"', r'sign = r"\S|\s"'),
    ),
    _tokenize(
        "signs-first",
        "Your pattern tries the single character before words and numbers, so every letter is a token. `|` takes the "
        "first alternative that fits: put the most special one first.",
        (_FINDALL, 're.findall(sign + "|" + word + "|" + number, text)'),
    ),
    _tokenize(
        "capturing-brackets",
        "Your pattern has plain brackets, and then `re.findall` gives back what stood in the brackets and not the "
        "whole piece. Write `(?:...)`.",
        (r"(?:['’-]", r"(['’-]"),
        (r"(?:[.,]", r"([.,]"),
    ),
    _tokenize(
        "different-tokens-only",
        "Your function returns each token once. A tokenizer keeps the text's order and its repetitions; the list of "
        "different tokens is the vocabulary, and comes later.",
        (_FINDALL, f"list(dict.fromkeys({_FINDALL}))"),
    ),
]

# --- notebook 1: vocabulary_curve ----------------------------------------------------------------------------------

_CURVE_RIGHT = """def vocabulary_curve(tokens):
    seen = set()
    curve = []
    for token in tokens:
        seen.add(token)
        curve.append(len(seen))
    return curve
"""


def _curve(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_simple_tokenizer: Exercise 2: how the vocabulary grows"
    return made_in(_CURVE_RIGHT, "ch02/vocabulary-curve", name, explanation, *changes, see=where)


_CURVE = [
    _curve(
        "all-tokens-counted",
        "Your curve counts all tokens, also those that have come before. A token that is known adds nothing.",
        ("seen = set()", "seen = []"),
        ("seen.add(", "seen.append("),
    ),
    _curve(
        "before-the-token",
        "Your curve is one token late: number n counts the tokens before the n-th. The n-th token itself counts.",
        (
            "        seen.add(token)\n        curve.append(len(seen))",
            "        curve.append(len(seen))\n        seen.add(token)",
        ),
    ),
    _curve(
        "starts-at-zero",
        "Your curve has one number more than there are tokens: it begins before the first one.",
        ("curve = []", "curve = [0]"),
    ),
    _curve(
        "only-the-end",
        "Your function returns one number, for the whole text. Write down the count after each token.",
        ("return curve", "return len(seen)"),
    ),
    _curve(
        "only-new-tokens",
        "Your curve has a number for new tokens only. A token that is known gets one too: the same as before.",
        ("        seen.add(token)", "        if token in seen:\n            continue\n        seen.add(token)"),
    ),
    _curve(
        "capitals-ignored",
        "Your curve takes `The` and `the` for one token. Capitals count, as `tokenize` left them.",
        ("seen.add(token)", "seen.add(token.lower())"),
    ),
    _curve(
        "characters-counted",
        "Your set holds characters, because `set.update` (and `|=`) take a string apart. Put the token in with `add`.",
        ("seen.add(token)", "seen.update(token)"),
    ),
    _curve(
        "how-often",
        "Your numbers say how often each token has come so far. Count how many different tokens there are.",
        ("seen = set()", "seen = []"),
        ("seen.add(", "seen.append("),
        ("len(seen)", "seen.count(token)"),
    ),
    _curve(
        "is-it-new",
        "Your numbers say whether each token is new (1) or not (0). The curve is the running sum of these.",
        (
            "        seen.add(token)\n        curve.append(len(seen))",
            "        curve.append(int(token not in seen))\n        seen.add(token)",
        ),
    ),
    _curve(
        "set-kept",
        "Your set lives on after the call, so a second text begins with the words of the first. Make a new set in the function.",
        ("(tokens):", "(tokens, seen=set()):"),
        ("    seen = set()\n", ""),
    ),
]

# --- notebook 2: build_vocab ---------------------------------------------------------------------------------------

_VOCAB_RIGHT = """def build_vocab(tokens):
    different = sorted(set(tokens))
    return {token: number for number, token in enumerate(different)}
"""


def _vocab(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "02_simple_encoder: Exercise 1: a vocabulary"
    return made_in(_VOCAB_RIGHT, "ch02/build-vocab", name, explanation, *changes, see=where)


_VOCAB = [
    _vocab(
        "unsorted-set",
        "Your ids follow the order of a set, which Python changes from one start to the next: tomorrow the same tokens would have "
        "other ids. Sort the set first.",
        ("sorted(set(tokens))", "set(tokens)"),
    ),
    _vocab(
        "list-of-a-set",
        "Your ids follow the order of a set: `list(...)` keeps that order and does not sort. It is another one each time Python "
        "starts. Use `sorted`.",
        ("sorted(set(tokens))", "list(set(tokens))"),
    ),
    _vocab(
        "repeated-tokens",
        "Your ids have gaps: tokens that repeat were counted each time, and the last id stayed. Take each token once before you "
        "number them.",
        ("sorted(set(tokens))", "sorted(tokens)"),
    ),
    _vocab(
        "places-in-the-text",
        "Your ids are places in the text, so there are gaps where a token repeats. Number the different tokens only.",
        ("sorted(set(tokens))", "list(tokens)"),
    ),
    _vocab(
        "begins-at-one",
        "Your ids begin at 1. They are row numbers of a table, and these begin at 0.",
        ("enumerate(different)", "enumerate(different, start=1)"),
    ),
    _vocab(
        "the-other-way-round",
        "Your dictionary goes from numbers to tokens. A vocabulary goes from tokens to numbers; the way back is made from it.",
        ("{token: number for", "{number: token for"),
    ),
    _vocab(
        "counts-for-ids",
        "Your numbers say how often each token comes. Two tokens with the same count would share an id.",
        (
            "{token: number for number, token in enumerate(different)}",
            "{token: list(tokens).count(token) for token in different}",
        ),
    ),
    _vocab(
        "lengths-for-ids",
        "Your numbers are the lengths of the tokens, so different tokens share an id. Number them one after the other.",
        ("{token: number for number, token in enumerate(different)}", "{token: len(token) for token in different}"),
    ),
    _vocab(
        "small-letters",
        "Your vocabulary writes everything in small letters, and then `The` cannot be found. Tokens go in as they are.",
        ("set(tokens)", "{token.lower() for token in tokens}"),
    ),
    _vocab(
        "words-only",
        "Your vocabulary leaves out signs or numbers. Every token of the text needs an id.",
        ("set(tokens)", "{token for token in tokens if token.isalpha()}"),
    ),
    _vocab(
        "characters",
        "Your vocabulary holds characters: the tokens were joined or taken apart. A token goes in whole.",
        ("set(tokens)", 'set("".join(tokens))'),
    ),
    _vocab(
        "tokens-sorted-in-place",
        "Your function sorts the list that it was given, which is the text itself. Use `sorted`, which makes a new list.",
        ("    different = sorted(set(tokens))", "    tokens.sort()\n    different = list(dict.fromkeys(tokens))"),
    ),
]

# --- notebook 2: SimpleTokenizer -----------------------------------------------------------------------------------

_SIMPLE_RIGHT = r"""class SimpleTokenizer:
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


def _simple(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "02_simple_encoder: Exercise 2: SimpleTokenizer"
    return made_in(_SIMPLE_RIGHT, "ch02/simple-tokenizer", name, explanation, *changes, see=where)


_LOOK_UP = "[self.ids[token] for token in pieces]"

_SIMPLE = [
    _simple(
        "split-at-spaces",
        "Your `encode` cuts at white space only, so `dog.` is looked up with its full stop and not found. Cut with `split_text`.",
        ("split_text(text)", "text.split()"),
    ),
    _simple(
        "signs-lost",
        "Your `encode` loses the signs. Every token that `split_text` gives has an id and is kept.",
        ("split_text(text)", r're.findall(r"\w+", text)'),
    ),
    _simple(
        "ascii-only",
        "Your `encode` cuts by a pattern of its own that knows no accents. Cut with `split_text`.",
        ("split_text(text)", r"""re.findall(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*|[0-9]+(?:[,.][0-9]+)*|\S", text)"""),
    ),
    _simple(
        "small-letters",
        "Your `encode` writes everything in small letters first, so `The` gets the id of `the`, or none. Tokens are looked up as they are.",
        ("split_text(text)", "split_text(text.lower())"),
    ),
    _simple(
        "unknown-left-out",
        "Your `encode` leaves unknown tokens out without a word. A text would then lose words silently; let the dictionary raise `KeyError`.",
        (_LOOK_UP, "[self.ids[token] for token in pieces if token in self.ids]"),
    ),
    _simple(
        "none-for-unknown",
        "Your `encode` puts `None` where a token is unknown, because `dict.get` never raises. Look tokens up with `[...]`.",
        (_LOOK_UP, "[self.ids.get(token) for token in pieces]"),
    ),
    _simple(
        "another-vocabulary",
        "Your `encode` numbers the tokens of the text anew. The ids are those of the vocabulary that the tokenizer was given.",
        (_LOOK_UP, "[{t: i for i, t in enumerate(sorted(set(pieces)))}[token] for token in pieces]"),
    ),
    _simple(
        "one-vocabulary-for-all",
        "Your vocabulary is kept in the class, so a second tokenizer changes the first. Keep it in the object: `self.`.",
        ("        self.ids = vocab", "        SimpleTokenizer.ids = vocab"),
    ),
    _simple(
        "order-of-the-vocabulary",
        "Your `decode` takes the id for a place in the dictionary. The ids of a vocabulary may come in any order: exchange keys and values.",
        ("{number: token for token, number in vocab.items()}", "list(vocab)"),
    ),
    _simple(
        "no-spaces",
        "Your `decode` glues the words together. Between two tokens stands a space, except where points 2 and 3 say none.",
        ('" ".join', '"".join'),
    ),
    _simple(
        "spaces-everywhere",
        "Your `decode` puts a space before every sign too. There is none before `. , ; : ! ? )` and none after `(`.",
        (
            '        text = re.sub(r" ([.,;:!?)])", r"\\1", text)\n        text = re.sub(r"\\( ", "(", text)\n',
            "",
        ),
    ),
    _simple(
        "space-after-the-bracket",
        "Your `decode` leaves a space behind `(`. By point 3 there is none.",
        ('        text = re.sub(r"\\( ", "(", text)\n', ""),
    ),
    _simple(
        "no-space-before-the-bracket",
        "Your `decode` takes the space before `(` away. It is the one behind the bracket that goes.",
        ("[.,;:!?)]", "[.,;:!?()]"),
    ),
    _simple(
        "apostrophes-too",
        "Your `decode` also takes the space before an apostrophe away. The rule names seven signs: `. , ; : ! ? )`.",
        ("[.,;:!?)]", "[.,;:!?)']"),
    ),
    _simple(
        "signs-forgotten",
        "Your `decode` treats only points and commas. The rule names seven signs: `. , ; : ! ? )`.",
        ("[.,;:!?)]", "[.,]"),
    ),
    _simple(
        "sign-replaced",
        'Your `decode` loses the signs: the replacement must put back what stood in the bracket, `r"\\1"`.',
        ('r"\\1"', '""'),
    ),
    _simple(
        "tokens-for-a-text",
        "Your `decode` returns the list of tokens. Join them to one text.",
        ('" ".join(self.tokens[number] for number in ids)', "[self.tokens[number] for number in ids]"),
        ('        text = re.sub(r" ([.,;:!?)])", r"\\1", text)\n        text = re.sub(r"\\( ", "(", text)\n', ""),
    ),
]

# --- notebook 3: build_special_vocab -------------------------------------------------------------------------------

_SPECIAL_VOCAB_RIGHT = """def build_special_vocab(tokens, specials):
    words = sorted(set(tokens) - set(specials))
    order = [*specials, *words]
    return {token: number for number, token in enumerate(order)}
"""


def _special_vocab(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "03_special_tokens: Exercise 1: room for the special tokens"
    return made_in(_SPECIAL_VOCAB_RIGHT, "ch02/special-vocab", name, explanation, *changes, see=where)


_SPECIAL_VOCAB = [
    _special_vocab(
        "specials-missing",
        "Your vocabulary has no special tokens. They need ids like all others: put them into the list that you number.",
        ("[*specials, *words]", "words"),
    ),
    _special_vocab(
        "words-missing",
        "Your vocabulary holds the special tokens only; the words of the text are gone.",
        ("[*specials, *words]", "list(specials)"),
    ),
    _special_vocab(
        "ids-twice",
        "Your special tokens and your words are numbered separately, both from 0, so ids are used twice. Number one list.",
        (
            "return {token: number for number, token in enumerate(order)}",
            "return {t: i for i, t in enumerate(words)} | {t: i for i, t in enumerate(specials)}",
        ),
    ),
    _special_vocab(
        "special-counted-twice",
        "Your ids have a gap when a special token also stands in the text: it was numbered twice. Leave the special ones out of the words.",
        ("set(tokens) - set(specials)", "set(tokens)"),
    ),
    _special_vocab(
        "unsorted-set",
        "Your ids follow the order of a set, which Python changes from one start to the next. Sort the set first.",
        ("sorted(set(tokens) - set(specials))", "list(set(tokens) - set(specials))"),
    ),
    _special_vocab(
        "repeated-tokens",
        "Your ids have gaps: tokens that repeat were counted each time. Take each token once before you number them.",
        ("sorted(set(tokens) - set(specials))", "[token for token in sorted(tokens) if token not in specials]"),
    ),
    _special_vocab(
        "one-behind-the-end",
        "Your special tokens begin one id too late: with n words the last word has n - 1, and n is free.",
        (
            "return {token: number for number, token in enumerate(order)}",
            "return {t: i for i, t in enumerate(words)} | {t: len(words) + 1 + i for i, t in enumerate(specials)}",
        ),
    ),
    _special_vocab(
        "begins-at-one",
        "Your ids begin at 1. They are row numbers of a table, and these begin at 0.",
        ("enumerate(order)", "enumerate(order, 1)"),
    ),
    _special_vocab(
        "list-changed",
        "Your function appends to the list of special tokens that it was given, so the caller's list grows with every call. Make a new list.",
        ("    order = [*specials, *words]", "    order = specials\n    order += words"),
    ),
    _special_vocab(
        "two-specials-only",
        "Your vocabulary has room for [UNK] and <|endoftext|> only. All special tokens of the list belong in.",
        ("[*specials, *words]", '[s for s in specials if s in ("[UNK]", "<|endoftext|>")] + words'),
    ),
]

# --- notebook 3: SpecialTokenizer ----------------------------------------------------------------------------------

_SPECIAL_RIGHT = """class SpecialTokenizer:
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


def _special(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "03_special_tokens: Exercise 2: SpecialTokenizer"
    return made_in(_SPECIAL_RIGHT, "ch02/special-tokenizer", name, explanation, *changes, see=where)


_IDS_OF = "[self.ids.get(token, self.ids[UNK]) for token in tokens]"
_LEFT_OUT = "        tokens = [token for token in tokens if token not in (PAD, BOS, EOS)]\n"
_DOCUMENTS = """        tokens = []
        for number, document in enumerate(text.split(END_OF_TEXT)):
            if number > 0:
                tokens.append(END_OF_TEXT)
            tokens.extend(split_text(document))
"""

_SPECIAL = [
    _special(
        "unknown-raises",
        "Your `encode` raises at an unknown token. It has a substitute now: the id of [UNK].",
        (_IDS_OF, "[self.ids[token] for token in tokens]"),
    ),
    _special(
        "unknown-left-out",
        "Your `encode` leaves unknown tokens out. Each of them becomes one [UNK], so that the reader knows where something is missing.",
        (_IDS_OF, "[self.ids[token] for token in tokens if token in self.ids]"),
    ),
    _special(
        "unknown-is-padding",
        "Your `encode` gives unknown tokens the id of [PAD], which says that there is nothing. They are [UNK].",
        ("self.ids[UNK]", "self.ids[PAD]"),
    ),
    _special(
        "the-name-for-the-id",
        "Your `encode` puts the text `[UNK]` among the ids. Look its id up as well.",
        ("self.ids[UNK]", "UNK"),
    ),
    _special(
        "id-written-down",
        "Your `encode` takes the number 1 for [UNK]. In another vocabulary [UNK] has another id: look it up.",
        ("self.ids[UNK]", "1"),
    ),
    _special(
        "unknown-runs-together",
        "Your `encode` writes one [UNK] for several unknown tokens in a row. Each token has an id of its own.",
        (
            f"return {_IDS_OF}",
            f"found = {_IDS_OF}\n        return [i for p, i in enumerate(found) if i != self.ids[UNK] or p == 0 or found[p - 1] != i]",
        ),
    ),
    _special(
        "end-of-text-in-pieces",
        "Your `encode` cuts `<|endoftext|>` in pieces, as `split_text` does by its rule. Cut the text at `<|endoftext|>` first.",
        (_DOCUMENTS, "        tokens = list(split_text(text))\n"),
    ),
    _special(
        "end-of-text-between-spaces",
        "Your `encode` finds `<|endoftext|>` only where spaces stand around it. It may stand glued between two words.",
        (
            _DOCUMENTS,
            "        tokens = []\n        for part in text.split():\n"
            "            tokens += [part] if part == END_OF_TEXT else split_text(part)\n",
        ),
    ),
    _special(
        "end-of-text-lost",
        "Your `encode` cuts the text at `<|endoftext|>` and forgets to put the token back between the documents.",
        ("            if number > 0:\n                tokens.append(END_OF_TEXT)\n", ""),
    ),
    _special(
        "end-of-text-after-each",
        "Your `encode` writes `<|endoftext|>` after every document, also after the last, where the text has none. It stands between two.",
        (
            _DOCUMENTS,
            "        tokens = []\n        for document in text.split(END_OF_TEXT):\n            tokens += [*split_text(document), END_OF_TEXT]\n",
        ),
    ),
    _special(
        "typed-specials-obeyed",
        "Your `encode` obeys `[EOS]` when a user types it. Only `<|endoftext|>` is looked for in the text.",
        (
            _DOCUMENTS,
            "        tokens = []\n"
            '        for part in re.split(r"(\\[(?:PAD|UNK|BOS|EOS)\\]|<\\|endoftext\\|>)", text):\n'
            "            tokens += [part] if part in self.ids and part in SPECIALS else split_text(part)\n",
        ),
    ),
    _special(
        "always-marked",
        "Your `encode` always writes [BOS] and [EOS]. They stand there only when `bos` and `eos` ask for them.",
        ("if bos:", "if True:"),
        ("if eos:", "if True:"),
    ),
    _special(
        "never-marked",
        "Your `encode` forgets `bos` and `eos`: no mark is ever written.",
        ("        if bos:\n            tokens.insert(0, BOS)\n        if eos:\n            tokens.append(EOS)\n", ""),
    ),
    _special(
        "marks-exchanged",
        "Your `encode` begins with [EOS] and ends with [BOS]: B is for the beginning.",
        ("insert(0, BOS)", "insert(0, EOS)"),
        ("append(EOS)", "append(BOS)"),
    ),
    _special(
        "end-needs-beginning",
        "Your `encode` writes [EOS] only where [BOS] was asked for as well. The two arguments are independent.",
        ("if eos:", "if eos and bos:"),
    ),
    _special(
        "everything-shown",
        "Your `decode` shows [PAD], [BOS] and [EOS]. They are no text: leave them out.",
        (_LEFT_OUT, ""),
    ),
    _special(
        "padding-shown",
        "Your `decode` shows [PAD]. The filling is no text: leave it out.",
        ("(PAD, BOS, EOS)", "(BOS, EOS)"),
    ),
    _special(
        "all-specials-left-out",
        "Your `decode` also leaves [UNK] and <|endoftext|> out. The reader should know that something is missing, or that a document ended.",
        ("(PAD, BOS, EOS)", "SPECIALS"),
    ),
    _special(
        "stops-at-the-end",
        "Your `decode` stops at the first [EOS]. By the rule it leaves that token out and goes on.",
        (_LEFT_OUT, f"        tokens = tokens[: tokens.index(EOS)] if EOS in tokens else tokens\n{_LEFT_OUT}"),
    ),
    _special(
        "removed-from-the-text",
        "Your `decode` removes the special tokens from the joined text, and the spaces around them stay. Leave them out before you join.",
        (_LEFT_OUT, ""),
        ("return join_tokens(tokens)", 'return join_tokens(tokens).replace(PAD, "").replace(BOS, "").replace(EOS, "")'),
    ),
    _special(
        "plain-join",
        "Your `decode` puts a space between all tokens. `join_tokens` knows where there is none.",
        ("join_tokens(tokens)", '" ".join(tokens)'),
    ),
]

# --- notebook 3: pad_batch -----------------------------------------------------------------------------------------

_PAD_RIGHT = """def pad_batch(sequences, pad_id, max_length=None):
    kept = [sequence[:max_length] for sequence in sequences]
    longest = max(len(sequence) for sequence in kept)
    ids = torch.full((len(kept), longest), pad_id)
    mask = torch.zeros(len(kept), longest, dtype=torch.bool)
    for row, sequence in enumerate(kept):
        end = len(sequence)
        ids[row, :end] = torch.tensor(sequence, dtype=torch.int64)
        mask[row, :end] = True
    return ids, mask
"""


def _pad(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "03_special_tokens: Exercise 3: one rectangle for many lengths"
    return made_in(_PAD_RIGHT, "ch02/pad-batch", name, explanation, *changes, see=where)


_PAD = [
    _pad(
        "filled-in-front",
        "Your filling stands in front of the text. Here it stands behind it.",
        ("ids[row, :end]", "ids[row, longest - end :]"),
        ("mask[row, :end]", "mask[row, longest - end :]"),
    ),
    _pad(
        "mask-from-the-ids",
        "Your mask compares ids with the pad id, so a real token that has that id counts as filling. Make the mask from the lengths.",
        ("return ids, mask", "return ids, ids != pad_id"),
    ),
    _pad(
        "mask-turned-over",
        "Your mask is True where the filling is. Here True means a real token.",
        ("return ids, mask", "return ids, ~mask"),
    ),
    _pad(
        "mask-of-numbers",
        "Your mask holds numbers. Let it hold truth values, `dtype=torch.bool`; with 0 and 1, `~mask` and indexing would mean something else.",
        ("return ids, mask", "return ids, mask.float()"),
    ),
    _pad(
        "filled-with-zero",
        "Your filling is always 0. It is `pad_id`, which may be any id.",
        ("pad_id)\n    mask", "0)\n    mask"),
    ),
    _pad(
        "never-cut",
        "Your function forgets `max_length`. Longer texts keep their first `max_length` tokens.",
        ("sequence[:max_length]", "sequence"),
    ),
    _pad(
        "last-tokens-kept",
        "Your cut keeps the last tokens. A text that is too long keeps its first ones.",
        ("sequence[:max_length]", "sequence[-max_length:] if max_length else sequence"),
    ),
    _pad(
        "filled-to-the-limit",
        "Your rectangle always has `max_length` columns. It is as wide as the longest text after the cut, so that no column is all filling.",
        ("    ids = torch", "    longest = max_length or longest\n    ids = torch"),
    ),
    _pad(
        "longest-before-the-cut",
        "Your rectangle is as wide as the longest text before the cut. Cut first, then find the longest.",
        ("for sequence in kept)", "for sequence in sequences)"),
    ),
    _pad(
        "one-token-too-few",
        "Your cut keeps one token less than `max_length` allows.",
        ("sequence[:max_length]", "sequence[: max_length - 1] if max_length else sequence"),
    ),
    _pad(
        "floats",
        "Your ids are floating-point numbers. An embedding table wants whole numbers: int64.",
        ("(len(kept), longest), pad_id)", "(len(kept), longest), float(pad_id))"),
    ),
    _pad(
        "texts-filled-in-place",
        "Your function appends the filling to the lists that it was given. They belong to the caller: work on copies.",
        (
            "    return ids",
            "    for row in sequences:\n        row.extend([pad_id] * (longest - len(row)))\n    return ids",
        ),
    ),
    _pad(
        "first-text-decides",
        "Your rectangle is as wide as the first text. It must hold the longest one.",
        ("max(len(sequence) for sequence in kept)", "len(kept[0])"),
    ),
    _pad(
        "mask-forgotten",
        "Your function returns the ids only. Return the mask as well: `return ids, mask`.",
        ("return ids, mask", "return ids"),
    ),
    _pad(
        "one-place-more",
        "Your mask counts one filling place as real. A text of n tokens has n real places, 0 to n - 1.",
        ("mask[row, :end]", "mask[row, : end + 1]"),
    ),
]

# --- notebook 4: count_pairs ---------------------------------------------------------------------------------------

_COUNT_RIGHT = """def count_pairs(words):
    counts = Counter()
    for symbols, times in words.items():
        for left, right in zip(symbols, symbols[1:]):
            counts[(left, right)] += times
    return counts
"""


def _count(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_byte_pair_encoding: Exercise 1: count the pairs"
    return made_in(_COUNT_RIGHT, "ch02/count-pairs", name, explanation, *changes, see=where)


_COUNT = [
    _count(
        "words-counted-once",
        "Your counts take each different word once. A word that comes 40 times brings each of its pairs 40 times.",
        ("+= times", "+= 1"),
    ),
    _count(
        "once-per-word",
        "Your counts take a pair once per word, also where it stands in the word twice. Each place counts.",
        ("in zip(symbols, symbols[1:])", "in set(zip(symbols, symbols[1:]))"),
    ),
    _count(
        "last-number-only",
        "Your counts keep the number of the last word only: `=` overwrites what was there. Add with `+=`.",
        ("+= times", "= times"),
    ),
    _count(
        "overlaps-left-out",
        "Your counts step over a pair once they have seen it, so `a a a` gives 1. Places may overlap: it is 2.",
        (
            "        for left, right in zip(symbols, symbols[1:]):\n            counts[(left, right)] += times",
            "        place = 0\n        while place + 1 < len(symbols):\n"
            "            pair = symbols[place : place + 2]\n            counts[pair] += times\n"
            "            place += 2 if symbols[place + 1 : place + 3] == pair else 1",
        ),
    ),
    _count(
        "every-second-pair",
        "Your loop takes every second pair, as if symbols were used up. Each symbol but the last has a pair with its right neighbour.",
        ("zip(symbols, symbols[1:])", "zip(symbols[::2], symbols[1::2])"),
    ),
    _count(
        "last-pair-missing",
        "Your loop ends one pair too early. A word of n symbols has n - 1 pairs.",
        ("zip(symbols, symbols[1:])", "zip(symbols, symbols[1:-1])"),
    ),
    _count(
        "around-the-end",
        "Your loop also pairs the last symbol of a word with its first. Neighbours stand side by side in the word.",
        ("zip(symbols, symbols[1:])", "zip(symbols, symbols[1:] + symbols[:1])"),
    ),
    _count(
        "across-words",
        "Your loop runs over all words as one sequence, so the end of a word and the beginning of the next make a pair. Stay inside each word.",
        (
            "    for symbols, times in words.items():\n        for left, right in zip(symbols, symbols[1:]):\n"
            "            counts[(left, right)] += times",
            "    symbols = [symbol for word, times in words.items() for symbol in word * times]\n"
            "    for left, right in zip(symbols, symbols[1:]):\n        counts[(left, right)] += 1",
        ),
    ),
    _count(
        "glued-keys",
        "Your keys are the glued symbols. `a` + `bc` and `ab` + `c` would be one and the same: let the key be the pair.",
        ("(left, right)] +=", "left + right] +="),
    ),
    _count(
        "single-bytes",
        "Your counts look at single bytes. After some merges a symbol holds several: pair whole symbols.",
        (
            "zip(symbols, symbols[1:])",
            'zip(*(lambda b: ([bytes([x]) for x in b[:-1]], [bytes([x]) for x in b[1:]]))(b"".join(symbols)))',
        ),
    ),
    _count(
        "order-ignored",
        "Your counts take `a b` and `b a` for the same pair. The left symbol comes first.",
        ("counts[(left, right)]", "counts[tuple(sorted((left, right)))]"),
    ),
    _count(
        "sides-exchanged",
        "Your pairs have the right symbol first. The left symbol comes first.",
        ("counts[(left, right)]", "counts[(right, left)]"),
    ),
]

# --- notebook 4: merge_pair ----------------------------------------------------------------------------------------

_MERGE_RIGHT = """def merge_pair(symbols, pair):
    merged = []
    place = 0
    while place < len(symbols):
        if tuple(symbols[place : place + 2]) == pair:
            merged.append(pair[0] + pair[1])
            place += 2
        else:
            merged.append(symbols[place])
            place += 1
    return merged
"""
_MERGE_LOOP = _MERGE_RIGHT.partition("    merged = []\n")[2].removesuffix("    return merged\n")


def _merge(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_byte_pair_encoding: Exercise 2: merge a pair"
    return made_in(_MERGE_RIGHT, "ch02/merge-pair", name, explanation, *changes, see=where)


_MERGE = [
    _merge(
        "overlapping",
        "Your loop goes on by one place after a merge, so a symbol is used twice: `a a a` becomes `aa aa`. Go on by two.",
        ("place += 2", "place += 1"),
    ),
    _merge(
        "replaced-in-the-text",
        "You replaced in the text with marks between the symbols. The end of one symbol can look like the whole of another: "
        "`xa b` would be taken for `a b`. Compare symbols.",
        (
            _MERGE_LOOP,
            '    text = b"|".join(symbols).replace(b"|".join(pair), b"".join(pair))\n    merged = text.split(b"|")\n',
        ),
    ),
    _merge(
        "letters-compared",
        "Your loop compares the glued letters, so `a` and `bc` are taken for `ab` and `c`. Compare both symbols of the pair.",
        ("tuple(symbols[place : place + 2]) == pair", 'b"".join(symbols[place : place + 2]) == pair[0] + pair[1]'),
    ),
    _merge(
        "first-place-only",
        "Your loop merges the first place only. The pair is merged wherever it stands.",
        (
            "tuple(symbols[place : place + 2]) == pair",
            "tuple(symbols[place : place + 2]) == pair and len(merged) == place",
        ),
    ),
    _merge(
        "either-order",
        "Your loop also merges the pair turned around. `b a` is not the pair `a b`.",
        ("== pair:", "in (pair, pair[::-1]):"),
    ),
    _merge(
        "from-the-right",
        "Your merges go from right to left, so `a a a` becomes `a aa`. The rule is from left to right.",
        (
            _MERGE_LOOP,
            "    place = len(symbols) - 1\n    while place >= 0:\n"
            "        if place > 0 and (symbols[place - 1], symbols[place]) == pair:\n"
            "            merged.insert(0, pair[0] + pair[1])\n            place -= 2\n"
            "        else:\n            merged.insert(0, symbols[place])\n            place -= 1\n",
        ),
    ),
    _merge(
        "right-symbol-kept",
        "Your result holds the right symbol once more behind the glued one. Both are used up: go on by two places.",
        ("merged.append(pair[0] + pair[1])", "merged += [pair[0] + pair[1], pair[1]]"),
    ),
    _merge(
        "last-symbol-lost",
        "Your loop ends before the last symbol, which has no neighbour on its right. It still belongs to the word.",
        ("while place < len(symbols):", "while place < len(symbols) - 1:"),
    ),
    _merge(
        "pair-lost",
        "Your result leaves the pair out. Put the glued symbol in its place.",
        ("            merged.append(pair[0] + pair[1])\n", ""),
    ),
    _merge(
        "nested",
        "Your result holds the pair as a tuple. Glue the two symbols to one: `pair[0] + pair[1]`.",
        ("merged.append(pair[0] + pair[1])", "merged.append(pair)"),
    ),
    _merge(
        "glued-from-the-right",
        "Your new symbol has its parts in the wrong order: left plus right.",
        ("pair[0] + pair[1]", "pair[1] + pair[0]"),
    ),
    _merge(
        "merged-in-place",
        "Your function changes the list that it was given. Build a new one.",
        ("    return merged", "    symbols[:] = merged\n    return merged"),
    ),
    _merge(
        "one-symbol-for-all",
        "Your function glues all neighbours that take part in the pair into one symbol. Each pair becomes a symbol of its own.",
        (
            "            merged.append(pair[0] + pair[1])\n            place += 2",
            '            glued = b""\n            while tuple(symbols[place : place + 2]) == pair:\n'
            "                glued += pair[0] + pair[1]\n                place += 2\n            merged.append(glued)",
        ),
    ),
]

# --- notebook 4: bpe_train -----------------------------------------------------------------------------------------

_TRAIN_RIGHT = """def bpe_train(text, num_merges):
    words = byte_words(text)
    merges = []
    while len(merges) < num_merges:
        counts = Counter()
        for symbols, times in words.items():
            for pair in zip(symbols, symbols[1:]):
                counts[pair] += times
        if not counts:
            break
        best = max(counts, key=counts.get)
        merges.append(best)
        merged = Counter()
        for symbols, times in words.items():
            new, place = [], 0
            while place < len(symbols):
                if symbols[place : place + 2] == best:
                    new.append(best[0] + best[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
            merged[tuple(new)] += times
        words = merged
    return merges
"""
_TRAIN_LOOP = """            new, place = [], 0
            while place < len(symbols):
                if symbols[place : place + 2] == best:
                    new.append(best[0] + best[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
"""


def _train(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_byte_pair_encoding: Exercise 3: training"
    return made_in(_TRAIN_RIGHT, "ch02/bpe-train", name, explanation, *changes, see=where)


_TRAIN = [
    _train(
        "words-counted-once",
        "Your training counts each different word once. A word that comes 40 times brings each of its pairs 40 times.",
        ("counts[pair] += times", "counts[pair] += 1"),
    ),
    _train(
        "never-merged",
        "Your training takes the most frequent pairs of the beginning and never merges. After each merge the words have other symbols: "
        "count again.",
        ("        words = merged\n", "        words = {w: n for w, n in words.items()}\n        counts.pop(best)\n"),
        (
            "        best = max(counts, key=counts.get)",
            "        best = max((p for p in counts if p not in merges), key=counts.get, default=None)",
        ),
    ),
    _train(
        "rarest-first",
        "Your training merges the rarest pair. It is the most frequent one that is merged.",
        ("max(counts,", "min(counts,"),
    ),
    _train(
        "largest-pair",
        "Your training takes the largest pair in the order of the bytes: `max(counts)` compares the keys. Compare the counts: `key=counts.get`.",
        ("max(counts, key=counts.get)", "max(counts)"),
    ),
    _train(
        "no-pre-tokens",
        "Your training runs over the text as one piece, so merges cross the borders of words. Begin with `byte_words(text)`.",
        ("byte_words(text)", 'Counter({tuple(bytes([b]) for b in text.encode("utf-8")): 1})'),
    ),
    _train(
        "spaces-lost",
        "Your training cuts at white space and loses it. In a pre-token the space before a word is a part of it, and learned from.",
        ("byte_words(text)", 'Counter(tuple(bytes([b]) for b in w.encode("utf-8")) for w in text.split())'),
    ),
    _train(
        "characters-for-bytes",
        "Your training begins with characters. The first symbols are single bytes, so `ã` begins as two.",
        ("byte_words(text)", "Counter(tuple(c.encode() for c in w) for w in pre_tokenize(text))"),
    ),
    _train(
        "ascii-only",
        "Your training throws away what is no plain letter of English. All bytes are learned from.",
        ("byte_words(text)", 'byte_words(text.encode("ascii", "ignore").decode())'),
    ),
    _train(
        "overlapping-merges",
        "Your training uses a symbol twice when it merges, so `a a a` becomes `aa aa`. After a merge go on by two places.",
        ("place += 2", "place += 1"),
    ),
    _train(
        "overlaps-not-counted",
        "Your training counts `a a` in `a a a` once. By the rule places may overlap: it stands there twice.",
        (
            "            for pair in zip(symbols, symbols[1:]):\n                counts[pair] += times",
            "            place = 0\n            while place + 1 < len(symbols):\n"
            "                pair = symbols[place : place + 2]\n                counts[pair] += times\n"
            "                place += 2 if symbols[place + 1 : place + 3] == pair else 1",
        ),
    ),
    _train(
        "merged-from-the-right",
        "Your training merges from right to left: `a a a` becomes `a aa`. The rule is from left to right.",
        (
            _TRAIN_LOOP,
            "            new, place = [], len(symbols) - 1\n            while place >= 0:\n"
            "                if place and symbols[place - 1 : place + 1] == best:\n"
            "                    new.insert(0, best[0] + best[1])\n                    place -= 2\n"
            "                else:\n                    new.insert(0, symbols[place])\n                    place -= 1\n",
        ),
    ),
    _train(
        "replaced-across-borders",
        "Your training replaces in the text with marks between the symbols. The end of one symbol can look like the whole of "
        "another, so wrong places are merged. Compare symbols.",
        (
            _TRAIN_LOOP,
            '            mark = b"\\x00"\n'
            "            new = mark.join(symbols).replace(mark.join(best), best[0] + best[1]).split(mark)\n",
        ),
    ),
    _train(
        "letters-glued-again",
        "Your training merges wherever the glued letters fit, so a symbol is broken to make the new one. A symbol is never broken again.",
        (
            _TRAIN_LOOP,
            '            new = [b for p in b"".join(symbols).split(best[0] + best[1]) for b in (best[0] + best[1], *[bytes([x]) for x in p])][1:]\n',
        ),
    ),
    _train(
        "tokens-for-pairs",
        "Your list holds the glued tokens. A merge is the pair, so that one knows which two symbols become one.",
        ("merges.append(best)", "merges.append(best[0] + best[1])"),
    ),
    _train(
        "counts-in-the-result",
        "Your list holds the counts as well. A merge is a pair of two bytes objects and nothing more.",
        ("merges.append(best)", "merges.append((*best, counts[best]))"),
    ),
    _train(
        "bytes-for-merges",
        "Your training stops when bytes and merges together are as many as `num_merges`. The number asked for is that of the merges.",
        ("len(merges) < num_merges", "len(merges) + 256 < num_merges"),
    ),
    _train(
        "one-merge-too-few",
        "Your training ends one merge too early.",
        ("len(merges) < num_merges", "len(merges) < num_merges - 1"),
    ),
    _train(
        "no-end",
        "Your training raises when no pair is left: the largest of nothing does not exist. Leave the loop then.",
        ("        if not counts:\n            break\n", ""),
    ),
    _train(
        "ends-at-one",
        "Your training ends as soon as every pair comes once only. By the rule it goes on while there is a pair.",
        ("        merges.append(best)", "        if counts[best] < 2:\n            break\n        merges.append(best)"),
    ),
]

# --- notebook 4: bpe_encode ----------------------------------------------------------------------------------------

_ENCODE_RIGHT = """def bpe_encode(text, merges):
    numbers = {bytes([value]): value for value in range(256)}
    for k, (left, right) in enumerate(merges):
        numbers[left + right] = 256 + k
    ids = []
    for word in pre_tokenize(text):
        symbols = [bytes([value]) for value in word.encode("utf-8")]
        for pair in merges:
            new, place = [], 0
            while place < len(symbols):
                if tuple(symbols[place : place + 2]) == pair:
                    new.append(pair[0] + pair[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
            symbols = new
        ids.extend(numbers[symbol] for symbol in symbols)
    return ids
"""
_ENCODE_LOOP = """            new, place = [], 0
            while place < len(symbols):
                if tuple(symbols[place : place + 2]) == pair:
                    new.append(pair[0] + pair[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
            symbols = new
"""


def _encode(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_byte_pair_encoding: Exercise 4: encode"
    return made_in(_ENCODE_RIGHT, "ch02/bpe-encode", name, explanation, *changes, see=where)


_ENCODE = [
    _encode(
        "no-pre-tokens",
        "Your `bpe_encode` runs over the text as one piece, so tokens cross the borders of words. Cut it with `pre_tokenize` first.",
        ("pre_tokenize(text)", "[text]"),
    ),
    _encode(
        "spaces-lost",
        "Your `bpe_encode` cuts at white space and loses it. `pre_tokenize` keeps every space, tab and line end.",
        ("pre_tokenize(text)", "text.split()"),
    ),
    _encode(
        "white-space-evened-out",
        "Your `bpe_encode` cuts at white space and puts one space before each word, so other white space is lost. `pre_tokenize` keeps all.",
        ("pre_tokenize(text)", '[(" " if i else "") + w for i, w in enumerate(text.split())]'),
    ),
    _encode(
        "blank-pre-tokens-skipped",
        "Your `bpe_encode` skips pre-tokens that are white space only. Line ends and tabs have ids as well.",
        ("in pre_tokenize(text):", "in filter(str.strip, pre_tokenize(text)):"),
    ),
    _encode(
        "last-merge-first",
        "Your `bpe_encode` replays the merges from the last to the first. What was learned first is merged first.",
        ("for pair in merges:", "for pair in reversed(merges):"),
    ),
    _encode(
        "leftmost-first",
        "Your `bpe_encode` merges the pair that stands furthest left. Among the pairs of a word the one that was learned first has its turn.",
        (
            "        for pair in merges:\n" + _ENCODE_LOOP,
            "        place = 0\n        while place + 1 < len(symbols):\n"
            "            if tuple(symbols[place : place + 2]) in merges:\n"
            "                symbols[place : place + 2] = [symbols[place] + symbols[place + 1]]\n                place = 0\n"
            "            else:\n                place += 1\n",
        ),
    ),
    _encode(
        "longest-token",
        "Your `bpe_encode` takes the longest token that fits at each place. That is another method and gives other ids: replay the merges in order.",
        (
            "        for pair in merges:\n" + _ENCODE_LOOP,
            '        rest, symbols = b"".join(symbols), []\n        while rest:\n'
            "            length = max(n for n in range(1, len(rest) + 1) if rest[:n] in numbers)\n"
            "            symbols.append(rest[:length])\n            rest = rest[length:]\n",
        ),
    ),
    _encode(
        "first-place-only",
        "Your `bpe_encode` merges each pair in its first place only. It is merged wherever it stands in the pre-token.",
        (
            "if tuple(symbols[place : place + 2]) == pair:",
            "if tuple(symbols[place : place + 2]) == pair and len(new) == place:",
        ),
    ),
    _encode(
        "one-merge-per-word",
        "Your `bpe_encode` merges one pair per pre-token and stops. Go on until no pair is among the merges.",
        (
            "            symbols = new\n",
            "            if len(new) < len(symbols):\n                symbols = new\n                break\n",
        ),
    ),
    _encode(
        "overlapping",
        "Your `bpe_encode` uses a symbol twice when it merges, so `a a a` becomes `aa aa`. After a merge go on by two places.",
        ("place += 2", "place += 1"),
    ),
    _encode(
        "from-the-right",
        "Your `bpe_encode` merges from right to left, so `a a a` becomes `a aa`. The rule is from left to right.",
        (
            _ENCODE_LOOP,
            "            place = len(symbols) - 2\n            while place >= 0:\n"
            "                if tuple(symbols[place : place + 2]) == pair:\n"
            "                    symbols[place : place + 2] = [pair[0] + pair[1]]\n                    place -= 1\n"
            "                place -= 1\n",
        ),
    ),
    _encode(
        "replaced-across-borders",
        "Your `bpe_encode` replaces in the text with marks between the symbols. The end of one symbol can look like the whole of another. "
        "Compare symbols.",
        (
            _ENCODE_LOOP,
            '            mark = b"\\x00"\n            symbols = mark.join(symbols).replace(mark.join(pair), pair[0] + pair[1]).split(mark)\n',
        ),
    ),
    _encode(
        "characters-for-bytes",
        "Your `bpe_encode` begins with characters, and one that is no merge has no id. Begin with single bytes.",
        ('[bytes([value]) for value in word.encode("utf-8")]', "[sign.encode() for sign in word]"),
    ),
    _encode(
        "accents-and-emoji-lost",
        "Your `bpe_encode` throws away what is no ASCII. Every character has bytes in UTF-8.",
        ('word.encode("utf-8")', 'word.encode("ascii", "ignore")'),
    ),
    _encode(
        "latin-1",
        'Your `bpe_encode` takes code points for bytes. Characters become bytes by UTF-8: `word.encode("utf-8")`.',
        ('word.encode("utf-8")', 'word.encode("latin-1", "replace")'),
    ),
    _encode(
        "ids-from-zero",
        "Your tokens are numbered from 0, where the single bytes are. The first merge makes token 256.",
        ("= 256 + k", "= k"),
    ),
    _encode(
        "one-id-too-large",
        "Your tokens begin at 257. The bytes are 0 to 255, so the first merge makes token 256.",
        ("= 256 + k", "= 257 + k"),
    ),
    _encode(
        "list-per-word",
        "Your result holds a list per pre-token. The ids of a text are one list: use `extend` and not `append`.",
        ("ids.extend(numbers[symbol] for symbol in symbols)", "ids.append([numbers[symbol] for symbol in symbols])"),
    ),
    _encode(
        "tokens-for-ids",
        "Your result holds the tokens themselves. Look up the id of each.",
        ("numbers[symbol] for symbol", "symbol for symbol"),
    ),
]

# --- notebook 4: bpe_decode ----------------------------------------------------------------------------------------

_DECODE_RIGHT = """def bpe_decode(ids, merges):
    tokens = {value: bytes([value]) for value in range(256)}
    for k, (left, right) in enumerate(merges):
        tokens[256 + k] = left + right
    data = b"".join(tokens[number] for number in ids)
    return data.decode("utf-8", errors="replace")
"""


def _decode(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_byte_pair_encoding: Exercise 5: decode"
    return made_in(_DECODE_RIGHT, "ch02/bpe-decode", name, explanation, *changes, see=where)


_DATA = """    data = b"".join(tokens[number] for number in ids)
    return data.decode("utf-8", errors="replace")"""

_DECODE = [
    _decode(
        "each-token-alone",
        "Your `bpe_decode` decodes each token by itself. A character may be spread over several tokens: join all bytes first, decode once.",
        (_DATA, '    return "".join(tokens[number].decode("utf-8", errors="replace") for number in ids)'),
    ),
    _decode(
        "raises-at-half-characters",
        'Your `bpe_decode` raises when the bytes are no UTF-8, which a model can write at any time. Decode with `errors="replace"`.',
        (', errors="replace"', ""),
    ),
    _decode(
        "broken-bytes-ignored",
        'Your `bpe_decode` drops broken bytes silently. With `errors="replace"` the reader sees that something is missing.',
        ('"replace"', '"ignore"'),
    ),
    _decode(
        "broken-bytes-escaped",
        'Your `bpe_decode` writes broken bytes as `\\xc3`. With `errors="replace"` they become the replacement character.',
        ('"replace"', '"backslashreplace"'),
    ),
    _decode(
        "latin-1",
        "Your `bpe_decode` takes each byte for a character. The bytes are UTF-8, in which `é` has two.",
        ('.decode("utf-8", errors="replace")', '.decode("latin-1")'),
    ),
    _decode(
        "spaces-between",
        "Your `bpe_decode` puts spaces between the tokens. The spaces of the text are in the tokens already.",
        ('b"".join', 'b" ".join'),
    ),
    _decode(
        "white-space-trimmed",
        "Your `bpe_decode` takes white space off the ends. It belongs to the text.",
        ('errors="replace")', 'errors="replace").strip()'),
    ),
    _decode(
        "parts-exchanged",
        "Your tokens have their parts in the wrong order: left plus right.",
        ("left + right", "right + left"),
    ),
    _decode(
        "one-id-too-large",
        "Your tokens begin at 257. The bytes are 0 to 255, so the first merge makes token 256.",
        ("256 + k", "257 + k"),
    ),
    _decode(
        "merges-unknown",
        "Your `bpe_decode` knows the single bytes only. From 256 upward an id is the token of a merge.",
        ("    for k, (left, right) in enumerate(merges):\n        tokens[256 + k] = left + right\n", ""),
        ("tokens[number] for number in ids", 'tokens.get(number, b"") for number in ids'),
    ),
    _decode(
        "bytes-for-a-text",
        "Your `bpe_decode` returns bytes. The text is their decoded form.",
        ('data.decode("utf-8", errors="replace")', "data"),
    ),
]

# --- notebook 4: bpe_ranks -----------------------------------------------------------------------------------------

_RANKS_RIGHT = """def bpe_ranks(merges):
    ranks = {bytes([value]): value for value in range(256)}
    for k, (left, right) in enumerate(merges):
        ranks[left + right] = 256 + k
    return ranks
"""


def _ranks(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_byte_pair_encoding: Exercise 6: your merges in a real engine"
    return made_in(_RANKS_RIGHT, "ch02/bpe-ranks", name, explanation, *changes, see=where)


_RANKS = [
    _ranks(
        "bytes-missing",
        "Your dictionary has no single bytes. Without them the engine cannot read a text: ranks 0 to 255 are theirs.",
        ("{bytes([value]): value for value in range(256)}", "{}"),
    ),
    _ranks(
        "one-byte-missing",
        "Your dictionary lacks the last byte, 255: `range(255)` ends at 254.",
        ("range(256)", "range(255)"),
    ),
    _ranks(
        "merges-missing",
        "Your dictionary has the single bytes only. Each merge's token belongs in as well.",
        ("    for k, (left, right) in enumerate(merges):\n        ranks[left + right] = 256 + k\n", ""),
    ),
    _ranks(
        "ranks-from-zero",
        "Your merges are numbered from 0, where the single bytes are. The first merge has rank 256.",
        ("256 + k", "k"),
    ),
    _ranks(
        "one-rank-too-large",
        "Your merges begin at rank 257. The bytes are 0 to 255, so the first merge has rank 256.",
        ("256 + k", "257 + k"),
    ),
    _ranks(
        "last-merge-first",
        "Your ranks run backwards: the last merge has the lowest. What was learned first has the lowest rank.",
        ("enumerate(merges)", "enumerate(reversed(merges))"),
    ),
    _ranks(
        "pairs-for-tokens",
        "Your keys are pairs. The engine knows tokens, that is the two parts glued together.",
        ("ranks[left + right]", "ranks[left, right]"),
    ),
    _ranks(
        "parts-exchanged",
        "Your tokens have their parts in the wrong order: left plus right.",
        ("ranks[left + right]", "ranks[right + left]"),
    ),
    _ranks(
        "tokens-sorted",
        "Your merges are numbered in the order of the alphabet. Their own order is what counts: it decides what is merged first.",
        ("enumerate(merges)", "enumerate(sorted(merges))"),
    ),
    _ranks(
        "the-other-way-round",
        "Your dictionary goes from ranks to tokens. The engine wants the rank of each token.",
        ("return ranks", "return {rank: token for token, rank in ranks.items()}"),
    ),
    _ranks(
        "texts-for-bytes",
        "Your keys are texts. A token may be half a character, so the keys are bytes.",
        ("return ranks", 'return {token.decode("latin-1"): rank for token, rank in ranks.items()}'),
    ),
]

MISTAKES = [
    *_TOKENIZE,
    *_CURVE,
    *_VOCAB,
    *_SIMPLE,
    *_SPECIAL_VOCAB,
    *_SPECIAL,
    *_PAD,
    *_COUNT,
    *_MERGE,
    *_TRAIN,
    *_ENCODE,
    *_DECODE,
    *_RANKS,
]
