"""Right answers of chapter 2 in other styles: windows of tokens and their embeddings."""

from __future__ import annotations

from autograder.catalogue import Alternative

_DATASET = [
    Alternative(
        exercise="ch02/gpt-dataset",
        name="two-lists",
        description="All windows cut at the start, in two lists of tensors, as in the book.",
        code="""class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.input_ids = []
        self.target_ids = []
        for i in range(0, len(token_ids) - context_length, stride):
            input_chunk = token_ids[i:i + context_length]
            target_chunk = token_ids[i + 1: i + context_length + 1]
            self.input_ids.append(torch.tensor(input_chunk))
            self.target_ids.append(torch.tensor(target_chunk))

    def __len__(self):
        return len(self.input_ids)

    def __getitem__(self, idx):
        return self.input_ids[idx], self.target_ids[idx]
""",
    ),
    Alternative(
        exercise="ch02/gpt-dataset",
        name="dictionary",
        description="Items are dictionaries; windows are cut when asked for, and counted by a formula.",
        code="""class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.data = torch.LongTensor(token_ids)
        self.T, self.s = context_length, stride

    def __len__(self):
        room = len(self.data) - 1 - self.T
        return 0 if room < 0 else room // self.s + 1

    def __getitem__(self, i):
        if not 0 <= i < len(self):
            raise IndexError(f"window {i} of {len(self)}")
        at = i * self.s
        return {"inputs": self.data[at : at + self.T], "targets": self.data[at + 1 : at + 1 + self.T]}
""",
    ),
    Alternative(
        exercise="ch02/gpt-dataset",
        name="unfold",
        description="A view of all windows by unfold; items are lists.",
        code="""class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        if len(token_ids) > context_length:
            self.rows = torch.tensor(token_ids).unfold(0, context_length + 1, stride)
        else:
            self.rows = torch.empty(0, context_length + 1, dtype=torch.long)

    def __len__(self):
        return self.rows.size(0)

    def __getitem__(self, index):
        return [self.rows[index, :-1], self.rows[index, 1:]]
""",
    ),
    Alternative(
        exercise="ch02/gpt-dataset",
        name="one-tensor-of-pairs",
        description="A while loop; each window one tensor of two rows, inputs and targets; no base class.",
        code="""class GPTDataset:
    def __init__(self, token_ids, context_length, stride):
        self.pairs = []
        start = 0
        while start + context_length < len(token_ids):
            chunk = torch.as_tensor(token_ids[start : start + context_length + 1])
            self.pairs.append(torch.stack([chunk[:-1], chunk[1:]]))
            start += stride

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]
""",
    ),
    Alternative(
        exercise="ch02/gpt-dataset",
        name="numpy",
        description="numpy's sliding windows, and a named tuple.",
        code="""from collections import namedtuple

import numpy as np

Window = namedtuple("Window", "inputs targets")


class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        ids = np.asarray(token_ids, dtype=np.int64)
        places = np.arange(0, max(0, len(ids) - context_length), stride)
        self.table = torch.from_numpy(ids[places[:, None] + np.arange(context_length + 1)])

    def __len__(self):
        return len(self.table)

    def __getitem__(self, index):
        row = self.table[index]
        return Window(inputs=row[:-1].clone(), targets=row[1:].clone())
""",
    ),
]

_LOADER = [
    Alternative(
        exercise="ch02/create-dataloader",
        name="tensor-dataset",
        description="All windows as two tensors in a TensorDataset.",
        code="""from torch.utils.data import TensorDataset


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    windows = torch.tensor(token_ids).unfold(0, context_length + 1, stride)
    dataset = TensorDataset(windows[:, :-1], windows[:, 1:])
    return DataLoader(dataset, batch_size, shuffle, drop_last=drop_last, num_workers=0)
""",
    ),
    Alternative(
        exercise="ch02/create-dataloader",
        name="batch-sampler",
        description="A BatchSampler around a random or a sequential sampler.",
        code="""from torch.utils.data import BatchSampler, RandomSampler, SequentialSampler


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    data = WindowDataset(token_ids, context_length, stride)
    order = RandomSampler(data) if shuffle else SequentialSampler(data)
    return DataLoader(data, batch_sampler=BatchSampler(order, batch_size, drop_last))
""",
    ),
    Alternative(
        exercise="ch02/create-dataloader",
        name="own-loader",
        description="A loader of one's own, with a generator and a permutation; batches are tuples.",
        code="""class Loader:
    def __init__(self, inputs, targets, batch_size, shuffle, drop_last):
        self.inputs, self.targets = inputs, targets
        self.batch_size, self.shuffle, self.drop_last = batch_size, shuffle, drop_last

    def __len__(self):
        full, rest = divmod(len(self.inputs), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self):
        n = len(self.inputs)
        order = torch.randperm(n) if self.shuffle else torch.arange(n)
        for rows in order.split(self.batch_size):
            if len(rows) == self.batch_size or not self.drop_last:
                yield self.inputs[rows], self.targets[rows]


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    starts = torch.arange(0, len(token_ids) - context_length, stride)
    places = starts[:, None] + torch.arange(context_length)
    ids = torch.tensor(token_ids)
    return Loader(ids[places], ids[places + 1], batch_size, shuffle, drop_last)
""",
    ),
    Alternative(
        exercise="ch02/create-dataloader",
        name="collate-into-dictionaries",
        description="A collate function that makes dictionaries; a dataset that is a plain list; a seeded generator.",
        code="""def stack(rows):
    inputs, targets = zip(*rows)
    return {"inputs": torch.stack(inputs), "targets": torch.stack(targets)}


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    ids = torch.tensor(token_ids)
    rows = [(ids[i : i + context_length], ids[i + 1 : i + context_length + 1])
            for i in range(0, len(ids) - context_length, stride)]
    generator = torch.Generator().manual_seed(0)
    return DataLoader(rows, batch_size, shuffle=shuffle, drop_last=drop_last, collate_fn=stack, generator=generator)
""",
    ),
]

