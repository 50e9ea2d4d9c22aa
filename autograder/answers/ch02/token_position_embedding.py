"""Answers to exercise 3 of 11_windows_and_embeddings: token and position."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """class TokenPositionEmbedding(nn.Module):
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

_mistake = partial(made_in, _RIGHT, see="11_windows_and_embeddings: Exercise 3: token and position")

MISTAKES = [
    _mistake(
        "tables-exchanged",
        "Your tables are exchanged: tokens are looked up in the table of the places, which has too few rows, and places "
        "in the table of the tokens.",
        ("self.tok(token_ids) + self.pos(places)", "self.pos(token_ids) + self.tok(places)"),
    ),
    _mistake(
        "sizes-exchanged",
        "The sizes of your tables are exchanged: the token table needs a row per token of the vocabulary, the position "
        "table a row per place.",
        ("self.tok = nn.Embedding(vocab_size", "self.tok = nn.Embedding(context_length"),
        ("self.pos = nn.Embedding(context_length", "self.pos = nn.Embedding(vocab_size"),
    ),
    _mistake(
        "all-positions-added",
        "You add the positions of the whole context, whatever comes in. A shorter window uses the first T rows only.",
        ("torch.arange(T)", "torch.arange(self.most)"),
    ),
    _mistake(
        "last-positions",
        "Your shorter windows use the last rows of the position table. The first token stands at place 0, however long "
        "the window is.",
        ("torch.arange(T)", "torch.arange(self.most - T, self.most)"),
    ),
    _mistake(
        "positions-backwards",
        "Your places count backwards: the first token gets the row of the last place.",
        ("torch.arange(T)", "torch.arange(T - 1, -1, -1)"),
    ),
    _mistake(
        "positions-from-one",
        "Your places count from 1, so row 0 is never used, and a window of the full context length has no row for its "
        "last token. Count from 0.",
        ("torch.arange(T)", "torch.arange(1, T + 1)"),
    ),
    _mistake(
        "no-positions",
        "Your vectors do not know where their token stands: the position embedding is not added.",
        (" + self.pos(places)", ""),
    ),
    _mistake(
        "no-tokens",
        "Your vectors do not know which token they are: the token embedding is missing.",
        ("self.tok(token_ids) + self.pos(places)", "self.pos(places).expand(B, T, -1)"),
    ),
    _mistake(
        "position-by-row",
        "Your position is the number of the row in the batch. It is the place of the token in its row, the second "
        "dimension.",
        ("torch.arange(T)", "torch.arange(B)[:, None]"),
    ),
    _mistake(
        "positions-of-the-ids",
        "You look up the token ids in the position table. What is looked up there are the places 0, 1, 2, …",
        ("self.pos(places)", "self.pos(token_ids % self.most)"),
    ),
    _mistake(
        "put-side-by-side",
        "You put the two vectors side by side, which makes them twice as wide. They are added.",
        (
            "self.tok(token_ids) + self.pos(places)",
            "torch.cat([self.tok(token_ids), self.pos(places).expand(B, T, -1)], dim=-1)",
        ),
    ),
    _mistake(
        "multiplied",
        "You multiply the two vectors. They are added.",
        ("self.tok(token_ids) + self.pos(places)", "self.tok(token_ids) * self.pos(places)"),
    ),
    _mistake(
        "mean",
        "You take the mean of the two vectors. They are added, without a factor.",
        ("self.tok(token_ids) + self.pos(places)", "(self.tok(token_ids) + self.pos(places)) / 2"),
    ),
    _mistake(
        "scaled-by-the-width",
        "You multiply the token vectors by the square root of the width, as the first transformer did. Here, as in GPT-2, "
        "there is no factor.",
        ("self.tok(token_ids) +", "self.tok(token_ids) * self.tok.embedding_dim**0.5 +"),
    ),
    _mistake(
        "place-numbers-added",
        "You add the number of the place itself, to every feature. Places are looked up in a table of their own, which "
        "is learned.",
        ("self.pos(places)", "places[:, None]"),
    ),
    _mistake(
        "positions-not-trained",
        "Your position table is fixed: no gradient reaches it. Make it an nn.Embedding or an nn.Parameter.",
        (
            "        self.pos = nn.Embedding(context_length, emb_dim)\n",
            "        self.register_buffer('pos', torch.randn(context_length, emb_dim))\n",
        ),
        ("self.pos(places)", "self.pos[places]"),
    ),
    _mistake(
        "cut-off-from-training",
        "Your tables never learn: `.data` or `.detach()` cuts them off from the gradients.",
        ("self.pos(places)", "self.pos.weight.data[:T]"),
    ),
    _mistake(
        "padding-index",
        "You made token 0 a padding token (`padding_idx=0`): its row is never trained. Here every id is a real token.",
        ("nn.Embedding(vocab_size, emb_dim)", "nn.Embedding(vocab_size, emb_dim, padding_idx=0)"),
    ),
    _mistake(
        "layer-norm",
        "You normalised the sum. No further layer is wanted here; LayerNorm comes in chapter 4.",
        (
            "return self.tok(token_ids) + self.pos(places)",
            "x = self.tok(token_ids) + self.pos(places)\n        return F.layer_norm(x, x.shape[-1:])",
        ),
    ),
    _mistake(
        "too-long-cut-off",
        "You cut too many tokens off without a word. Who gives more than the context length has made a mistake somewhere "
        "and should hear of it: raise a ValueError.",
        (
            '            raise ValueError(f"{T} tokens are too many")\n',
            "            token_ids, T = token_ids[:, : self.most], self.most\n",
        ),
    ),
    _mistake(
        "no-clear-error",
        "With too many tokens your module fails somewhere inside torch. Look at the length first and raise a ValueError "
        "that says what is wrong.",
        ('        if T > self.most:\n            raise ValueError(f"{T} tokens are too many")\n', ""),
    ),
    _mistake(
        "full-length-refused",
        "Your module refuses a window of exactly `context_length` tokens. Only more than that are too many.",
        ("T > self.most", "T >= self.most"),
    ),
]
