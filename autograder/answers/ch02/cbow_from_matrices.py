"""Answers to exercise 3 of 08_cbow: CBOW from two matrices."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="linear-layers",
        description="Two nn.Linear without bias; counts by bincount.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.to_hidden = nn.Linear(vocab_size, width, bias=False)
        self.to_logits = nn.Linear(width, vocab_size, bias=False)
        self.size = vocab_size

    def forward(self, contexts):
        counts = torch.stack([torch.bincount(torch.tensor(c), minlength=self.size) for c in contexts])
        bags = counts / counts.sum(dim=1, keepdim=True)
        return self.to_logits(self.to_hidden(bags.to(self.to_hidden.weight.dtype)))
""",
    ),
    Alternative(
        name="rows",
        description="Rows of the matrix looked up and averaged, no one-hot vectors; float32 only, the answer matrix made first.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.answers = nn.Parameter(torch.randn(vocab_size, width) * 0.1)
        self.vectors = nn.Parameter(torch.randn(vocab_size, width) * 0.1)

    def forward(self, contexts):
        hidden = torch.stack([self.vectors[context].mean(dim=0) for context in contexts])
        return torch.einsum("bd,vd->bv", hidden, self.answers)
""",
    ),
    Alternative(
        name="flat",
        description="All contexts in one long list, added up by index_add.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.inner = nn.Parameter(torch.empty(vocab_size, width).uniform_(-1, 1))
        self.outer = nn.Parameter(torch.empty(width, vocab_size).uniform_(-1, 1))

    def forward(self, contexts):
        words = torch.tensor([word for context in contexts for word in context])
        owner = torch.tensor([number for number, context in enumerate(contexts) for _ in context])
        lengths = torch.tensor([[len(context)] for context in contexts])
        one_hot = torch.eye(self.inner.shape[0], dtype=self.inner.dtype)[words]
        bags = torch.zeros(len(contexts), self.inner.shape[0], dtype=self.inner.dtype)
        return bags.index_add(0, owner, one_hot) / lengths @ self.inner @ self.outer
""",
    ),
]

_RIGHT = """class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.vocab_size = vocab_size
        self.inner = nn.Parameter(torch.randn(vocab_size, width))
        self.outer = nn.Parameter(torch.randn(width, vocab_size))

    def forward(self, contexts):
        bags = []
        for context in contexts:
            vectors = F.one_hot(torch.tensor(context), self.vocab_size).to(self.inner.dtype)
            bags.append(vectors.mean(dim=0))
        hidden = torch.stack(bags) @ self.inner
        return hidden @ self.outer
"""

_mistake = partial(made_in, _RIGHT, see="08_cbow: Exercise 3: CBOW from two matrices")

MISTAKES = [
    _mistake(
        "sum-for-mean",
        "Your bags are sums. The exercise asks for the mean, so that long and short contexts weigh the same.",
        ("vectors.mean(dim=0)", "vectors.sum(dim=0)"),
    ),
    _mistake(
        "mean-over-the-longest",
        "Your bags are divided by the length of the longest context of the batch. Each is divided by its own.",
        ("vectors.mean(dim=0)", "vectors.sum(dim=0) / max(len(other) for other in contexts)"),
    ),
    _mistake(
        "mean-over-the-vocabulary",
        "Your bags are divided by the size of the vocabulary. Divide by the number of words in the context.",
        ("vectors.mean(dim=0)", "vectors.sum(dim=0) / self.vocab_size"),
    ),
    _mistake(
        "each-word-once",
        "Your bags note only whether a word occurs. A word that occurs twice counts twice.",
        ("torch.tensor(context)", "torch.tensor(sorted(set(context)))"),
    ),
    _mistake(
        "longest-word-only",
        "Your bags take the maximum over the words, which is 1 for each that occurs. The mean is wanted.",
        ("vectors.mean(dim=0)", "vectors.amax(dim=0)"),
    ),
    _mistake(
        "probabilities-for-logits",
        "Your model returns probabilities. It should return logits: the cross-entropy takes the softmax itself.",
        ("return hidden @ self.outer", "return torch.softmax(hidden @ self.outer, dim=-1)"),
    ),
    _mistake(
        "curve-in-between",
        "Your model applies an activation function to the hidden layer. CBoW has none between its two matrices.",
        ("hidden @ self.outer", "torch.tanh(hidden) @ self.outer"),
    ),
    _mistake(
        "one-matrix-twice",
        "Your model uses the same matrix at both ends. Here words as context and words as answers have vectors of their own: two matrices.",
        ("        self.outer = nn.Parameter(torch.randn(width, vocab_size))\n", ""),
        ("hidden @ self.outer", "hidden @ self.inner.T"),
    ),
    _mistake(
        "bias",
        "Your model has a bias. The exercise asks for two matrices and nothing else; `nn.Linear` needs `bias=False`.",
        (
            "        self.outer =",
            "        self.bias = nn.Parameter(torch.randn(vocab_size))\n        self.outer =",
        ),
        ("hidden @ self.outer", "hidden @ self.outer + self.bias"),
    ),
    _mistake(
        "hidden-returned",
        "Your model returns the hidden vectors. The second matrix turns them into one logit for each word.",
        ("return hidden @ self.outer", "return hidden"),
    ),
    _mistake(
        "same-length-only",
        "Your model makes one tensor of all contexts, which fails when their lengths differ. Go through them one by one, or fill the short ones up.",
        (
            "        bags = []\n        for context in contexts:\n"
            "            vectors = F.one_hot(torch.tensor(context), self.vocab_size).to(self.inner.dtype)\n"
            "            bags.append(vectors.mean(dim=0))\n        hidden = torch.stack(bags) @ self.inner\n",
            "        vectors = F.one_hot(torch.tensor(contexts), self.vocab_size).to(self.inner.dtype)\n"
            "        hidden = vectors.mean(dim=1) @ self.inner\n",
        ),
    ),
    _mistake(
        "matrices-not-trainable",
        "Your matrices are plain tensors, which no optimiser finds. Make them `nn.Parameter`s.",
        ("nn.Parameter(torch.randn(vocab_size, width))", "torch.randn(vocab_size, width)"),
        ("nn.Parameter(torch.randn(width, vocab_size))", "torch.randn(width, vocab_size)"),
    ),
    _mistake(
        "one-matrix-not-trainable",
        "One of your matrices is a plain tensor, which no optimiser finds. Make both `nn.Parameter`s.",
        ("nn.Parameter(torch.randn(width, vocab_size))", "torch.randn(width, vocab_size)"),
    ),
    _mistake(
        "batch-averaged",
        "Your model mixes all contexts of the batch. Each context has a bag of its own.",
        ("torch.stack(bags) @", "torch.stack(bags).mean(dim=0, keepdim=True).expand(len(bags), -1) @"),
    ),
    _mistake(
        "first-and-last-word-only",
        "Your bags hold only the first and the last word of each context. All its words belong in.",
        ("torch.tensor(context)", "torch.tensor([context[0], context[-1]])"),
    ),
]
