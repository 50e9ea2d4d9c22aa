"""Known mistakes of chapter 6: the classifier's head, freezing, the position that is read."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- add_classifier_head -------------------------------------------------------------------------------------------

_HEAD_RIGHT = """def add_classifier_head(model, num_classes):
    width = model.cfg["emb_dim"]
    model.out_head = nn.Linear(width, num_classes)
    return model
"""


def _head(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_classifier_head: Exercise 1: add_classifier_head"
    return made_in(_HEAD_RIGHT, "ch06/classifier-head", name, explanation, *changes, see=see)


_HEAD = [
    _head(
        "width-of-gpt2",
        "768 is the width of the smallest GPT-2. The width of this model stands in `model.cfg`.",
        ('model.cfg["emb_dim"]', "768"),
    ),
    _head(
        "always-two-classes",
        "Your head always has two classes. `num_classes` says how many there are.",
        ("nn.Linear(width, num_classes)", "nn.Linear(width, 2)"),
    ),
    _head(
        "behind-the-old-head",
        "You put the new head behind the old one, on 8,192 logits. It takes the old head's place and reads the body's vectors.",
        ("nn.Linear(width, num_classes)",
         'nn.Sequential(model.out_head, nn.Linear(model.cfg["vocab_size"], num_classes))'),
    ),
    _head(
        "another-attribute",
        "You store the new head under a name that the model does not use: its output still comes from the old one. Replace "
        "`model.out_head`.",
        ("model.out_head = ", "model.classifier = "),
    ),
    _head(
        "head-returned",
        "You return the head alone. The model is to be returned.",
        ("return model", "return model.out_head"),
    ),
    _head(
        "nothing-returned",
        "Your function returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
    _head(
        "written-into-the-old-matrix",
        "You write new numbers into the old head's matrix. Where the weights are tied it is the token embedding too, which is "
        "destroyed with it. Assign a new layer.",
        ("nn.Linear(width, num_classes)\n", "model.out_head\n    model.out_head.weight.data = 0.02 * torch.randn(num_classes, width)\n"),
    ),
    _head(
        "softmax-inside",
        "Your head ends with a softmax. The cross-entropy wants logits and applies it itself; twice, it hardly learns.",
        ("nn.Linear(width, num_classes)", "nn.Sequential(nn.Linear(width, num_classes), nn.Softmax(dim=-1))"),
    ),
    _head(
        "head-frozen",
        "Your head is frozen, and it is the one part that has everything still to learn.",
        ("    return model\n", "    model.out_head.requires_grad_(False)\n    return model\n"),
    ),
    _head(
        "a-new-body",
        "You build a new model, with random weights everywhere: what was learned in pre-training is lost. Only the head is "
        "replaced.",
        ("    model.out_head", "    model = GPTModel(model.cfg)\n    model.out_head"),
    ),
    _head(
        "two-layers",
        "Your head has a hidden layer. One linear layer is asked for.",
        ("nn.Linear(width, num_classes)", "nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, num_classes))"),
    ),
    _head(
        "only-the-label-changed",
        "You change `out_features`, which is a note about the layer. Its weights are as before: assign a new layer.",
        ("model.out_head = nn.Linear(width, num_classes)", "model.out_head.out_features = num_classes"),
    ),
    _head(
        "arguments-exchanged",
        "`nn.Linear` takes the width of its input first, then that of its output; yours are exchanged.",
        ("nn.Linear(width, num_classes)", "nn.Linear(num_classes, width)"),
    ),
    _head(
        "final-norm-removed",
        "You replace the final LayerNorm too. It belongs to the body and stays.",
        ("    return model\n", "    model.final_norm = nn.Identity()\n    return model\n"),
    ),
]  # fmt: skip

# --- freeze --------------------------------------------------------------------------------------------------------

_FREEZE_RIGHT = """def freeze(model):
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


