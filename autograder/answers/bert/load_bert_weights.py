"""Answers to exercise 4 of 05_real_bert: load_bert_weights."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="assign",
        description="Each parameter on its own, with a check of the shape; queries, keys and values into the thirds of the joined matrix.",
        code="""def load_bert_weights(embedding, layers, tensors):
    def fill(parameter, name):
        value = tensors[name]
        if parameter.shape != value.shape:
            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model wants {tuple(parameter.shape)}")
        with torch.no_grad():
            parameter.copy_(value)

    def both(module, name):
        fill(module.weight, name + ".weight")
        fill(module.bias, name + ".bias")
        if isinstance(module, nn.LayerNorm):
            module.eps = 1e-12

    fill(embedding.token.weight, "embeddings.word_embeddings.weight")
    fill(embedding.position.weight, "embeddings.position_embeddings.weight")
    fill(embedding.segment.weight, "embeddings.token_type_embeddings.weight")
    both(embedding.norm, "embeddings.LayerNorm")
    for n, layer in enumerate(layers):
        base = f"encoder.layer.{n}."
        for kind in ("weight", "bias"):
            thirds = getattr(layer.attention.qkv, kind).chunk(3)
            for third, part in zip(thirds, ("query", "key", "value")):
                fill(third, f"{base}attention.self.{part}.{kind}")
        both(layer.attention.out, base + "attention.output.dense")
        both(layer.norms[0], base + "attention.output.LayerNorm")
        both(layer.feed_forward.up, base + "intermediate.dense")
        both(layer.feed_forward.down, base + "output.dense")
        both(layer.norms[1], base + "output.LayerNorm")
""",
    ),
    Alternative(
        name="over-the-parameters",
        description="Walks over the names of the parts' own parameters and makes the file's name of each by replacing text.",
        code="""def load_bert_weights(embedding, layers, tensors):
    whole = nn.ModuleDict({"embeddings": embedding, "encoder": nn.ModuleDict({"layer": nn.ModuleList(layers)})})
    words = [
        ("embeddings.token", "embeddings.word_embeddings"),
        ("embeddings.position", "embeddings.position_embeddings"),
        ("embeddings.segment", "embeddings.token_type_embeddings"),
        ("embeddings.norm", "embeddings.LayerNorm"),
        ("attention.out.", "attention.output.dense."),
        ("norms.0", "attention.output.LayerNorm"),
        ("feed_forward.up", "intermediate.dense"),
        ("feed_forward.down", "output.dense"),
        ("norms.1", "output.LayerNorm"),
    ]
    for name, parameter in whole.named_parameters():
        for ours, theirs in words:
            name = name.replace(ours, theirs)
        names = [name.replace("qkv", f"self.{part}") for part in ("query", "key", "value")] if "qkv" in name else [name]
        missing = [one for one in names if one not in tensors]
        if missing:
            raise ValueError(f"the file has no {missing[0]}")
        value = torch.vstack([tensors[one] for one in names]) if parameter.ndim == 2 else torch.hstack([tensors[one] for one in names])
        if value.shape != parameter.shape:
            raise ValueError(f"{names[0]} of shape {list(value.shape)} does not fit {list(parameter.shape)}, see {names} or attention.qkv")
        parameter.data.copy_(value)
    for module in whole.modules():
        if type(module) is nn.LayerNorm:
            module.eps = 1e-12
""",
    ),
    Alternative(
        name="over-the-file",
        description="Walks over the names in the file with a regular expression, and lets load_state_dict find what is missing or too much.",
        code="""import re
from collections import defaultdict


def load_bert_weights(embedding, layers, tensors):
    tables = {"word_embeddings": "token", "position_embeddings": "position", "token_type_embeddings": "segment", "LayerNorm": "norm"}
    inner = {
        "attention.output.dense": "attention.out", "attention.output.LayerNorm": "norms.0", "intermediate.dense": "feed_forward.up",
        "output.dense": "feed_forward.down", "output.LayerNorm": "norms.1",
    }
    states = defaultdict(dict)
    for name, value in tensors.items():
        if found := re.fullmatch(r"embeddings\\.(\\w+)\\.(weight|bias)", name):
            states["embedding"][f"{tables[found[1]]}.{found[2]}"] = value
        elif (found := re.fullmatch(r"encoder\\.layer\\.(\\d+)\\.(.+)\\.(weight|bias)", name)) and found[2] in inner:
            states[int(found[1])][f"{inner[found[2]]}.{found[3]}"] = value
    for n in range(len(layers)):
        for kind in ("weight", "bias"):
            names = [f"encoder.layer.{n}.attention.self.{part}.{kind}" for part in ("query", "key", "value")]
            states[n][f"attention.qkv.{kind}"] = torch.concatenate([tensors[name] for name in names], dim=0)
    back = {ours: theirs for theirs, ours in (tables | inner).items()}
    for key, part in [("embedding", embedding), *enumerate(layers)]:
        for name in part.state_dict():
            if name not in states[key]:
                ours, _dot, kind = name.rpartition(".")
                before = "embeddings" if key == "embedding" else f"encoder.layer.{key}"
                raise KeyError(f"{before}.{back[ours]}.{kind}")
        part.load_state_dict(states[key])
        part.apply(lambda module: setattr(module, "eps", 1e-12) if isinstance(module, nn.LayerNorm) else None)
