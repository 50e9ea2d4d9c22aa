"""Known mistakes of the appendix on BERT: cleaning, vocabulary, rows, sentence pairs, masking."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

_SEE = "01_vocabulary_and_batches: Exercise "

# --- clean ---------------------------------------------------------------------------------------------------------

_CLEAN_RIGHT = r"""def clean(text):
    text = text.lower()
    sentences = []
    for piece in re.split(r"[.!?\n]+", text):
        words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", piece)
        if words:
            sentences.append(words)
    return sentences
"""


def _clean(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_CLEAN_RIGHT, "bert/clean-corpus", name, explanation, *changes, see=_SEE + "1: clean the corpus")


_CLEANING = [
    _clean(
        "accents-lost",
        "Your pattern knows only the letters a to z, so words with accents are cut in pieces. `[^\\W_]` knows the letters "
        "of all languages.",
        (r"[^\W_]+(?:['-][^\W_]+)*", "[a-z0-9]+(?:['-][a-z0-9]+)*"),
    ),
    _clean(
        "accents-taken-off",
        "You take the accents off, and `avó` and `avô` become one word. Letters with accents stay as they are.",
        ("    text = text.lower()\n",
         "    import unicodedata\n\n    text = unicodedata.normalize('NFD', text.lower())\n"
         "    text = ''.join(c for c in text if not unicodedata.combining(c))\n"),
    ),
    _clean(
        "capitals-kept",
        "Your words keep their capitals, so `The` and `the` are two words. Everything is to be in lower case.",
        ("text.lower()", "text"),
    ),
    _clean(
        "only-full-stops",
        "Your sentences end only at full stops. `!`, `?` and the end of a line end a sentence, too.",
        (r"[.!?\n]+", "[.]+"),
    ),
    _clean(
        "line-ends-ignored",
        "The end of a line ends a sentence, too: `\\n` is missing among your signs.",
        (r"[.!?\n]+", "[.!?]+"),
    ),
    _clean(
        "empty-sentences-kept",
        "You keep sentences without words. Leave out the empty lists.",
        ("        if words:\n            sentences.append(words)", "        sentences.append(words)"),
    ),
    _clean(
        "apostrophes-and-hyphens-cut",
        "Your words end at an apostrophe or a hyphen. One that stands between two letters belongs to the word.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"[^\W_]+"),
    ),
    _clean(
        "marks-glued-to-words",
        "Your words begin or end with apostrophes and hyphens. These belong to a word only between two letters or digits.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"(?:[^\W_]|['-])+"),
    ),
    _clean(
        "only-one-mark",
        "Your pattern allows one apostrophe or hyphen in a word, and `forget-me-not` has two: the group needs a `*`.",
        ("(?:['-][^\\W_]+)*", "(?:['-][^\\W_]+)?"),
    ),
    _clean(
        "punctuation-glued",
        "You cut at spaces only, so commas and quotation marks stay glued to the words.",
        (r"""re.findall(r"[^\W_]+(?:['-][^\W_]+)*", piece)""", "piece.split()"),
    ),
    _clean(
        "digits-lost",
        "Your words hold letters only. Digits belong to words, too.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"[^\W\d_]+(?:['-][^\W\d_]+)*"),
    ),
    _clean(
        "underscore-kept",
        "`\\w` knows the underscore as well, which here only separates: take `[^\\W_]`.",
        (r"[^\W_]+(?:['-][^\W_]+)*", r"\w+(?:['-]\w+)*"),
    ),
    _clean(
        "one-long-list",
        "You return one list of words. Each sentence is to have a list of its own.",
        ("sentences.append(words)", "sentences.extend(words)"),
    ),
    _clean(
        "sentences-not-cut",
        "You return each sentence as a text. It is to be a list of words.",
        ("sentences.append(words)", "sentences.append(' '.join(words))"),
    ),
    _clean(
        "short-sentences-lost",
        "You leave out sentences of one word. Only those without any word are left out.",
        ("if words:", "if len(words) > 1:"),
    ),
]  # fmt: skip

# --- build_vocab ---------------------------------------------------------------------------------------------------

_VOCAB_RIGHT = """SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def build_vocab(sentences, min_count=1):
    counts = Counter()
    for sentence in sentences:
        counts.update(sentence)
    vocab = {token: i for i, token in enumerate(SPECIAL_TOKENS)}
    for word in sorted(counts):
        if counts[word] >= min_count and word not in vocab:
            vocab[word] = len(vocab)
    return vocab
