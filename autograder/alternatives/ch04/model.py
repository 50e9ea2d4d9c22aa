"""Right answers of chapter 4 in other styles: the GPT model, its parameters and their memory."""

from __future__ import annotations

from autograder.catalogue import Alternative

_MODEL = [
    Alternative(
        exercise="ch04/gpt-model",
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
        exercise="ch04/gpt-model",
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
        exercise="ch04/gpt-model",
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
        exercise="ch04/gpt-model",
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

_COUNT = [
    Alternative(
        exercise="ch04/count-parameters",
        name="conditional-sum",
        description="One sum with a condition.",
        code="""def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
""",
    ),
    Alternative(
        exercise="ch04/count-parameters",
        name="by-identity",
        description="State dict with its variables, shared ones told apart by identity, buffers left out by type.",
        code="""def count_parameters(model, trainable_only=False):
    seen, total = set(), 0
    for value in model.state_dict(keep_vars=True).values():
        if not isinstance(value, nn.Parameter) or id(value) in seen:
            continue
        seen.add(id(value))
        if value.requires_grad or not trainable_only:
            size = 1
            for side in value.shape:
                size *= side
            total += size
    return total
""",
    ),
    Alternative(
        exercise="ch04/count-parameters",
        name="module-by-module",
        description="Parameters collected from each module into a dictionary by identity, shapes multiplied.",
        code="""def count_parameters(model, trainable_only=False):
    found = {id(p): p for part in model.modules() for p in part.parameters(recurse=False)}
    if trainable_only:
        found = {key: p for key, p in found.items() if p.requires_grad}
    return sum(p.shape.numel() for p in found.values())
""",
    ),
]

_MEMORY = [
    Alternative(
        exercise="ch04/memory-mb",
        name="nbytes",
        description="The bytes of each tensor as it gives them.",
        code="""def memory_mb(model):
    return sum(p.nbytes for p in model.parameters()) / 2**20
""",
    ),
    Alternative(
        exercise="ch04/memory-mb",
        name="itemsize-and-loop",
        description="The item size of the dtype, divided twice.",
        code="""def memory_mb(model):
    size = 0
    for _name, parameter in model.named_parameters():
        size = size + parameter.nelement() * parameter.dtype.itemsize
    kib = size / 1024
    return kib / 1024
""",
    ),
    Alternative(
        exercise="ch04/memory-mb",
        name="by-dtype",
        description="Numbers counted by dtype first, bits of each dtype afterwards.",
        code="""from collections import Counter


def memory_mb(model):
    numbers = Counter()
    for parameter in model.parameters():
        numbers[parameter.dtype] += parameter.numel()
    bits = 0
    for dtype, count in numbers.items():
        info = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
        bits += count * info.bits
    return bits / 8 / 1048576
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_MODEL, *_COUNT, *_MEMORY]
