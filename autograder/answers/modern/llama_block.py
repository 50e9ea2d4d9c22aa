"""Answers to exercise 3 of 05_a_real_assistant: LlamaBlock."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="step-by-step",
        description="One line for each operation, the shortcut kept aside.",
        code="""class LlamaBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.input_layernorm = RMSNorm(cfg["emb_dim"], eps=cfg["norm_eps"])
        self.self_attn = GroupedQueryAttention(
            d=cfg["emb_dim"], n_heads=cfg["n_heads"], n_kv_heads=cfg["n_kv_heads"], base=cfg["rope_base"]
        )
        self.post_attention_layernorm = RMSNorm(cfg["emb_dim"], eps=cfg["norm_eps"])
        self.mlp = SwiGLU(cfg["emb_dim"], d_hidden=cfg["hidden_dim"])

    def forward(self, x, cache=None):
        shortcut = x
        x = self.input_layernorm(x)
        x = self.self_attn(x, cache=cache)
        x = x + shortcut
        shortcut = x
        x = self.post_attention_layernorm(x)
        x = self.mlp(x)
        return x + shortcut
""",
    ),
    Alternative(
        name="own-norm",
        description="An RMSNorm of its own, written as a formula, under the same names.",
        code="""class Norm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        size = (x.square().mean(-1, keepdim=True) + self.eps) ** 0.5
        return self.weight * (x / size)


class LlamaBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = (Norm(cfg["emb_dim"], cfg["norm_eps"]) for _ in range(2))
        self.self_attn = GroupedQueryAttention(*(cfg[key] for key in ("emb_dim", "n_heads", "n_kv_heads", "rope_base")))
        self.mlp = SwiGLU(cfg["emb_dim"], cfg["hidden_dim"])

    def forward(self, x, cache=None):
        h = torch.add(x, self.self_attn(self.input_layernorm(x), cache))
        return torch.add(h, self.mlp(self.post_attention_layernorm(h)))
""",
    ),
    Alternative(
        name="list-of-sublayers",
        description="A loop over pairs of norm and part, which are functions of vectors.",
        code="""class LlamaBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        norm = lambda: RMSNorm(d, cfg["norm_eps"])
        self.add_module("input_layernorm", norm())
        self.add_module("self_attn", GroupedQueryAttention(d, cfg["n_heads"], cfg["n_kv_heads"], cfg["rope_base"]))
        self.add_module("post_attention_layernorm", norm())
        self.add_module("mlp", SwiGLU(d, cfg["hidden_dim"]))

    def forward(self, x, cache=None):
        sublayers = [
            (self.input_layernorm, lambda inside: self.self_attn(inside, cache)),
            (self.post_attention_layernorm, self.mlp),
        ]
        for norm, part in sublayers:
            x = x + part(norm(x))
        return x
""",
    ),
]

_RIGHT = """class LlamaBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.input_layernorm = RMSNorm(d, cfg["norm_eps"])
        self.self_attn = GroupedQueryAttention(d, cfg["n_heads"], cfg["n_kv_heads"], cfg["rope_base"])
        self.post_attention_layernorm = RMSNorm(d, eps=cfg["norm_eps"])
        self.mlp = SwiGLU(d, cfg["hidden_dim"])

    def forward(self, x, cache=None):
        normed = self.input_layernorm(x)
        h = x + self.self_attn(normed, cache)
        inside = self.post_attention_layernorm(h)
        return h + self.mlp(inside)