"""


def _vocab(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = _SEE + "2: a vocabulary with special tokens"
    return made_in(_VOCAB_RIGHT, "bert/build-vocab", name, explanation, *changes, see=see)


_VOCABULARY = [
    _vocab(
        "specials-missing",
        "The special tokens are missing: they come first, with the ids 0 to 4.",
        ("{token: i for i, token in enumerate(SPECIAL_TOKENS)}", "{}"),
    ),
    _vocab(
        "specials-at-the-end",
        "Your special tokens come after the words. They come first: later code relies on the ids 0 to 4.",
        ("    vocab = {token: i for i, token in enumerate(SPECIAL_TOKENS)}\n", "    vocab = {}\n"),
        ("    return vocab", "    for token in SPECIAL_TOKENS:\n        vocab[token] = len(vocab)\n    return vocab"),
    ),
    _vocab(
        "specials-in-another-order",
        "Your special tokens have another order. It is [PAD], [UNK], [CLS], [SEP], [MASK], with the ids 0 to 4.",
        ('["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]', '["[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"]'),
    ),
    _vocab(
        "no-unknown-token",
        "[UNK] is missing, so there is no id for words that are not in the vocabulary.",
        ('"[UNK]", ', ""),
    ),
    _vocab(
        "more-than-min-count",
        "You take words that occur more than `min_count` times. `min_count` times is enough: use `>=`.",
        (">= min_count", "> min_count"),
    ),
    _vocab(
        "min-count-ignored",
        "You take every word. Those that occur fewer than `min_count` times get no id.",
        ("counts[word] >= min_count and ", ""),
    ),
    _vocab(
        "sentences-counted",
        "You count in how many sentences a word occurs. A word that occurs twice in one sentence counts twice.",
        ("counts.update(sentence)", "counts.update(set(sentence))"),
    ),
    _vocab(
        "special-token-renumbered",
        "A special token that occurs in the text gets a second id in your vocabulary, and loses its own.",
        (" and word not in vocab", ""),
    ),
    _vocab(
        "ids-with-gaps",
        "Your ids have gaps: the words that are left out take numbers, too. Number only the words that stay.",
        ("for word in sorted(counts):", "for number, word in enumerate(sorted(counts), 5):"),
        ("vocab[word] = len(vocab)", "vocab[word] = number"),
    ),
    _vocab(
        "words-from-zero",
        "Your words are numbered from 0 on, so they share ids with the special tokens. They begin at 5.",
        ("for word in sorted(counts):", "for number, word in enumerate(sorted(counts)):"),
        ("vocab[word] = len(vocab)", "vocab[word] = number"),
    ),
    _vocab(
        "accents-taken-off",
        "You take accents off, so that different words fall together.",
        ("        counts.update(sentence)\n",
         "        import unicodedata\n\n        counts.update(unicodedata.normalize('NFD', w).encode('ascii', 'ignore').decode() "
         "for w in sentence)\n"),
    ),
    _vocab(
        "turned-over",
        "Your dictionary leads from ids to tokens. It is asked for the other way round: `vocab[token]` is an id.",
        ("    return vocab", "    return {number: token for token, number in vocab.items()}"),
    ),
    _vocab(
        "first-sentence-only",
        "You return inside of the loop, so only part of the words is numbered.",
        ("            vocab[word] = len(vocab)\n    return vocab",
         "            vocab[word] = len(vocab)\n            return vocab\n    return vocab"),
    ),
]  # fmt: skip

# --- encode_pair ---------------------------------------------------------------------------------------------------

_ROW_RIGHT = """def encode_pair(first, second, vocab, length):
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


