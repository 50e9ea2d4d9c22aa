"""Answers to exercise 1 of 02_classifier_head: add_classifier_head."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="width-from-the-norm",
        description="The width read from the final norm; no bias; a small start.",
        code="""def add_classifier_head(model, num_classes):
    head = nn.Linear(in_features=model.final_norm.normalized_shape[0], out_features=num_classes, bias=False)
    nn.init.normal_(head.weight, std=0.02)
    setattr(model, "out_head", head)
    return model
""",
    ),
    Alternative(
        name="new-parameter",
        description="The old layer object keeps its place and gets a new weight parameter, which unties it.",
        code="""def add_classifier_head(model, num_classes):
    width = model.tok_emb.embedding_dim
    model.out_head.weight = nn.Parameter(torch.randn(num_classes, width) * width**-0.5)
    model.out_head.out_features = num_classes
    return model
""",
    ),
    Alternative(
        name="sequential-with-dropout",
        description="Dropout in front of the linear layer, off in evaluation mode; zeros as start values.",
        code="""def add_classifier_head(model, num_classes):
    linear = nn.Linear(model.tok_emb.weight.shape[1], num_classes, device=model.tok_emb.weight.device)
    nn.init.zeros_(linear.weight)
    nn.init.zeros_(linear.bias)
    model.out_head = nn.Sequential(nn.Dropout(0.1), linear).train(model.training)
    return model
""",
    ),
    Alternative(
        name="own-module",
        description="A module with parameters of its own, stored (D, C).",
        code="""class Head(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.matrix = nn.Parameter(torch.empty(width, classes).uniform_(-0.05, 0.05))
        self.shift = nn.Parameter(torch.zeros(classes))

    def forward(self, x):
        return torch.einsum("...d,dc->...c", x, self.matrix) + self.shift


def add_classifier_head(model, num_classes):
    model.add_module("out_head", Head(model.cfg["emb_dim"], num_classes))
    return model
""",
    ),
]

_RIGHT = """def add_classifier_head(model, num_classes):
    width = model.cfg["emb_dim"]
    model.out_head = nn.Linear(width, num_classes)
    return model
"""

_mistake = partial(made_in, _RIGHT, see="02_classifier_head: Exercise 1: add_classifier_head")

MISTAKES = [
    _mistake(
        "width-of-gpt2",
        "768 is the width of the smallest GPT-2. The width of this model stands in `model.cfg`.",
        ('model.cfg["emb_dim"]', "768"),
    ),
    _mistake(
        "always-two-classes",
        "Your head always has two classes. `num_classes` says how many there are.",
        ("nn.Linear(width, num_classes)", "nn.Linear(width, 2)"),
    ),
    _mistake(
        "behind-the-old-head",
        "You put the new head behind the old one, on 8,192 logits. It takes the old head's place and reads the body's vectors.",
        (
            "nn.Linear(width, num_classes)",
            'nn.Sequential(model.out_head, nn.Linear(model.cfg["vocab_size"], num_classes))',
        ),
    ),
    _mistake(
        "another-attribute",
        "You store the new head under a name that the model does not use: its output still comes from the old one. Replace "
        "`model.out_head`.",
        ("model.out_head = ", "model.classifier = "),
    ),
    _mistake(
        "head-returned",
        "You return the head alone. Return the model.",
        ("return model", "return model.out_head"),
    ),
    _mistake(
        "nothing-returned",
        "Your function returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
    _mistake(
        "written-into-the-old-matrix",
        "You write new numbers into the old head's matrix. Where the weights are tied it is the token embedding too, which is "
        "destroyed with it. Assign a new layer.",
        (
            "nn.Linear(width, num_classes)\n",
            "model.out_head\n    model.out_head.weight.data = 0.02 * torch.randn(num_classes, width)\n",
        ),
    ),
    _mistake(
        "softmax-inside",
        "Your head ends with a softmax. The cross-entropy wants logits and applies it itself; twice, it hardly learns.",
        ("nn.Linear(width, num_classes)", "nn.Sequential(nn.Linear(width, num_classes), nn.Softmax(dim=-1))"),
    ),
    _mistake(
        "head-frozen",
        "Your head is frozen, and it is the one part that has everything still to learn.",
        ("    return model\n", "    model.out_head.requires_grad_(False)\n    return model\n"),
    ),
    _mistake(
        "a-new-body",
        "You build a new model, with random weights everywhere: what was learned in pre-training is lost. Only the head is "
        "replaced.",
        ("    model.out_head", "    model = GPTModel(model.cfg)\n    model.out_head"),
    ),
    _mistake(
        "two-layers",
        "Your head has a hidden layer. One linear layer is asked for.",
        (
            "nn.Linear(width, num_classes)",
            "nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, num_classes))",
        ),
    ),
    _mistake(
        "only-the-label-changed",
        "You change `out_features`, which is a note about the layer. Its weights are as before: assign a new layer.",
        ("model.out_head = nn.Linear(width, num_classes)", "model.out_head.out_features = num_classes"),
    ),
    _mistake(
        "arguments-exchanged",
        "`nn.Linear` takes the width of its input first, then that of its output; yours are exchanged.",
        ("nn.Linear(width, num_classes)", "nn.Linear(num_classes, width)"),
    ),
    _mistake(
        "final-norm-removed",
        "You replace the final LayerNorm too. It belongs to the body and stays.",
        ("    return model\n", "    model.final_norm = nn.Identity()\n    return model\n"),
    ),
]
