"""Answers to exercise 1 of 03_gpt_model: GPTModel."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="book",
        description="Blocks in an nn.Sequential, positions looked up with arange, every step overwriting x, as in the book.",
        code="""class GPTModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.tok_emb = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.pos_emb = nn.Embedding(cfg["context_length"], cfg["emb_dim"])
        self.drop_emb = nn.Dropout(cfg["drop_rate"])
        self.trf_blocks = nn.Sequential(*[TransformerBlock(cfg) for _ in range(cfg["n_layers"])])
        self.final_norm = nn.LayerNorm(cfg["emb_dim"])
        self.out_head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)

    def forward(self, in_idx):
        batch_size, seq_len = in_idx.shape
        limit = self.pos_emb.weight.shape[0]
        if seq_len > limit:
            raise ValueError(f"input has {seq_len} tokens, context_length is {limit}")
        tok_embeds = self.tok_emb(in_idx)
        pos_embeds = self.pos_emb(torch.arange(seq_len, device=in_idx.device))
        x = tok_embeds + pos_embeds
        x = self.drop_emb(x)
        x = self.trf_blocks(x)
        x = self.final_norm(x)
        logits = self.out_head(x)
        return logits
""",
    ),
    Alternative(
        name="nanogpt",
        description="nanoGPT's style: a ModuleDict, blocks of one's own with fused projections, a tied head, start values.",
        code="""class Attention(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        n_embd = cfg["emb_dim"]
        self.c_attn = nn.Linear(n_embd, 3 * n_embd, bias=cfg["qkv_bias"])
        self.c_proj = nn.Linear(n_embd, n_embd)
        self.n_head, self.n_embd, self.dropout = cfg["n_heads"], n_embd, cfg["drop_rate"]

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = (part.view(B, T, self.n_head, -1).transpose(1, 2) for part in self.c_attn(x).split(C, dim=2))
        rate = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=rate, is_causal=True)
        return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))


class Block(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(cfg["emb_dim"]), Attention(cfg)
        self.ln_2 = nn.LayerNorm(cfg["emb_dim"])
        self.mlp = nn.ModuleDict(
            {"c_fc": nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"]), "c_proj": nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"])}
        )
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        x = x + self.drop(self.attn(self.ln_1(x)))
        return x + self.drop(self.mlp.c_proj(F.gelu(self.mlp.c_fc(self.ln_2(x)))))


class GPTModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.block_size = cfg["context_length"]
        self.transformer = nn.ModuleDict(
            dict(
                wte=nn.Embedding(cfg["vocab_size"], cfg["emb_dim"]),
                wpe=nn.Embedding(cfg["context_length"], cfg["emb_dim"]),
                drop=nn.Dropout(cfg["drop_rate"]),
                h=nn.ModuleList([Block(cfg) for _ in range(cfg["n_layers"])]),
                ln_f=nn.LayerNorm(cfg["emb_dim"]),
            )
        )
        self.lm_head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)
        self.transformer.wte.weight = self.lm_head.weight
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)

    def forward(self, idx):
        b, t = idx.size()
        if t > self.block_size:
            raise ValueError(f"Cannot forward sequence of length {t}, block size is only {self.block_size}")
        pos = torch.arange(0, t, dtype=torch.long, device=idx.device)
        x = self.transformer.drop(self.transformer.wte(idx) + self.transformer.wpe(pos))
        for block in self.transformer.h:
            x = block(x)
        return self.lm_head(self.transformer.ln_f(x))
