"""Known mistakes of chapter 2: windows of tokens and their embeddings."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- GPTDataset ----------------------------------------------------------------------------------------------------

_DATASET_RIGHT = """class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.windows = []
        for start in range(0, len(token_ids) - context_length, stride):
            inputs = torch.tensor(token_ids[start : start + context_length])
            targets = torch.tensor(token_ids[start + 1 : start + context_length + 1])
            self.windows.append((inputs, targets))

    def __len__(self):
        return len(self.windows)

    def __getitem__(self, index):
        return self.windows[index]
"""

# Windows that are cut when they are asked for.
_LAZY_RIGHT = """class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.ids = torch.tensor(token_ids, dtype=torch.long)
        self.length = context_length
        self.stride = stride

    def __len__(self):
        return max(0, (len(self.ids) - self.length + self.stride - 1) // self.stride)

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError(index)
        start = index * self.stride
        return self.ids[start : start + self.length], self.ids[start + 1 : start + self.length + 1]
"""


def _windows(name: str, explanation: str, *changes: tuple[str, str], base: str = _DATASET_RIGHT) -> Mistake:
    see = "11_windows_and_embeddings: Exercise 1: a dataset of windows"
    return made_in(base, "ch02/gpt-dataset", name, explanation, *changes, see=see)


_DATASET = [
    _windows(
        "no-shift",
        "Your targets are the inputs themselves. At each place the model must guess the token that comes next: the "
        "targets begin one token later.",
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start : start + context_length]"),
    ),
    _windows(
        "shifted-by-two",
        "Your targets begin two tokens after the inputs, so one token is skipped. They begin one later.",
        ("len(token_ids) - context_length,", "len(token_ids) - context_length - 1,"),
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start + 2 : start + context_length + 2]"),
    ),
    _windows(
        "shifted-backwards",
        "Your inputs and targets are exchanged in time: the inputs are one token later than the targets, so your model "
        "would learn to guess the past.",
        ("append((inputs, targets))", "append((targets, inputs))"),
    ),
    _windows(
        "last-window-missing",
        "Your last window is missing when it just fits: it is whole as long as its last target is still a token of the "
        "text. Windows begin at all multiples of the stride below N - T.",
        ("len(token_ids) - context_length,", "len(token_ids) - context_length - 1,"),
    ),
    _windows(
        "last-target-missing",
        "Your last window has its inputs, but one answer too few: a window needs T + 1 tokens, so it cannot begin "
        "at N - T.",
        ("len(token_ids) - context_length,", "len(token_ids) - context_length + 1,"),
    ),
    _windows(
        "windows-to-the-very-end",
        "Your windows begin at places up to the end of the text, where fewer than T tokens are left. Only whole windows "
        "are wanted.",
        ("len(token_ids) - context_length,", "len(token_ids),"),
    ),
    _windows(
        "last-window-filled-up",
        "You filled the last window up with zeros. Windows that would reach beyond the end of the text are not made; "
        "padding would be learned as if it were text.",
        (
            "        self.windows = []\n        for start in range(0, len(token_ids) - context_length, stride):",
            "        self.windows = []\n        count = len(token_ids)\n"
            "        token_ids = token_ids + [0] * (context_length + stride)\n"
            "        for start in range(0, count - 1, stride):",
        ),
    ),
    _windows(
        "stride-ignored",
        "Your windows begin at every token, whatever the stride. Each begins `stride` tokens after the one before.",
        (" - context_length, stride):", " - context_length):"),
    ),
    _windows(
        "stride-is-the-context",
        "Your windows lie side by side, whatever the stride: they begin `context_length` tokens apart rather than "
        "`stride`.",
        (" - context_length, stride):", " - context_length, context_length):"),
    ),
    _windows(
        "stride-ignored-in-the-length",
        "Your `__len__` counts a window at every token; it forgets the stride. A loader would then ask for windows that "
        "do not exist.",
        (" + self.stride - 1) // self.stride)", "))"),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "stride-ignored-in-the-item",
        "Your `__getitem__` begins window i at token i. It begins at i times the stride.",
        ("start = index * self.stride", "start = index"),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "length-rounded-down",
        "Your `__len__` rounds down. Windows begin at 0, s, 2s, … below N - T, and the number of these is (N - T) / s "
        "rounded up.",
        (" + self.stride - 1) // self.stride)", ") // self.stride)"),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "length-plus-one",
        "Your `__len__` counts one window too many when the stride divides N - T: there the last window would have no "
        "last target.",
        (" + self.stride - 1) // self.stride)", ") // self.stride + 1)"),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "length-in-tokens",
        "Your `__len__` gives the number of tokens. The length of a dataset is its number of items, here of windows.",
        ("max(0, (len(self.ids) - self.length + self.stride - 1) // self.stride)", "len(self.ids)"),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "negative-length",
        "Your `__len__` is negative for a text that is shorter than the context, which Python refuses. Such a text has "
        "no window: the length is 0.",
        ("max(0, (len(self.ids) - self.length + self.stride - 1) // self.stride)",
         "(len(self.ids) - self.length + self.stride - 1) // self.stride"),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "no-index-error",
        "Your `__getitem__` raises no IndexError after the last window: a slice of a tensor just becomes shorter, and a "
        "`for` loop over your dataset never ends. Compare the index with the length first.",
        ("        if index >= len(self):\n            raise IndexError(index)\n", ""),
        base=_LAZY_RIGHT,
    ),
    _windows(
        "one-target-per-window",
        "Your target is the one token after the window. A GPT is trained at all places at once, so a window of T inputs "
        "has T targets.",
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start + context_length]"),
    ),
    _windows(
        "inputs-one-too-long",
        "Your inputs hold T + 1 tokens, the last answer included. The inputs are the first T of them, the targets the "
        "last T.",
        ("token_ids[start : start + context_length]", "token_ids[start : start + context_length + 1]"),
    ),
    _windows(
        "windows-one-too-short",
        "Your windows hold T - 1 tokens: you cut T tokens and made inputs and targets out of these. It takes T + 1 "
        "tokens for T inputs and T targets.",
        ("token_ids[start : start + context_length]", "token_ids[start : start + context_length - 1]"),
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start + 1 : start + context_length]"),
    ),
    _windows(
        "lists-for-tensors",
        "Your items hold lists. Make them tensors, or the loader cannot stack them: it would transpose the batch.",
        ("torch.tensor(token_ids[start : start + context_length])", "token_ids[start : start + context_length]"),
        ("torch.tensor(token_ids[start + 1 : start + context_length + 1])",
         "token_ids[start + 1 : start + context_length + 1]"),
    ),
    _windows(
        "floats",
        "Your ids are floating-point numbers. An id names a row of a table: embeddings and losses want torch.long.",
        ("start + context_length])", "start + context_length], dtype=torch.float32)"),
        ("context_length + 1])", "context_length + 1], dtype=torch.float32)"),
    ),
    _windows(
        "only-the-inputs",
        "Your items are the inputs alone. An item is a pair: inputs and targets.",
        ("return self.windows[index]", "return self.windows[index][0]"),
    ),
    _windows(
        "shared-between-datasets",
        "Your list of windows belongs to the class, so all datasets put their windows into the same list. Make the list "
        "in `__init__`, as an attribute of `self`.",
        ("    def __init__(self, token_ids, context_length, stride):\n        self.windows = []\n",
         "    windows = []\n\n    def __init__(self, token_ids, context_length, stride):\n"),
    ),
]  # fmt: skip

# --- create_dataloader ---------------------------------------------------------------------------------------------

_LOADER_RIGHT = """def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    dataset = WindowDataset(token_ids, context_length, stride)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)
"""

# A loader without PyTorch's.
_OWN_LOADER_RIGHT = """class Batches:
    def __init__(self, windows, size, shuffle, drop_last):
        self.windows, self.size, self.shuffle, self.drop_last = windows, size, shuffle, drop_last

    def __len__(self):
        return len(self.windows) // self.size if self.drop_last else -(-len(self.windows) // self.size)

    def __iter__(self):
        order = torch.randperm(len(self.windows)) if self.shuffle else torch.arange(len(self.windows))
        for number in range(len(self)):
            rows = order[number * self.size : (number + 1) * self.size].tolist()
            chosen = [self.windows[row] for row in rows]
            yield torch.stack([x for x, _ in chosen]), torch.stack([y for _, y in chosen])


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    dataset = WindowDataset(token_ids, context_length, stride)
    return Batches(dataset, batch_size, shuffle, drop_last)
