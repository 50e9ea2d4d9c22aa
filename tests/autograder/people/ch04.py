"""The parts of a GPT."""

from __future__ import annotations

from people.written import Written, by

_norm = by(
    "ch04/layer-norm",
    """class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.eps = 1e-5
        self.gamma = nn.Parameter(torch.ones(emb_dim))
        self.beta = nn.Parameter(torch.zeros(emb_dim))

    def forward(self, x):
        mu = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        x_hat = (x - mu) / torch.sqrt(var + self.eps)
        return self.gamma * x_hat + self.beta
""",
)
_gelu = by(
    "ch04/gelu",
    """class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        c = torch.sqrt(torch.tensor(2.0 / torch.pi))
        return 0.5 * x * (1 + torch.tanh(c * (x + 0.044715 * torch.pow(x, 3))))
""",
)
_ff = by(
    "ch04/feed-forward",
    """class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.c_fc = nn.Linear(d, 4 * d)
        self.act = nn.GELU()
        self.c_proj = nn.Linear(4 * d, d)

    def forward(self, x):
        x = self.c_fc(x)
        x = self.act(x)
        x = self.c_proj(x)
        return x
""",
)
_block = by(
    "ch04/transformer-block",
    """class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.ln_1 = nn.LayerNorm(cfg["emb_dim"])
        self.attn = MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])
        self.ln_2 = nn.LayerNorm(cfg["emb_dim"])
        self.mlp = FeedForward(cfg)
        self.resid_drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        a = self.attn(self.ln_1(x))
        a = self.resid_drop(a)
        x = x + a
        m = self.mlp(self.ln_2(x))
        m = self.resid_drop(m)
        x = x + m
        return x
""",
)
_shortcut = by(
    "ch04/transformer-block",
    """class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.attention_block = MultiHeadAttention(
            emb_dim=cfg["emb_dim"], n_heads=cfg["n_heads"], drop_rate=cfg["drop_rate"], qkv_bias=cfg["qkv_bias"]
        )
        self.feedforward_block = FeedForward(cfg)
        self.layernorm_a = nn.LayerNorm(cfg["emb_dim"])
        self.layernorm_b = nn.LayerNorm(cfg["emb_dim"])
        self.dropout_layer = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        skip = x
        x = self.layernorm_a(x)
        x = self.attention_block(x)
        x = self.dropout_layer(x)
        x = x + skip
        skip = x
        x = self.layernorm_b(x)
        x = self.feedforward_block(x)
        x = self.dropout_layer(x)
        x = x + skip
        return x
""",
)
_scratch = by(
    "ch04/transformer-block",
    """class Attn(nn.Module):
    def __init__(self, d, h, p, bias):
        super().__init__()
        self.h, self.p = h, p
        self.wq, self.wk, self.wv = nn.Linear(d, d, bias=bias), nn.Linear(d, d, bias=bias), nn.Linear(d, d, bias=bias)
        self.wo = nn.Linear(d, d)

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = (f(x).reshape(B, T, self.h, D // self.h).transpose(1, 2) for f in (self.wq, self.wk, self.wv))
        s = q @ k.transpose(-1, -2) / (D // self.h) ** 0.5
        s = s.masked_fill(torch.triu(torch.ones(T, T), 1).bool(), float("-inf"))
        w = F.dropout(torch.softmax(s, -1), self.p, self.training)
        return self.wo((w @ v).transpose(1, 2).reshape(B, T, D))


class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.sa = Attn(d, cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])
        self.ffn = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.do = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        x = x + self.do(self.sa(self.n1(x)))
        x = x + self.do(self.ffn(self.n2(x)))
        return x
""",
)
_gpt = by(
    "ch04/gpt-model",
    """class GPTModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.wte = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.wpe = nn.Embedding(cfg["context_length"], cfg["emb_dim"])
        self.drop = nn.Dropout(cfg["drop_rate"])
        self.h = nn.ModuleList([TransformerBlock(cfg) for _ in range(cfg["n_layers"])])
        self.ln_f = nn.LayerNorm(cfg["emb_dim"])
        self.lm_head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)

    def forward(self, in_idx):
        B, T = in_idx.shape
        if T > self.cfg["context_length"]:
            raise ValueError(f"sequence of {T} tokens, at most {self.cfg['context_length']} fit")
        pos = torch.arange(0, T, device=in_idx.device)
        x = self.wte(in_idx) + self.wpe(pos)
        x = self.drop(x)
        for block in self.h:
            x = block(x)
        x = self.ln_f(x)
        return self.lm_head(x)
""",
)
_greedy = by(
    "ch04/generate-greedy",
    """def generate_greedy(model, idx, max_new_tokens, context_length):
    was_training = model.training
    model.eval()
    for _ in range(max_new_tokens):
        idx_cond = idx[:, -context_length:]
        with torch.no_grad():
            logits = model(idx_cond)
        logits = logits[:, -1, :]
        probas = torch.softmax(logits, dim=-1)
        idx_next = torch.argmax(probas, dim=-1, keepdim=True)
        idx = torch.cat((idx, idx_next), dim=1)
    model.train(was_training)
    return idx
""",
)
_deep = by(
    "ch04/deep-network",
    """class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.use_shortcut = use_shortcut
        self.layers = nn.ModuleList([nn.Sequential(nn.Linear(width, width), nn.GELU()) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            out = layer(x)
            if self.use_shortcut:
                x = x + out
            else:
                x = out
        return x
""",
)