""",
    ),
]

_RIGHT = """def load_bert_weights(embedding, layers, tensors):
    def assign(parameter, value, name):
        if parameter.shape != value.shape:
            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}")
        with torch.no_grad():
            parameter.copy_(value)

    def fill(module, name):
        assign(module.weight, tensors[name + ".weight"], name + ".weight")
        assign(module.bias, tensors[name + ".bias"], name + ".bias")

    assign(embedding.token.weight, tensors["embeddings.word_embeddings.weight"], "embeddings.word_embeddings.weight")
    assign(embedding.position.weight, tensors["embeddings.position_embeddings.weight"], "embeddings.position_embeddings.weight")
    assign(embedding.segment.weight, tensors["embeddings.token_type_embeddings.weight"], "embeddings.token_type_embeddings.weight")
    fill(embedding.norm, "embeddings.LayerNorm")
    embedding.norm.eps = 1e-12
    for n, layer in enumerate(layers):
        start = f"encoder.layer.{n}."
        three = [start + "attention.self." + part for part in ("query", "key", "value")]
        w = torch.cat([tensors[name + ".weight"] for name in three])
        b = torch.cat([tensors[name + ".bias"] for name in three])
        assign(layer.attention.qkv.weight, w, "attention.qkv.weight")
        assign(layer.attention.qkv.bias, b, "attention.qkv.bias")
        fill(layer.attention.out, start + "attention.output.dense")
        fill(layer.norms[0], start + "attention.output.LayerNorm")
        fill(layer.feed_forward.up, start + "intermediate.dense")
        fill(layer.feed_forward.down, start + "output.dense")
        fill(layer.norms[1], start + "output.LayerNorm")
        layer.norms[0].eps = 1e-12
        layer.norms[1].eps = 1e-12
