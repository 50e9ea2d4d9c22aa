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

MISTAKES = [
    *_TOKENIZE,
    *_CURVE,
    *_VOCAB,
    *_SIMPLE,
    *_SPECIAL_VOCAB,
    *_SPECIAL,
    *_PAD,
]