_EMBEDDING = [
    Alternative(
        exercise="ch02/token-position-embedding",
        name="positions-looked-up",
        description="Two nn.Embedding, positions first, looked up by arange.",
        code="""class TokenPositionEmbedding(nn.Module):
    def __init__(self, vocab_size, context_length, emb_dim):
        super().__init__()
        self.pos_emb = nn.Embedding(context_length, emb_dim)
        self.tok_emb = nn.Embedding(vocab_size, emb_dim)
        self.context_length = context_length

    def forward(self, in_idx):
        batch_size, seq_len = in_idx.shape
        if seq_len > self.context_length:
            raise ValueError("too long")
        tok_embeds = self.tok_emb(in_idx)
        pos_embeds = self.pos_emb(torch.arange(seq_len, device=in_idx.device))
        return tok_embeds + pos_embeds
""",
    ),
    Alternative(
        exercise="ch02/token-position-embedding",
        name="parameters",
        description="Two nn.Parameter, indexed; positions start at zero, as some models do.",
        code="""class TokenPositionEmbedding(nn.Module):
    def __init__(self, vocab_size, context_length, emb_dim):
        super().__init__()
        self.E = nn.Parameter(0.02 * torch.randn(vocab_size, emb_dim))
        self.P = nn.Parameter(torch.zeros(1, context_length, emb_dim))

    def forward(self, ids):
        T = ids.size(1)
        if T > self.P.size(1):
            raise ValueError(f"got {T} tokens, at most {self.P.size(1)} fit")
        return self.E[ids] + self.P[:, :T]
""",
    ),
    Alternative(
        exercise="ch02/token-position-embedding",
        name="one-hot",
        description="One-hot vectors times matrices, in linear layers without a bias.",
        code="""class TokenPositionEmbedding(nn.Module):
    def __init__(self, vocab_size, context_length, emb_dim):
        super().__init__()
        self.V, self.L = vocab_size, context_length
        self.what = nn.Linear(vocab_size, emb_dim, bias=False)
        self.where = nn.Linear(context_length, emb_dim, bias=False)

    def forward(self, ids):
        B, T = ids.shape
        if T > self.L:
            raise ValueError("the window is too long")
        places = torch.arange(T).expand(B, T)
        kind = self.what.weight.dtype
        tokens = F.one_hot(ids, self.V).to(kind)
        return self.what(tokens) + self.where(F.one_hot(places, self.L).to(kind))
""",
    ),
    Alternative(
        exercise="ch02/token-position-embedding",
        name="loop",
        description="F.embedding for the tokens, and a loop over the places.",
        code="""class TokenPositionEmbedding(nn.Module):
    def __init__(self, vocab_size, context_length, emb_dim):
        super().__init__()
        self.tables = nn.ParameterDict({
            "where": nn.Parameter(torch.rand(context_length, emb_dim)),
            "what": nn.Parameter(torch.rand(vocab_size, emb_dim)),
        })

    def forward(self, ids):
        where = self.tables["where"]
        if ids.shape[1] > len(where):
            raise ValueError(f"context length {len(where)}, tokens {ids.shape[1]}")
        columns = []
        for place in range(ids.shape[1]):
            columns.append(F.embedding(ids[:, place], self.tables["what"]) + where[place])
        return torch.stack(columns, dim=1)
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_DATASET, *_LOADER, *_EMBEDDING]
