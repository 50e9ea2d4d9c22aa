"""Known mistakes of chapter 6: balancing, splitting, padding."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- balance -------------------------------------------------------------------------------------------------------

_BALANCE_RIGHT = """def balance(rows, seed):
    rng = random.Random(seed)
    boxes = {}
    for row in rows:
        boxes.setdefault(row["label"], []).append(row)
    n = min(len(box) for box in boxes.values())
    result = []
    for box in boxes.values():
        result += rng.sample(box, n)
    rng.shuffle(result)
    return result
"""


def _balance(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_data: Exercise 1: balance"
    return made_in(_BALANCE_RIGHT, "ch06/balance", name, explanation, *changes, see=see)


_BALANCE = [
    _balance(
        "always-the-first",
        "You keep the first messages of each class. Lists are often sorted, by date for instance: draw at random.",
        ("rng.sample(box, n)", "box[:n]"),
    ),
    _balance(
        "drawn-with-replacement",
        "You draw with replacement, so a message can occur twice. `sample` draws each at most once; `choices` does not.",
        ("rng.sample(box, n)", "rng.choices(box, k=n)"),
    ),
    _balance(
        "small-class-repeated",
        "You make the small class larger by repeating its messages. Here the larger ones are to be made smaller; copies "
        "could later stand on both sides of the split.",
        ("n = min(", "n = max("),
        ("rng.sample(box, n)", "[box[i % len(box)] for i in range(n)]"),
    ),
    _balance(
        "not-shuffled",
        "Your result holds one class after the other. Shuffle it at the end.",
        ("    rng.shuffle(result)\n", ""),
    ),
    _balance(
        "seed-not-used",
        "Your result is another one every time: the seed is not used. Draw from `random.Random(seed)`.",
        ("random.Random(seed)", "random.Random()"),
    ),
    _balance(
        "seed-fixed",
        "Your seed is a number in the code, so the argument `seed` changes nothing.",
        ("random.Random(seed)", "random.Random(123)"),
    ),
    _balance(
        "input-shuffled",
        "You shuffle the list that was given, in place: the caller's messages are in another order afterwards. Work on a "
        "list of your own.",
        ("    boxes = {}\n", "    rng.shuffle(rows)\n    boxes = {}\n"),
    ),
    _balance(
        "spam-taken-for-the-smallest",
        "You take for granted that spam is the smallest class. Compare the classes.",
        ("min(len(box) for box in boxes.values())", 'len(boxes.get("spam", []))'),
    ),
    _balance(
        "two-labels-expected",
        "You know the labels ham and spam only. The labels are what stands in the rows, and there may be more than two.",
        ("    boxes = {}\n", '    boxes = {"ham": [], "spam": []}\n    rows = [r for r in rows if r["label"] in boxes]\n'),
    ),
    _balance(
        "one-too-few",
        "Each of your classes has one message fewer than the smallest had.",
        ("len(box) for box in boxes.values())", "len(box) for box in boxes.values()) - 1"),
    ),
    _balance(
        "shuffle-returned",
        "You return what `shuffle` gives back, and that is None: it works in place.",
        ("    rng.shuffle(result)\n    return result\n", "    return rng.shuffle(result)\n"),
    ),
    _balance(
        "half-of-everything",
        "You draw half of all rows. In it the classes have about the same shares as before.",
        ("    result = []\n    for box in boxes.values():\n        result += rng.sample(box, n)\n",
         "    result = rng.sample(rows, len(boxes) * n)\n"),
    ),
]  # fmt: skip

# --- split ---------------------------------------------------------------------------------------------------------

_SPLIT_RIGHT = """def split(rows, fractions, seed):
    if abs(sum(fractions) - 1) > 1e-6:
        raise ValueError("fractions must sum to 1")
    groups = {}
    for row in rows:
        groups.setdefault(fingerprint(row["text"]), []).append(row)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    train, validation, test = [], [], []
    for group in order:
        if len(train) < fractions[0] * len(rows):
            train += group
        elif len(train) + len(validation) < (fractions[0] + fractions[1]) * len(rows):
            validation += group
        else:
            test += group
    return train, validation, test