CHAPTER_4: list[Written] = [
    _norm("unbiased by default", "sample-variance", (", unbiased=False", "")),
    _norm(
        "std with eps outside",
        "sample-deviation-eps-outside",
        ("        var = x.var(dim=-1, keepdim=True, unbiased=False)\n", "        std = x.std(dim=-1, keepdim=True)\n"),
        ("torch.sqrt(var + self.eps)", "(std + self.eps)"),
    ),
    _norm(
        "eps outside the root", "eps-outside-the-root", ("torch.sqrt(var + self.eps)", "(torch.sqrt(var) + self.eps)")
    ),
    _norm(
        "over the batch",
        "over-the-batch over-dimension-one over-the-tokens",
        ("mean(dim=-1,", "mean(dim=0,"),
        ("var(dim=-1,", "var(dim=0,"),
    ),
    _norm("no shift", "shift-not-used", (" + self.beta", "")),
    _norm(
        "plain tensors",
        "not-trained",
        ("nn.Parameter(torch.ones(emb_dim))", "torch.ones(emb_dim)"),
        ("nn.Parameter(torch.zeros(emb_dim))", "torch.zeros(emb_dim)"),
    ),
    _norm("root forgotten", "divided-by-the-variance", ("torch.sqrt(var + self.eps)", "(var + self.eps)")),
    _norm(
        "sample variance and no shift", "sample-variance shift-not-used", (", unbiased=False", ""), (" + self.beta", "")
    ),
    _norm("eps of another size", "another-eps", ("1e-5", "1e-3")),
    _gelu("no half", "half-missing", ("0.5 * x", "x")),
    _gelu("square for cube", "squared", ("torch.pow(x, 3)", "torch.pow(x, 2)")),
    _gelu("constant with a slip", "constant-misread", ("0.044715", "0.44715")),
    _gelu(
        "two over pi without the root", "root-missing", ("torch.sqrt(torch.tensor(2.0 / torch.pi))", "2.0 / torch.pi")
    ),
    _gelu(
        "a ReLU",
        "relu",
        ("0.5 * x * (1 + torch.tanh(c * (x + 0.044715 * torch.pow(x, 3))))", "torch.maximum(x, torch.zeros_like(x))"),
    ),
    _ff("relu", "relu", ("nn.GELU()", "nn.ReLU()")),
    _ff(
        "dropout at the end",
        "dropout-at-the-end",
        (
            "        self.c_proj = nn.Linear(4 * d, d)\n",
            "        self.c_proj = nn.Linear(4 * d, d)\n        self.dropout = nn.Dropout(cfg['drop_rate'])\n",
        ),
        ("x = self.c_proj(x)", "x = self.dropout(self.c_proj(x))"),
    ),
    _ff("activation left out", "no-bend", ("        x = self.act(x)\n", "")),
    _ff(
        "residual inside",
        "shortcut-already",
        (
            "        x = self.c_fc(x)\n        x = self.act(x)\n        x = self.c_proj(x)\n        return x",
            "        return x + self.c_proj(self.act(self.c_fc(x)))",
        ),
    ),
    _ff(
        "bias off",
        "no-bias",
        ("nn.Linear(d, 4 * d)", "nn.Linear(d, 4 * d, bias=False)"),
        ("nn.Linear(4 * d, d)", "nn.Linear(4 * d, d, bias=False)"),
    ),
    _deep("always adds", "always-shortcut", ("                x = out", "                x = out + x")),
    _deep("relu instead", "relu", ("nn.GELU()", "nn.ReLU()")),
    _deep(
        "python list of layers",
        "layers-in-a-plain-list",
        (
            "nn.ModuleList([nn.Sequential(nn.Linear(width, width), nn.GELU()) for _ in range(depth)])",
            "[nn.Sequential(nn.Linear(width, width), nn.GELU()) for _ in range(depth)]",
        ),
    ),
    _deep(
        "the first input each time",
        "first-input-added",
        ("        for layer", "        start = x\n        for layer"),
        ("x = x + out", "x = start + out"),
    ),
    _block(
        "post-norm",
        "post-norm",
        ("self.attn(self.ln_1(x))", "self.attn(x)"),
        ("x = x + a", "x = self.ln_1(x + a)"),
        ("self.mlp(self.ln_2(x))", "self.mlp(x)"),
        ("x = x + m", "x = self.ln_2(x + m)"),
    ),
    _block("no second shortcut", "no-shortcut-around-feed-forward", ("x = x + m", "x = m")),
    _block(
        "one norm used twice",
        "first-norm-twice one-norm-for-both",
        ("self.mlp(self.ln_2(x))", "self.mlp(self.ln_1(x))"),
    ),
    _block("no dropout after attention", "no-dropout-after-attention", ("        a = self.resid_drop(a)\n", "")),
    _block(
        "no dropout", "no-dropout", ("        a = self.resid_drop(a)\n", ""), ("        m = self.resid_drop(m)\n", "")
    ),
    _block(
        "both parts read the input",
        "side-by-side",
        ("        x = x + a\n", "        h = x + a\n"),
        ("        x = x + m\n        return x", "        return h + m"),
    ),
    _block(
        "no shortcuts, no norm before feed-forward",
        "no-shortcuts no-norm-before-feed-forward",
        ("x = x + a", "x = a"),
        ("x = x + m", "x = m"),
        ("self.mlp(self.ln_2(x))", "self.mlp(x)"),
    ),
    _shortcut(
        "shortcut kept after the norm",
        "first-shortcut-after-the-norm",
        ("        skip = x\n        x = self.layernorm_a(x)\n", "        x = self.layernorm_a(x)\n        skip = x\n"),
    ),
    _shortcut(
        "both shortcuts after the norms",
        "normalised-vectors-added-to",
        ("        skip = x\n        x = self.layernorm_a(x)\n", "        x = self.layernorm_a(x)\n        skip = x\n"),
        ("        skip = x\n        x = self.layernorm_b(x)\n", "        x = self.layernorm_b(x)\n        skip = x\n"),
    ),
    _shortcut(
        "the shortcut is never renewed",
        "second-shortcut-from-the-start",
        ("        x = x + skip\n        skip = x\n", "        x = x + skip\n"),
    ),
    _shortcut(
        "dropout after adding",
        "dropout-on-the-stream",
        (
            "        x = self.dropout_layer(x)\n        x = x + skip\n        skip = x\n",
            "        x = x + skip\n        x = self.dropout_layer(x)\n        skip = x\n",
        ),
        (
            "        x = self.dropout_layer(x)\n        x = x + skip\n        return x",
            "        x = x + skip\n        return self.dropout_layer(x)",
        ),
    ),
    _shortcut("qkv_bias not given", "no-qkv-bias", (', qkv_bias=cfg["qkv_bias"]', "")),
    _scratch(
        "post-norm, parts of their own",
        "post-norm",
        ("x = x + self.do(self.sa(self.n1(x)))", "x = self.n1(x + self.do(self.sa(x)))"),
        ("x = x + self.do(self.ffn(self.n2(x)))", "x = self.n2(x + self.do(self.ffn(x)))"),
    ),
    _scratch(
        "feed-forward first",
        "feed-forward-first",
        ("self.sa(self.n1(x))", "self.ffn(self.n1(x))"),
        ("self.ffn(self.n2(x))", "self.sa(self.n2(x))"),
    ),
    _scratch(
        "mask forgotten",
        "future-seen",
        ('        s = s.masked_fill(torch.triu(torch.ones(T, T), 1).bool(), float("-inf"))\n', ""),
    ),
    _scratch("relu in the feed-forward", "relu", ("nn.GELU()", "nn.ReLU()")),
    _scratch(
        "no first shortcut",
        "no-shortcut-around-attention",
        ("x = x + self.do(self.sa(self.n1(x)))", "x = self.do(self.sa(self.n1(x)))"),
    ),
    _scratch("no norm before attention", "no-norm-before-attention", ("self.sa(self.n1(x))", "self.sa(x)")),
    _scratch(
        "no dropout inside attention",
        "no-dropout-inside-attention",
        ("F.dropout(torch.softmax(s, -1), self.p, self.training)", "torch.softmax(s, -1)"),
    ),
    _gpt("no final norm", "final-norm-not-used no-final-norm", ("        x = self.ln_f(x)\n", "")),
    _gpt("positions forgotten", "positions-not-added no-positions", (" + self.wpe(pos)", "")),
    _gpt("softmax at the end", "probabilities", ("self.lm_head(x)", "torch.softmax(self.lm_head(x), dim=-1)")),
    _gpt(
        "one block many times",
        "one-block-many-times",
        (
            'nn.ModuleList([TransformerBlock(cfg) for _ in range(cfg["n_layers"])])',
            'nn.ModuleList([TransformerBlock(cfg)] * cfg["n_layers"])',
        ),
    ),
    _gpt("head with a bias", "head-with-bias", (", bias=False", "")),
    _gpt("dropout never called", "no-dropout", ("        x = self.drop(x)\n", "")),
    _gpt(
        "only the last token", "last-token-only", ("        x = self.ln_f(x)\n", "        x = self.ln_f(x[:, -1:])\n")
    ),
    _gpt(
        "no error when too long",
        "no-refusal",
        (
            """        if T > self.cfg["context_length"]:
            raise ValueError(f"sequence of {T} tokens, at most {self.cfg['context_length']} fit")
""",
            "",
        ),
    ),
    _gpt(
        "blocks in a python list",
        "blocks-in-a-plain-list",
        (
            'nn.ModuleList([TransformerBlock(cfg) for _ in range(cfg["n_layers"])])',
            '[TransformerBlock(cfg) for _ in range(cfg["n_layers"])]',
        ),
    ),
    _gpt(
        "positions from one",
        "positions-counted-from-one",
        ("torch.arange(0, T, device=in_idx.device)", "torch.arange(1, T + 1, device=in_idx.device)"),
    ),
    _gpt("twelve blocks", "twelve-blocks", ('range(cfg["n_layers"])', "range(12)")),
    _greedy("first tokens kept", "crop-to-the-first", ("idx[:, -context_length:]", "idx[:, :context_length]")),
    _greedy("no eval", "dropout-left-on", ("    model.eval()\n", "")),
    _greedy("left in eval", "never-back", ("    model.train(was_training)\n", "")),
    _greedy(
        "crops what it returns",
        "result-cropped",
        ("        idx_cond = idx[:, -context_length:]\n", "        idx = idx[:, -context_length:]\n"),
        ("model(idx_cond)", "model(idx)"),
    ),
    _greedy(
        "samples",
        "drawn-at-random",
        ("torch.argmax(probas, dim=-1, keepdim=True)", "torch.multinomial(probas, num_samples=1)"),
    ),
    _greedy(
        "gradients recorded",
        "gradients-recorded",
        ("        with torch.no_grad():\n            logits = model(idx_cond)\n", "        logits = model(idx_cond)\n"),
    ),
    _greedy(
        "no no_grad and no eval",
        "gradients-recorded dropout-left-on",
        ("        with torch.no_grad():\n            logits = model(idx_cond)\n", "        logits = model(idx_cond)\n"),
        ("    model.eval()\n", ""),
    ),
    _greedy(
        "returns inside the loop",
        "returns-too-early",
        ("    model.train(was_training)\n    return idx", "        model.train(was_training)\n        return idx"),
    ),
    _greedy("keepdim forgotten", "dimension-lost", (", keepdim=True", "")),
]