def _freeze(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_classifier_head: Exercise 2: freeze"
    return made_in(_FREEZE_RIGHT, "ch06/freeze", name, explanation, *changes, see=see)


_FREEZE = [
    _freeze(
        "backbone-not-frozen",
        "You open the parts to be trained, and freeze nothing: the whole model is trained. Freeze everything first.",
        (_ALL_FROZEN, ""),
    ),
    _freeze(
        "head-left-frozen",
        "Your head stays frozen. It has random weights and is what needs training most.",
        ("(model.out_head, model.final_norm,", "(model.final_norm,"),
    ),
    _freeze(
        "everything-frozen",
        "Everything is frozen, so nothing can learn. Open the head, the final norm and the last block again.",
        (_SOME_OPEN, ""),
    ),
    _freeze(
        "frozen-at-the-end",
        "You freeze everything at the end, and undo what you had opened. First freeze, then open.",
        (_ALL_FROZEN + _SOME_OPEN, _SOME_OPEN + _ALL_FROZEN),
    ),
    _freeze(
        "final-norm-left-frozen",
        "The final LayerNorm stays frozen. It is one of the three parts that are trained.",
        (" model.final_norm,", ""),
    ),
    _freeze(
        "last-block-left-frozen",
        "The last block stays frozen. It is one of the three parts that are trained.",
        (", model.trf_blocks[-1])", ")"),
    ),
    _freeze(
        "only-the-head",
        "You train the head alone. The final norm and the last block are trained with it.",
        ("(model.out_head, model.final_norm, model.trf_blocks[-1])", "(model.out_head,)"),
    ),
    _freeze(
        "first-block",
        "You open the first block. It is the last one, `trf_blocks[-1]`, that is trained.",
        ("model.trf_blocks[-1]", "model.trf_blocks[0]"),
    ),
    _freeze(
        "block-by-number",
        "You take the last block for number 5. A model may have another number of blocks: `trf_blocks[-1]`.",
        ("model.trf_blocks[-1]", "model.trf_blocks[5]"),
    ),
    _freeze(
        "two-blocks",
        "You open the last two blocks. One is asked for.",
        ("model.trf_blocks[-1]", "model.trf_blocks[-2:]"),
    ),
    _freeze(
        "embeddings-not-frozen",
        "You freeze the blocks and forget the embeddings: the tables of tokens and positions are still trained.",
        ("in model.parameters():\n        parameter.requires_grad = False",
         "in model.trf_blocks.parameters():\n        parameter.requires_grad = False"),
    ),
    _freeze(
        "only-matrices-opened",
        "You open matrices only. Biases and the LayerNorms' numbers belong to the three parts as well.",
        ("            parameter.requires_grad = True", "            parameter.requires_grad = parameter.dim() > 1"),
    ),
    _freeze(
        "attribute-of-the-model",
        "`model.requires_grad = False` gives the model an attribute that nobody reads. It is the parameters that have to be "
        "frozen; `model.requires_grad_(False)`, with an underscore, does it for all of them.",
        (_ALL_FROZEN, "    model.requires_grad = False\n"),
    ),
    _freeze(
        "evaluation-mode-for-freezing",
        "`eval()` switches off dropout. It freezes nothing: set `requires_grad`.",
        (_ALL_FROZEN, "    model.eval()\n"),
    ),
    _freeze(
        "weights-reset",
        "You start the last block's numbers anew. Frozen or trained, all of them stay as pre-training left them.",
        ("    return model\n", "    for p in model.trf_blocks[-1].parameters():\n        p.data.normal_(0, 0.02)\n    return model\n"),
    ),
    _freeze(
        "nothing-returned",
        "Your function returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
]  # fmt: skip

# --- last_logits ---------------------------------------------------------------------------------------------------

_LAST_RIGHT = """def last_logits(logits, lengths):
    rows = torch.arange(logits.shape[0])
    return logits[rows, lengths - 1]
"""


def _last(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_classifier_head: Exercise 3: which position to read"
    return made_in(_LAST_RIGHT, "ch06/last-logits", name, explanation, *changes, see=see)


_LAST = [
    _last(
        "first-token",
        "You read the first position, which has seen one token of the message. Read the last real one.",
        ("logits[rows, lengths - 1]", "logits[:, 0]"),
    ),
    _last(
        "last-column",
        "You read the last column of the batch, which for short messages is padding. Read the last real position of each row.",
        ("logits[rows, lengths - 1]", "logits[:, -1]"),
    ),
    _last(
        "one-behind",
        "You read one position too late: behind the message, in its padding. Positions count from 0, so the last is at "
        "length minus 1.",
        ("lengths - 1", "lengths.clamp(max=logits.shape[1] - 1)"),
    ),
    _last(
        "length-as-index",
        "You use the length as an index. Positions count from 0: the last one is at length minus 1.",
        ("lengths - 1", "lengths"),
    ),
    _last(
        "one-too-early",
        "You read the last token but one: the last real token is trimmed.",
        ("lengths - 1", "(lengths - 2).clamp(min=0)"),
    ),
    _last(
        "one-length-for-all",
        "You read every row at the same position, the end of the longest message. Each row has its own length.",
        ("logits[rows, lengths - 1]", "logits[:, int(lengths.max()) - 1]"),
    ),
    _last(
        "length-of-the-first",
        "You read every row at the end of the first message. Each row has its own length.",
        ("logits[rows, lengths - 1]", "logits[:, lengths[0] - 1]"),
    ),
    _last(
        "rows-not-paired",
        "With a slice for the rows you get every position of the list for every row. Pair row numbers and positions: two "
        "index tensors of equal length.",
        ("logits[rows, lengths - 1]", "logits[:, lengths - 1]"),
    ),
    _last(
        "mean-over-everything",
        "You take the mean over all positions, padding included. Read the last real position.",
        ("logits[rows, lengths - 1]", "logits.mean(dim=1)"),
    ),
    _last(
        "mean-over-the-real",
        "You take the mean over the real positions. That is a method of its own; here the last real position is asked for.",
        ("    return logits[rows, lengths - 1]\n",
         "    return torch.stack([logits[row, : lengths[row]].mean(dim=0) for row in rows])\n"),
    ),
    _last(
        "largest-anywhere",
        "You take each logit's maximum over the positions. Read all of them at the last real position.",
        ("logits[rows, lengths - 1]", "logits.amax(dim=1)"),
    ),
    _last(
        "counted-from-the-end",
        "You count from the end of the row, where the padding is. The message begins at position 0.",
        ("lengths - 1", "-lengths"),
    ),
    _last(
        "dimension-kept",
        "Your result has a dimension of size 1 for the position that was read. The shape should be (B, C).",
        ("logits[rows, lengths - 1]", "logits[rows, lengths - 1].unsqueeze(1)"),
    ),
    _last(
        "class-for-position",
        "You index the dimension of the classes with the positions. Positions are dimension 1.",
        ("logits[rows, lengths - 1]", "logits[rows, :, (lengths - 1).clamp(max=logits.shape[2] - 1)]"),
    ),
    _last(
        "cut-off-from-the-gradient",
        "Your result is cut off from the gradient, so nothing in front of it can learn.",
        ("logits[rows, lengths - 1]", "logits[rows, lengths - 1].detach()"),
    ),
    _last(
        "lengths-changed",
        "You subtract 1 from the caller's lengths in place. Write `lengths - 1`.",
        ("logits[rows, lengths - 1]", "logits[rows, lengths.sub_(1)]"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_HEAD, *_FREEZE, *_LAST]