"""

_mistake = partial(made_in, _RIGHT, see="05_real_bert: Exercise 4: load_bert_weights")

_CHECK = (
    "        if parameter.shape != value.shape:\n"
    '            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model\'s is {tuple(parameter.shape)}")\n'
)
_POSITION = '    assign(embedding.position.weight, tensors["embeddings.position_embeddings.weight"], "embeddings.position_embeddings.weight")\n'
_SEGMENT = (
    '    assign(embedding.segment.weight, tensors["embeddings.token_type_embeddings.weight"], '
    '"embeddings.token_type_embeddings.weight")\n'
)

MISTAKES = [
    _mistake(
        "epsilon-forgotten",
        "The LayerNorms keep PyTorch's epsilon of 1e-5. BERT's is 1e-12, and it is in no tensor: set `eps`.",
        ("    embedding.norm.eps = 1e-12\n", ""),
        ("        layer.norms[0].eps = 1e-12\n", ""),
        ("        layer.norms[1].eps = 1e-12\n", ""),
    ),
    _mistake(
        "epsilon-of-the-embedding-only",
        "Only the LayerNorm of the embedding has BERT's epsilon. Those of the layers need it, too.",
        ("        layer.norms[0].eps = 1e-12\n", ""),
        ("        layer.norms[1].eps = 1e-12\n", ""),
    ),
    _mistake(
        "epsilon-of-the-layers-only",
        "Only the LayerNorms of the layers have BERT's epsilon. The one of the embedding needs it, too.",
        ("    embedding.norm.eps = 1e-12\n", ""),
    ),
    _mistake(
        "transposed",
        "You transpose the square matrix of `attention.output.dense`, and nothing complains. Here, unlike in GPT-2's file, nothing "
        "is transposed.",
        (
            'fill(layer.attention.out, start + "attention.output.dense")',
            'assign(layer.attention.out.weight, tensors[start + "attention.output.dense.weight"].T, start + "attention.output.dense.weight")\n'
            '        assign(layer.attention.out.bias, tensors[start + "attention.output.dense.bias"], start + "attention.output.dense.bias")',
        ),
    ),
    _mistake(
        "attention-transposed",
        "You transpose the matrices of queries, keys and values. They are square, so nothing complains; the file has them as "
        "`nn.Linear` does.",
        ('torch.cat([tensors[name + ".weight"] for', 'torch.cat([tensors[name + ".weight"].T for'),
    ),
    _mistake(
        "queries-and-keys-swapped",
        "Queries and keys are swapped. In `attention.qkv` the order is: queries, keys, values.",
        ('("query", "key", "value")', '("key", "query", "value")'),
    ),
    _mistake(
        "keys-and-values-swapped",
        "Keys and values are swapped. In `attention.qkv` the order is: queries, keys, values.",
        ('("query", "key", "value")', '("query", "value", "key")'),
    ),
    _mistake(
        "interleaved",
        "You lay the rows of queries, keys and values alternately. They stand one below the other: D rows each.",
        (
            'w = torch.cat([tensors[name + ".weight"] for name in three])',
            'w = torch.stack([tensors[name + ".weight"] for name in three], dim=1).flatten(0, 1)',
        ),
    ),
    _mistake(
        "attention-biases-forgotten",
        "The biases of queries, keys and values are not loaded: they keep what they began with.",
        ('        assign(layer.attention.qkv.bias, b, "attention.qkv.bias")\n', ""),
    ),
    _mistake(
        "biases-forgotten",
        "The biases of the linear layers and LayerNorms are not loaded.",
        ('        assign(module.bias, tensors[name + ".bias"], name + ".bias")\n', '        tensors[name + ".bias"]\n'),
    ),
    _mistake(
        "norms-swapped",
        "The two LayerNorms of a layer are swapped: `attention.output.LayerNorm` comes first.",
        (
            'fill(layer.norms[0], start + "attention.output.LayerNorm")',
            'fill(layer.norms[1], start + "attention.output.LayerNorm")',
        ),
        ('fill(layer.norms[1], start + "output.LayerNorm")', 'fill(layer.norms[0], start + "output.LayerNorm")'),
    ),
    _mistake(
        "one-norm-for-both",
        "Both LayerNorms of a layer get the same weights. The second one's name is `output.LayerNorm`, without `attention`.",
        (
            'fill(layer.norms[1], start + "output.LayerNorm")',
            'fill(layer.norms[1], start + "attention.output.LayerNorm")',
        ),
    ),
    _mistake(
        "positions-forgotten",
        "The table of positions is not loaded.",
        (_POSITION, ""),
    ),
    _mistake(
        "segments-forgotten",
        "The table of segments is not loaded. Its row 0 is added to every token, also where there is one sentence only.",
        (_SEGMENT, ""),
    ),
    _mistake(
        "embedding-norm-forgotten",
        "The LayerNorm of the embedding is not loaded.",
        ('    fill(embedding.norm, "embeddings.LayerNorm")\n', ""),
    ),
    _mistake(
        "first-layer-for-all",
        "All layers get the weights of layer 0.",
        ("for n, layer in enumerate(layers):", "for n, layer in [(0, one) for one in layers]:"),
    ),
    _mistake(
        "last-layer-left-out",
        "The last layer is not loaded.",
        ("enumerate(layers)", "enumerate(layers[:-1])"),
    ),
    _mistake(
        "shapes-not-checked",
        "A tensor of shape (1) fits everywhere by broadcasting, and you do not notice. Compare the shapes before you copy.",
        (_CHECK, ""),
    ),
    _mistake(
        "shape-without-a-name",
        "Your error about a shape does not name the tensor: in a file with 104 tensors that is no help.",
        (
            'f"{name} has shape {tuple(value.shape)}, the model\'s is {tuple(parameter.shape)}"',
            'f"{tuple(value.shape)} does not fit {tuple(parameter.shape)}"',
        ),
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
            "    def fill(module, name):\n",
            "    tensors = {name: tensors.get(name, value) for name, value in _places(embedding, layers).items()}\n\n    def fill(module, name):\n",
        ),
        (
            "def load_bert_weights",
            """def _places(embedding, layers):
    found = {
        "embeddings.word_embeddings.weight": embedding.token.weight,
        "embeddings.position_embeddings.weight": embedding.position.weight,
        "embeddings.token_type_embeddings.weight": embedding.segment.weight,
    }
    pairs = {"embeddings.LayerNorm": embedding.norm}
    for n, layer in enumerate(layers):
        start = f"encoder.layer.{n}."
        for part, kind in (("attention.output.dense", layer.attention.out), ("attention.output.LayerNorm", layer.norms[0])):
            pairs[start + part] = kind
        pairs[start + "intermediate.dense"] = layer.feed_forward.up
        pairs[start + "output.dense"] = layer.feed_forward.down
        pairs[start + "output.LayerNorm"] = layer.norms[1]
        for kind in ("weight", "bias"):
            thirds = getattr(layer.attention.qkv, kind).detach().clone().chunk(3)
            for part, third in zip(("query", "key", "value"), thirds):
                found[start + "attention.self." + part + "." + kind] = third
    for name, module in pairs.items():
        found[name + ".weight"], found[name + ".bias"] = module.weight, module.bias
    return found


def load_bert_weights""",
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
            'assign(embedding.position.weight, tensors["embeddings.position_embeddings.weight"]',
            'assign(embedding.position.weight, tensors.pop("embeddings.position_embeddings.weight")',
        ),
    ),
    _mistake(
        "superfluous-refused",
        "Your function refuses a file that has more than the model needs, such as the pooler. Leave it aside.",
        (
            "    def fill(module, name):\n",
            '    if any(not name.startswith(("embeddings.", "encoder.")) or "position_ids" in name for name in tensors):\n'
            '        raise ValueError("the file has too many tensors")\n\n    def fill(module, name):\n',
        ),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "part.eps = 1e-12", "1e-12 → 2e-12", "In single precision neither can be told from zero where anything varies."
    ),
]