""",
    ),
    Alternative(
        name="functional",
        description="Parameters and functions only: one-hot look-up, stacked weights (in, out), heads by einsum, tied head.",
        code="""class GPTModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        V, C, D = cfg["vocab_size"], cfg["context_length"], cfg["emb_dim"]

        def small(*shape):
            return nn.Parameter(0.02 * torch.randn(*shape))

        self.E, self.P = small(V, D), small(C, D)
        self.layers = nn.ModuleList()
        for _ in range(cfg["n_layers"]):
            one = nn.ParameterDict(
                {"qkv": small(3, D, D), "o": small(D, D), "up": small(D, 4 * D), "down": small(4 * D, D)}
            )
            one["ob"], one["ub"], one["db"] = (nn.Parameter(torch.zeros(n)) for n in (D, 4 * D, D))
            one["g1"], one["g2"] = nn.Parameter(torch.ones(D)), nn.Parameter(torch.ones(D))
            one["b1"], one["b2"] = nn.Parameter(torch.zeros(D)), nn.Parameter(torch.zeros(D))
            if cfg["qkv_bias"]:
                one["qb"], one["kb"], one["vb"] = (nn.Parameter(torch.zeros(D)) for _ in range(3))
            self.layers.append(one)
        self.g, self.b = nn.Parameter(torch.ones(D)), nn.Parameter(torch.zeros(D))

    def drop(self, x):
        return F.dropout(x, self.cfg["drop_rate"], self.training)

    def attention(self, x, w):
        q, k, v = (x @ matrix for matrix in w["qkv"])
        if self.cfg["qkv_bias"]:
            q, k, v = q + w["qb"], k + w["kb"], v + w["vb"]
        q, k, v = (y.unflatten(-1, (self.cfg["n_heads"], -1)) for y in (q, k, v))
        scores = torch.einsum("bqhe,bkhe->bhqk", q, k) * q.shape[-1] ** -0.5
        scores = scores + torch.full(scores.shape[-2:], float("-inf")).triu(1).to(scores.dtype)
        return torch.einsum("bhqk,bkhe->bqhe", self.drop(scores.softmax(-1)), v).flatten(2) @ w["o"] + w["ob"]

    def forward(self, ids):
        T, (V, D) = ids.shape[1], self.E.shape
        if T > len(self.P):
            raise ValueError("the context length is " + str(len(self.P)))
        x = self.drop(F.one_hot(ids, V).to(self.E.dtype) @ self.E + self.P[:T])
        for w in self.layers:
            x = x + self.drop(self.attention(F.layer_norm(x, (D,), w["g1"], w["b1"]), w))
            inside = F.gelu(F.layer_norm(x, (D,), w["g2"], w["b2"]) @ w["up"] + w["ub"], approximate="tanh")
            x = x + self.drop(inside @ w["down"] + w["db"])
        return F.linear(F.layer_norm(x, (D,), self.g, self.b), self.E)
""",
    ),
    Alternative(
        name="own-names-other-order",
        description="Head and norm made first, blocks numbered attributes, positions by slicing, the check at the end of a chain.",
        code="""class GPTModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d, v, c = cfg["emb_dim"], cfg["vocab_size"], cfg["context_length"]
        self.head = nn.Linear(d, v, bias=False)
        self.last = nn.LayerNorm(d)
        self.depth = cfg["n_layers"]
        for number in range(self.depth):
            setattr(self, f"layer_{number}", TransformerBlock(cfg))
        self.places = nn.Parameter(0.01 * torch.randn(c, d))
        self.words = nn.Embedding(v, d)
        self.dropout = nn.Dropout(cfg["drop_rate"])

    def embed(self, in_idx):
        if in_idx.size(-1) > self.places.size(0):
            raise ValueError(f"at most {self.places.size(0)} tokens fit into the context length")
        return self.dropout(self.places[: in_idx.size(-1)] + self.words(in_idx))

    def forward(self, in_idx):
        x = self.embed(in_idx)
        for number in range(self.depth):
            x = getattr(self, f"layer_{number}")(x)
        return self.head(self.last(x))
""",
    ),
]

_RIGHT = """class GPTModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.tok_emb = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.pos_emb = nn.Embedding(cfg["context_length"], cfg["emb_dim"])
        self.drop_emb = nn.Dropout(cfg["drop_rate"])
        self.blocks = nn.ModuleList([TransformerBlock(cfg) for _ in range(cfg["n_layers"])])
        self.final_norm = nn.LayerNorm(cfg["emb_dim"])
        self.out_head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)

    def forward(self, in_idx):
        length = in_idx.shape[1]
        most = self.pos_emb.num_embeddings
        if length > most:
            raise ValueError(f"{length} tokens exceed the context length of {most}")
        places = self.pos_emb(torch.arange(length, device=in_idx.device))
        x = self.drop_emb(self.tok_emb(in_idx) + places)
        for block in self.blocks:
            x = block(x)
        x = self.final_norm(x)
        return self.out_head(x)
