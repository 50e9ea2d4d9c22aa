"""Known mistakes of chapter 3: attention."""

from __future__ import annotations

from autograder.catalogue import Mistake, edited, made_in

# --- notebook 1: simple_attention_weights --------------------------------------------------------------------------

_SIMPLE_WEIGHTS_RIGHT = """def simple_attention_weights(x):
    scores = x @ x.mT
    return torch.softmax(scores, dim=-1)
"""


def _simple_weights(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_simple_self_attention: Exercise 1: attention weights"
    return made_in(_SIMPLE_WEIGHTS_RIGHT, "ch03/simple-attention-weights", name, explanation, *changes, see=where)


_SIMPLE_WEIGHTS = [
    _simple_weights(
        "softmax-over-columns",
        "Your columns sum to one, not your rows. The weights of one looking word lie in its row, so "
        "the softmax runs along the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _simple_weights(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is the last dimension for one sentence only. With a "
        "batch it is another one: count from the end, `dim=-1`.",
        ("dim=-1", "dim=1"),
    ),
    _simple_weights(
        "softmax-over-everything",
        "All your weights together sum to one. Each looking word needs a sum of its own: one softmax per row.",
        ("torch.softmax(scores, dim=-1)", "torch.softmax(scores.flatten(-2), dim=-1).view_as(scores)"),
    ),
    _simple_weights(
        "no-softmax",
        "Your function returns the scores. They still have to become shares: take the softmax of each row.",
        ("torch.softmax(scores, dim=-1)", "scores"),
    ),
    _simple_weights(
        "divided-by-the-sum",
        "You divided each score by the sum of its row. That fails for negative scores, and the sum "
        "may even be zero; the softmax uses e^score, which is always positive.",
        ("torch.softmax(scores, dim=-1)", "scores / scores.sum(dim=-1, keepdim=True)"),
    ),
    _simple_weights(
        "already-scaled",
        "Your scores are divided by the square root of the width. That comes in the next notebook; "
        "here they are plain dot products.",
        ("(scores,", "(scores / x.shape[-1] ** 0.5,"),
    ),
    _simple_weights(
        "cosine",
        "Your scores are cosines: the length of the vectors is lost. Here the plain dot product is "
        "wanted, in which long vectors count more.",
        ("scores = x @ x.mT", "x = F.normalize(x, dim=-1)\n    scores = x @ x.mT"),
    ),
    _simple_weights(
        "features-for-tokens",
        "Your matrix product compares features with features: the result has the width of the "
        "vectors, not the number of words. It is the second `x` that must be turned over.",
        ("x @ x.mT", "x.mT @ x"),
    ),
    _simple_weights(
        "batch-turned-over",
        "`transpose(0, 1)` is right for one sentence; in a batch it exchanges sentences and words. "
        "Exchange the last two dimensions.",
        ("x.mT", "x.transpose(0, 1)"),
    ),
    _simple_weights(
        "overflow",
        "Your softmax breaks for large scores: e^1000 is too large for a computer. `torch.softmax` "
        "subtracts the largest score of each row first.",
        ("torch.softmax(scores, dim=-1)", "scores.exp() / scores.exp().sum(dim=-1, keepdim=True)"),
    ),
    _simple_weights(
        "contexts-for-weights",
        "Your function returns the mixed vectors. This exercise asks for the weights themselves, a square table.",
        ("torch.softmax(scores, dim=-1)", "torch.softmax(scores, dim=-1) @ x"),
    ),
    _simple_weights(
        "input-changed",
        "Your function changes `x` itself. Make new tensors; methods that end in an underscore and "
        "`*=` write into the caller's data.",
        ("scores = x @ x.mT", "x += 0.0\n    x -= x.mean() * 1e-3\n    scores = x @ x.mT"),
    ),
]

# --- notebook 1: simple_context_vectors ----------------------------------------------------------------------------

_SIMPLE_CONTEXTS_RIGHT = """def simple_context_vectors(x):
    weights = torch.softmax(x @ x.mT, dim=-1)
    return weights @ x
"""


def _simple_contexts(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_simple_self_attention: Exercise 2: context vectors"
    return made_in(_SIMPLE_CONTEXTS_RIGHT, "ch03/simple-context-vectors", name, explanation, *changes, see=where)


_SIMPLE_CONTEXTS = [
    _simple_contexts(
        "weights-for-contexts",
        "Your function returns the weights; they still have to mix the word vectors.",
        ("weights @ x", "weights"),
    ),
    _simple_contexts(
        "weights-turned-over",
        "Your weights are turned over: column i mixes the words, but the shares of word i lie in row i.",
        ("weights @ x", "weights.mT @ x"),
    ),
    _simple_contexts(
        "softmax-over-columns",
        "Your softmax runs over the columns, so the shares of a word do not sum to one.",
        ("dim=-1", "dim=-2"),
    ),
    _simple_contexts(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is right for one sentence only; with a batch it is another dimension.",
        ("dim=-1", "dim=1"),
    ),
    _simple_contexts(
        "scores-for-weights",
        "You mixed with the raw scores. They are no shares: take the softmax of each row first.",
        ("torch.softmax(x @ x.mT, dim=-1)", "x @ x.mT"),
    ),
    _simple_contexts(
        "plain-mean",
        "Every word of yours gets the plain mean of the sentence: the weights are not used.",
        ("weights @ x", "x.mean(dim=-2, keepdim=True).expand_as(x)"),
    ),
    _simple_contexts(
        "already-scaled",
        "Your scores are divided by the square root of the width. That comes in the next notebook.",
        ("x @ x.mT", "x @ x.mT / x.shape[-1] ** 0.5"),
    ),
    _simple_contexts(
        "input-added",
        "You added the word's own vector to its context vector. A context vector is the weighted mean alone.",
        ("weights @ x", "x + weights @ x"),
    ),
    _simple_contexts(
        "last-word-only",
        "Your function gives the context vector of the last word only; every word needs one.",
        ("weights @ x", "(weights @ x)[..., -1, :]"),
    ),
    _simple_contexts(
        "softmax-twice",
        "Your weights go through the softmax twice, which makes them nearly even.",
        ("weights @ x", "torch.softmax(weights, dim=-1) @ x"),
    ),
]

# --- notebook 2: attention_weights ---------------------------------------------------------------------------------

_WEIGHTS_RIGHT = """def attention_weights(queries, keys):
    scores = queries @ keys.mT
    scores = scores / math.sqrt(keys.shape[-1])
    return torch.softmax(scores, dim=-1)
"""


def _weights(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "02_self_attention: Exercise 1: scaled dot-product attention weights"
    return made_in(_WEIGHTS_RIGHT, "ch03/attention-weights", name, explanation, *changes, see=where)


_ATTENTION_WEIGHTS = [
    _weights(
        "not-scaled",
        "Your weights are what comes out when the scores are not divided by the square root of the "
        "key width: too sure of themselves.",
        ("scores / math.sqrt(keys.shape[-1])", "scores"),
    ),
    _weights(
        "scaled-by-number-of-keys",
        "Your scores are divided by the square root of the NUMBER of keys. The variance of a dot "
        "product grows with the number of its terms, which is the width of the keys, the last "
        "dimension.",
        ("keys.shape[-1]", "keys.shape[-2]"),
    ),
    _weights(
        "scaled-by-first-dimension",
        "Your scores are divided by the square root of `shape[0]`, which is the number of keys or "
        "the batch size. The width of the keys is the last dimension.",
        ("keys.shape[-1]", "keys.shape[0]"),
    ),
    _weights(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing, so the weights are too even.",
        ("math.sqrt(keys.shape[-1])", "keys.shape[-1]"),
    ),
    _weights(
        "multiplied",
        "Your scores are multiplied by the square root of the key width instead of being divided by it.",
        ("scores / math", "scores * math"),
    ),
    _weights(
        "scaled-after-softmax",
        "You divided after the softmax, so your rows no longer sum to one. The scores are to be divided.",
        ("    scores = scores / math.sqrt(keys.shape[-1])\n", ""),
        ("torch.softmax(scores, dim=-1)", "torch.softmax(scores, dim=-1) / math.sqrt(keys.shape[-1])"),
    ),
    _weights(
        "softmax-over-queries",
        "Your softmax runs over the queries. Each query shares out its attention among the keys, "
        "which are the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _weights(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which holds the keys only when there is no batch. Count "
        "from the end: `dim=-1`.",
        ("dim=-1", "dim=1"),
    ),
    _weights(
        "roles-swapped",
        "Your rows belong to the keys and your columns to the queries: the factors of the matrix product are swapped.",
        ("queries @ keys.mT", "keys @ queries.mT"),
    ),
    _weights(
        "batch-turned-over",
        "`transpose(0, 1)` exchanges the last two dimensions only where there is no batch. Count from the end.",
        ("keys.mT", "keys.transpose(0, 1)"),
    ),
    _weights(
        "three-dimensions-only",
        "`transpose(1, 2)` is right for a batch and for nothing else; with heads, or with one "
        "sentence alone, it exchanges other dimensions.",
        ("keys.mT", "keys.transpose(1, 2)"),
    ),
    _weights(
        "overflow",
        "Your softmax breaks for large scores, because e^1000 is too large for a computer. "
        "`torch.softmax` subtracts the largest score first.",
        ("torch.softmax(scores, dim=-1)", "scores.exp() / scores.exp().sum(dim=-1, keepdim=True)"),
    ),
    _weights(
        "causal-already",
        "Your weights hide the future. That comes in the next notebook; here every query may look at every key.",
        ("(scores, dim", "(scores.masked_fill(torch.ones(scores.shape[-2:]).triu(1) > 0, -torch.inf), dim"),
    ),
    _weights(
        "queries-changed",
        "Your function divides the caller's queries in place. Use `/`, which makes a new tensor, rather than `/=`.",
        ("    scores = scores / math.sqrt(keys.shape[-1])\n", ""),
        ("    scores = queries", "    queries /= math.sqrt(keys.shape[-1])\n    scores = queries"),
    ),
]

# --- notebook 2: SelfAttention -------------------------------------------------------------------------------------

_SELF_RIGHT = """class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.d_in = d_in
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)

    def forward(self, x):
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT
        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)
        return weights @ v
"""


def _self_attention(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_self_attention: Exercise 2: SelfAttention"
    return made_in(_SELF_RIGHT, "ch03/self-attention", name, explanation, *changes, see=see)


_SELF_ATTENTION = [
    _self_attention(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / k.shape[-1] ** 0.5", "scores"),
    ),
    _self_attention(
        "scaled-by-input-width",
        "Your scores are divided by the square root of d_in. The dot product of query and key has d_out terms.",
        ("k.shape[-1] ** 0.5", "self.d_in**0.5"),
    ),
    _self_attention(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens; the width of the keys counts.",
        ("k.shape[-1] ** 0.5", "k.shape[-2] ** 0.5"),
    ),
    _self_attention(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing.",
        ("k.shape[-1] ** 0.5", "k.shape[-1]"),
    ),
    _self_attention(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look; it must run over those that are looked at, the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _self_attention(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is right for one sentence; in a batch it runs over "
        "the tokens that look.",
        ("dim=-1", "dim=1"),
    ),
    _self_attention(
        "no-softmax",
        "You mixed the values with raw scores; they have to become shares by a softmax first.",
        ("torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)", "scores / k.shape[-1] ** 0.5"),
    ),
    _self_attention(
        "keys-for-values",
        "Your context vectors are sums of keys. The keys say where to look; what is fetched from there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _self_attention(
        "input-for-values",
        "Your context vectors are sums of the raw token vectors; the values were not projected.",
        ("weights @ v", "weights @ x"),
    ),
    _self_attention(
        "one-projection-for-two",
        "Queries and keys share one projection, so a token can only look for what it is itself.",
        ("self.query(x), self.key(x)", "self.query(x), self.query(x)"),
    ),
    _self_attention(
        "bias-always",
        "Your projections have a bias even when `qkv_bias` is false: `nn.Linear` adds one unless it "
        "is told `bias=qkv_bias`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out)"),
    ),
    _self_attention(
        "bias-never",
        "Your projections have no bias even when `qkv_bias` is true.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out, bias=False)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out, bias=False)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out, bias=False)"),
    ),
    _self_attention(
        "weights-not-trainable",
        "Your projection matrices are plain tensors: no optimiser will find them. Use `nn.Linear`, "
        "or wrap them in `nn.Parameter`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = torch.rand(d_in, d_out)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = torch.rand(d_in, d_out)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = torch.rand(d_in, d_out)"),
        ("self.query(x), self.key(x), self.value(x)", "x @ self.query, x @ self.key, x @ self.value"),
    ),
    _self_attention(
        "layers-made-in-forward",
        "Your layers are made anew in every call of `forward`, with new random weights each time. "
        "They belong in `__init__`.",
        (
            "        q, k, v = self.query(x), self.key(x), self.value(x)\n",
            "        q, k, v = (nn.Linear(*f.weight.T.shape, False)(x) for f in (self.query, self.key, self.value))\n",
        ),
    ),
    _self_attention(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
    _self_attention(
        "batches-only",
        "Your module needs a batch: `transpose(1, 2)` does not exist for one sentence alone. Count "
        "from the end, `transpose(-2, -1)`.",
        ("k.mT", "k.transpose(1, 2)"),
    ),
    _self_attention(
        "sentences-only",
        "Your module is right for one sentence, but in a batch `transpose(0, 1)` exchanges sentences and tokens.",
        ("k.mT", "k.transpose(0, 1)"),
    ),
    _self_attention(
        "causal-already",
        "Your tokens do not see the future. That comes in the next notebook; here every token sees the whole sentence.",
        (
            "scores = q @ k.mT",
            "scores = (q @ k.mT).masked_fill(torch.ones(x.shape[-2], x.shape[-2]).triu(1) > 0, -torch.inf)",
        ),
    ),
    _self_attention(
        "output-projection",
        "Your module has a fourth layer after the attention. That belongs to multi-head attention, two notebooks on.",
        ("        self.d_in = d_in\n", "        self.d_in = d_in\n        self.out = nn.Linear(d_out, d_out)\n"),
        ("weights @ v", "self.out(weights @ v)"),
    ),
]

# --- what several exercises say --------------------------------------------------------------------------------------

_NOT_HIDDEN = (
    "Nothing is hidden: every token sees the whole sentence. Either there is no mask, or its result "
    "is not used (`masked_fill` gives a NEW tensor and leaves the old one alone)."
)
_NEVER_DROPPED = (
    "Your module never drops anything. Either the dropout is missing, or its result is not used "
    "(`nn.Dropout` gives a NEW tensor and leaves the old one alone)."
)
_NEVER_OFF = (
    "Your dropout works in evaluation mode too. `F.dropout` must be told `training=self.training`, "
    "and `F.scaled_dot_product_attention` needs `dropout_p=0.0` unless `self.training` is true."
)

# --- notebook 3: causal_mask ---------------------------------------------------------------------------------------


def _mask(body: str) -> str:
    return f"def causal_mask(length):\n    {body}\n"


_CAUSAL_MASK = [
    Mistake(
        exercise="ch03/causal-mask",
        name="diagonal-hidden",
        explanation="Your mask hides the diagonal too, so that a token may not even look at itself and the first "
        "token has nothing left to look at. Hide strictly what comes after: `diagonal=1` in "
        "`torch.triu`.",
        code=_mask("return torch.triu(torch.ones(length, length, dtype=torch.bool))"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="diagonal-two",
        explanation="Your mask begins one column too late: every token can still see the token right after it, "
        "which is the very one that the model has to guess.",
        code=_mask("return torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=2)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="triangle-swapped",
        explanation="Your mask hides the past and shows the future. Rows are the tokens that look, columns the "
        "tokens that are looked at: the future lies to the right, above the diagonal.",
        code=_mask("return torch.tril(torch.ones(length, length, dtype=torch.bool), diagonal=-1)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="allowed-instead-of-hidden",
        explanation="Your mask says where a token MAY look; the exercise asks for the places where it must NOT "
        "look. Both conventions exist (`F.scaled_dot_product_attention` takes yours), so always "
        "check which one a function wants.",
        code=_mask("return torch.tril(torch.ones(length, length)).bool()"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="zero-times-infinity",
        explanation="Your mask holds NaN where a token may look: 0 times infinity is not a number. Start from a "
        "square full of -inf and keep its upper corner, or use `masked_fill`.",
        code=_mask('return torch.triu(torch.ones(length, length), diagonal=1) * float("-inf")'),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="nothing-returned",
        explanation="Your function computes the mask but does not return it, so its caller gets None.",
        code=_mask("mask = torch.triu(torch.ones(length, length), diagonal=1)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="three-tokens-only",
        explanation="Your mask is right for three tokens only: it does not depend on `length`.",
        code=_mask("return torch.tensor([[0, 1, 1], [0, 0, 1], [0, 0, 0]])"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="one-row",
        explanation="Your mask has one row, the same for every token. Each token has a future of its own, so the "
        "mask needs one row per token.",
        code=_mask("return torch.arange(length) > 0"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="everything-but-the-diagonal",
        explanation="Your mask hides every other token, past and future alike; the past must stay visible.",
        code=_mask("return ~torch.eye(length, dtype=torch.bool)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
]

# --- notebook 3: masked_attention_weights --------------------------------------------------------------------------

_MASKED_RIGHT = """def masked_attention_weights(scores):
    size = scores.shape[-1]
    mask = torch.ones(size, size, dtype=torch.bool).triu(1)
    masked = scores.masked_fill(mask, float("-inf"))
    return torch.softmax(masked, dim=-1)
"""

_MASKED_WEIGHTS = [
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="mask-after-softmax",
        explanation="Your weights are masked after the softmax. By then the future has already taken its share "
        "of every row, so the rows no longer sum to one. Put -inf in the scores first.",
        code="def masked_attention_weights(scores):\n    return torch.softmax(scores, dim=-1).tril()\n",
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="renormalised-after-softmax",
        explanation="Your weights are masked after the softmax and divided by their new sum. That is right on "
        "paper, but a large score in the future rounds everything that you keep to zero, and 0 / 0 "
        "is not a number.",
        code="""def masked_attention_weights(scores):
    weights = torch.softmax(scores, dim=-1).tril()
    return weights / weights.sum(dim=-1, keepdim=True)
""",
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="score-zero",
        explanation="You gave the future the score 0, but the softmax turns 0 into e^0 = 1, not into nothing. "
        "Only -inf (or a very negative number) vanishes.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ('scores.masked_fill(mask, float("-inf"))', "scores * ~mask")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="tiny-instead-of-very-negative",
        explanation="You gave the future the score 1e-9, which is nearly 0, and e^0 = 1. You may have meant "
        "-1e9, a very negative number.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ('float("-inf")', "1e-9")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="mask-thrown-away",
        explanation=_NOT_HIDDEN,
        base=_MASKED_RIGHT,
        code=edited(
            _MASKED_RIGHT,
            ('masked = scores.masked_fill(mask, float("-inf"))', 'scores.masked_fill(mask, float("-inf"))'),
            ("(masked,", "(scores,"),
        ),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="softmax-over-columns",
        explanation="Your softmax runs down the columns. The weights of one looking token lie in a row, so it "
        "must run along the last dimension (`dim=-1`).",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("dim=-1", "dim=-2")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="softmax-over-dimension-one",
        explanation="Your softmax runs along `dim=1`, which is the last dimension for one table of scores only. "
        "With a batch it is another one; count from the end: `dim=-1`.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("dim=-1", "dim=1")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="triangle-swapped",
        explanation="You hid the past and kept the future: the corner to hide is the one above the diagonal.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("triu(1)", "tril(-1)")),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="diagonal-hidden",
        explanation="You hid the diagonal too. The first row is then all -inf, and a softmax over nothing gives "
        "NaN: 0 / 0.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("triu(1)", "triu(0)")),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="diagonal-two",
        explanation="Your mask begins one column too late, so that every token sees the one right after it.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("triu(1)", "triu(2)")),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="scaled-again",
        explanation="You divided the scores by a square root, but they come in already scaled. Scaling twice "
        "makes the weights too even.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("softmax(masked,", "softmax(masked / size**0.5,")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="in-place",
        explanation="`masked_fill_`, with the underscore, writes the -inf into the caller's own scores. Use "
        "`masked_fill`, which makes a new tensor.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("masked_fill(", "masked_fill_(")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="float-mask",
        explanation="`masked_fill` wants a mask of True and False; yours holds the numbers 1.0 and 0.0. Turn it "
        "into booleans, for instance with `mask.bool()` or `mask != 0`.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, (", dtype=torch.bool", "")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="single-precision-forced",
        explanation="Your weights come back in float32 although the scores came in as float64: somewhere the "
        "number type is fixed.",
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("scores.masked_fill", "scores.float().masked_fill")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="no-mask",
        explanation=_NOT_HIDDEN,
        base=_MASKED_RIGHT,
        code=edited(_MASKED_RIGHT, ("(masked,", "(scores,")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
]

# --- notebook 3: CausalAttention -----------------------------------------------------------------------------------

_CAUSAL_RIGHT = """class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.d_in, self.d_out = d_in, d_out
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mask", torch.triu(torch.ones(context_length, context_length), diagonal=1))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.transpose(1, 2)
        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)
        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)
        weights = self.dropout(weights)
        return weights @ v
"""
_FORMULA = "03_causal_attention: Exercise 3: CausalAttention"
_DICE = "03_causal_attention: Dropout on the weights"


def _causal(name: str, explanation: str, *changes: tuple[str, str], see: str = _FORMULA) -> Mistake:
    return made_in(_CAUSAL_RIGHT, "ch03/causal-attention", name, explanation, *changes, see=see)


_CAUSAL_ATTENTION = [
    _causal(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / k.shape[-1] ** 0.5", "scores"),
    ),
    _causal(
        "scaled-by-input-width",
        "Your scores are divided by the square root of d_in. The sum in a dot product of query and "
        "key has d_out terms, so it is d_out that counts.",
        ("k.shape[-1] ** 0.5", "self.d_in**0.5"),
    ),
    _causal(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens. The width of the keys "
        "counts, not the length of the sentence.",
        ("k.shape[-1] ** 0.5", "length**0.5"),
    ),
    _causal(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing.",
        ("k.shape[-1] ** 0.5", "k.shape[-1]"),
    ),
    _causal(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look (`dim=1`). In a batch of score tables the "
        "weights of one token lie along the last dimension.",
        ("dim=-1", "dim=1"),
    ),
    _causal(
        "no-mask",
        _NOT_HIDDEN,
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
    ),
    _causal(
        "mask-thrown-away",
        _NOT_HIDDEN,
        ("scores = scores.masked_fill", "scores.masked_fill"),
    ),
    _causal(
        "mask-after-softmax",
        "Your mask comes after the softmax: the future no longer has a weight of its own, but it has "
        "already made all other weights smaller.",
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
        ("        weights = self.dropout(weights)\n", "        weights = self.dropout(weights.tril())\n"),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    _causal(
        "score-zero",
        "You gave the future the score 0 instead of -inf; the softmax turns 0 into a weight like any other.",
        ("-torch.inf", "0.0"),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    _causal(
        "triangle-swapped",
        "Your tokens see their future and not their past: the mask hides the wrong triangle.",
        (
            "torch.triu(torch.ones(context_length, context_length), diagonal=1)",
            "torch.tril(torch.ones(context_length, context_length), diagonal=-1)",
        ),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _causal(
        "diagonal-hidden",
        "Your mask hides the diagonal, so the first token has nothing to look at and its context vector is NaN.",
        ("diagonal=1", "diagonal=0"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _causal(
        "diagonal-two",
        "Your mask begins one column too late: every token sees the next one, which is the one to be guessed.",
        ("diagonal=1", "diagonal=2"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _causal(
        "mask-not-cut",
        "Your mask always has the size of context_length. For a shorter sentence take its corner: `mask[:T, :T]`.",
        ("[:length, :length]", ""),
    ),
    _causal(
        "float-mask",
        "`masked_fill` wants a mask of True and False; yours holds the numbers 1.0 and 0.0.",
        (".bool()", ""),
    ),
    _causal(
        "sdpa-mask-inverted",
        "In `F.scaled_dot_product_attention` a boolean mask says where a token MAY look, so yours "
        "shows the future and hides the past.",
        ("        scores = q @ k.transpose(1, 2)\n", "        rate = self.dropout.p if self.training else 0.0\n"),
        (
            "        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n",
            "        future = self.mask.bool()[:length, :length]\n",
        ),
        ("        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)\n", ""),
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "F.scaled_dot_product_attention(q, k, v, attn_mask=future, dropout_p=rate)"),
    ),
    _causal(
        "sdpa-dropout-never-off",
        _NEVER_OFF,
        ("        scores = q @ k.transpose(1, 2)\n", ""),
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
        ("        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)\n", ""),
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout.p)"),
        see=_DICE,
    ),
    _causal(
        "dropout-never-off",
        _NEVER_OFF,
        ("self.dropout(weights)", "F.dropout(weights, self.dropout.p)"),
        see=_DICE,
    ),
    _causal(
        "dropout-missing",
        _NEVER_DROPPED,
        ("        weights = self.dropout(weights)\n", ""),
        see=_DICE,
    ),
    _causal(
        "dropout-thrown-away",
        _NEVER_DROPPED,
        ("weights = self.dropout(weights)", "self.dropout(weights)"),
        see=_DICE,
    ),
    _causal(
        "dropout-on-the-output",
        "Your dropout falls on the finished context vectors, so it deletes single features. It "
        "belongs on the attention weights, where it deletes whole looks at a token.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "self.dropout(weights @ v)"),
        see=_DICE,
    ),
    _causal(
        "dropout-on-the-values",
        "Your dropout falls on the values, so it deletes single features of a token for everybody "
        "who looks at it. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "weights @ self.dropout(v)"),
        see=_DICE,
    ),
    _causal(
        "dropout-on-the-input",
        "Your dropout falls on the token vectors that come in. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        (
            "        batch, length, width = x.shape\n",
            "        batch, length, width = x.shape\n        x = self.dropout(x)\n",
        ),
        see=_DICE,
    ),
    _causal(
        "dropout-before-softmax",
        "Your dropout falls on the scores. A dropped score becomes 0, and the softmax turns 0 into a "
        "weight like any other: nothing is really dropped. Roll the dice after the softmax.",
        ("        weights = self.dropout(weights)\n", ""),
        ("softmax(scores / k", "softmax(self.dropout(scores) / k"),
        see=_DICE,
    ),
    _causal(
        "dropout-renormalised",
        "You made the rows sum to one again after the dropout. That undoes the scaling by 1 / (1 - "
        "p), and a row that was dropped as a whole becomes 0 / 0.",
        ("self.dropout(weights)", "F.normalize(self.dropout(weights), p=1, dim=-1)"),
        see=_DICE,
    ),
    _causal(
        "dropout-not-rescaled",
        "Your dropout sets weights to zero but does not divide the others by 1 - p, so the context "
        "vectors are too small on average.",
        ("self.dropout(weights)", "self.dropout(weights) * (1 - self.dropout.p if self.training else 1)"),
        see=_DICE,
    ),
    _causal(
        "dropout-same-for-the-batch",
        "All sentences of your batch share one roll of the dice: each sentence needs its own.",
        ("self.dropout(weights)", "weights * self.dropout(torch.ones_like(weights[:1]))"),
        see=_DICE,
    ),
    _causal(
        "keep-rate-for-drop-rate",
        "Your dropout keeps with probability p instead of dropping with probability p.",
        ("nn.Dropout(dropout)", "nn.Dropout(1 - dropout)"),
        see=_DICE,
    ),
    _causal(
        "bias-always",
        "Your projections have a bias even when `qkv_bias` is false: `nn.Linear` adds one unless it "
        "is told `bias=qkv_bias`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out)"),
    ),
    _causal(
        "bias-never",
        "Your projections have no bias even when `qkv_bias` is true.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out, bias=False)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out, bias=False)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out, bias=False)"),
    ),
    _causal(
        "keys-for-values",
        "Your context vectors are sums of keys. The weights say where to look; what is fetched from "
        "there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _causal(
        "input-for-values",
        "Your context vectors are sums of the raw token vectors; the values were not projected.",
        ("weights @ v", "weights @ x"),
    ),
    _causal(
        "one-projection-for-two",
        "Queries and keys share one projection, so looking is always mutual. They need weights of their own.",
        ("self.query(x), self.key(x)", "self.query(x), self.query(x)"),
    ),
    _causal(
        "weights-not-trainable",
        "Your projection matrices are plain tensors: no optimiser will find them. Use `nn.Linear`, "
        "or wrap them in `nn.Parameter`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "query = nn.Linear(d_in, d_out, bias=qkv_bias)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "key = nn.Linear(d_in, d_out, bias=qkv_bias)"),
        (
            "self.value = nn.Linear(d_in, d_out, bias=qkv_bias)",
            "value = nn.Linear(d_in, d_out, bias=qkv_bias)\n        self.projections = lambda x: "
            "(query(x), key(x), value(x))",
        ),
        ("self.query(x), self.key(x), self.value(x)", "self.projections(x)"),
    ),
    _causal(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
    _causal(
        "whole-tensor-turned-over",
        "`k.T` turns over all dimensions of a batch. Only the last two may change places: `k.transpose(1, 2)`.",
        ("k.transpose(1, 2)", "k.T"),
    ),
    _causal(
        "batch-mixed",
        "The sentences of your batch look at each other: all of them are laid end to end before the attention.",
        (
            "        batch, length, width = x.shape\n",
            "        shape, x = x.shape, x.reshape(1, -1, x.shape[-1])\n        batch, length, width = x.shape\n",
        ),
        (
            ".masked_fill(self.mask.bool()[:length, :length], -torch.inf)",
            ".masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf)",
        ),
        ("weights @ v", "(weights @ v).reshape(*shape[:-1], -1)"),
    ),
]

# --- notebook 4: MultiHeadAttentionWrapper -------------------------------------------------------------------------

_WRAPPER_RIGHT = """class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.heads = nn.ModuleList(CausalHead(d_in, d_out, context_length, dropout, qkv_bias) for _ in range(num_heads))

    def forward(self, x):
        return torch.cat([head(x) for head in self.heads], dim=-1)
"""


def _wrapper(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "04_multi_head_attention: Exercise 1: a stack of heads"
    return made_in(_WRAPPER_RIGHT, "ch03/multi-head-wrapper", name, explanation, *changes, see=where)


_WRAPPER = [
    _wrapper(
        "plain-list",
        "Your heads are in a plain Python list, where the module does not find their parameters, so "
        "they never learn. Use `nn.ModuleList`.",
        ("nn.ModuleList(", "list("),
    ),
    _wrapper(
        "same-head-repeated",
        "Your heads are one and the same: multiplying a list repeats the object. Make a new head in "
        "each round of a loop.",
        (
            "CausalHead(d_in, d_out, context_length, dropout, qkv_bias) for _ in range(num_heads)",
            "[CausalHead(d_in, d_out, context_length, dropout, qkv_bias)] * num_heads",
        ),
    ),
    _wrapper(
        "heads-added",
        "Your heads' answers are added up, so nobody can tell any more which came from where. Put "
        "them side by side with `torch.cat`.",
        ("torch.cat([head(x) for head in self.heads], dim=-1)", "sum(head(x) for head in self.heads)"),
    ),
    _wrapper(
        "joined-along-tokens",
        "Your heads' answers are joined along the tokens, so the sentence gets longer. Join the "
        "features, the last dimension.",
        ("dim=-1", "dim=1"),
    ),
    _wrapper(
        "joined-along-batch",
        "Your heads' answers are joined along the batch, as if they were more sentences. Join the "
        "features, the last dimension.",
        ("dim=-1", "dim=0"),
    ),
    _wrapper(
        "stacked",
        "`torch.stack` makes a new dimension for the heads. The features are to be joined in the "
        "last one: `torch.cat`.",
        ("torch.cat", "torch.stack"),
    ),
    _wrapper(
        "width-shared-out",
        "Your heads share the width d_out among them. In this exercise each head has the full width "
        "d_out, and the output is num_heads times as wide.",
        ("CausalHead(d_in, d_out,", "CausalHead(d_in, d_out // num_heads,"),
    ),
    _wrapper(
        "dropout-not-passed",
        "Your heads do not get the dropout rate, so they never drop anything.",
        ("context_length, dropout, qkv_bias) for", "context_length, 0.0, qkv_bias) for"),
    ),
    _wrapper(
        "bias-not-passed",
        "Your heads do not get `qkv_bias`, so they have no bias even when one is asked for.",
        ("dropout, qkv_bias) for", "dropout) for"),
    ),
    _wrapper(
        "bias-always",
        "Your heads always have a bias, whatever `qkv_bias` says.",
        ("dropout, qkv_bias) for", "dropout, True) for"),
    ),
    _wrapper(
        "one-head-answers",
        "Only your first head answers; the others are there and never asked.",
        ("head(x) for head in self.heads", "self.heads[0](x) for _ in self.heads"),
    ),
    _wrapper(
        "output-projection",
        "Your module has a layer after the heads. The stack has none; the output projection comes in exercise 4.",
        (
            "        self.heads =",
            "        self.out = nn.Linear(num_heads * d_out, num_heads * d_out)\n        self.heads =",
        ),
        (
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "self.out(torch.cat([head(x) for head in self.heads], dim=-1))",
        ),
    ),
    _wrapper(
        "dropout-on-the-output",
        "Your dropout falls on the joined answers and deletes single features. It belongs on the "
        "attention weights, inside each head.",
        ("context_length, dropout, qkv_bias) for", "context_length, 0.0, qkv_bias) for"),
        ("        self.heads =", "        self.dropout = nn.Dropout(dropout)\n        self.heads ="),
        (
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "self.dropout(torch.cat([head(x) for head in self.heads], dim=-1))",
        ),
    ),
]

# --- notebook 4: split_heads and merge_heads -----------------------------------------------------------------------


def _split(name: str, explanation: str, result: str) -> Mistake:
    code = f"def split_heads(x, num_heads):\n    B, T, d_out = x.shape\n    d_head = d_out // num_heads\n    return {result}\n"
    return Mistake("ch03/split-heads", name, explanation, code, "04_multi_head_attention: Exercise 2: split the heads")


_SPLIT_HEADS = [
    _split(
        "reshaped-without-transpose",
        "You asked for the final shape in one step, which pours the numbers in their old order: your "
        "heads get pieces of the wrong tokens. Cut first, then let tokens and heads change places.",
        "x.reshape(B, num_heads, T, d_head)",
    ),
    _split(
        "tokens-before-heads",
        "Your tokens still stand before the heads. Let dimensions 1 and 2 change places.",
        "x.reshape(B, T, num_heads, d_head)",
    ),
    _split(
        "features-dealt-out",
        "Your features are dealt out in turn, like cards: head 0 gets features 0, 2, 4 and so on. "
        "Each head gets one piece of neighbours.",
        "x.reshape(B, T, d_head, num_heads).permute(0, 3, 1, 2)",
    ),
    _split(
        "width-and-heads-swapped",
        "You cut the vectors into d_head pieces of width num_heads; it is num_heads pieces of width d_head.",
        "x.reshape(B, T, d_head, num_heads).transpose(1, 2)",
    ),
    _split(
        "heads-first",
        "Your heads stand before the batch. The order is batch, heads, tokens, width.",
        "torch.stack(x.chunk(num_heads, dim=-1))",
    ),
    _split(
        "heads-last",
        "Your heads stand at the end. The order is batch, heads, tokens, width.",
        "x.reshape(B, T, num_heads, d_head).transpose(2, 3)",
    ),
    _split(
        "batch-and-heads-joined",
        "Your batch and heads are one dimension. They stay apart here: (B, heads, T, d_head).",
        "x.reshape(B, T, num_heads, d_head).transpose(1, 2).flatten(0, 1)",
    ),
    _split(
        "wrong-dimensions-exchanged",
        "You let the wrong dimensions change places: after the cut, tokens are number 1 and heads number 2.",
        "x.reshape(B, T, num_heads, d_head).permute(0, 2, 3, 1)",
    ),
    _split(
        "tokens-cut",
        "You cut the sentence instead of the vectors: your heads get different tokens, with all of their features.",
        "torch.cat(x.chunk(num_heads, dim=1)).reshape(B, num_heads, T, d_head)",
    ),
    _split(
        "pieces-in-reverse",
        "Your pieces come in reverse: head 0 is to get the first piece.",
        "x.reshape(B, T, num_heads, d_head).transpose(1, 2).flip(1)",
    ),
]


def _merge(name: str, explanation: str, result: str) -> Mistake:
    code = f"def merge_heads(x):\n    B, h, T, d_head = x.shape\n    return {result}\n"
    return Mistake("ch03/merge-heads", name, explanation, code, "04_multi_head_attention: Exercise 3: merge the heads")


_MERGE_HEADS = [
    _merge(
        "reshaped-without-transpose",
        "You asked for the final shape in one step, so that one token gets the numbers of another. "
        "Bring the tokens back before the heads first.",
        "x.reshape(B, T, h * d_head)",
    ),
    _merge(
        "view-after-transpose",
        "`view` cannot join dimensions that `transpose` has moved, because it never copies. Use "
        "`reshape`, or `.contiguous()` first.",
        "x.transpose(1, 2).view(B, T, h * d_head)",
    ),
    _merge(
        "wrong-dimensions-exchanged",
        "You exchanged tokens and features. It is tokens and heads that must change places, dimensions 1 and 2.",
        "x.transpose(2, 3).reshape(B, T, h * d_head)",
    ),
    _merge(
        "features-interleaved",
        "Your features are interleaved: first the first feature of every head, then the second. All "
        "features of head 0 come first.",
        "x.permute(0, 2, 3, 1).reshape(B, T, h * d_head)",
    ),
    _merge(
        "heads-added",
        "Your pieces are added up. They are to stand side by side, num_heads times as wide.",
        "x.sum(dim=1)",
    ),
    _merge(
        "not-joined",
        "Your tokens stand before the heads again, but the pieces are not joined yet: the last two "
        "dimensions are to become one.",
        "x.transpose(1, 2)",
    ),
    _merge(
        "joined-along-tokens",
        "Your pieces are joined along the tokens, so the sentence gets longer. Join the features.",
        "torch.cat([x[:, n] for n in range(h)], dim=1)",
    ),
    _merge(
        "pieces-in-reverse",
        "Your pieces come in reverse: the piece of head 0 stands first.",
        "torch.cat([x[:, n] for n in reversed(range(h))], dim=-1)",
    ),
    _merge(
        "first-head-only",
        "You kept the first head only, several times. Each head's piece has a place of its own.",
        "torch.cat([x[:, 0] for _ in range(h)], dim=-1)",
    ),
]

# --- notebook 4: MultiHeadAttention --------------------------------------------------------------------------------

_MULTI_RIGHT = """class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError("d_out must be divisible by num_heads")
        self.heads, self.d_head, self.d_out = num_heads, d_out // num_heads, d_out
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.out = nn.Linear(d_out, d_out)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mask", torch.triu(torch.ones(context_length, context_length), diagonal=1))

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.d_head).transpose(1, 2)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(2, 3)
        scores = scores.masked_fill(self.mask.bool()[:T, :T], -torch.inf)
        weights = torch.softmax(scores / self.d_head**0.5, dim=-1)
        weights = self.dropout(weights)
        context = weights @ v
        context = context.transpose(1, 2)
        return self.out(context.reshape(B, T, self.d_out))
"""
_MASKING = "        scores = scores.masked_fill(self.mask.bool()[:T, :T], -torch.inf)\n"


def _multi(name: str, explanation: str, *changes: tuple[str, str], see: str = "") -> Mistake:
    where = see or "04_multi_head_attention: Exercise 4: MultiHeadAttention"
    return made_in(_MULTI_RIGHT, "ch03/multi-head-attention", name, explanation, *changes, see=where)


_MULTI_HEAD = [
    _multi(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / self.d_head**0.5", "scores"),
    ),
    _multi(
        "scaled-by-full-width",
        "Your scores are divided by the square root of d_out. Each head's dot products have d_head = "
        "d_out / num_heads terms only, so it is the width of ONE head that counts.",
        ("self.d_head**0.5", "self.d_out**0.5"),
    ),
    _multi(
        "scaled-by-number-of-heads",
        "Your scores are divided by the square root of the number of heads; the width of one head counts.",
        ("self.d_head**0.5", "self.heads**0.5"),
    ),
    _multi(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens; the width of one head counts.",
        ("self.d_head**0.5", "T**0.5"),
    ),
    _multi(
        "scaled-without-root",
        "Your scores are divided by the width of a head itself; the square root is missing.",
        ("self.d_head**0.5", "self.d_head"),
    ),
    _multi(
        "split-without-transpose",
        "Your split asks for the final shape in one step, so the heads get pieces of the wrong "
        "tokens, from the future among them.",
        (
            ".view(x.shape[0], x.shape[1], self.heads, self.d_head).transpose(1, 2)",
            ".view(x.shape[0], self.heads, x.shape[1], self.d_head)",
        ),
        see="04_multi_head_attention: Exercise 2: split the heads",
    ),
    _multi(
        "merge-without-transpose",
        "Your merge asks for the final shape in one step: tokens and heads must change places first, "
        "or tokens get each other's numbers.",
        ("        context = context.transpose(1, 2)\n", ""),
        see="04_multi_head_attention: Exercise 3: merge the heads",
    ),
    _multi(
        "no-output-projection",
        "Your output is the heads side by side; the output projection, the last layer, is missing.",
        ("        self.out = nn.Linear(d_out, d_out)\n", ""),
        ("self.out(context.reshape(B, T, self.d_out))", "context.reshape(B, T, self.d_out)"),
    ),
    _multi(
        "output-projection-unused",
        "Your output projection is made and never used.",
        ("self.out(context.reshape(B, T, self.d_out))", "context.reshape(B, T, self.d_out)"),
    ),
    _multi(
        "one-head-only",
        "Your module does not split: one head of full width does all the work, whatever num_heads says.",
        (
            "self.heads, self.d_head, self.d_out = num_heads, d_out // num_heads, d_out",
            "self.heads, self.d_head, self.d_out = 1, d_out, d_out",
        ),
    ),
    _multi(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look; it must run over those that are looked at, the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _multi(
        "softmax-over-heads",
        "Your softmax runs over the heads (`dim=1`), so the heads compete for each pair of tokens. "
        "It must run over the tokens that are looked at, the last dimension.",
        ("dim=-1", "dim=1"),
    ),
    _multi("no-mask", _NOT_HIDDEN, (_MASKING, "")),
    _multi(
        "mask-thrown-away",
        _NOT_HIDDEN,
        ("scores = scores.masked_fill", "scores.masked_fill"),
    ),
    _multi(
        "mask-after-softmax",
        "Your mask comes after the softmax: the future has already made all other weights smaller.",
        (_MASKING, ""),
        ("self.dropout(weights)", "self.dropout(weights.tril())"),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    _multi(
        "triangle-swapped",
        "Your tokens see their future and not their past: the mask hides the wrong triangle.",
        (
            "torch.triu(torch.ones(context_length, context_length), diagonal=1)",
            "torch.tril(torch.ones(context_length, context_length), diagonal=-1)",
        ),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _multi(
        "diagonal-hidden",
        "Your mask hides the diagonal, so the first token has nothing to look at and its output is NaN.",
        ("diagonal=1", "diagonal=0"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _multi(
        "diagonal-two",
        "Your mask begins one column too late: every token sees the next one, which is the one to be guessed.",
        ("diagonal=1", "diagonal=2"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _multi(
        "mask-not-cut",
        "Your mask always has the size of context_length. For a shorter sentence take its corner: `mask[:T, :T]`.",
        ("[:T, :T]", ""),
    ),
    _multi(
        "dropout-missing",
        _NEVER_DROPPED,
        ("        weights = self.dropout(weights)\n", ""),
        see=_DICE,
    ),
    _multi(
        "dropout-never-off",
        _NEVER_OFF,
        ("self.dropout(weights)", "F.dropout(weights, self.dropout.p)"),
        see=_DICE,
    ),
    _multi(
        "dropout-on-the-output",
        "Your dropout falls on the finished output and deletes single features. It belongs on the "
        "attention weights, where it deletes whole looks at a token.",
        ("        weights = self.dropout(weights)\n", ""),
        ("self.out(context.reshape(B, T, self.d_out))", "self.dropout(self.out(context.reshape(B, T, self.d_out)))"),
        see=_DICE,
    ),
    _multi(
        "dropout-on-the-values",
        "Your dropout falls on the values. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "weights @ self.dropout(v)"),
        see=_DICE,
    ),
    _multi(
        "dropout-on-the-contexts",
        "Your dropout falls on the context vectors of the heads. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "self.dropout(weights @ v)"),
        see=_DICE,
    ),
    _multi(
        "dropout-not-rescaled",
        "Your dropout sets weights to zero but does not divide the others by 1 - p.",
        ("self.dropout(weights)", "self.dropout(weights) * (1 - self.dropout.p if self.training else 1)"),
        see=_DICE,
    ),
    _multi(
        "dropout-same-for-all-heads",
        "All your heads share one roll of the dice; each head needs its own.",
        ("self.dropout(weights)", "weights * self.dropout(torch.ones_like(weights[:, :1]))"),
        see=_DICE,
    ),
    _multi(
        "width-not-checked",
        "Your module does not raise a ValueError when d_out cannot be divided by num_heads.",
        ('        if d_out % num_heads:\n            raise ValueError("d_out must be divisible by num_heads")\n', ""),
    ),
    _multi(
        "assert-for-value-error",
        "Your module uses `assert` where a ValueError is asked for. Assertions are switched off by "
        "`python -O`; errors in the arguments deserve an exception of their own.",
        (
            '        if d_out % num_heads:\n            raise ValueError("d_out must be divisible by num_heads")\n',
            '        assert d_out % num_heads == 0, "d_out must be divisible by num_heads"\n',
        ),
    ),
    _multi(
        "bias-always",
        "Your projections have a bias even when `qkv_bias` is false: `nn.Linear` adds one unless it "
        "is told `bias=qkv_bias`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out)"),
    ),
    _multi(
        "bias-never",
        "Your projections have no bias even when `qkv_bias` is true.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out, bias=False)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out, bias=False)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out, bias=False)"),
    ),
    _multi(
        "keys-for-values",
        "Your outputs are sums of keys. The weights say where to look; what is fetched from there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _multi(
        "output-projection-per-head",
        "Your output projection falls on the values before the heads have looked. It is the last "
        "step, after the merge.",
        ("self.split(self.value(x))", "self.split(self.out(self.value(x)))"),
        ("self.out(context.reshape(B, T, self.d_out))", "context.reshape(B, T, self.d_out)"),
    ),
    _multi(
        "three-dimensional-transpose",
        "`k.transpose(1, 2)` exchanges heads and tokens. With heads the last two dimensions are "
        "number 2 and 3, or -2 and -1.",
        ("k.transpose(2, 3)", "k.transpose(1, 2)"),
    ),
    _multi(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
]

MISTAKES = [
    *_SIMPLE_WEIGHTS,
    *_SIMPLE_CONTEXTS,
    *_ATTENTION_WEIGHTS,
    *_SELF_ATTENTION,
    *_CAUSAL_MASK,
    *_MASKED_WEIGHTS,
    *_CAUSAL_ATTENTION,
    *_WRAPPER,
    *_SPLIT_HEADS,
    *_MERGE_HEADS,
    *_MULTI_HEAD,
]
