"""Answers to exercise 4 of 05_a_real_assistant: LlamaModel."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

_INIT = """class LlamaModel(nn.Module):
    def __init__(self, cfg, block):
        super().__init__()
        self.embed_tokens = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.layers = nn.ModuleList([block(cfg) for _ in range(cfg["n_layers"])])
        self.norm = RMSNorm(cfg["emb_dim"], cfg["norm_eps"])
"""

ALTERNATIVES = [
    Alternative(
        name="functional-head",
        description="The head by functional.linear, the caches zipped with the layers.",
        code=_INIT
        + """
    def forward(self, ids, caches=None):
        x = self.embed_tokens(ids)
        for layer, cache in zip(self.layers, caches or [None] * len(self.layers)):
            x = layer(x, cache)
        return nn.functional.linear(self.norm(x), self.embed_tokens.weight)
""",
    ),
    Alternative(
        name="growing-list",
        description="Layers appended one by one, rows of the table by indexing, the head by einsum.",
        code="""class LlamaModel(nn.Module):
    def __init__(self, cfg, block):
        super().__init__()
        size = cfg["emb_dim"]
        self.embed_tokens = nn.Embedding(num_embeddings=cfg["vocab_size"], embedding_dim=size)
        self.layers = nn.ModuleList()
        for _ in range(cfg["n_layers"]):
            self.layers.append(block(cfg))
        self.norm = RMSNorm(d=size, eps=cfg["norm_eps"])

    def forward(self, ids, caches=None):
        table = self.embed_tokens.weight
        x = table[ids]
        for n in range(len(self.layers)):
            x = self.layers[n](x, None) if caches is None else self.layers[n](x, caches[n])
        return torch.einsum("btd,vd->btv", self.norm(x), table)
""",
    ),
    Alternative(
        name="iterator-of-caches",
        description="An iterator of caches, endless where there are none; one-hot vectors for the lookup.",
        code="""from itertools import repeat


class LlamaModel(nn.Module):
    def __init__(self, cfg, block):
        nn.Module.__init__(self)
        self.embed_tokens = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.layers = nn.ModuleList(map(block, [cfg] * cfg["n_layers"]))
        self.norm = RMSNorm(cfg["emb_dim"], cfg["norm_eps"])

    def forward(self, ids, caches=None):
        table = self.embed_tokens.weight
        x = nn.functional.one_hot(ids, len(table)).to(table.dtype) @ table
        pairs = zip(self.layers, repeat(None) if caches is None else caches)
        for layer, cache in pairs:
            x = layer(x, cache)
        return torch.matmul(self.norm(x), table.mT)
""",
    ),
]

_RIGHT = (
    _INIT
    + """
    def forward(self, ids, caches=None):
        x = self.embed_tokens(ids)
        for number, layer in enumerate(self.layers):
            cache = None if caches is None else caches[number]
            x = layer(x, cache)
        x = self.norm(x)
        return x @ self.embed_tokens.weight.T
"""
)

_mistake = partial(made_in, _RIGHT, see="05_a_real_assistant: Exercise 4: LlamaModel")

MISTAKES = [
    _mistake(
        "no-last-norm",
        "The last RMSNorm is not used: it comes after the layers and before the head.",
        ("        x = self.norm(x)\n", ""),
    ),
    _mistake(
        "norm-at-the-start",
        "You normalise the embeddings, and not what the layers leave. The last RMSNorm comes after the layers.",
        ("        x = self.norm(x)\n", ""),
        ("x = self.embed_tokens(ids)", "x = self.norm(self.embed_tokens(ids))"),
    ),
    _mistake(
        "norm-after-each-layer",
        "You apply the last RMSNorm after each layer. It comes once, after the last one.",
        ("            x = layer(x, cache)\n        x = self.norm(x)\n", "            x = self.norm(layer(x, cache))\n"),
    ),
    _mistake(
        "head-of-its-own",
        "Your head has a matrix of its own, for which the file has no weights. SmolLM2 uses the token table once more.",
        (
            "        self.norm =",
            '        self.head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)\n        self.norm =',
        ),
        ("return x @ self.embed_tokens.weight.T", "return self.head(x)"),
    ),
    _mistake(
        "copy-of-the-table",
        "The head uses a copy of the token table, cut off from training by `detach` or `data`. Use the parameter itself.",
        ("self.embed_tokens.weight.T", "self.embed_tokens.weight.detach().T"),
    ),
    _mistake(
        "last-position-only",
        "You return the logits of the last token only. Each token has its own: (B, T, V).",
        ("        x = self.norm(x)\n", "        x = self.norm(x)[:, -1:]\n"),
    ),
    _mistake(
        "caches-not-passed-on",
        "The caches do not reach the layers.",
        ("x = layer(x, cache)", "x = layer(x)"),
    ),
    _mistake(
        "one-cache-for-all-layers",
        "All layers get the cache of the first one. Each layer has other keys and values, and a cache of its own.",
        ("caches[number]", "caches[0]"),
    ),
    _mistake(
        "caches-in-reverse",
        "The caches are given out from the end. The first belongs to the first layer.",
        ("caches[number]", "caches[-1 - number]"),
    ),
    _mistake(
        "one-block-for-all",
        "You make one block and put it into the list several times, so that all layers share their weights. Make each anew.",
        ('[block(cfg) for _ in range(cfg["n_layers"])]', '[block(cfg)] * cfg["n_layers"]'),
    ),
    _mistake(
        "plain-list",
        "In a plain list `nn.Module` does not find the blocks, and their weights are no parameters of the model. Use `nn.ModuleList`.",
        ('nn.ModuleList([block(cfg) for _ in range(cfg["n_layers"])])', '[block(cfg) for _ in range(cfg["n_layers"])]'),
    ),
    _mistake(
        "layers-in-reverse",
        "You go through the layers from the last to the first.",
        ("enumerate(self.layers)", "reversed(list(enumerate(self.layers)))"),
    ),
    _mistake(
        "last-layer-left-out",
        "The last layer is left out.",
        ("enumerate(self.layers)", "enumerate(self.layers[:-1])"),
    ),
    _mistake(
        "embeddings-scaled",
        "You multiply the embeddings by the root of their width, as other models do. A Llama does not.",
        ("x = self.embed_tokens(ids)", "x = self.embed_tokens(ids) * self.embed_tokens.embedding_dim**0.5"),
    ),
    _mistake(
        "probabilities",
        "You return probabilities. The model returns logits; the softmax comes where it is needed.",
        ("return x @ self.embed_tokens.weight.T", "return (x @ self.embed_tokens.weight.T).softmax(dim=-1)"),
    ),
    _mistake(
        "residual-around-layers",
        "You add a layer's input to its output. The residual connections are inside the layer already.",
        ("x = layer(x, cache)", "x = x + layer(x, cache)"),
    ),
    _mistake(
        "eps-not-passed-on",
        "The `eps` of the last norm is not the configuration's.",
        (', cfg["norm_eps"])', ")"),
    ),
    _mistake(
        "own-names",
        "Your attributes have other names than the table. Loading finds weights by their names.",
        ("        self.norm =", "        self.final_norm ="),
        ("x = self.norm(x)", "x = self.final_norm(x)"),
    ),
]