"""


def _loader(name: str, explanation: str, *changes: tuple[str, str], base: str = _LOADER_RIGHT) -> Mistake:
    see = "11_windows_and_embeddings: Exercise 2: batches"
    return made_in(base, "ch02/create-dataloader", name, explanation, *changes, see=see)


_LOADER = [
    _loader(
        "shuffle-not-passed-on",
        "Your loader never shuffles: `shuffle` is not passed on, and the DataLoader's own default is False.",
        (" shuffle=shuffle,", ""),
    ),
    _loader(
        "always-shuffled",
        "Your loader shuffles also when `shuffle` is False. Pass the argument on.",
        (" shuffle=shuffle,", " shuffle=True,"),
    ),
    _loader(
        "drop-last-not-passed-on",
        "Your loader never drops the last batch: `drop_last` is not passed on, and the DataLoader's own default is "
        "False.",
        (", drop_last=drop_last)", ")"),
    ),
    _loader(
        "always-dropped",
        "Your loader drops the last batch also when `drop_last` is False. Pass the argument on.",
        (" drop_last=drop_last)", " drop_last=True)"),
    ),
    _loader(
        "shuffle-and-drop-last-exchanged",
        "`shuffle` and `drop_last` have changed places in your call.",
        ("shuffle=shuffle, drop_last=drop_last)", "shuffle=drop_last, drop_last=shuffle)"),
    ),
    _loader(
        "shuffle-twice",
        "Your `drop_last` hangs on `shuffle`. They are two questions: a loader may shuffle and keep all windows.",
        ("drop_last=drop_last)", "drop_last=shuffle)"),
    ),
    _loader(
        "batch-size-not-passed-on",
        "Your batches hold one window each: `batch_size` is not passed on, and the DataLoader's own default is 1.",
        (" batch_size=batch_size,", ""),
    ),
    _loader(
        "fourth-by-position",
        "The fourth positional argument of DataLoader is `sampler`, so your `drop_last` ends up there. Pass the arguments "
        "by name.",
        ("dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last", "dataset, batch_size, shuffle, drop_last"),
    ),
    _loader(
        "stride-ignored",
        "Your windows lie side by side, whatever the stride: pass it on to the dataset.",
        ("(token_ids, context_length, stride)\n    return", "(token_ids, context_length, context_length)\n    return"),
    ),
    _loader(
        "stride-of-one",
        "Your windows begin at every token, whatever the stride: pass it on to the dataset.",
        ("(token_ids, context_length, stride)\n    return", "(token_ids, context_length, 1)\n    return"),
    ),
    _loader(
        "stride-and-context-exchanged",
        "Context length and stride have changed places when you make the dataset.",
        ("(token_ids, context_length, stride)\n    return", "(token_ids, stride, context_length)\n    return"),
    ),
    _loader(
        "the-dataset-itself",
        "Your function returns the dataset: single windows, no batches. Wrap it in a DataLoader.",
        ("DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)", "dataset"),
    ),
    _loader(
        "an-iterator",
        "Your function returns an iterator, which is used up after one epoch. Return the loader: each `for` loop makes an "
        "iterator of its own.",
        ("return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)",
         "return iter(DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last))"),
    ),
    _loader(
        "pairs-not-stacked",
        "Your batches are lists of pairs. A batch is one pair of two tensors: all inputs stacked, all targets stacked. "
        "The DataLoader does that by itself when you give it no `collate_fn`.",
        ("drop_last=drop_last)", "drop_last=drop_last, collate_fn=list)"),
    ),
    _loader(
        "tokens-shuffled",
        "You shuffled the tokens. That leaves no sentence to learn from; the windows are to be shuffled, after they were "
        "cut.",
        ("    dataset =", "    if shuffle:\n        token_ids = [token_ids[i] for i in torch.randperm(len(token_ids))]\n    dataset ="),
        (" shuffle=shuffle,", ""),
    ),
    _loader(
        "shuffled-once",
        "You shuffle once, when the loader is made, so every epoch has the same order. The order is drawn anew at the "
        "begin of each epoch.",
        ("        self.windows, self.size", "        order = torch.randperm(len(windows)).tolist() if shuffle else range(len(windows))\n"
         "        windows = [windows[i] for i in order]\n        self.windows, self.size"),
        ("torch.randperm(len(self.windows)) if self.shuffle else torch.arange(len(self.windows))", "torch.arange(len(self.windows))"),
        base=_OWN_LOADER_RIGHT,
    ),
    _loader(
        "torn-pairs",
        "Your inputs and your targets are shuffled apart, each in an order of its own. A window must stay with its "
        "answers.",
        ("            chosen = [self.windows[row] for row in rows]\n", "            chosen = [self.windows[row] for row in rows]\n"
         "            others = [chosen[i] for i in torch.randperm(len(chosen))] if self.shuffle else chosen\n"),
        ("for _, y in chosen", "for _, y in others"),
        base=_OWN_LOADER_RIGHT,
    ),
    _loader(
        "drawn-with-repetition",
        "Your batches are drawn with repetition: some windows come twice in an epoch, others not at all. Draw a "
        "permutation.",
        ("torch.randperm(len(self.windows))", "torch.randint(len(self.windows), (len(self.windows),))"),
        base=_OWN_LOADER_RIGHT,
    ),
    _loader(
        "length-in-windows",
        "The length of your loader is the number of windows. It is the number of batches.",
        ("return len(self.windows) // self.size if self.drop_last else -(-len(self.windows) // self.size)",
         "return len(self.windows)"),
        ("range(len(self)):", "range(len(self) // self.size if self.drop_last else -(-len(self) // self.size)):"),
        base=_OWN_LOADER_RIGHT,
    ),
]  # fmt: skip

# --- TokenPositionEmbedding ----------------------------------------------------------------------------------------

_EMBEDDING_RIGHT = """class TokenPositionEmbedding(nn.Module):
    def __init__(self, vocab_size, context_length, emb_dim):
        super().__init__()
        self.most = context_length
        self.tok = nn.Embedding(vocab_size, emb_dim)
        self.pos = nn.Embedding(context_length, emb_dim)

    def forward(self, token_ids):
        B, T = token_ids.shape
        if T > self.most:
            raise ValueError(f"{T} tokens are too many")
        places = torch.arange(T)
        return self.tok(token_ids) + self.pos(places)
