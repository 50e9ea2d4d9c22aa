"""Answers to exercise 3 of 05_checkpoints_and_gpt2: load_gpt2_weights."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="assign",
        description="An assign function with a check of the shape, parameter by parameter, as in the book.",
        code="""def load_gpt2_weights(model, tensors):
    def assign(parameter, value, name):
        if parameter.shape != value.shape:
            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}")
        with torch.no_grad():
            parameter.copy_(value)

    assign(model.tok_emb.weight, tensors["wte.weight"], "wte.weight")
    assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")
    for n, block in enumerate(model.trf_blocks):
        name = f"h.{n}.attn.c_attn.weight"
        w = tensors[name].T
        q_w, k_w, v_w = w.split(w.shape[0] // 3, dim=0)
        assign(block.att.W_query.weight, q_w, name)
        assign(block.att.W_key.weight, k_w, name)
        assign(block.att.W_value.weight, v_w, name)
        name = f"h.{n}.attn.c_attn.bias"
        q_b, k_b, v_b = tensors[name].chunk(3)
        assign(block.att.W_query.bias, q_b, name)
        assign(block.att.W_key.bias, k_b, name)
        assign(block.att.W_value.bias, v_b, name)
        for part, layer in (("attn.c_proj", block.att.out_proj), ("mlp.c_fc", block.ff[0]), ("mlp.c_proj", block.ff[2])):
            name = f"h.{n}.{part}"
            assign(layer.weight, tensors[name + ".weight"].T, name + ".weight")
            assign(layer.bias, tensors[name + ".bias"], name + ".bias")
        for part, norm in (("ln_1", block.norm1), ("ln_2", block.norm2)):
            assign(norm.weight, tensors[f"h.{n}.{part}.weight"], f"h.{n}.{part}.weight")
            assign(norm.bias, tensors[f"h.{n}.{part}.bias"], f"h.{n}.{part}.bias")
    assign(model.final_norm.weight, tensors["ln_f.weight"], "ln_f.weight")
    assign(model.final_norm.bias, tensors["ln_f.bias"], "ln_f.bias")
    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")
""",
    ),
    Alternative(
        name="over-the-parameters",
        description="Walks over the model's own parameters and finds GPT-2's name for each by replacing text.",
        code="""def load_gpt2_weights(model, tensors):
    renamed = [
        ("tok_emb", "wte"), ("pos_emb", "wpe"), ("out_head", "wte"), ("final_norm", "ln_f"), ("trf_blocks", "h"),
        ("norm1", "ln_1"), ("norm2", "ln_2"), ("att.out_proj", "attn.c_proj"), ("ff.0", "mlp.c_fc"), ("ff.2", "mlp.c_proj"),
    ]
    parts = ("att.W_query", "att.W_key", "att.W_value")
    for name, parameter in model.named_parameters():
        theirs = name
        for ours, other in renamed:
            theirs = theirs.replace(ours, other)
        place = [i for i, part in enumerate(parts) if part in name]
        for part in parts:
            theirs = theirs.replace(part, "attn.c_attn")
        if theirs not in tensors:
            raise ValueError(f"{theirs} is missing")
        value = tensors[theirs]
        if "c_" in theirs and value.ndim == 2:
            value = value.mT
        if place:
            third = value.shape[0] // 3
            value = value[place[0] * third : (place[0] + 1) * third]
        if value.shape != parameter.shape:
            raise ValueError(f"{theirs}: {list(value.shape)} does not fit {name}: {list(parameter.shape)}")
        parameter.data.copy_(value)
""",
    ),
    Alternative(
        name="regular-expressions",
        description="Walks over GPT-2's names with a regular expression, and leaves the rest to load_state_dict.",
        code="""def load_gpt2_weights(model, tensors):
    import re

    inner = {"ln_1": "norm1", "ln_2": "norm2", "attn.c_proj": "att.out_proj", "mlp.c_fc": "ff.0", "mlp.c_proj": "ff.2"}
    outer = {"wte": "tok_emb", "wpe": "pos_emb", "ln_f": "final_norm"}
    state = {}
    for name, value in tensors.items():
        found = re.fullmatch(r"(?:h\\.(\\d+)\\.)?(.+)\\.(weight|bias)", name)
        if not found:
            continue
        n, part, kind = found.groups()
        if n is None:
            if part in outer:
                state[f"{outer[part]}.{kind}"] = value
            continue
        block = f"trf_blocks.{n}."
        if part == "attn.c_attn":
            for ours, third in zip(["W_query", "W_key", "W_value"], value.tensor_split(3, dim=-1)):
                state[f"{block}att.{ours}.{kind}"] = third.t()
        elif part in inner:
            state[f"{block}{inner[part]}.{kind}"] = value.t()
    missing = [
        f"{theirs}.{kind}" for theirs in outer for kind in ("weight", "bias")
        if f"{theirs}.{kind}" not in tensors and not (theirs != "ln_f" and kind == "bias")
    ]
    for n in range(len(model.trf_blocks)):
        for theirs in [*inner, "attn.c_attn"]:
            missing += [f"h.{n}.{theirs}.{k}" for k in ("weight", "bias") if f"h.{n}.{theirs}.{k}" not in tensors]
    if missing:
        raise KeyError(", ".join(missing))
    state["out_head.weight"] = tensors["wte.weight"]
    model.load_state_dict(state, strict=True)
""",
    ),
]

_RIGHT = """def load_gpt2_weights(model, tensors):
    def assign(parameter, value, name):
        if parameter.shape != value.shape:
            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}")
        with torch.no_grad():
            parameter.copy_(value)

    assign(model.tok_emb.weight, tensors["wte.weight"], "wte.weight")
    assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")
    for n, block in enumerate(model.trf_blocks):
        name = f"h.{n}.attn.c_attn.weight"
        w = tensors[name].T
        q_w, k_w, v_w = w.split(w.shape[0] // 3, dim=0)
        assign(block.att.W_query.weight, q_w, name)
        assign(block.att.W_key.weight, k_w, name)
        assign(block.att.W_value.weight, v_w, name)
        name = f"h.{n}.attn.c_attn.bias"
        q_b, k_b, v_b = tensors[name].chunk(3)
        assign(block.att.W_query.bias, q_b, name)
        assign(block.att.W_key.bias, k_b, name)
        assign(block.att.W_value.bias, v_b, name)
        for part, layer in (("attn.c_proj", block.att.out_proj), ("mlp.c_fc", block.ff[0]), ("mlp.c_proj", block.ff[2])):
            name = f"h.{n}.{part}"
            assign(layer.weight, tensors[name + ".weight"].T, name + ".weight")
            assign(layer.bias, tensors[name + ".bias"], name + ".bias")
        for part, norm in (("ln_1", block.norm1), ("ln_2", block.norm2)):
            assign(norm.weight, tensors[f"h.{n}.{part}.weight"], f"h.{n}.{part}.weight")
            assign(norm.bias, tensors[f"h.{n}.{part}.bias"], f"h.{n}.{part}.bias")
    assign(model.final_norm.weight, tensors["ln_f.weight"], "ln_f.weight")
    assign(model.final_norm.bias, tensors["ln_f.bias"], "ln_f.bias")
    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")
"""

_mistake = partial(made_in, _RIGHT, see="05_checkpoints_and_gpt2: Exercise 3: load_gpt2_weights")

_Q_B = "        assign(block.att.W_query.bias, q_b, name)\n"
_K_B = "        assign(block.att.W_key.bias, k_b, name)\n"
_V_B = "        assign(block.att.W_value.bias, v_b, name)\n"

MISTAKES = [
    _mistake(
        "output-projection-not-transposed",
        "`attn.c_proj.weight` is not transposed. It is square, so nothing complains: GPT-2's matrices are (in, out), those "
        "of `nn.Linear` (out, in).",
        (
            'assign(layer.weight, tensors[name + ".weight"].T, name',
            'assign(layer.weight, tensors[name + ".weight"] if "attn" in name else tensors[name + ".weight"].T, name',
        ),
    ),
    _mistake(
        "linear-layers-not-transposed",
        "The matrices of `c_proj` and `c_fc` are not transposed: GPT-2 stores (in, out), `nn.Linear` wants (out, in).",
        ('tensors[name + ".weight"].T, name', 'tensors[name + ".weight"], name'),
    ),
    _mistake(
        "attention-not-transposed",
        "`c_attn.weight` is cut into its three parts, and the parts are not transposed. They are square, so nothing "
        "complains.",
        ("w = tensors[name].T\n", "w = tensors[name]\n"),
        ("w.split(w.shape[0] // 3, dim=0)", "w.chunk(3, dim=1)"),
    ),
    _mistake(
        "cut-along-the-wrong-axis",
        "You cut `c_attn.weight` along its inputs. Queries, keys and values stand side by side along the outputs: columns "
        "before transposing, rows after it.",
        ("w.split(w.shape[0] // 3, dim=0)", "(part.reshape(w.shape[1], -1) for part in w.chunk(3, dim=1))"),
    ),
    _mistake(
        "reshaped-not-transposed",
        "`reshape` and `view` do not transpose: they read the same numbers in the same order into other rows. Use `.T`.",
        ('tensors[name + ".weight"].T, name', 'tensors[name + ".weight"].reshape(layer.weight.shape), name'),
    ),
    _mistake(
        "queries-and-keys-swapped",
        "Queries and keys are swapped. In `c_attn` the order is: queries, keys, values.",
        ("q_w, k_w, v_w =", "k_w, q_w, v_w ="),
        ("q_b, k_b, v_b =", "k_b, q_b, v_b ="),
    ),
    _mistake(
        "keys-and-values-swapped",
        "Keys and values are swapped. In `c_attn` the order is: queries, keys, values.",
        ("q_w, k_w, v_w =", "q_w, v_w, k_w ="),
        ("q_b, k_b, v_b =", "q_b, v_b, k_b ="),
    ),
    _mistake(
        "biases-in-another-order",
        "The biases of queries and values are swapped, while their matrices are right.",
        ("q_b, k_b, v_b =", "v_b, k_b, q_b ="),
    ),
    _mistake(
        "interleaved",
        "You take every third row for the queries. The parts stand one after the other: the first D rows, the next D, the "
        "last D.",
        ("w.split(w.shape[0] // 3, dim=0)", "(w[0::3], w[1::3], w[2::3])"),
    ),
    _mistake(
        "attention-biases-forgotten",
        "The biases of queries, keys and values are not loaded: they keep what they began with.",
        (_Q_B, ""),
        (_K_B, ""),
        (_V_B, ""),
    ),
    _mistake(
        "biases-forgotten",
        "The biases of `c_proj` and `c_fc` are not loaded.",
        ('            assign(layer.bias, tensors[name + ".bias"], name + ".bias")\n', ""),
    ),
    _mistake(
        "head-left-random",
        "The output head is not loaded and stays random. GPT-2 uses the token embedding, `wte.weight`, once more.",
        ('    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")\n', ""),
    ),
    _mistake(
        "final-norm-forgotten",
        "The last LayerNorm, `ln_f`, is not loaded.",
        ('    assign(model.final_norm.weight, tensors["ln_f.weight"], "ln_f.weight")\n', ""),
        ('    assign(model.final_norm.bias, tensors["ln_f.bias"], "ln_f.bias")\n', ""),
    ),
    _mistake(
        "norms-swapped",
        "The two LayerNorms of the block are swapped: `ln_1` stands before attention, `ln_2` before the feed-forward "
        "network.",
        ('("ln_1", block.norm1), ("ln_2", block.norm2)', '("ln_1", block.norm2), ("ln_2", block.norm1)'),
    ),
    _mistake(
        "positions-forgotten",
        "The position embedding, `wpe.weight`, is not loaded.",
        ('    assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")\n', ""),
    ),
    _mistake(
        "first-block-for-all",
        "All blocks get the weights of block 0.",
        ("for n, block in enumerate(model.trf_blocks):\n", "for n, block in [(0, b) for b in model.trf_blocks]:\n"),
    ),
    _mistake(
        "last-block-left-out",
        "The last block is not loaded.",
        ("enumerate(model.trf_blocks)", "enumerate(model.trf_blocks[:-1])"),
    ),
    _mistake(
        "shapes-not-checked",
        "A tensor of shape (1) fits everywhere by broadcasting, and you do not notice. Compare the shapes before you copy.",
        (
            "        if parameter.shape != value.shape:\n"
            '            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model\'s is {tuple(parameter.shape)}")\n',
            "",
        ),
    ),
    _mistake(
        "shape-without-a-name",
        "Your error about a shape does not name the tensor: in a file with 148 tensors that is no help.",
        ('f"{name} has shape {tuple(value.shape)}, the model\'s is {tuple(parameter.shape)}"', '"a shape is wrong"'),
    ),
    _mistake(
        "shape-of-one-only",
        "Your error tells the shape that came and not the one that was wanted. Tell both.",
        (
            'f"{name} has shape {tuple(value.shape)}, the model\'s is {tuple(parameter.shape)}"',
            'f"{name}: wrong shape {tuple(value.shape)}"',
        ),
    ),
    _mistake(
        "missing-tensors-skipped",
        "A tensor that is missing is skipped, and its place stays random. Raise an error that names it.",
        (
            "    def assign(parameter",
            "    from collections import defaultdict\n\n"
            "    tensors = defaultdict(lambda: None, tensors)\n\n    def assign(parameter",
        ),
        ("        if parameter.shape", "        if value is None:\n            return\n        if parameter.shape"),
        (
            "w = tensors[name].T\n",
            "w = tensors[name].T if tensors[name] is not None else block.att.W_query.weight.repeat(3, 1)\n",
        ),
        ("tensors[name].chunk(3)", "tensors[name].chunk(3) if tensors[name] is not None else [None] * 3"),
        (
            'tensors[name + ".weight"].T, name',
            'None if tensors[name + ".weight"] is None else tensors[name + ".weight"].T, name',
        ),
    ),
    _mistake(
        "given-tensors-kept",
        "The model keeps the tensors that it was given, and changes when they change. Copy the values: `copy_` or "
        "`load_state_dict`.",
        ("            parameter.copy_(value)\n", "            parameter.data = value\n"),
    ),
    _mistake(
        "dictionary-emptied",
        "You take the tensors out of the dictionary that you were given. It belongs to the caller.",
        (
            'assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")',
            'assign(model.pos_emb.weight, tensors.pop("wpe.weight"), "wpe.weight")',
        ),
    ),
    _mistake(
        "head-untied",
        "You give the output head a tensor of its own, also when it was tied to the token embedding. Copy the values into "
        "the one that is there.",
        (
            '    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")\n',
            '    model.out_head.weight = nn.Parameter(tensors["wte.weight"].to(model.tok_emb.weight.dtype).clone())\n',
        ),
    ),
]