"""


def _split(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_data: Exercise 2: split"
    return made_in(_SPLIT_RIGHT, "ch06/split", name, explanation, *changes, see=see)


_SPLIT = [
    _split(
        "leak-rows-one-by-one",
        "You split row by row, so copies of one message stand in several parts: a leak. Put rows with the same fingerprint "
        "into one group, and split the groups.",
        ('    groups = {}\n    for row in rows:\n        groups.setdefault(fingerprint(row["text"]), []).append(row)\n'
         "    order = list(groups.values())\n", "    order = [[row] for row in rows]\n"),
    ),
    _split(
        "leak-other-capitals",
        "You group by the text as it is written. Copies with other capitals or spaces still leak: group by `fingerprint`.",
        ('fingerprint(row["text"])', 'row["text"]'),
    ),
    _split(
        "leak-spaces-inside",
        "You compare small letters without the spaces at both ends, but spaces inside count too: group by `fingerprint`.",
        ('fingerprint(row["text"])', 'row["text"].lower().strip()'),
    ),
    _split(
        "copies-dropped",
        "You keep one message of each group and lose its copies. Every row is used; copies only have to stay together.",
        ('        groups.setdefault(fingerprint(row["text"]), []).append(row)\n',
         '        groups[fingerprint(row["text"])] = [row]\n'),
    ),
    _split(
        "not-shuffled",
        "You cut the list without shuffling it. Lists are often sorted, by label or by date: then the parts differ.",
        ("    random.Random(seed).shuffle(order)\n", ""),
    ),
    _split(
        "seed-not-used",
        "Your parts are other ones every time, because the seed is not used: nobody can repeat your figures. Shuffle with "
        "`random.Random(seed)`.",
        ("random.Random(seed)", "random.Random()"),
    ),
    _split(
        "seed-fixed",
        "Your seed is a number in the code, so the argument `seed` changes nothing.",
        ("random.Random(seed)", "random.Random(0)"),
    ),
    _split(
        "validation-inside-training",
        "Your validation rows stand in the training set as well: a leak. Each row is in exactly one part.",
        ("            validation += group\n", "            validation += group\n            train = train + group\n"),
    ),
    _split(
        "test-is-validation",
        "Your test set is your validation set. It has to be a third part that no decision has seen.",
        ("return train, validation, test", "return train, validation + test, validation + test"),
    ),
    _split(
        "two-parts-exchanged",
        "Validation and test set are exchanged: the order is training, validation, test.",
        ("return train, validation, test", "return train, test, validation"),
    ),
    _split(
        "border-by-the-second-fraction-alone",
        "The border behind the validation set lies at the sum of the first two fractions, and yours at the second alone.",
        ("len(train) + len(validation) < (fractions[0] + fractions[1]) * len(rows)",
         "len(train) + len(validation) < fractions[1] * len(rows)"),
    ),
    _split(
        "any-fractions-accepted",
        "Fractions that do not sum to 1 should be a ValueError, and you go on with them.",
        ('    if abs(sum(fractions) - 1) > 1e-6:\n        raise ValueError("fractions must sum to 1")\n', ""),
    ),
    _split(
        "sum-compared-exactly",
        "You compare the sum of the fractions with 1 by `!=`, and 0.6 + 0.3 + 0.1 is not exactly 1 in floating point. Use "
        "`math.isclose`.",
        ("abs(sum(fractions) - 1) > 1e-6", "fractions[0] + fractions[1] + fractions[2] != 1"),
    ),
    _split(
        "rest-lost",
        "You round the size of each part down, and the rows that are left over get lost. Every row is used: the rest goes "
        "into the test set.",
        ("if len(train) < fractions[0] * len(rows):", "if len(train) < int(fractions[0] * len(rows)):"),
        ("(fractions[0] + fractions[1]) * len(rows)", "int(fractions[0] * len(rows)) + int(fractions[1] * len(rows))"),
        ("return train, validation, test", "return train, validation, test[: int(fractions[2] * len(rows))]"),
    ),
    _split(
        "input-shuffled",
        "You shuffle the list that was given, in place. Work on a list of your own.",
        ("    groups = {}\n", "    random.Random(seed).shuffle(rows)\n    groups = {}\n"),
    ),
]  # fmt: skip

# --- SpamDataset ---------------------------------------------------------------------------------------------------

_DATASET_RIGHT = """class SpamDataset(Dataset):
    def __init__(self, rows, tokenizer, pad_id, max_length=None):
        lists = [tokenizer.encode_ordinary(row["text"]) or [pad_id] for row in rows]
        self.max_length = max(len(ids) for ids in lists) if max_length is None else max_length
        lists = [ids[: self.max_length] for ids in lists]
        self.counts = [len(ids) for ids in lists]
        self.table = torch.tensor([ids + [pad_id] * (self.max_length - len(ids)) for ids in lists])
        self.classes = [LABELS.index(row["label"]) for row in rows]

    def __len__(self):
        return len(self.classes)

    def __getitem__(self, index):
        return self.table[index], self.counts[index], self.classes[index]
