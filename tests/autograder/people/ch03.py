"""Attention."""

# ruff: noqa: E501  (texts are lines of answers)

from __future__ import annotations

from people.written import Written, by

_simple = by(
    "ch03/simple-attention-weights",
    """def simple_attention_weights(x):
    dots = torch.matmul(x, x.transpose(-1, -2))
    return F.softmax(dots, dim=-1)
""",
)
_weights = by(
    "ch03/attention-weights",
    """def attention_weights(queries, keys):
    width = queries.size(-1)
    raw = torch.einsum("...qd,...kd->...qk", queries, keys)
    raw = raw / torch.sqrt(torch.tensor(width, dtype=raw.dtype))
    return raw.softmax(-1)
""",
)
_self = by(
    "ch03/self-attention",
    """class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.to_q = nn.Linear(d_in, d_out, qkv_bias)
        self.to_k = nn.Linear(d_in, d_out, qkv_bias)
        self.to_v = nn.Linear(d_in, d_out, qkv_bias)

    def forward(self, x):
        q = self.to_q(x)
        k = self.to_k(x)
        v = self.to_v(x)
        att = q.matmul(k.transpose(-2, -1))
        att = att * (k.size(-1) ** -0.5)
        att = att.softmax(dim=-1)
        return att.matmul(v)
""",
)
_mask = by(
    "ch03/causal-mask",
    """def causal_mask(length):
    rows = torch.arange(length).unsqueeze(1)
    cols = torch.arange(length).unsqueeze(0)
    return cols > rows
""",
)
_masked = by(
    "ch03/masked-attention-weights",
    """def masked_attention_weights(scores):
    n = scores.size(-1)
    keep = torch.tril(torch.ones(n, n, device=scores.device))
    hidden = scores.masked_fill(keep == 0, float("-inf"))
    return F.softmax(hidden, dim=-1)
""",
)
_causal = by(
    "ch03/causal-attention",
    """class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.d_out = d_out
        self.W_query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.attn_drop = nn.Dropout(dropout)
        self.register_buffer("tri", torch.triu(torch.ones(context_length, context_length), diagonal=1))

    def forward(self, x):
        b, num_tokens, d_in = x.shape
        keys = self.W_key(x)
        queries = self.W_query(x)
        values = self.W_value(x)
        attn_scores = queries @ keys.transpose(1, 2)
        attn_scores = attn_scores.masked_fill(self.tri.bool()[:num_tokens, :num_tokens], -torch.inf)
        attn_weights = torch.softmax(attn_scores / keys.shape[-1] ** 0.5, dim=-1)
        attn_weights = self.attn_drop(attn_weights)
        return attn_weights @ values
""",
)
_fused = by(
    "ch03/causal-attention",
    """class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.n = d_out
        self.c_attn = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)
        self.p = dropout
        self.register_buffer("bias", torch.tril(torch.ones(context_length, context_length)))

    def forward(self, x):
        T = x.size(1)
        q, k, v = self.c_attn(x).split(self.n, dim=2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.bias[:T, :T] == 0, float("-inf"))
        att = F.softmax(att, dim=-1)
        att = F.dropout(att, self.p, training=self.training)
        y = att @ v
        return y
""",
)
_wrapper = by(
    "ch03/multi-head-wrapper",
    """class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        hs = []
        for i in range(num_heads):
            hs.append(CausalHead(d_in, d_out, context_length, dropout, qkv_bias))
        self.hs = nn.ModuleList(hs)

    def forward(self, x):
        outs = [h(x) for h in self.hs]
        return torch.cat(outs, dim=2)
""",
)
_split = by(
    "ch03/split-heads",
    """def split_heads(x, num_heads):
    b, t, c = x.shape
    hd = c // num_heads
    x = x.reshape(b, t, num_heads, hd)
    return x.permute(0, 2, 1, 3)
""",
)
_merge = by(
    "ch03/merge-heads",
    """def merge_heads(x):
    b, h, t, e = x.shape
    x = x.permute(0, 2, 1, 3).contiguous()
    return x.view(b, t, h * e)
""",
)
_multi = by(
    "ch03/multi-head-attention",
    """class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads != 0:
            raise ValueError("d_out is not a multiple of num_heads")
        self.d_out = d_out
        self.num_heads = num_heads
        self.head_dim = d_out // num_heads
        self.W_query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.out_proj = nn.Linear(d_out, d_out)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mask", torch.triu(torch.ones(context_length, context_length), diagonal=1))

    def forward(self, x):
        b, num_tokens, _ = x.shape
        keys = self.W_key(x).view(b, num_tokens, self.num_heads, self.head_dim)
        values = self.W_value(x).view(b, num_tokens, self.num_heads, self.head_dim)
        queries = self.W_query(x).view(b, num_tokens, self.num_heads, self.head_dim)
        keys = keys.transpose(1, 2)
        queries = queries.transpose(1, 2)
        values = values.transpose(1, 2)
        attn_scores = queries @ keys.transpose(2, 3)
        mask_bool = self.mask.bool()[:num_tokens, :num_tokens]
        attn_scores.masked_fill_(mask_bool, -torch.inf)
        attn_weights = torch.softmax(attn_scores / keys.shape[-1] ** 0.5, dim=-1)
        attn_weights = self.dropout(attn_weights)
        context = (attn_weights @ values).transpose(1, 2)
        context = context.contiguous().view(b, num_tokens, self.d_out)
        return self.out_proj(context)
""",
)
_sdpa = by(
    "ch03/multi-head-attention",
    """class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError("heads do not fit")
        self.h, self.hs = num_heads, d_out // num_heads
        self.p = dropout
        self.qkv = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)
        self.proj = nn.Linear(d_out, d_out)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(B, T, self.h, self.hs).transpose(1, 2)
        k = k.view(B, T, self.h, self.hs).transpose(1, 2)
        v = v.view(B, T, self.h, self.hs).transpose(1, 2)
        p = self.p if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=p, is_causal=True)
        y = y.transpose(1, 2).reshape(B, T, self.h * self.hs)
        return self.proj(y)
""",
)
_BOOK_MASK = "        attn_scores = attn_scores.masked_fill(self.tri.bool()[:num_tokens, :num_tokens], -torch.inf)\n"
_NO_BIAS = ("self.out_proj = nn.Linear(d_out, d_out)", "self.out_proj = nn.Linear(d_out, d_out, bias=False)")

