"""Known mistakes of chapter 4: the GPT model, its parameters and their memory."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- GPTModel ------------------------------------------------------------------------------------------------------

_MODEL_RIGHT = """class GPTModel(nn.Module):
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


def _model(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(
        _MODEL_RIGHT, "ch04/gpt-model", name, explanation, *changes, see="03_gpt_model: Exercise 1: GPTModel"
    )


_MODEL = [
    _model(
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
    _model(
        "positions-not-added",
        "You look the positions up and do not add them to the token vectors.",
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx)"),
    ),
    _model(
        "positions-multiplied",
        "You multiply token and position vectors. They are added.",
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx) * places"),
    ),
    _model(
        "positions-counted-from-one",
        "Your places begin at 1, so the first row of the table is never used, and a full context runs over its end. The first "
        "place is 0.",
        ("torch.arange(length, device=in_idx.device)", "torch.arange(1, length + 1, device=in_idx.device)"),
    ),
    _model(
        "positions-of-the-whole-context",
        "You look up the positions of the whole context. The text has T tokens, which may be fewer.",
        ("torch.arange(length, device=in_idx.device)", "torch.arange(most, device=in_idx.device)"),
    ),
    _model(
        "position-of-the-last-token",
        "All your tokens get the vector of the last place. Each has its own: `torch.arange(T)`.",
        ("torch.arange(length, device=in_idx.device)", "torch.tensor([length - 1])"),
    ),
    _model(
        "ids-for-places",
        "You look up the position table with the token ids. It is looked up with the places 0 to T - 1.",
        ("self.pos_emb(torch.arange(length, device=in_idx.device))", "self.pos_emb(in_idx % most)"),
    ),
    _model(
        "tables-exchanged",
        "Your tables have each other's number of rows: the token table has `vocab_size` rows, the position table "
        "`context_length`.",
        ('self.tok_emb = nn.Embedding(cfg["vocab_size"]', 'self.tok_emb = nn.Embedding(cfg["context_length"]'),
        ('self.pos_emb = nn.Embedding(cfg["context_length"]', 'self.pos_emb = nn.Embedding(cfg["vocab_size"]'),
    ),
    _model(
        "position-table-too-long",
        "Your position table has a row for each token of the vocabulary. It has `context_length` rows, and longer texts are "
        "refused.",
        ('self.pos_emb = nn.Embedding(cfg["context_length"]', 'self.pos_emb = nn.Embedding(cfg["vocab_size"]'),
    ),
    _model(
        "no-refusal",
        "Nothing in your model looks at the length, so a long text ends with an IndexError of the position table. Raise a "
        "`ValueError` that names the context length.",
        (_REFUSAL, ""),
    ),
    _model(
        "assert-for-valueerror",
        "You refuse long texts with an `assert`, which raises an AssertionError. The docstring asks for a `ValueError`.",
        (_REFUSAL, '        assert length <= most, f"more tokens than the context length of {most}"\n'),
    ),
    _model(
        "context-length-not-named",
        "Your `ValueError` does not say how many tokens would be allowed. Put the context length into its message.",
        ('f"{length} tokens exceed the context length of {most}"', '"too many tokens"'),
    ),
    _model(
        "full-context-refused",
        "You refuse a text that fills the context exactly. Only longer ones are too long: `>`, not `>=`.",
        ("if length > most", "if length >= most"),
    ),
    _model(
        "cropped-in-silence",
        "You cut long texts off without a word, so the logits do not fit the ids. Raise a `ValueError`; cutting is left to the "
        "caller.",
        (_REFUSAL, "        in_idx = in_idx[:, -most:]\n        length = in_idx.shape[1]\n"),
    ),
    _model(
        "no-final-norm",
        "The last LayerNorm is missing: the residual stream is normalised once before the head.",
        ('        self.final_norm = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ("        x = self.final_norm(x)\n", ""),
    ),
    _model(
        "final-norm-not-used",
        "You made a last LayerNorm and do not use it in `forward`.",
        ("        x = self.final_norm(x)\n", ""),
    ),
    _model(
        "norm-before-the-blocks",
        "Your LayerNorm stands before the blocks. It stands after the last one.",
        ("        x = self.final_norm(x)\n", ""),
        ("        for block in self.blocks:\n", "        x = self.final_norm(x)\n        for block in self.blocks:\n"),
    ),
    _model(
        "norm-after-every-block",
        "You normalise the stream after each block. It is normalised once, after the last one.",
        ("            x = block(x)\n        x = self.final_norm(x)\n", "            x = self.final_norm(block(x))\n"),
    ),
    _model(
        "future-seen",
        "Your blocks see the future: pass `is_causal=True`, or mask the scores above the diagonal.",
        ("[TransformerBlock(cfg)", "[OpenBlock(cfg)"),
        ("class GPTModel(nn.Module):", _OPEN_BLOCK),
    ),
    _model(
        "one-block-many-times",
        "`[block] * n` is one block, many times: all layers share the same weights. Make each block anew.",
        ('[TransformerBlock(cfg) for _ in range(cfg["n_layers"])]', '[TransformerBlock(cfg)] * cfg["n_layers"]'),
    ),
    _model(
        "one-block",
        "Your model has one block. It has `n_layers` of them.",
        ('for _ in range(cfg["n_layers"])', "for _ in range(1)"),
    ),
    _model(
        "one-block-too-few",
        "Your model has one block too few.",
        ('range(cfg["n_layers"])', 'range(cfg["n_layers"] - 1)'),
    ),
    _model(
        "twelve-blocks",
        "The number of your blocks is fixed. It is `n_layers` of the configuration.",
        ('range(cfg["n_layers"])', "range(12)"),
    ),
    _model(
        "blocks-in-a-plain-list",
        "Your blocks are in a plain Python list, where the module does not find their parameters. Use `nn.ModuleList` or "
        "`nn.Sequential`.",
        (
            'nn.ModuleList([TransformerBlock(cfg) for _ in range(cfg["n_layers"])])',
            '[TransformerBlock(cfg) for _ in range(cfg["n_layers"])]',
        ),
    ),
    _model(
        "last-block-only",
        "Each of your blocks reads the embeddings, so only the last one counts. Each reads what the one before it made.",
        ("        for block", "        start = x\n        for block"),
        ("x = block(x)", "x = block(start)"),
    ),
    _model(
        "added-once-more",
        "You add each block's output to the stream. The shortcuts are inside the blocks already: `x = block(x)`.",
        ("x = block(x)", "x = x + block(x)"),
    ),
    _model(
        "probabilities",
        "You return probabilities. The model returns logits, without softmax: the loss and the choice of a token make their own.",
        ("return self.out_head(x)", "return torch.softmax(self.out_head(x), dim=-1)"),
    ),
    _model(
        "log-probabilities",
        "You return logarithms of probabilities. The model returns the head's numbers as they are.",
        ("return self.out_head(x)", "return torch.log_softmax(self.out_head(x), dim=-1)"),
    ),
    _model(
        "last-token-only",
        "You return the logits of the last token. There is a prediction for each token, (B, T, V).",
        ("return self.out_head(x)", "return self.out_head(x[:, -1])"),
    ),
    _model(
        "head-with-bias",
        "Your output head has a bias. Here it has none: `bias=False`.",
        ('cfg["vocab_size"], bias=False)', 'cfg["vocab_size"])'),
    ),
    _model(
        "no-dropout",
        "Nothing is dropped from your embeddings: dropout falls on the sum of token and position vectors.",
        ("self.drop_emb(self.tok_emb(in_idx) + places)", "self.tok_emb(in_idx) + places"),
    ),
    _model(
        "dropout-on-tokens-only",
        "Your dropout falls on the token vectors only. It falls on the sum with the position vectors.",
        ("self.drop_emb(self.tok_emb(in_idx) + places)", "self.drop_emb(self.tok_emb(in_idx)) + places"),
    ),
    _model(
        "dropout-before-the-head",
        "Your dropout falls on what the head reads. It falls on the embeddings.",
        ("self.drop_emb(self.tok_emb(in_idx) + places)", "self.tok_emb(in_idx) + places"),
        ("x = self.final_norm(x)", "x = self.drop_emb(self.final_norm(x))"),
    ),
    _model(
        "dropout-never-off",
        "Your dropout works in evaluation mode too: `F.dropout` does not know the mode unless you pass "
        "`training=self.training`. `nn.Dropout` knows it.",
        ('self.drop_emb = nn.Dropout(cfg["drop_rate"])', 'self.drop_rate = cfg["drop_rate"]'),
        (
            "self.drop_emb(self.tok_emb(in_idx) + places)",
            "F.dropout(self.tok_emb(in_idx) + places, p=self.drop_rate)",
        ),
    ),
    _model(
        "no-dropout-in-the-blocks",
        "Your blocks are made without dropout. They get the whole configuration, `drop_rate` among it.",
        ("[TransformerBlock(cfg)", '[TransformerBlock({**cfg, "drop_rate": 0.0})'),
    ),
    _model(
        "token-vectors-scaled",
        "You multiply the token vectors by the root of their width, as the first Transformer did. GPT-2 adds them as they are.",
        ("self.tok_emb(in_idx) + places", "self.tok_emb(in_idx) * places.shape[1] ** 0.5 + places"),
    ),
    _model(
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

# --- count_parameters ----------------------------------------------------------------------------------------------

_COUNT_RIGHT = """def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters():
        if trainable_only and not p.requires_grad:
            continue
        total += p.numel()
    return total
"""


def _count(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_gpt_model: Exercise 2: count_parameters"
    return made_in(_COUNT_RIGHT, "ch04/count-parameters", name, explanation, *changes, see=see)


_COUNT = [
    _count(
        "shared-counted-twice",
        "You count a shared parameter in each place where it is used. It is one parameter: `model.parameters()` gives it once.",
        (
            "for p in model.parameters():",
            "for _name, p in model.named_parameters(remove_duplicate=False):",
        ),
    ),
    _count(
        "state-dict",
        "You count the `state_dict`. It holds shared parameters twice, and buffers too: count `model.parameters()`.",
        ("for p in model.parameters():", "for p in model.state_dict(keep_vars=True).values():"),
    ),
    _count(
        "module-by-module",
        "You go through the modules and count what each one holds, so a parameter that two of them share counts twice.",
        (
            "for p in model.parameters():",
            "for p in [p for part in model.modules() for p in part.parameters(recurse=False)]:",
        ),
    ),
    _count(
        "parts-counted-again",
        "You count the parameters of each module *and* of all modules around it. Once is enough: `model.parameters()` looks "
        "into all parts already.",
        ("for p in model.parameters():", "for p in [p for part in model.modules() for p in part.parameters()]:"),
    ),
    _count(
        "buffers-counted",
        "You count buffers, such as masks and running means. They are no parameters.",
        ("for p in model.parameters():", "for p in [*model.parameters(), *model.buffers()]:"),
    ),
    _count(
        "flag-ignored",
        "`trainable_only=True` changes nothing in your count. Frozen parameters, with `requires_grad=False`, are left out then.",
        ("if trainable_only and not p.requires_grad:", "if False:"),
    ),
    _count(
        "always-trainable-only",
        "You leave frozen parameters out always. They are left out only when `trainable_only` is True.",
        ("if trainable_only and not p.requires_grad:", "if not p.requires_grad:"),
    ),
    _count(
        "flag-turned-around",
        "You leave frozen parameters out when all were asked for, and count them when they should be left out.",
        ("if trainable_only and not p.requires_grad:", "if not trainable_only and not p.requires_grad:"),
    ),
    _count(
        "frozen-counted",
        "With `trainable_only` you count the frozen parameters and leave the trainable ones out.",
        ("if trainable_only and not p.requires_grad:", "if trainable_only and p.requires_grad:"),
    ),
    _count(
        "stops-at-the-first-frozen",
        "Your loop ends at the first frozen parameter (`break`), and later ones may be trainable: `continue`.",
        ("continue", "break"),
    ),
    _count(
        "tensors-counted",
        "You count tensors. Each holds many numbers: `numel()`.",
        ("p.numel()", "1"),
    ),
    _count(
        "rows-counted",
        "You count the rows of each tensor (`len`). All its elements count: `numel()`.",
        ("p.numel()", "(len(p) if p.dim() else 1)"),
    ),
    _count(
        "matrices-only",
        "You count matrices only. Biases, scales and shifts are parameters too.",
        ("if trainable_only and not p.requires_grad:", "if p.dim() < 2 or (trainable_only and not p.requires_grad):"),
    ),
    _count(
        "own-parameters-only",
        "You count what the module holds itself, and not what its parts hold (`recurse=False`).",
        ("model.parameters()", "model.parameters(recurse=False)"),
    ),
    _count(
        "linear-layers-only",
        "You count linear layers only. Embeddings and LayerNorms have parameters too.",
        (
            "for p in model.parameters():",
            "for p in [p for part in model.modules() if isinstance(part, nn.Linear) for p in part.parameters()]:",
        ),
    ),
    _count(
        "in-millions",
        "You return millions. The count is the number itself, an `int`.",
        ("return total", "return total / 1e6"),
    ),
    _count(
        "tensor-returned",
        "You return a tensor. The count is a plain `int`.",
        ("return total", "return torch.tensor(total)"),
    ),
]

# --- memory_mb -----------------------------------------------------------------------------------------------------

_MEMORY_RIGHT = """def memory_mb(model):
    total = 0
    for p in model.parameters():
        total += p.numel() * p.element_size()
    return total / (1024 * 1024)
"""


def _memory(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_gpt_model: Exercise 3: memory_mb"
    return made_in(_MEMORY_RIGHT, "ch04/memory-mb", name, explanation, *changes, see=see)


_MEMORY = [
    _memory(
        "megabytes",
        "You divide by a million. The unit here is the mebibyte: 1024 * 1024 bytes.",
        ("(1024 * 1024)", "(1000 * 1000)"),
    ),
    _memory(
        "half-and-half",
        "You divide by 1024 * 1000. A mebibyte has 1024 * 1024 bytes.",
        ("(1024 * 1024)", "(1024 * 1000)"),
    ),
    _memory(
        "kibibytes",
        "You divide by 1024 once, which gives KiB. A mebibyte has 1024 * 1024 bytes.",
        ("(1024 * 1024)", "1024"),
    ),
    _memory(
        "gibibytes",
        "You return GiB. The result is in MiB.",
        ("(1024 * 1024)", "1024**3"),
    ),
    _memory(
        "bytes",
        "You return bytes. Divide by 1024 * 1024 for MiB.",
        (" / (1024 * 1024)", ""),
    ),
    _memory(
        "always-four-bytes",
        "You count four bytes for each number. That holds for `float32` only; ask the parameter: `element_size()`.",
        ("p.element_size()", "4"),
    ),
    _memory(
        "numbers-not-bytes",
        "You add up numbers. Each takes several bytes: `element_size()`.",
        ("p.numel() * p.element_size()", "p.numel()"),
    ),
    _memory(
        "bits",
        "You count bits. A byte has 8 of them, and memory is counted in bytes.",
        ("p.element_size()", "p.element_size() * 8"),
    ),
    _memory(
        "dtype-of-the-first",
        "You take the dtype of the first parameter for all. Each has its own.",
        (
            "        total += p.numel() * p.element_size()\n",
            "        total += p.numel() * next(model.parameters()).element_size()\n",
        ),
    ),
    _memory(
        "dtype-of-the-last",
        "You multiply at the end, by the bytes of the last parameter's numbers. Each parameter has a dtype of its own.",
        ("    total = 0\n", "    total, size = 0, 4\n"),
        (
            "        total += p.numel() * p.element_size()\n",
            "        total, size = total + p.numel(), p.element_size()\n",
        ),
        ("return total /", "return total * size /"),
    ),
    _memory(
        "shared-counted-twice",
        "You count a shared parameter in each place where it is used. It lies in memory once.",
        ("for p in model.parameters():", "for _name, p in model.named_parameters(remove_duplicate=False):"),
    ),
    _memory(
        "state-dict",
        "You add up the `state_dict`, which holds shared parameters twice, and buffers too.",
        ("model.parameters()", "model.state_dict().values()"),
    ),
    _memory(
        "buffers-counted",
        "You count buffers. The function asks for the parameters only.",
        ("for p in model.parameters():", "for p in [*model.parameters(), *model.buffers()]:"),
    ),
    _memory(
        "trainable-only",
        "You leave frozen parameters out. They take memory as the others do.",
        ("in model.parameters():", "in [p for p in model.parameters() if p.requires_grad]:"),
    ),
    _memory(
        "rounded",
        "You round. The result is not rounded; who prints it may do so.",
        ("return total / (1024 * 1024)", "return round(total / (1024 * 1024), 2)"),
    ),
    _memory(
        "whole-mebibytes",
        "You divide with `//`, which cuts off the fraction. Use `/`.",
        ("total / (1024", "total // (1024"),
    ),
    _memory(
        "training",
        "You count gradients and the optimiser's averages. The function asks for the weights only.",
        ("p.element_size()", "p.element_size() * 4"),
    ),
    _memory(
        "square-missing-its-brackets",
        "`total / 1024 * 1024` divides and multiplies again. Write `total / 1024**2`, or put brackets around the product.",
        ("(1024 * 1024)", "1024 * 1024"),
    ),
]

MISTAKES: list[Mistake] = [*_MODEL, *_COUNT, *_MEMORY]