"""


def _dataset(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_data: Exercise 3: SpamDataset"
    return made_in(_DATASET_RIGHT, "ch06/spam-dataset", name, explanation, *changes, see=see)


_OWN_LENGTH = "max(len(ids) for ids in lists) if max_length is None else max_length"

_DATASET = [
    _dataset(
        "length-from-the-test-set",
        "You take the length from the rows at hand even where `max_length` is given. So the test set decides on its own "
        "length, and the model is asked at positions it was never trained on.",
        (_OWN_LENGTH, "max(len(ids) for ids in lists)"),
    ),
    _dataset(
        "shorter-than-told",
        "Where all messages are shorter than `max_length`, your inputs are shorter too. They always have `max_length` ids.",
        (_OWN_LENGTH, "min(max(len(ids) for ids in lists), max_length or 10**9)"),
    ),
    _dataset(
        "longer-than-told",
        "Where a message is longer than `max_length`, you take its length in place of the one that was given. What is too "
        "long is cut.",
        (_OWN_LENGTH, "max(max(len(ids) for ids in lists), max_length or 0)"),
    ),
    _dataset(
        "too-long-not-truncated",
        "Messages longer than `max_length` are not cut, so the rows have different lengths and do not fit into one tensor.",
        ("        lists = [ids[: self.max_length] for ids in lists]\n", ""),
    ),
    _dataset(
        "beginning-cut-off",
        "You keep the end of long messages. The statement keeps the beginning.",
        ("ids[: self.max_length]", "ids[-self.max_length :]"),
    ),
    _dataset(
        "last-real-token-trimmed",
        "You cut one token too early: of a message of exactly `max_length` tokens the last one is lost.",
        ("ids[: self.max_length]", "ids[: max(1, self.max_length - 1)]"),
    ),
    _dataset(
        "longest-message-trimmed",
        "Without `max_length` your inputs are one token shorter than the longest message.",
        ("max(len(ids) for ids in lists) if", "max(1, max(len(ids) for ids in lists) - 1) if"),
    ),
    _dataset(
        "length-in-characters",
        "You take the length of the longest text in characters. It is counted in tokens.",
        ("max(len(ids) for ids in lists) if", 'max(1, *(len(row["text"]) for row in rows), 1) if'),
    ),
    _dataset(
        "padding-on-the-left",
        "You pad on the left. The statement pads on the right: then every message begins at position 0, as in pre-training.",
        ("ids + [pad_id] * (self.max_length - len(ids))", "[pad_id] * (self.max_length - len(ids)) + ids"),
    ),
    _dataset(
        "zero-for-padding",
        "You pad with 0, which is the id of some token. Pad with `pad_id`.",
        ("ids + [pad_id] *", "ids + [0] *"),
    ),
    _dataset(
        "length-before-truncation",
        "Your length counts the tokens before truncation, so for long messages it points behind the end of the input.",
        ("        lists = [ids[: self.max_length] for ids in lists]\n        self.counts = [len(ids) for ids in lists]\n",
         "        self.counts = [len(ids) for ids in lists]\n        lists = [ids[: self.max_length] for ids in lists]\n"),
    ),
    _dataset(
        "length-with-padding",
        "Your length is that of the padded input, the same for all. It should count the real tokens.",
        ("self.counts = [len(ids) for ids in lists]", "self.counts = [self.max_length for ids in lists]"),
    ),
    _dataset(
        "last-index-for-length",
        "You give the index of the last token. The length is one more: a message of three tokens has length 3.",
        ("self.counts = [len(ids) for ids in lists]", "self.counts = [len(ids) - 1 for ids in lists]"),
    ),
    _dataset(
        "padding-counted-by-its-id",
        "You count the ids that are not the padding id. A message may contain that id: count before you pad.",
        ("self.counts = [len(ids) for ids in lists]",
         "self.counts = [max(1, sum(i != pad_id for i in ids)) for ids in lists]"),
    ),
    _dataset(
        "empty-has-length-zero",
        "An empty message has length 0 in your dataset, and then there is no token to read. It consists of one padding token "
        "and has length 1.",
        (" or [pad_id] for row in rows]", " for row in rows]"),
    ),
    _dataset(
        "labels-exchanged",
        "Ham is 0 and spam is 1, as in `LABELS`; yours are exchanged.",
        ('LABELS.index(row["label"])', '1 - LABELS.index(row["label"])'),
    ),
    _dataset(
        "label-as-text",
        "Your label is a text. A loss needs its number: `LABELS.index(...)`.",
        ('LABELS.index(row["label"])', 'row["label"]'),
    ),
    _dataset(
        "special-tokens-crash",
        "`encode` refuses a text in which a special token is written out, so a single message can stop your program. Use "
        "`encode_ordinary`.",
        ("tokenizer.encode_ordinary(", "tokenizer.encode("),
    ),
    _dataset(
        "special-tokens-allowed",
        "You let a message contain real special tokens: its sender can write control signs into your model. Use "
        "`encode_ordinary`.",
        ('tokenizer.encode_ordinary(row["text"])', 'tokenizer.encode(row["text"], allowed_special="all")'),
    ),
    _dataset(
        "rows-sorted",
        "You sort the messages and not the labels, so that they no longer belong together.",
        ("        lists = [ids[: self.max_length] for ids in lists]\n",
         "        lists = sorted((ids[: self.max_length] for ids in lists), key=len, reverse=True)\n"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_BALANCE, *_SPLIT, *_DATASET]
