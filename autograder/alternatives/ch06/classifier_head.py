"""Right answers of chapter 6 in other styles: the classifier's head, freezing, the position that is read."""

from __future__ import annotations

from autograder.catalogue import Alternative

_HEAD = [
    Alternative(
        exercise="ch06/classifier-head",
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
        exercise="ch06/classifier-head",
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
        exercise="ch06/classifier-head",
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
        exercise="ch06/classifier-head",
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

_FREEZE = [
    Alternative(
        exercise="ch06/freeze",
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
        exercise="ch06/freeze",
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
        exercise="ch06/freeze",
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

_LAST = [
    Alternative(
        exercise="ch06/last-logits",
        name="gather",
        description="gather with an expanded index.",
        code="""def last_logits(logits, lengths):
    index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, logits.size(-1))
    return logits.gather(1, index).squeeze(1)
""",
    ),
    Alternative(
        exercise="ch06/last-logits",
        name="loop",
        description="Row by row, stacked.",
        code="""def last_logits(logits, lengths):
    picked = []
    for i in range(len(logits)):
        picked.append(logits[i, int(lengths[i]) - 1, :])
    return torch.stack(picked, dim=0)
""",
    ),
    Alternative(
        exercise="ch06/last-logits",
        name="one-hot-product",
        description="A one-hot mask over the positions, as a product; padding set to zero first so that it may hold anything.",
        code="""def last_logits(logits, lengths):
    places = torch.arange(logits.shape[1], device=logits.device)
    mask = places[None, :] == (lengths - 1)[:, None]
    return logits.masked_fill(~mask[:, :, None], 0.0).sum(dim=1)
""",
    ),
    Alternative(
        exercise="ch06/last-logits",
        name="flat-index",
        description="The table as one long list of rows.",
        code="""def last_logits(logits, lengths):
    batch, width, classes = logits.shape
    return logits.reshape(batch * width, classes).index_select(0, torch.arange(batch) * width + lengths - 1)
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_HEAD, *_FREEZE, *_LAST]
