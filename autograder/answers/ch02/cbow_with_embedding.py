"""Answers to exercise 1 of 10_cbow_with_embedding: CBOW with nn.Embedding."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="mask",
        description="No padding_idx: a mask keeps the padding out.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.to_logits = nn.Linear(width, vocab_size, bias=False)
        self.look_up = nn.Embedding(vocab_size, width)

    def forward(self, contexts):
        real = (contexts > 0).unsqueeze(-1)
        mean = (self.look_up(contexts) * real).sum(1) / real.sum(1).clamp(min=1)
        return self.to_logits(mean)
""",
    ),
    Alternative(
        name="embedding-bag",
        description="nn.EmbeddingBag with mode mean.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab_size, width, mode="mean", padding_idx=0)
        self.out = nn.Parameter(torch.randn(width, vocab_size) * 0.1)

    def forward(self, contexts):
        return self.bag(contexts) @ self.out
""",
    ),
    Alternative(
        name="one-hot",
        description="Two matrices and the bag of one-hot vectors of notebook 9.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.inner = nn.Parameter(torch.randn(vocab_size, width))
        self.outer = nn.Parameter(torch.randn(vocab_size, width))

    def forward(self, contexts):
        counts = F.one_hot(contexts, len(self.inner)).sum(dim=1).to(self.inner.dtype)
        counts[:, 0] = 0
        bags = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
        return bags @ self.inner @ self.outer.T
""",
    ),
    Alternative(
        name="loop",
        description="Context by context.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.E = nn.Embedding(vocab_size, width)
        self.U = nn.Embedding(vocab_size, width)

    def forward(self, contexts):
        rows = []
        for context in contexts:
            tokens = context[context != 0]
            vectors = self.E(tokens)
            rows.append(vectors.mean(dim=0) if len(tokens) else self.E.weight.new_zeros(self.E.embedding_dim))
        return torch.einsum("bd,vd->bv", torch.stack(rows), self.U.weight)
""",
    ),
]

_RIGHT = """class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, width, padding_idx=0)
        self.output = nn.Linear(width, vocab_size, bias=False)

    def forward(self, contexts):
        vectors = self.embedding(contexts)
        total = vectors.sum(dim=1)
        count = (contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)
        return self.output(total / count)
"""

_mistake = partial(made_in, _RIGHT, see="10_cbow_with_embedding: Exercise 1: CBOW with nn.Embedding")

MISTAKES = [
    _mistake(
        "padding-in-the-number",
        "Your sum is divided by all places of the context, padding included. Divide by the number of tokens that are not 0.",
        ("(contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)", "contexts.shape[1]"),
    ),
    _mistake(
        "padding-in-the-sum",
        "Your sum contains the vectors of the padding. Give `nn.Embedding` a `padding_idx`, or multiply by a mask.",
        (", padding_idx=0", ""),
    ),
    _mistake(
        "plain-mean",
        "Your mean goes over all places, padding included, both in the sum and in the number. Only tokens count.",
        (", padding_idx=0", ""),
        ("        total = vectors.sum(dim=1)\n", ""),
        ("        count = (contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)\n", ""),
        ("total / count", "vectors.mean(dim=1)"),
    ),
    _mistake(
        "nan-for-empty-contexts",
        "Your model divides by zero where a context is all padding, and returns nan. Divide by at least 1.",
        (".clamp(min=1)", ""),
    ),
    _mistake(
        "sum-for-mean",
        "Your model adds the vectors up. The exercise asks for their mean, so that full and short contexts weigh the same.",
        ("total / count", "total"),
    ),
    _mistake(
        "largest-for-mean",
        "Your model takes the largest number of each component. The mean is wanted.",
        ("total / count", "vectors.amax(dim=1)"),
    ),
    _mistake(
        "averaged-over-the-width",
        "Your sum runs over the components of each vector. Add up over the context, dimension 1 of (B, C, d).",
        (
            "        total = vectors.sum(dim=1)\n",
            "        total = vectors.sum(dim=2).repeat(1, vectors.shape[2])[:, : vectors.shape[2]]\n",
        ),
    ),
    _mistake(
        "batch-averaged",
        "Your model mixes all contexts of the batch. Each context has a mean of its own.",
        ("vectors.sum(dim=1)", "vectors.sum(dim=1).mean(dim=0, keepdim=True).expand(len(contexts), -1)"),
    ),
    _mistake(
        "each-token-once",
        "Your model counts each token of a context once. A token that occurs twice counts twice.",
        (
            "        vectors =",
            "        contexts = contexts.sort(dim=1).values\n"
            "        again = F.pad(contexts[:, 1:] == contexts[:, :-1], (1, 0))\n"
            "        contexts = contexts.masked_fill(again, 0)\n        vectors =",
        ),
    ),
    _mistake(
        "bias",
        "Your output layer has a bias. The exercise asks for two matrices and nothing else: `bias=False`.",
        (", bias=False", ""),
    ),
    _mistake(
        "probabilities-for-logits",
        "Your model returns probabilities. It should return logits: the cross-entropy takes the softmax itself.",
        ("return self.output(total / count)", "return torch.softmax(self.output(total / count), dim=-1)"),
    ),
    _mistake(
        "curve-in-between",
        "Your model applies an activation function to the mean before the output layer. CBoW has none.",
        ("self.output(total / count)", "self.output(torch.relu(total / count))"),
    ),
    _mistake(
        "one-matrix-twice",
        "Your model uses the embedding as its output layer too. Here the two are matrices of their own.",
        ("        self.output = nn.Linear(width, vocab_size, bias=False)\n", ""),
        ("self.output(total / count)", "total / count @ self.embedding.weight.T"),
    ),
    _mistake(
        "hidden-returned",
        "Your model returns the mean vectors. The output layer turns them into one logit for each token.",
        ("self.output(total / count)", "total / count"),
    ),
    _mistake(
        "embedding-frozen",
        "Your embedding does not learn: no gradient reaches it. Leave out `freeze`, `detach` and `no_grad`.",
        ("vectors = self.embedding(contexts)", "vectors = self.embedding(contexts).detach()"),
    ),
    _mistake(
        "padding-skipped-by-position",
        "Your model takes padding to stand at the end only. It may stand on either side, or between tokens: look at which places are 0.",
        (", padding_idx=0", ""),
        (
            "        total = vectors.sum(dim=1)\n        count = (contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)\n",
            "        count = (contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)\n"
            "        real = torch.arange(contexts.shape[1]) < count\n"
            "        total = (vectors * real.unsqueeze(-1)).sum(dim=1)\n",
        ),
    ),
]