"""


def _embedding(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "11_windows_and_embeddings: Exercise 3: token and position"
    return made_in(_EMBEDDING_RIGHT, "ch02/token-position-embedding", name, explanation, *changes, see=see)


_EMBEDDING = [
    _embedding(
        "tables-exchanged",
        "Your tables are exchanged: tokens are looked up in the table of the places, which has too few rows, and places "
        "in the table of the tokens.",
        ("self.tok(token_ids) + self.pos(places)", "self.pos(token_ids) + self.tok(places)"),
    ),
    _embedding(
        "sizes-exchanged",
        "The sizes of your tables are exchanged: the token table needs a row per token of the vocabulary, the position "
        "table a row per place.",
        ("self.tok = nn.Embedding(vocab_size", "self.tok = nn.Embedding(context_length"),
        ("self.pos = nn.Embedding(context_length", "self.pos = nn.Embedding(vocab_size"),
    ),
    _embedding(
        "all-positions-added",
        "You add the positions of the whole context, whatever comes in. A shorter window uses the first T rows only.",
        ("torch.arange(T)", "torch.arange(self.most)"),
    ),
    _embedding(
        "last-positions",
        "Your shorter windows use the last rows of the position table. The first token stands at place 0, however long "
        "the window is.",
        ("torch.arange(T)", "torch.arange(self.most - T, self.most)"),
    ),
    _embedding(
        "positions-backwards",
        "Your places count backwards: the first token gets the row of the last place.",
        ("torch.arange(T)", "torch.arange(T - 1, -1, -1)"),
    ),
    _embedding(
        "positions-from-one",
        "Your places count from 1, so row 0 is never used, and a window of the full context length has no row for its "
        "last token. Count from 0.",
        ("torch.arange(T)", "torch.arange(1, T + 1)"),
    ),
    _embedding(
        "no-positions",
        "Your vectors do not know where their token stands: the position embedding is not added.",
        (" + self.pos(places)", ""),
    ),
    _embedding(
        "no-tokens",
        "Your vectors do not know which token they are: the token embedding is missing.",
        ("self.tok(token_ids) + self.pos(places)", "self.pos(places).expand(B, T, -1)"),
    ),
    _embedding(
        "position-by-row",
        "Your position is the number of the row in the batch. It is the place of the token in its row, the second "
        "dimension.",
        ("torch.arange(T)", "torch.arange(B)[:, None]"),
    ),
    _embedding(
        "positions-of-the-ids",
        "You look up the token ids in the position table. What is looked up there are the places 0, 1, 2, …",
        ("self.pos(places)", "self.pos(token_ids % self.most)"),
    ),
    _embedding(
        "put-side-by-side",
        "You put the two vectors side by side, which makes them twice as wide. They are added.",
        ("self.tok(token_ids) + self.pos(places)",
         "torch.cat([self.tok(token_ids), self.pos(places).expand(B, T, -1)], dim=-1)"),
    ),
    _embedding(
        "multiplied",
        "You multiply the two vectors. They are added.",
        ("self.tok(token_ids) + self.pos(places)", "self.tok(token_ids) * self.pos(places)"),
    ),
    _embedding(
        "mean",
        "You take the mean of the two vectors. They are added, without a factor.",
        ("self.tok(token_ids) + self.pos(places)", "(self.tok(token_ids) + self.pos(places)) / 2"),
    ),
    _embedding(
        "scaled-by-the-width",
        "You multiply the token vectors by the square root of the width, as the first transformer did. Here, as in GPT-2, "
        "there is no factor.",
        ("self.tok(token_ids) +", "self.tok(token_ids) * self.tok.embedding_dim**0.5 +"),
    ),
    _embedding(
        "place-numbers-added",
        "You add the number of the place itself, to every feature. Places are looked up in a table of their own, which "
        "is learned.",
        ("self.pos(places)", "places[:, None]"),
    ),
    _embedding(
        "positions-not-trained",
        "Your position table is fixed: no gradient reaches it. Make it an nn.Embedding or an nn.Parameter.",
        ("        self.pos = nn.Embedding(context_length, emb_dim)\n",
         "        self.register_buffer('pos', torch.randn(context_length, emb_dim))\n"),
        ("self.pos(places)", "self.pos[places]"),
    ),
    _embedding(
        "cut-off-from-training",
        "Your tables never learn: `.data` or `.detach()` cuts them off from the gradients.",
        ("self.pos(places)", "self.pos.weight.data[:T]"),
    ),
    _embedding(
        "padding-index",
        "You made token 0 a padding token (`padding_idx=0`): its row is never trained. Here every id is a real token.",
        ("nn.Embedding(vocab_size, emb_dim)", "nn.Embedding(vocab_size, emb_dim, padding_idx=0)"),
    ),
    _embedding(
        "layer-norm",
        "You normalised the sum. No further layer is wanted here; LayerNorm comes in chapter 4.",
        ("return self.tok(token_ids) + self.pos(places)",
         "x = self.tok(token_ids) + self.pos(places)\n        return F.layer_norm(x, x.shape[-1:])"),
    ),
    _embedding(
        "too-long-cut-off",
        "You cut too many tokens off without a word. Who gives more than the context length has made a mistake somewhere "
        "and should hear of it: raise a ValueError.",
        ("            raise ValueError(f\"{T} tokens are too many\")\n",
         "            token_ids, T = token_ids[:, : self.most], self.most\n"),
    ),
    _embedding(
        "no-clear-error",
        "With too many tokens your module fails somewhere inside torch. Look at the length first and raise a ValueError "
        "that says what is wrong.",
        ("        if T > self.most:\n            raise ValueError(f\"{T} tokens are too many\")\n", ""),
    ),
    _embedding(
        "full-length-refused",
        "Your module refuses a window of exactly `context_length` tokens. Only more than that are too many.",
        ("T > self.most", "T >= self.most"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_DATASET, *_LOADER, *_EMBEDDING]