"""

_REFUSAL = """        if length > most:
            raise ValueError(f"{length} tokens exceed the context length of {most}")
"""

_OPEN_BLOCK = """class OpenBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, self.heads, self.rate = cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"]
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=cfg["qkv_bias"]), nn.Linear(width, width)
        self.ff = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.drop = nn.Dropout(self.rate)

    def forward(self, x):
        parts = self.qkv(self.norm1(x)).chunk(3, dim=-1)
        q, k, v = (y.unflatten(2, (self.heads, -1)).transpose(1, 2) for y in parts)
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.rate if self.training else 0.0)
        x = x + self.drop(self.proj(y.transpose(1, 2).flatten(2)))
        return x + self.drop(self.ff(self.norm2(x)))


class GPTModel(nn.Module):"""

_mistake = partial(made_in, _RIGHT, see="03_gpt_model: Exercise 1: GPTModel")

MISTAKES = [
    _mistake(
        "no-positions",
        "Your model does not know the places: a position embedding is added to the token embedding.",
        ('        self.pos_emb = nn.Embedding(cfg["context_length"], cfg["emb_dim"])\n', ""),
        ("most = self.pos_emb.num_embeddings", "most = self.context_length"),
        (
            '        self.drop_emb = nn.Dropout(cfg["drop_rate"])\n',
            '        self.drop_emb = nn.Dropout(cfg["drop_rate"])\n        self.context_length = cfg["context_length"]\n',
        ),
        ("        places = self.pos_emb(torch.arange(length, device=in_idx.device))\n", ""),
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx)"),
    ),
    _mistake(
        "positions-not-added",
        "You look the positions up and do not add them to the token vectors.",
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx)"),
    ),
    _mistake(
        "positions-multiplied",
        "You multiply token and position vectors. They are added.",
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx) * places"),
    ),
    _mistake(
        "positions-counted-from-one",
        "Your places begin at 1, so the first row of the table is never used, and a full context runs over its end. The first "
        "place is 0.",
        ("torch.arange(length, device=in_idx.device)", "torch.arange(1, length + 1, device=in_idx.device)"),
    ),
    _mistake(
        "positions-of-the-whole-context",
        "You look up the positions of the whole context. The text has T tokens, which may be fewer.",
        ("torch.arange(length, device=in_idx.device)", "torch.arange(most, device=in_idx.device)"),
    ),
    _mistake(
        "position-of-the-last-token",
        "All your tokens get the vector of the last place. Each has its own: `torch.arange(T)`.",
        ("torch.arange(length, device=in_idx.device)", "torch.tensor([length - 1])"),
    ),
    _mistake(
        "ids-for-places",
        "You look up the position table with the token ids. It is looked up with the places 0 to T - 1.",
        ("self.pos_emb(torch.arange(length, device=in_idx.device))", "self.pos_emb(in_idx % most)"),
    ),
    _mistake(
        "tables-exchanged",
        "Your tables have each other's number of rows: the token table has `vocab_size` rows, the position table "
        "`context_length`.",
        ('self.tok_emb = nn.Embedding(cfg["vocab_size"]', 'self.tok_emb = nn.Embedding(cfg["context_length"]'),
        ('self.pos_emb = nn.Embedding(cfg["context_length"]', 'self.pos_emb = nn.Embedding(cfg["vocab_size"]'),
    ),
    _mistake(
        "position-table-too-long",
        "Your position table has a row for each token of the vocabulary. It has `context_length` rows, and longer texts are "
        "refused.",
        ('self.pos_emb = nn.Embedding(cfg["context_length"]', 'self.pos_emb = nn.Embedding(cfg["vocab_size"]'),
    ),
    _mistake(
        "no-refusal",
        "Nothing in your model looks at the length, so a long text ends with an IndexError of the position table. Raise a "
        "`ValueError` that names the context length.",
        (_REFUSAL, ""),
    ),
    _mistake(
        "assert-for-valueerror",
        "You refuse long texts with an `assert`, which raises an AssertionError. The docstring asks for a `ValueError`.",
        (_REFUSAL, '        assert length <= most, f"more tokens than the context length of {most}"\n'),
    ),
    _mistake(
        "context-length-not-named",
        "Your `ValueError` does not say how many tokens would be allowed. Put the context length into its message.",
        ('f"{length} tokens exceed the context length of {most}"', '"too many tokens"'),
    ),
    _mistake(
        "full-context-refused",
        "You refuse a text that fills the context exactly. Only longer ones are too long: `>`, not `>=`.",
        ("if length > most", "if length >= most"),
    ),
    _mistake(
        "cropped-in-silence",
        "You cut long texts off without a word, so the logits do not fit the ids. Raise a `ValueError`; cutting is left to the "
        "caller.",
        (_REFUSAL, "        in_idx = in_idx[:, -most:]\n        length = in_idx.shape[1]\n"),
    ),
    _mistake(
        "no-final-norm",
        "The last LayerNorm is missing: the residual stream is normalised once before the head.",
        ('        self.final_norm = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ("        x = self.final_norm(x)\n", ""),
    ),
    _mistake(
        "final-norm-not-used",
        "You made a last LayerNorm and do not use it in `forward`.",
        ("        x = self.final_norm(x)\n", ""),
    ),
    _mistake(
        "norm-before-the-blocks",
        "Your LayerNorm stands before the blocks. It stands after the last one.",
        ("        x = self.final_norm(x)\n", ""),
        ("        for block in self.blocks:\n", "        x = self.final_norm(x)\n        for block in self.blocks:\n"),
    ),
    _mistake(
        "norm-after-every-block",
        "You normalise the stream after each block. It is normalised once, after the last one.",
        ("            x = block(x)\n        x = self.final_norm(x)\n", "            x = self.final_norm(block(x))\n"),
    ),
    _mistake(
        "future-seen",
        "Your blocks see the future: pass `is_causal=True`, or mask the scores above the diagonal.",
        ("[TransformerBlock(cfg)", "[OpenBlock(cfg)"),
        ("class GPTModel(nn.Module):", _OPEN_BLOCK),
    ),
    _mistake(
        "one-block-many-times",
        "`[block] * n` is one block, many times: all layers share the same weights. Make each block anew.",
        ('[TransformerBlock(cfg) for _ in range(cfg["n_layers"])]', '[TransformerBlock(cfg)] * cfg["n_layers"]'),
    ),
    _mistake(
        "one-block",
        "Your model has one block. It has `n_layers` of them.",
        ('for _ in range(cfg["n_layers"])', "for _ in range(1)"),
    ),
    _mistake(
        "one-block-too-few",
        "Your model has one block too few.",
        ('range(cfg["n_layers"])', 'range(cfg["n_layers"] - 1)'),
    ),
    _mistake(
        "twelve-blocks",
        "The number of your blocks is fixed. It is `n_layers` of the configuration.",
        ('range(cfg["n_layers"])', "range(12)"),
    ),
    _mistake(
        "blocks-in-a-plain-list",
        "Your blocks are in a plain Python list, where the module does not find their parameters. Use `nn.ModuleList` or "
        "`nn.Sequential`.",
        (
            'nn.ModuleList([TransformerBlock(cfg) for _ in range(cfg["n_layers"])])',
            '[TransformerBlock(cfg) for _ in range(cfg["n_layers"])]',
        ),
    ),
    _mistake(
        "last-block-only",
        "Each of your blocks reads the embeddings, so only the last one counts. Each reads what the one before it made.",
        ("        for block", "        start = x\n        for block"),
        ("x = block(x)", "x = block(start)"),
    ),
    _mistake(
        "added-once-more",
        "You add each block's output to the stream. The shortcuts are inside the blocks already: `x = block(x)`.",
        ("x = block(x)", "x = x + block(x)"),
    ),
    _mistake(
        "probabilities",
        "You return probabilities. The model returns logits, without softmax: the loss and the choice of a token make their own.",
        ("return self.out_head(x)", "return torch.softmax(self.out_head(x), dim=-1)"),
    ),
    _mistake(
        "log-probabilities",
        "You return logarithms of probabilities. The model returns the head's numbers as they are.",
        ("return self.out_head(x)", "return torch.log_softmax(self.out_head(x), dim=-1)"),
    ),
    _mistake(
        "last-token-only",
        "You return the logits of the last token. There is a prediction for each token, (B, T, V).",
        ("return self.out_head(x)", "return self.out_head(x[:, -1])"),
    ),
    _mistake(
        "head-with-bias",
        "Your output head has a bias. Here it has none: `bias=False`.",
        ('cfg["vocab_size"], bias=False)', 'cfg["vocab_size"])'),
    ),
    _mistake(
        "no-dropout",
        "Nothing is dropped from your embeddings: dropout falls on the sum of token and position vectors.",
        ("self.drop_emb(self.tok_emb(in_idx) + places)", "self.tok_emb(in_idx) + places"),
    ),
    _mistake(
        "dropout-on-tokens-only",
        "Your dropout falls on the token vectors only. It falls on the sum with the position vectors.",
        ("self.drop_emb(self.tok_emb(in_idx) + places)", "self.drop_emb(self.tok_emb(in_idx)) + places"),
    ),
    _mistake(
        "dropout-before-the-head",
        "Your dropout falls on what the head reads. It falls on the embeddings.",
        ("self.drop_emb(self.tok_emb(in_idx) + places)", "self.tok_emb(in_idx) + places"),
        ("x = self.final_norm(x)", "x = self.drop_emb(self.final_norm(x))"),
    ),
    _mistake(
        "dropout-never-off",
        "Your dropout works in evaluation mode too: `F.dropout` does not know the mode unless you pass "
        "`training=self.training`. `nn.Dropout` knows it.",
        ('self.drop_emb = nn.Dropout(cfg["drop_rate"])', 'self.drop_rate = cfg["drop_rate"]'),
        (
            "self.drop_emb(self.tok_emb(in_idx) + places)",
            "F.dropout(self.tok_emb(in_idx) + places, p=self.drop_rate)",
        ),
    ),
    _mistake(
        "no-dropout-in-the-blocks",
        "Your blocks are made without dropout. They get the whole configuration, `drop_rate` among it.",
        ("[TransformerBlock(cfg)", '[TransformerBlock({**cfg, "drop_rate": 0.0})'),
    ),
    _mistake(
        "token-vectors-scaled",
        "You multiply the token vectors by the root of their width, as the first Transformer did. GPT-2 adds them as they are.",
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx) * places.shape[1] ** 0.5 + places"),
    ),
    _mistake(
        "tables-not-trained",
        "Your tables are plain tensors, which no optimiser sees. Make them `nn.Embedding` or `nn.Parameter`.",
        (
            'self.pos_emb = nn.Embedding(cfg["context_length"], cfg["emb_dim"])',
            'self.pos = torch.randn(cfg["context_length"], cfg["emb_dim"])',
        ),
        ("self.pos_emb.num_embeddings", "len(self.pos)"),
        ("self.pos_emb(torch.arange(length, device=in_idx.device))", "self.pos[:length]"),
    ),
]

# The last token with or without its dimension.
MISTAKES = in_other_choices(
    MISTAKES,
    ("self.out_head(x[:, -1])", "self.out_head(x[:, -1:])"),
)

EQUIVALENTS = [
    Equivalent(
        "places = torch.arange(length, device=in_idx.device)",
        "keyword device dropped",
        "On a CPU there is one device only.",
    ),
]
