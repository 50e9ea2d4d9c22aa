"""Answers to exercise 2 of 02_classifier_head: freeze."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="by-name",
        description="One loop over the names.",
        code="""def freeze(model):
    last = len(model.trf_blocks) - 1
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(("out_head.", "final_norm.", f"trf_blocks.{last}.")))
    return model
""",
    ),
    Alternative(
        name="by-identity",
        description="The parameters to be trained as a set of identities.",
        code="""def freeze(model):
    open_ones = {id(p) for part in [model.trf_blocks[-1], model.final_norm, model.out_head] for p in part.parameters()}
    for p in model.parameters():
        p.requires_grad = id(p) in open_ones
    return model
""",
    ),
    Alternative(
        name="part-by-part",
        description="Each part named, frozen ones and trained ones.",
        code="""def freeze(model):
    *early, last = model.trf_blocks
    for part in [model.tok_emb, model.pos_emb, *early]:
        part.requires_grad_(False)
    last.requires_grad_()
    model.final_norm.requires_grad_()
    model.out_head.requires_grad_()
    return model
""",
    ),
]

_RIGHT = """def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    for part in (model.out_head, model.final_norm, model.trf_blocks[-1]):
        for parameter in part.parameters():
            parameter.requires_grad = True
    return model
"""
_ALL_FROZEN = "    for parameter in model.parameters():\n        parameter.requires_grad = False\n"
_SOME_OPEN = """    for part in (model.out_head, model.final_norm, model.trf_blocks[-1]):
        for parameter in part.parameters():
            parameter.requires_grad = True
"""

_mistake = partial(made_in, _RIGHT, see="02_classifier_head: Exercise 2: freeze")

MISTAKES = [
    _mistake(
        "backbone-not-frozen",
        "You unfreeze the parts to be trained, and freeze nothing: the whole model is trained. Freeze everything "
        "first.",
        (_ALL_FROZEN, ""),
    ),
    _mistake(
        "head-left-frozen",
        "Your head stays frozen. It has random weights and is what needs training most.",
        ("(model.out_head, model.final_norm,", "(model.final_norm,"),
    ),
    _mistake(
        "everything-frozen",
        "Everything is frozen, so nothing can learn. Unfreeze the head, the final LayerNorm and the last block again.",
        (_SOME_OPEN, ""),
    ),
    _mistake(
        "frozen-at-the-end",
        "When your function ends, every parameter is frozen: what was unfrozen is frozen again, or never was "
        "unfrozen. First freeze all, then unfreeze the three parts.",
        (_ALL_FROZEN + _SOME_OPEN, _SOME_OPEN + _ALL_FROZEN),
    ),
    _mistake(
        "attribute-misspelt",
        "Every parameter stays frozen: the attribute that you set to unfreeze some of them is not the one that "
        "PyTorch reads. It is called `requires_grad`; under any other name Python makes a new attribute and says "
        "nothing.",
        ("            parameter.requires_grad = True", "            parameter.require_grad = True"),
    ),
    _mistake(
        "final-norm-left-frozen",
        "The final LayerNorm stays frozen. It is one of the three parts that are trained.",
        (" model.final_norm,", ""),
    ),
    _mistake(
        "last-block-left-frozen",
        "The last block stays frozen. It is one of the three parts that are trained.",
        (", model.trf_blocks[-1])", ")"),
    ),
    _mistake(
        "only-the-head",
        "You train the head alone. The final LayerNorm and the last block are trained with it.",
        ("(model.out_head, model.final_norm, model.trf_blocks[-1])", "(model.out_head,)"),
    ),
    _mistake(
        "first-block",
        "You unfreeze the first block. It is the last one, `trf_blocks[-1]`, that is trained.",
        ("model.trf_blocks[-1]", "model.trf_blocks[0]"),
    ),
    _mistake(
        "block-by-number",
        "You take the last block for number 5. A model may have another number of blocks: `trf_blocks[-1]`.",
        ("model.trf_blocks[-1]", "model.trf_blocks[5]"),
    ),
    _mistake(
        "two-blocks",
        "You unfreeze the last two blocks. Only one is asked for.",
        ("model.trf_blocks[-1]", "model.trf_blocks[-2:]"),
    ),
    _mistake(
        "embeddings-not-frozen",
        "You freeze the blocks and forget the embeddings: the tables of tokens and positions are still trained.",
        (
            "in model.parameters():\n        parameter.requires_grad = False",
            "in model.trf_blocks.parameters():\n        parameter.requires_grad = False",
        ),
    ),
    _mistake(
        "only-matrices-opened",
        "You unfreeze matrices only. Biases and the LayerNorms' parameters belong to the three parts as well.",
        ("            parameter.requires_grad = True", "            parameter.requires_grad = parameter.dim() > 1"),
    ),
    _mistake(
        "attribute-of-the-model",
        "`model.requires_grad = False` gives the model an attribute that nobody reads. It is the parameters that have to be "
        "frozen; `model.requires_grad_(False)`, with an underscore, does it for all of them.",
        (_ALL_FROZEN, "    model.requires_grad = False\n"),
    ),
    _mistake(
        "evaluation-mode-for-freezing",
        "`eval()` switches off dropout. It freezes nothing: set `requires_grad`.",
        (_ALL_FROZEN, "    model.eval()\n"),
    ),
    _mistake(
        "weights-reset",
        "You initialise the last block's parameters anew. Frozen or trained, all of them stay as pre-training left "
        "them.",
        (
            "    return model\n",
            "    for p in model.trf_blocks[-1].parameters():\n        p.data.normal_(0, 0.02)\n    return model\n",
        ),
    ),
    _mistake(
        "nothing-returned",
        "Your function returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
]