CHAPTER_3: list[Written] = [
    _simple(
        "softmax over the rows of the batch", "softmax-over-columns softmax-over-dimension-one", ("dim=-1)", "dim=1)")
    ),
    _simple(
        "divides instead of softmax",
        "divided-by-the-sum",
        ("F.softmax(dots, dim=-1)", "dots / dots.sum(-1, keepdim=True)"),
    ),
    _simple("scaled", "already-scaled", ("F.softmax(dots,", "F.softmax(dots / x.shape[-1] ** 0.5,")),
    _weights("no scale", "not-scaled", ("    raw = raw / torch.sqrt(torch.tensor(width, dtype=raw.dtype))\n", "")),
    _weights(
        "width not its root", "scaled-without-root", ("torch.sqrt(torch.tensor(width, dtype=raw.dtype))", "width")
    ),
    _weights("dim 1 forgotten for batches", "softmax-over-dimension-one", ("softmax(-1)", "softmax(1)")),
    _weights(
        "no scale, wrong softmax",
        "not-scaled softmax-over-queries",
        ("    raw = raw / torch.sqrt(torch.tensor(width, dtype=raw.dtype))\n", ""),
        ("softmax(-1)", "softmax(-2)"),
    ),
    _self("no scale", "scores-not-scaled", ("        att = att * (k.size(-1) ** -0.5)\n", "")),
    _self("scale by d_in", "scaled-by-input-width", ("k.size(-1) ** -0.5", "x.size(-1) ** -0.5")),
    _self("weights times keys", "keys-for-values", ("att.matmul(v)", "att.matmul(k)")),
    _self(
        "parameters as plain tensors",
        "weights-not-trainable",
        (
            "nn.Linear(d_in, d_out, qkv_bias)\n        self.to_k",
            "nn.Linear(d_in, d_out, qkv_bias).requires_grad_(False)\n        self.to_k",
        ),
        (
            "self.to_k = nn.Linear(d_in, d_out, qkv_bias)",
            "self.to_k = nn.Linear(d_in, d_out, qkv_bias).requires_grad_(False)",
        ),
        (
            "self.to_v = nn.Linear(d_in, d_out, qkv_bias)",
            "self.to_v = nn.Linear(d_in, d_out, qkv_bias).requires_grad_(False)",
        ),
    ),
    _self(
        "forward inside __init__",
        "methods-inside-init",
        (
            """
    def forward(self, x):
        q = self.to_q(x)
        k = self.to_k(x)
        v = self.to_v(x)
        att = q.matmul(k.transpose(-2, -1))
        att = att * (k.size(-1) ** -0.5)
        att = att.softmax(dim=-1)
        return att.matmul(v)
""",
            """
        def forward(self, x):
            q = self.to_q(x)
            k = self.to_k(x)
            v = self.to_v(x)
            att = q.matmul(k.transpose(-2, -1))
            att = att * (k.size(-1) ** -0.5)
            att = att.softmax(dim=-1)
            return att.matmul(v)
""",
        ),
    ),
    _self(
        "bias left at its default",
        "bias-always",
        ("self.to_q = nn.Linear(d_in, d_out, qkv_bias)", "self.to_q = nn.Linear(d_in, d_out)"),
        ("self.to_k = nn.Linear(d_in, d_out, qkv_bias)", "self.to_k = nn.Linear(d_in, d_out)"),
        ("self.to_v = nn.Linear(d_in, d_out, qkv_bias)", "self.to_v = nn.Linear(d_in, d_out)"),
    ),
    _mask("includes itself", "diagonal-hidden", ("cols > rows", "cols >= rows")),
    _mask("what may be seen", "allowed-instead-of-hidden", ("cols > rows", "cols <= rows")),
    _mask(
        "minus infinity over zeros",
        "zero-times-infinity",
        ("return cols > rows", "return torch.ones(length, length).triu(1) * float('-inf')"),
    ),
    _masked(
        "zeros after softmax",
        "mask-after-softmax",
        (
            """    hidden = scores.masked_fill(keep == 0, float("-inf"))
    return F.softmax(hidden, dim=-1)""",
            "    return F.softmax(scores, dim=-1) * keep",
        ),
    ),
    _masked(
        "zeros after softmax and sums again",
        "renormalised-after-softmax",
        (
            """    hidden = scores.masked_fill(keep == 0, float("-inf"))
    return F.softmax(hidden, dim=-1)""",
            "    w = torch.softmax(scores, dim=-1) * keep\n    return w / w.sum(dim=-1, keepdim=True)",
        ),
    ),
    _masked("fills with zero", "score-zero tiny-instead-of-very-negative", ('float("-inf")', "0.0")),
    _masked("hides what may be seen", "triangle-swapped diagonal-hidden", ("keep == 0", "keep == 1")),
    _masked("scores filled in place", "in-place", ("hidden = scores.masked_fill(", "hidden = scores.masked_fill_(")),
    _masked(
        "book's mask as numbers",
        "float-mask",
        (
            "keep = torch.tril(torch.ones(n, n, device=scores.device))",
            "keep = torch.triu(torch.ones(n, n), diagonal=1)",
        ),
        ("keep == 0", "keep"),
    ),
    _causal("float mask as in the book", "float-mask", ("self.tri.bool()[", "self.tri[")),
    _causal(
        "float mask and no scale",
        "float-mask scores-not-scaled",
        ("self.tri.bool()[", "self.tri["),
        (" / keys.shape[-1] ** 0.5", ""),
    ),
    _causal(
        "masked_fill result lost",
        "mask-thrown-away no-mask",
        ("attn_scores = attn_scores.masked_fill", "attn_scores.masked_fill"),
    ),
    _causal("whole mask", "mask-not-cut", ("[:num_tokens, :num_tokens]", "")),
    _causal(
        "tril for triu",
        "triangle-swapped",
        (
            "torch.triu(torch.ones(context_length, context_length), diagonal=1)",
            "torch.tril(torch.ones(context_length, context_length), diagonal=-1)",
        ),
    ),
    _causal("diagonal left at its default", "diagonal-hidden", (", diagonal=1)", ")")),
    _causal("transposes everything", "whole-tensor-turned-over", ("keys.transpose(1, 2)", "keys.T")),
    _causal(
        "no scale, no dropout",
        "scores-not-scaled dropout-missing",
        (" / keys.shape[-1] ** 0.5", ""),
        ("        attn_weights = self.attn_drop(attn_weights)\n", ""),
    ),
    _causal(
        "dropout created and not called, mask lost",
        "mask-thrown-away no-mask dropout-missing",
        ("attn_scores = attn_scores.masked_fill", "attn_scores.masked_fill"),
        ("        attn_weights = self.attn_drop(attn_weights)\n", ""),
    ),
    _causal("dropout rate written in", "constant-for-a-setting", ("nn.Dropout(dropout)", "nn.Dropout(0.5)")),
    _causal(
        "softmax first, then masked in place",
        "mask-after-softmax",
        (_BOOK_MASK, ""),
        (
            "        attn_weights = self.attn_drop(attn_weights)\n",
            "        attn_weights = attn_weights.masked_fill(self.tri.bool()[:num_tokens, :num_tokens], 0.0)\n        attn_weights = self.attn_drop(attn_weights)\n",
        ),
    ),
    _fused("scale forgotten", "scores-not-scaled", (" * (1.0 / math.sqrt(k.size(-1)))", "")),
    _fused(
        "dropout on the result",
        "dropout-on-the-output",
        ("        att = F.dropout(att, self.p, training=self.training)\n", ""),
        ("return y", "return F.dropout(y, self.p, training=self.training)"),
    ),
    _fused("functional dropout always on", "dropout-never-off", (", training=self.training", "")),
    _fused("softmax over dimension 1", "softmax-over-queries", ("softmax(att, dim=-1)", "softmax(att, dim=1)")),
    _fused("mask of ones", "no-mask mask-thrown-away", ("== 0", "< 0")),
    _fused("mask with zeros", "score-zero", ('float("-inf")', "0")),
    _wrapper("python list", "plain-list", ("nn.ModuleList(hs)", "hs")),
    _wrapper("stacked on the tokens", "joined-along-tokens", ("dim=2", "dim=1")),
    _wrapper(
        "the same head",
        "same-head-repeated",
        (
            "        hs = []\n",
            "        hs = []\n        one = CausalHead(d_in, d_out, context_length, dropout, qkv_bias)\n",
        ),
        ("hs.append(CausalHead(d_in, d_out, context_length, dropout, qkv_bias))", "hs.append(one)"),
    ),
    _wrapper(
        "divides the width",
        "width-shared-out",
        ("hs.append(CausalHead(d_in, d_out,", "hs.append(CausalHead(d_in, d_out // num_heads,"),
    ),
    _wrapper("bias not given", "bias-not-passed", ("dropout, qkv_bias))", "dropout))")),
    _split(
        "view straight to the end",
        "reshaped-without-transpose",
        (
            "    x = x.reshape(b, t, num_heads, hd)\n    return x.permute(0, 2, 1, 3)",
            "    return x.view(b, num_heads, t, hd)",
        ),
    ),
    _split("no swap", "tokens-before-heads", ("x.permute(0, 2, 1, 3)", "x")),
    _split(
        "width before heads",
        "features-dealt-out width-and-heads-swapped",
        ("(b, t, num_heads, hd)", "(b, t, hd, num_heads)"),
        ("(0, 2, 1, 3)", "(0, 3, 1, 2)"),
    ),
    _merge("no swap back", "reshaped-without-transpose", (".permute(0, 2, 1, 3).contiguous()", "")),
    _merge("view needs contiguous", "view-after-transpose", (".contiguous()", "")),
    _merge("swaps the last two", "features-interleaved wrong-dimensions-exchanged", ("(0, 2, 1, 3)", "(0, 2, 3, 1)")),
    _multi("no scale, projection without bias", "scores-not-scaled", (" / keys.shape[-1] ** 0.5", ""), _NO_BIAS),
    _multi(
        "scaled by all of d_out, projection without bias",
        "scaled-by-full-width",
        ("keys.shape[-1] ** 0.5", "self.d_out ** 0.5"),
        _NO_BIAS,
    ),
    _multi(
        "projection forgotten",
        "output-projection-unused no-output-projection",
        ("return self.out_proj(context)", "return context"),
    ),
    _multi(
        "split by view alone",
        "split-without-transpose",
        (
            "        keys = keys.transpose(1, 2)\n        queries = queries.transpose(1, 2)\n        values = values.transpose(1, 2)\n",
            "",
        ),
        (
            "keys = self.W_key(x).view(b, num_tokens, self.num_heads, self.head_dim)",
            "keys = self.W_key(x).view(b, self.num_heads, num_tokens, self.head_dim)",
        ),
        (
            "values = self.W_value(x).view(b, num_tokens, self.num_heads, self.head_dim)",
            "values = self.W_value(x).view(b, self.num_heads, num_tokens, self.head_dim)",
        ),
        (
            "queries = self.W_query(x).view(b, num_tokens, self.num_heads, self.head_dim)",
            "queries = self.W_query(x).view(b, self.num_heads, num_tokens, self.head_dim)",
        ),
    ),
    _multi(
        "merged without transpose",
        "merge-without-transpose",
        ("(attn_weights @ values).transpose(1, 2)", "attn_weights @ values"),
    ),
    _multi("float mask", "float-mask", ("self.mask.bool()[", "self.mask[")),
    _multi(
        "dropout also on the output",
        "dropout-on-the-output",
        ("        attn_weights = self.dropout(attn_weights)\n", ""),
        ("self.out_proj(context)", "self.dropout(self.out_proj(context))"),
    ),
    _multi(
        "no error and no scale",
        "width-not-checked scores-not-scaled",
        (
            '        if d_out % num_heads != 0:\n            raise ValueError("d_out is not a multiple of num_heads")\n',
            "",
        ),
        (" / keys.shape[-1] ** 0.5", ""),
    ),
    _multi(
        "assert as in the book",
        "assert-for-value-error",
        (
            '        if d_out % num_heads != 0:\n            raise ValueError("d_out is not a multiple of num_heads")\n',
            "        assert d_out % num_heads == 0\n",
        ),
    ),
    _multi(
        "assert and dropout forgotten",
        "assert-for-value-error dropout-missing",
        (
            '        if d_out % num_heads != 0:\n            raise ValueError("d_out is not a multiple of num_heads")\n',
            "        assert d_out % num_heads == 0\n",
        ),
        ("        attn_weights = self.dropout(attn_weights)\n", ""),
    ),
    _sdpa(
        "mask turned round",
        "sdpa-mask-inverted",
        ("dropout_p=p, is_causal=True", "attn_mask=torch.ones(T, T, dtype=torch.bool).triu(1), dropout_p=p"),
    ),
    _sdpa(
        "attends before the split",
        "one-head-only sdpa-before-the-split",
        (
            "        q = q.view(B, T, self.h, self.hs).transpose(1, 2)\n        k = k.view(B, T, self.h, self.hs).transpose(1, 2)\n        v = v.view(B, T, self.h, self.hs).transpose(1, 2)\n",
            "",
        ),
        ("        y = y.transpose(1, 2).reshape(B, T, self.h * self.hs)\n", ""),
    ),
    _sdpa("not causal", "no-mask mask-thrown-away", (", is_causal=True", "")),
    _sdpa(
        "dropout in evaluation",
        "dropout-never-off sdpa-dropout-never-off",
        ("self.p if self.training else 0.0", "self.p"),
    ),
    _sdpa(
        "heads interleaved with the width",
        "",
        (
            "q = q.view(B, T, self.h, self.hs).transpose(1, 2)",
            "q = q.view(B, T, self.hs, self.h).permute(0, 3, 1, 2).roll(1, 1)",
        ),
        ("y = F", "v = v.cumsum(2)\n        y = F"),
    ),
]