"""

_mistake = partial(made_in, _RIGHT, see="05_a_real_assistant: Exercise 3: LlamaBlock")

_FIRST = "        normed = self.input_layernorm(x)\n        h = x + self.self_attn(normed, cache)\n"
_SECOND = "        inside = self.post_attention_layernorm(h)\n        return h + self.mlp(inside)\n"

MISTAKES = [
    _mistake(
        "post-norm",
        "You normalise after adding, as the first transformers did. A Llama normalises what goes *into* each part, and nothing on "
        "the residual stream.",
        (_FIRST, "        h = self.input_layernorm(x + self.self_attn(x, cache))\n"),
        (_SECOND, "        return self.post_attention_layernorm(h + self.mlp(h))\n"),
    ),
    _mistake(
        "no-first-residual",
        "The result of the attention replaces the stream. Add it to `x`.",
        ("h = x + self.self_attn", "h = self.self_attn"),
    ),
    _mistake(
        "no-second-residual",
        "The result of the SwiGLU replaces the stream. Add it to what the attention has left there.",
        ("return h + self.mlp", "return self.mlp"),
    ),
    _mistake(
        "added-to-the-normalised",
        "You add the attention to the normalised vectors. The residual connection goes around the norm, too: add to `x` itself.",
        ("h = x + self.self_attn", "h = normed + self.self_attn"),
    ),
    _mistake(
        "second-added-to-the-normalised",
        "You add the SwiGLU to the normalised vectors. The residual connection goes around the second norm, too.",
        ("return h + self.mlp", "return inside + self.mlp"),
    ),
    _mistake(
        "second-added-to-the-input",
        "At the end you add to the block's input, and what the attention did is lost. Add to the sum that it left.",
        ("return h + self.mlp", "return x + self.mlp"),
    ),
    _mistake(
        "no-first-norm",
        "The attention gets the vectors as they are. The first RMSNorm comes before it.",
        ("normed = self.input_layernorm(x)", "normed = x"),
    ),
    _mistake(
        "no-second-norm",
        "The SwiGLU gets the vectors as they are. The second RMSNorm comes before it.",
        ("inside = self.post_attention_layernorm(h)", "inside = h"),
    ),
    _mistake(
        "one-norm-for-both",
        "You use the first norm twice. Each part has one of its own, with its own scale.",
        ("inside = self.post_attention_layernorm(h)", "inside = self.input_layernorm(h)"),
    ),
    _mistake(
        "norms-swapped",
        "The norms are swapped: `input_layernorm` comes before the attention, `post_attention_layernorm` before the SwiGLU.",
        ("normed = self.input_layernorm(x)", "normed = self.post_attention_layernorm(x)"),
        ("inside = self.post_attention_layernorm(h)", "inside = self.input_layernorm(h)"),
    ),
    _mistake(
        "in-parallel",
        "Attention and SwiGLU both read the block's input. The SwiGLU comes after the attention, and reads its result.",
        ("inside = self.post_attention_layernorm(h)", "inside = self.post_attention_layernorm(x)"),
    ),
    _mistake(
        "feed-forward-first",
        "The SwiGLU comes first in your block. First the attention, then the SwiGLU.",
        (_FIRST, "        h = x + self.mlp(self.post_attention_layernorm(x))\n"),
        (_SECOND, "        return h + self.self_attn(self.input_layernorm(h), cache)\n"),
    ),
    _mistake(
        "cache-not-passed-on",
        "The cache does not reach the attention, so that later tokens do not know the earlier ones.",
        ("self.self_attn(normed, cache)", "self.self_attn(normed)"),
    ),
    _mistake(
        "base-not-passed-on",
        "The base of the rotary positions is not the configuration's. Nothing raises an error; far tokens are just placed wrongly.",
        (', cfg["n_kv_heads"], cfg["rope_base"])', ', cfg["n_kv_heads"])'),
    ),
    _mistake(
        "eps-not-passed-on",
        "The `eps` of the norms is not the configuration's.",
        ('RMSNorm(d, cfg["norm_eps"])', "RMSNorm(d)"),
        ('RMSNorm(d, eps=cfg["norm_eps"])', "RMSNorm(d)"),
    ),
    _mistake(
        "layer-norm",
        "You use LayerNorm, which subtracts the mean and has a shift. A Llama has RMSNorm.",
        ('RMSNorm(d, cfg["norm_eps"])', 'nn.LayerNorm(d, cfg["norm_eps"])'),
        ('RMSNorm(d, eps=cfg["norm_eps"])', 'nn.LayerNorm(d, eps=cfg["norm_eps"])'),
    ),
    _mistake(
        "keys-for-every-query",
        "You give every head of queries keys and values of its own. There are `n_kv_heads` of them.",
        ('cfg["n_heads"], cfg["n_kv_heads"]', 'cfg["n_heads"], cfg["n_heads"]'),
    ),
    _mistake(
        "own-names",
        "Your attributes have other names than the table. Loading finds weights by their names.",
        ("self.mlp = SwiGLU", "self.feed_forward = SwiGLU"),
        ("self.mlp(inside)", "self.feed_forward(inside)"),
    ),
    _mistake(
        "input-changed",
        "`+=` changes the tensor that you were given. Make a new one: `x = x + ...`.",
        (
            "        h = x + self.self_attn(normed, cache)\n",
            "        h = x\n        with torch.no_grad():\n            h += self.self_attn(normed, cache)\n",
        ),
    ),
]
