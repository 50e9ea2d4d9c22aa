"""Answers to exercise 5 of 05_a_real_assistant: state_from_gguf."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

_TABLE = """    inner = {
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
        "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    }
"""

ALTERNATIVES = [
    Alternative(
        name="even-and-odd-rows",
        description="Head by head the even rows, then the odd ones; names by splitting.",
        code="""def state_from_gguf(tensors, n_heads, n_kv_heads):
"""
        + _TABLE
        + """
    def for_halves(value, heads):
        return torch.cat([torch.cat((head[::2], head[1::2])) for head in value.chunk(heads)])

    state = {}
    for name, value in tensors.items():
        pieces = name.split(".")
        if name == "token_embd.weight":
            state["embed_tokens.weight"] = value
        elif name == "output_norm.weight":
            state["norm.weight"] = value
        elif len(pieces) == 4 and pieces[0] == "blk" and pieces[2] in inner and pieces[3] == "weight":
            if pieces[2] == "attn_q":
                value = for_halves(value, n_heads)
            if pieces[2] == "attn_k":
                value = for_halves(value, n_kv_heads)
            state[f"layers.{pieces[1]}.{inner[pieces[2]]}.weight"] = value
        else:
            raise KeyError(name)
    return state
""",
    ),
    Alternative(
        name="rows-by-number",
        description="A list of row numbers, and a table of all names made in advance.",
        code="""def state_from_gguf(tensors, n_heads, n_kv_heads):
"""
        + _TABLE
        + """    table = {"token_embd.weight": "embed_tokens.weight", "output_norm.weight": "norm.weight"}
    layers = {name.split(".")[1] for name in tensors if name.startswith("blk.")}
    for n in layers:
        for theirs, ours in inner.items():
            table[f"blk.{n}.{theirs}.weight"] = f"layers.{n}.{ours}.weight"
    state = {}
    for name in tensors:
        rows = tensors[name]
        if name not in table:
            raise ValueError("unknown tensor: " + name)
        if "attn_q" in name or "attn_k" in name:
            heads = n_heads if "attn_q" in name else n_kv_heads
            width = len(rows) // heads
            order = [h * width + 2 * i + part for h in range(heads) for part in (0, 1) for i in range(width // 2)]
            rows = rows[order]
        state[table[name]] = rows
    return state
""",
    ),
    Alternative(
        name="replacing-text",
        description="New names by replacing text, rows by reshape and permute.",
        code="""def state_from_gguf(tensors, n_heads, n_kv_heads):
    replaced = [
        ("blk.", "layers."), ("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm"),
        ("attn_output", "self_attn.o_proj"), ("attn_", "self_attn."), ("ffn_", "mlp."),
        ("token_embd", "embed_tokens"), ("output_norm", "norm"),
    ]
    parts = "attn_norm|ffn_norm|attn_output|attn_[qkv]|ffn_gate|ffn_up|ffn_down"
    state = {}
    for name, value in tensors.items():
        if not re.fullmatch(rf"(token_embd|output_norm|blk\\.[0-9]+\\.({parts}))\\.weight", name):
            raise ValueError(f"there is no place for {name}")
        new = name
        for old, ours in replaced:
            new = new.replace(old, ours)
        new = re.sub(r"(self_attn\\.[qkv]|mlp\\.[a-z]+)\\.weight", r"\\1_proj.weight", new)
        heads = n_heads if ".q_proj" in new else n_kv_heads if ".k_proj" in new else None
        if heads:
            rows, columns = value.shape
            value = value.reshape(heads, rows // heads // 2, 2, columns).permute(0, 2, 1, 3).reshape(rows, columns)
        state[new] = value.clone()
    return state
""".replace("\\", "\\"),
    ),
]

_RIGHT = (
    """def state_from_gguf(tensors, n_heads, n_kv_heads):
"""
    + _TABLE
    + """    outside = {"token_embd.weight": "embed_tokens.weight", "output_norm.weight": "norm.weight"}

    def for_halves(value, heads):
        pairs = value.reshape(heads, -1, 2, value.shape[1])
        return pairs.transpose(1, 2).reshape(value.shape)

    state = {}
    for name, value in tensors.items():
        if name in outside:
            state[outside[name]] = value
            continue
        pieces = name.split(".")
        if len(pieces) != 4 or pieces[0] != "blk" or pieces[2] not in inner or pieces[3] != "weight":
            raise ValueError(f"{name} is not in the table")
        _blk, number, part, _weight = pieces
        if part == "attn_q":
            value = for_halves(value, n_heads)
        if part == "attn_k":
            value = for_halves(value, n_kv_heads)
        state[f"layers.{number}.{inner[part]}.weight"] = value
    return state
"""
)

_mistake = partial(made_in, _RIGHT, see="05_a_real_assistant: Exercise 5: state_from_gguf")

_QUERIES = '        if part == "attn_q":\n            value = for_halves(value, n_heads)\n'
_KEYS = '        if part == "attn_k":\n            value = for_halves(value, n_kv_heads)\n'
_CHECK = (
    '        if len(pieces) != 4 or pieces[0] != "blk" or pieces[2] not in inner or pieces[3] != "weight":\n'
    '            raise ValueError(f"{name} is not in the table")\n'
)

MISTAKES = [
    _mistake(
        "rows-as-they-are",
        "The rows of queries and keys stay in the file's order, which is for rotating neighbouring pairs. Nothing raises an error, and "
        "the model is much worse than it should be.",
        (_QUERIES, ""),
        (_KEYS, ""),
    ),
    _mistake(
        "keys-as-they-are",
        "The rows of the queries are in the new order, those of the keys are not. Both are rotated.",
        (_KEYS, ""),
    ),
    _mistake(
        "queries-as-they-are",
        "The rows of the keys are in the new order, those of the queries are not. Both are rotated.",
        (_QUERIES, ""),
    ),
    _mistake(
        "values-too",
        "You reorder the values as well. They are not rotated, and their rows stay as they are.",
        ('if part == "attn_k":', 'if part in ("attn_k", "attn_v"):'),
    ),
    _mistake(
        "the-other-way-round",
        "You turn halves into pairs. The file has pairs already; the model wants halves.",
        ("value.reshape(heads, -1, 2, value.shape[1])", "value.reshape(heads, 2, -1, value.shape[1])"),
    ),
    _mistake(
        "all-heads-as-one",
        "You put the rows in order as if there were one large head. Each head has its own halves.",
        (
            "        pairs = value.reshape(heads, -1, 2, value.shape[1])\n",
            "        pairs = value.reshape(1, -1, 2, value.shape[1])\n",
        ),
    ),
    _mistake(
        "keys-with-the-queries-heads",
        "You take `n_heads` for the keys, too. Keys have `n_kv_heads` heads, which is fewer.",
        ("for_halves(value, n_kv_heads)", "for_halves(value, n_heads)"),
    ),
    _mistake(
        "columns-for-rows",
        "You reorder the columns, which are the inputs. The components of a head are the *rows* of the matrix.",
        (
            "        pairs = value.reshape(heads, -1, 2, value.shape[1])\n        return pairs.transpose(1, 2).reshape(value.shape)\n",
            "        order = [column + part for part in (0, 1) for column in range(0, value.shape[1] - 1, 2)]\n"
            "        order += list(range(len(order), value.shape[1]))\n"
            "        return value[:, order]\n",
        ),
    ),
    _mistake(
        "not-transposed",
        "`reshape` alone changes no order: exchange the axis of the pairs with that of the two places first.",
        ("pairs.transpose(1, 2).reshape", "pairs.reshape"),
    ),
    _mistake(
        "matrices-transposed",
        "You transpose the matrices, as for GPT-2. This file has them as (out, in), like `nn.Linear`.",
        (
            '        state[f"layers.{number}.{inner[part]}.weight"] = value\n',
            '        state[f"layers.{number}.{inner[part]}.weight"] = value.T if value.dim() == 2 else value\n',
        ),
    ),
    _mistake(
        "gate-and-up-swapped",
        "Gate and up are swapped. They have the same shape, so nothing complains; but silu is applied to the gate.",
        (
            '"ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj"',
            '"ffn_gate": "mlp.up_proj", "ffn_up": "mlp.gate_proj"',
        ),
    ),
    _mistake(
        "norms-swapped",
        "The two norms of a layer are swapped: `attn_norm` comes before the attention, `ffn_norm` before the SwiGLU.",
        (
            '"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"',
            '"attn_norm": "post_attention_layernorm", "ffn_norm": "input_layernorm"',
        ),
    ),
    _mistake(
        "keys-and-values-swapped",
        "Keys and values are swapped. They have the same shape, so nothing complains.",
        ('"attn_k": "self_attn.k_proj"', '"attn_k": "self_attn.v_proj"'),
        ('"attn_v": "self_attn.v_proj"', '"attn_v": "self_attn.k_proj"'),
    ),
    _mistake(
        "one-digit",
        "You take one digit of the layer's number, and layer 12 becomes layer 1. Split at the points.",
        ('f"layers.{number}.', 'f"layers.{number[0]}.'),
    ),
    _mistake(
        "prefix-of-the-hub",
        "Your names begin with `model.`, as on the Hub. The names of `LlamaModel` do not.",
        ('f"layers.{number}.', 'f"model.layers.{number}.'),
    ),
    _mistake(
        "unknown-names-skipped",
        "A tensor whose name you do not know is skipped. Raise an error that names it: a file that is not what you think is better "
        "refused.",
        (_CHECK, _CHECK.replace('raise ValueError(f"{name} is not in the table")', "continue")),
    ),
    _mistake(
        "error-without-the-name",
        "Your error about an unknown tensor does not tell its whole name.",
        ('f"{name} is not in the table"', '"a tensor is not in the table"'),
    ),
    _mistake(
        "biases-taken-for-weights",
        "You do not look at the end of the name, so that a bias is taken for a weight.",
        (' or pieces[3] != "weight":', ":"),
    ),
    _mistake(
        "dictionary-emptied",
        "You take the tensors out of the dictionary that you were given. It belongs to the caller.",
        (
            "    for name, value in tensors.items():\n",
            "    for name in list(tensors):\n        value = tensors.pop(name)\n",
        ),
    ),
    _mistake(
        "head-from-the-table",
        "You add a matrix for the head. The model has none: it uses `embed_tokens` once more.",
        (
            "    return state\n",
            '    if "embed_tokens.weight" in state:\n        state["head.weight"] = state["embed_tokens.weight"]\n    return state\n',
        ),
    ),
]