def _row(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = _SEE + "3: from two sentences to one row"
    return made_in(_ROW_RIGHT, "bert/encode-pair", name, explanation, *changes, see=see)


_SHORTEN = """    while len(a) + len(b) + 3 > length:
        if len(a) > len(b):
            a.pop()
        else:
            b.pop()
"""
_ROWS = [
    _row(
        "row-cut-off",
        "You cut the finished row, so that the last [SEP] and most of the second sentence are gone. Shorten the two "
        "sentences first.",
        (_SHORTEN, ""),
        ('b + ["[SEP]"]\n', 'b + ["[SEP]"]\n    tokens = tokens[:length]\n'),
        ("[1] * (len(b) + 1)\n", "[1] * (len(b) + 1)\n    segments = segments[:length]\n"),
    ),
    _row(
        "not-shortened",
        "A pair that is too long comes out too long. Take words away until it fits.",
        (_SHORTEN, ""),
    ),
    _row(
        "only-the-second-shortened",
        "You always take words from the second sentence. It is the longer of the two that loses its last word.",
        ("        if len(a) > len(b):\n            a.pop()\n        else:\n            b.pop()\n",
         "        (b or a).pop()\n"),
    ),
    _row(
        "first-loses-a-tie",
        "When both are equally long it is the second sentence that loses a word; yours takes it from the first.",
        ("if len(a) > len(b):", "if len(a) >= len(b):"),
    ),
    _row(
        "shorter-one-shortened",
        "You take words from the shorter sentence. It is the longer one that loses them.",
        ("if len(a) > len(b):", "if len(b) > len(a) > 0:"),
    ),
    _row(
        "first-word-lost",
        "You take the first word of the longer sentence away. It is the last one.",
        ("            a.pop()\n", "            a.pop(0)\n"),
        ("            b.pop()\n", "            b.pop(0)\n"),
    ),
    _row(
        "no-room-for-specials",
        "You count two special tokens and there are three: [CLS] and two [SEP].",
        ("+ 3 > length", "+ 2 > length"),
    ),
    _row(
        "one-word-too-few",
        "Your row could hold one word more: take words away only while the row is *longer* than `length`.",
        ("+ 3 > length", "+ 3 >= length"),
    ),
    _row(
        "one-separator",
        "The second [SEP] is missing: each sentence ends with one.",
        (' + b + ["[SEP]"]', " + b"),
        ("[1] * (len(b) + 1)", "[1] * len(b)"),
    ),
    _row(
        "no-class-token",
        "[CLS] is missing at the beginning.",
        ('["[CLS]"] + a', "a"),
        ("(len(a) + 2)", "(len(a) + 1)"),
    ),
    _row(
        "separator-in-the-second-segment",
        "The first [SEP] belongs to the first sentence: its segment is 0.",
        ("(len(a) + 2)", "(len(a) + 1)"),
        ("(len(b) + 1)", "(len(b) + 2)"),
    ),
    _row(
        "padding-in-the-second-segment",
        "Your padding has the segment 1. It is 0.",
        ("segments.append(0)", "segments.append(1)"),
    ),
    _row(
        "one-segment-for-all",
        "All your segments are 0. The second sentence and its [SEP] have 1.",
        ("[1] * (len(b) + 1)", "[0] * (len(b) + 1)"),
    ),
    _row(
        "segments-from-one",
        "Your segments are 1 and 2. They are 0 and 1.",
        ("[0] * (len(a) + 2) + [1]", "[1] * (len(a) + 2) + [2]"),
    ),
    _row(
        "not-padded",
        "Short pairs stay short. Fill the row with [PAD], and the segments with 0, up to `length`.",
        ("while len(tokens) < length:", "while len(tokens) < 0:"),
    ),
    _row(
        "padded-on-the-left",
        "Your padding comes first. It comes at the end, so that [CLS] stays in front.",
        ('        tokens.append("[PAD]")\n        segments.append(0)\n',
         '        tokens.insert(0, "[PAD]")\n        segments.insert(0, 0)\n'),
    ),
    _row(
        "unknown-word-fails",
        "A word that is not in the vocabulary stops your code. It becomes [UNK]: `vocab.get` has a second argument.",
        ('vocab.get(token, vocab["[UNK]"])', "vocab[token]"),
    ),
    _row(
        "unknown-words-left-out",
        "You leave out words that nobody knows. They become [UNK].",
        ("    a, b = first[:], second[:]\n",
         "    a, b = [w for w in first if w in vocab], [w for w in second if w in vocab]\n"),
    ),
    _row(
        "unknown-words-padded",
        "Unknown words become [PAD] with you, which the model does not look at. They become [UNK].",
        ('vocab["[UNK]"]', 'vocab["[PAD]"]'),
    ),
    _row(
        "sentences-changed",
        "You shorten the caller's own lists. Work on copies.",
        ("first[:], second[:]", "first, second"),
    ),
]  # fmt: skip

# --- sentence_pairs ------------------------------------------------------------------------------------------------

_PAIRS_RIGHT = """def sentence_pairs(documents):
    result = []
    for d, document in enumerate(documents):
        for i in range(len(document) - 1):
            if random.random() < 0.5:
                result.append((document[i], document[i + 1], 1))
            else:
                e = d
                while e == d:
                    e = random.randrange(len(documents))
                result.append((document[i], random.choice(documents[e]), 0))
    return result
"""


def _pair(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = _SEE + "4: neighbours and strangers"
    return made_in(_PAIRS_RIGHT, "bert/sentence-pairs", name, explanation, *changes, see=see)


_PAIRS = [
    _pair(
        "labels-swapped",
        "Your labels are the wrong way round: 1 says that the second sentence follows.",
        ("document[i + 1], 1)", "document[i + 1], 0)"),
        ("random.choice(documents[e]), 0)", "random.choice(documents[e]), 1)"),
    ),
    _pair(
        "always-neighbours",
        "All your pairs are neighbours. Half of them should come from two documents.",
        ("random.random() < 0.5", "True"),
    ),
    _pair(
        "never-neighbours",
        "None of your pairs are neighbours. Half of them should be.",
        ("random.random() < 0.5", "False"),
    ),
    _pair(
        "another-share",
        "Your die is loaded: the two kinds of pairs should be equally frequent.",
        ("< 0.5", "< 0.75"),
    ),
    _pair(
        "from-the-same-document",
        "Your random sentence comes from the same document, so it may even be the true neighbour. Draw another document.",
        ("                while e == d:\n                    e = random.randrange(len(documents))\n", ""),
    ),
    _pair(
        "any-document",
        "You draw from all documents, the own one included, so that a neighbour can get the label 0. Draw again until it is "
        "another one.",
        ("                while e == d:\n                    e = random.randrange(len(documents))\n",
         "                e = random.randrange(len(documents))\n"),
    ),
    _pair(
        "next-document-only",
        "You always take the next document. Every other document should be drawn with the same chance.",
        ("                while e == d:\n                    e = random.randrange(len(documents))\n",
         "                e = (d + 1) % len(documents)\n"),
    ),
    _pair(
        "always-its-first-sentence",
        "You always take the first sentence of the other document, which soon gives itself away. Draw any of its sentences.",
        ("random.choice(documents[e])", "documents[e][0]"),
    ),
    _pair(
        "last-sentence-opens-a-pair",
        "The last sentence of a document has no next one, and opens no pair.",
        ("range(len(document) - 1)", "range(len(document))"),
        ("document[i + 1], 1)", "documents[(d + 1) % len(documents)][0] if i + 1 == len(document) else document[i + 1], 1)"),
    ),
    _pair(
        "last-pair-missing",
        "The last pair of each document is missing: `range` leaves out its end by itself.",
        ("range(len(document) - 1)", "range(len(document) - 2)"),
    ),
    _pair(
        "every-second-sentence",
        "You step over every second sentence. Each sentence with a next one opens a pair.",
        ("range(len(document) - 1)", "range(0, len(document) - 1, 2)"),
    ),
    _pair(
        "the-next-but-one",
        "Your neighbour is not the next sentence but another one.",
        ("document[i], document[i + 1], 1)", "document[i], document[min(i + 2, len(document) - 1)], 1)"),
    ),
    _pair(
        "both-kinds-for-each",
        "You make two pairs from each sentence. One die decides which of the two kinds it gets.",
        ("            if random.random() < 0.5:\n                result.append((document[i], document[i + 1], 1))\n            else:\n",
         "            if True:\n                result.append((document[i], document[i + 1], 1))\n            if True:\n"),
    ),
    _pair(
        "one-die-for-a-document",
        "You roll the die once for each document. Each pair has a roll of its own.",
        ("        for i in range", "        toss = random.random()\n        for i in range"),
        ("if random.random() < 0.5", "if toss < 0.5"),
    ),
    _pair(
        "seed-inside",
        "You set the seed inside of the function, so that each call gives the same pairs.",
        ("    result = []\n", "    random.seed(0)\n    result = []\n"),
    ),
    _pair(
        "pair-turned-over",
        "In your pairs of neighbours the later sentence stands first.",
        ("document[i], document[i + 1], 1)", "document[i + 1], document[i], 1)"),
    ),
]  # fmt: skip

# --- make_mlm_batch ------------------------------------------------------------------------------------------------

_MLM_RIGHT = """def make_mlm_batch(ids, vocab_size):
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


def _mask(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_MLM_RIGHT, "bert/make-mlm-batch", name, explanation, *changes, see=_SEE + "5: cover words")


_AT_LEAST_ONE = """    lowest = draw.argmin(dim=1)
    rows = torch.arange(len(ids))
    pick[rows, lowest] |= words.any(dim=1)
"""
_MASKS = [
    _mask(
        "special-tokens-masked",
        "You choose special tokens, too. Only words, ids from 5 on, may be chosen.",
        ("words = ids >= 5", "words = ids >= 0"),
    ),
    _mask(
        "padding-masked",
        "You choose padding, too. Only words, ids from 5 on, may be chosen.",
        ("words = ids >= 5", "words = (ids >= 5) | (ids == 0)"),
    ),
    _mask(
        "separators-masked",
        "You leave padding alone, and choose [CLS], [SEP] and [UNK]. Only words, ids from 5 on, may be chosen.",
        ("words = ids >= 5", "words = ids != 0"),
    ),
    _mask(
        "first-word-never-chosen",
        "The word with the id 5 is never chosen: words begin at 5, so `ids >= 5`.",
        ("words = ids >= 5", "words = ids > 5"),
    ),
    _mask(
        "nothing-in-short-rows",
        "In a short row the dice often choose nothing, and it teaches nothing. Choose at least one word of each row.",
        (_AT_LEAST_ONE, ""),
    ),
    _mask(
        "rounded-down",
        "You choose 15 % of the words of a row, rounded down: in rows of fewer than 7 words that is none. Choose at least "
        "one.",
        ("    pick = draw < 0.15\n" + _AT_LEAST_ONE,
         "    count = (0.15 * words.sum(dim=1, keepdim=True)).int()\n    pick = draw.argsort(dim=1).argsort(dim=1) < count\n"),
    ),
    _mask(
        "labels-everywhere",
        "Your labels hold every word, so the loss counts words that stand in plain sight. Where nothing is chosen they are "
        "-100.",
        ("    labels[pick] = ids[pick]\n", "    labels = ids.clone()\n"),
    ),
    _mask(
        "labels-of-words-only-where-masked",
        "Only the words behind [MASK] have a label with you. All chosen words have one, also those that were swapped or "
        "stay.",
        ("    labels[pick] = ids[pick]\n", ""),
        ("    return inputs", "    labels[inputs == 4] = ids[inputs == 4]\n    return inputs"),
    ),
    _mask(
        "labels-from-the-masked-row",
        "You take the labels from the row that is already masked, so that the answer to every mask is [MASK]. Take them "
        "from the original ids.",
        ("    labels[pick] = ids[pick]\n", ""),
        ("    return inputs", "    labels[pick] = inputs[pick]\n    return inputs"),
    ),
    _mask(
        "zero-for-minus-hundred",
        "Your labels are 0 where nothing is asked. 0 is the id of [PAD], and the loss would count it: use -100.",
        ("-100", "0"),
    ),
    _mask(
        "always-masked",
        "Every chosen word becomes [MASK] with you. That is so for 80 % of them; 10 % become another word, 10 % stay.",
        ("inputs[pick & (fate < 0.8)] = 4", "inputs[pick] = 4"),
        ("    inputs[other] = torch.randint(5, vocab_size, ids.shape)[other]\n", ""),
    ),
    _mask(
        "none-unchanged",
        "You mask 80 % and swap the other 20 %. Half of these should stay as they are.",
        (" & (fate < 0.9)", ""),
    ),
    _mask(
        "none-swapped",
        "You mask 80 % and leave the other 20 % as they are. Half of these should become another word.",
        ("    inputs[other] = torch.randint(5, vocab_size, ids.shape)[other]\n", ""),
    ),
    _mask(
        "ninety-percent-masked",
        "You mask 90 % of the chosen words, and 10 % are left for both other fates. It is 80, 10 and 10.",
        ("inputs[pick & (fate < 0.8)] = 4", "inputs[pick & (fate < 0.9)] = 4"),
        ("(fate >= 0.8) & (fate < 0.9)", "(fate >= 0.9) & (fate < 0.95)"),
    ),
    _mask(
        "percent-of-the-rest",
        "Your second die for swapping is rolled over all chosen words again, so the shares are not 80, 10 and 10, and some "
        "masks are overwritten. Let one number decide.",
        ("    other = pick & (fate >= 0.8) & (fate < 0.9)\n", "    other = pick & (torch.rand(ids.shape) < 0.1)\n"),
    ),
    _mask(
        "eighty-percent-of-all-words",
        "The 80 % are a share of the chosen words, and you cover 80 % of all words.",
        ("inputs[pick & (fate < 0.8)] = 4", "inputs[words & (fate < 0.8)] = 4"),
    ),
    _mask(
        "another-share-chosen",
        "You choose another share of the words. It is 15 %.",
        ("draw < 0.15", "draw < 0.2"),
    ),
    _mask(
        "one-mask-for-all-rows",
        "You roll the dice for one row and use them for all rows. Each word of each row has a die of its own.",
        ("    draw = torch.rand(ids.shape)\n", "    draw = torch.rand(ids.shape[1]).repeat(len(ids), 1)\n"),
    ),
    _mask(
        "first-words-chosen",
        "You always choose the first words of a row. Every word should have the same chance.",
        ("    draw = torch.rand(ids.shape)\n", "    draw = torch.arange(ids.shape[1]).repeat(len(ids), 1) / 40\n"),
    ),
    _mask(
        "special-tokens-as-random-words",
        "Your random words can be special tokens. Draw from 5 on.",
        ("torch.randint(5, vocab_size", "torch.randint(0, vocab_size"),
    ),
    _mask(
        "last-word-never-drawn",
        "Your random words never are the last word of the vocabulary: `randint` leaves out its upper end by itself.",
        ("torch.randint(5, vocab_size", "torch.randint(5, vocab_size - 1"),
    ),
    _mask(
        "ids-changed",
        "You write into the caller's tensor. Work on `ids.clone()`.",
        ("inputs, labels = ids.clone(), torch.full_like(ids, -100)", "inputs, labels = ids, torch.full_like(ids, -100)"),
    ),
    _mask(
        "seed-inside",
        "You set the seed inside of the function: each batch gets the same masks.",
        ("    words = ids >= 5\n", "    torch.manual_seed(0)\n    words = ids >= 5\n"),
    ),
    _mask(
        "one-word-only",
        "You choose one word of each row. It is 15 % of them, and at least one.",
        ("pick = draw < 0.15", "pick = draw < 0"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_CLEANING, *_VOCABULARY, *_ROWS, *_PAIRS, *_MASKS]
