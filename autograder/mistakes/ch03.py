"""Known mistakes of chapter 3: attention."""

from __future__ import annotations

from autograder.catalogue import Mistake


def _edit(code: str, *changes: tuple[str, str]) -> str:
    """A right answer with some places changed; each place must occur exactly once."""
    for old, new in changes:
        if code.count(old) != 1:
            raise ValueError(f"{old!r} occurs {code.count(old)} times")
        code = code.replace(old, new)
    return code


# --- notebook 3: causal_mask ---------------------------------------------------------------------------------------


def _mask(body: str) -> str:
    return f"def causal_mask(length):\n    {body}\n"


_CAUSAL_MASK = [
    Mistake(
        exercise="ch03/causal-mask",
        name="diagonal-hidden",
        explanation="Your mask hides the diagonal too, so that a token may not even look at itself and the first token has nothing left "
        "to look at. Hide strictly what comes after: `diagonal=1` in `torch.triu`.",
        code=_mask("return torch.triu(torch.ones(length, length, dtype=torch.bool))"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="diagonal-two",
        explanation="Your mask begins one column too late: every token can still see the token right after it, which is the very one that "
        "the model has to guess.",
        code=_mask("return torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=2)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="triangle-swapped",
        explanation="Your mask hides the past and shows the future. Rows are the tokens that look, columns the tokens that are looked at: "
        "the future lies to the right, above the diagonal.",
        code=_mask("return torch.tril(torch.ones(length, length, dtype=torch.bool), diagonal=-1)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="allowed-instead-of-hidden",
        explanation="Your mask says where a token MAY look; the exercise asks for the places where it must NOT look. Both conventions exist "
        "(`F.scaled_dot_product_attention` takes yours), so always check which one a function wants.",
        code=_mask("return torch.tril(torch.ones(length, length)).bool()"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="zero-times-infinity",
        explanation="Your mask holds NaN where a token may look: 0 times infinity is not a number. Start from a square full of -inf and keep "
        "its upper corner, or use `masked_fill`.",
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
        explanation="Your mask has one row, the same for every token. Each token has a future of its own, so the mask needs one row per token.",
        code=_mask("return torch.arange(length) > 0"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/causal-mask",
        name="rows-and-columns-swapped",
        explanation="Your comparison is turned over: it is true where the row comes after the column, which is the past.",
        code=_mask("i = torch.arange(length)\n    return i[:, None] > i[None, :]"),
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

_MASKED_RIGHT = '''def masked_attention_weights(scores):
    size = scores.shape[-1]
    mask = torch.ones(size, size, dtype=torch.bool).triu(1)
    masked = scores.masked_fill(mask, float("-inf"))
    return torch.softmax(masked, dim=-1)
'''

_MASKED_WEIGHTS = [
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="mask-after-softmax",
        explanation="Your weights are masked after the softmax. By then the future has already taken its share of every row, so the rows no "
        "longer sum to one. Put -inf in the scores first.",
        code="def masked_attention_weights(scores):\n    return torch.softmax(scores, dim=-1).tril()\n",
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="renormalised-after-softmax",
        explanation="Your weights are masked after the softmax and divided by their new sum. That is right on paper, but a large score in the "
        "future rounds everything that you keep to zero, and 0 / 0 is not a number.",
        code="""def masked_attention_weights(scores):
    weights = torch.softmax(scores, dim=-1).tril()
    return weights / weights.sum(dim=-1, keepdim=True)
""",
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="score-zero",
        explanation="You gave the future the score 0, but the softmax turns 0 into e^0 = 1, not into nothing. Only -inf (or a very negative "
        "number) vanishes.",
        code=_edit(_MASKED_RIGHT, ('scores.masked_fill(mask, float("-inf"))', "scores * ~mask")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="tiny-instead-of-very-negative",
        explanation="You gave the future the score 1e-9, which is nearly 0, and e^0 = 1. You may have meant -1e9, a very negative number.",
        code=_edit(_MASKED_RIGHT, ('float("-inf")', "1e-9")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="mask-thrown-away",
        explanation="`masked_fill` gives a NEW tensor and leaves the old one alone; its result is not used, so nothing is hidden.",
        code=_edit(_MASKED_RIGHT, ('masked = scores.masked_fill(mask, float("-inf"))', 'scores.masked_fill(mask, float("-inf"))'), ("(masked,", "(scores,")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="softmax-over-columns",
        explanation="Your softmax runs down the columns. The weights of one looking token lie in a row, so it must run along the last "
        "dimension (`dim=-1`).",
        code=_edit(_MASKED_RIGHT, ("dim=-1", "dim=-2")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="softmax-over-dimension-one",
        explanation="Your softmax runs along `dim=1`, which is the last dimension for one table of scores only. With a batch it is another "
        "one; count from the end: `dim=-1`.",
        code=_edit(_MASKED_RIGHT, ("dim=-1", "dim=1")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="triangle-swapped",
        explanation="You hid the past and kept the future: the corner to hide is the one above the diagonal.",
        code=_edit(_MASKED_RIGHT, ("triu(1)", "tril(-1)")),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="diagonal-hidden",
        explanation="You hid the diagonal too. The first row is then all -inf, and a softmax over nothing gives NaN: 0 / 0.",
        code=_edit(_MASKED_RIGHT, ("triu(1)", "triu(0)")),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="diagonal-two",
        explanation="Your mask begins one column too late, so that every token sees the one right after it.",
        code=_edit(_MASKED_RIGHT, ("triu(1)", "triu(2)")),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="scaled-again",
        explanation="You divided the scores by a square root, but they come in already scaled. Scaling twice makes the weights too even.",
        code=_edit(_MASKED_RIGHT, ("softmax(masked,", "softmax(masked / size**0.5,")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="in-place",
        explanation="`masked_fill_`, with the underscore, writes the -inf into the caller's own scores. Use `masked_fill`, which makes a new "
        "tensor.",
        code=_edit(_MASKED_RIGHT, ("masked_fill(", "masked_fill_(")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="float-mask",
        explanation="`masked_fill` wants a mask of True and False; yours holds the numbers 1.0 and 0.0. Turn it into booleans, for instance "
        "with `mask.bool()` or `mask != 0`.",
        code=_edit(_MASKED_RIGHT, (", dtype=torch.bool", "")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="single-precision-forced",
        explanation="Your weights come back in float32 although the scores came in as float64: somewhere the number type is fixed.",
        code=_edit(_MASKED_RIGHT, ("scores.masked_fill", "scores.float().masked_fill")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    Mistake(
        exercise="ch03/masked-attention-weights",
        name="no-mask",
        explanation="Your weights are those without a mask: every token sees the whole sentence.",
        code=_edit(_MASKED_RIGHT, ("(masked,", "(scores,")),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
]

# --- notebook 3: CausalAttention -----------------------------------------------------------------------------------

_CAUSAL_RIGHT = '''class CausalAttention(nn.Module):
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
'''
_FORMULA = "03_causal_attention: Exercise 3: CausalAttention"
_DICE = "03_causal_attention: Dropout on the weights"


def _causal(name: str, explanation: str, *changes: tuple[str, str], see: str = _FORMULA) -> Mistake:
    return Mistake("ch03/causal-attention", name, explanation, _edit(_CAUSAL_RIGHT, *changes), see)


_CAUSAL_ATTENTION = [
    _causal(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / k.shape[-1] ** 0.5", "scores"),
    ),
    _causal(
        "scaled-by-input-width",
        "Your scores are divided by the square root of d_in. The sum in a dot product of query and key has d_out terms, so it is d_out that "
        "counts.",
        ("k.shape[-1] ** 0.5", "self.d_in**0.5"),
    ),
    _causal(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens. The width of the keys counts, not the length of the sentence.",
        ("k.shape[-1] ** 0.5", "length**0.5"),
    ),
    _causal(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing.",
        ("k.shape[-1] ** 0.5", "k.shape[-1]"),
    ),
    _causal(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look (`dim=1`). In a batch of score tables the weights of one token lie along the last "
        "dimension.",
        ("dim=-1", "dim=1"),
    ),
    _causal(
        "no-mask",
        "Your tokens see the whole sentence: the future is not hidden at all.",
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
    ),
    _causal(
        "mask-thrown-away",
        "`masked_fill` gives a NEW tensor; its result is not used, so your tokens still see the whole sentence.",
        ("scores = scores.masked_fill", "scores.masked_fill"),
    ),
    _causal(
        "mask-after-softmax",
        "Your mask comes after the softmax: the future no longer has a weight of its own, but it has already made all other weights smaller.",
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
        ("torch.triu(torch.ones(context_length, context_length), diagonal=1)", "torch.tril(torch.ones(context_length, context_length), diagonal=-1)"),
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
        "In `F.scaled_dot_product_attention` a boolean mask says where a token MAY look, so yours shows the future and hides the past.",
        ("        scores = q @ k.transpose(1, 2)\n", "        rate = self.dropout.p if self.training else 0.0\n"),
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", "        future = self.mask.bool()[:length, :length]\n"),
        ("        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)\n", ""),
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "F.scaled_dot_product_attention(q, k, v, attn_mask=future, dropout_p=rate)"),
    ),
    _causal(
        "sdpa-dropout-never-off",
        "`F.scaled_dot_product_attention` rolls its dice whenever `dropout_p` is not zero, in evaluation mode too. Pass 0.0 unless "
        "`self.training` is true.",
        ("        scores = q @ k.transpose(1, 2)\n", ""),
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
        ("        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)\n", ""),
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout.p)"),
        see=_DICE,
    ),
    _causal(
        "dropout-never-off",
        "Your dropout works in evaluation mode too. `F.dropout` must be told: `training=self.training`.",
        ("self.dropout(weights)", "F.dropout(weights, self.dropout.p)"),
        see=_DICE,
    ),
    _causal(
        "dropout-missing",
        "Your module takes a dropout rate and never uses it.",
        ("        weights = self.dropout(weights)\n", ""),
        see=_DICE,
    ),
    _causal(
        "dropout-thrown-away",
        "Your dropout's result is not used: `nn.Dropout` gives a new tensor and leaves the old one alone.",
        ("weights = self.dropout(weights)", "self.dropout(weights)"),
        see=_DICE,
    ),
    _causal(
        "dropout-on-the-output",
        "Your dropout falls on the finished context vectors, so it deletes single features. It belongs on the attention weights, where it "
        "deletes whole looks at a token.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "self.dropout(weights @ v)"),
        see=_DICE,
    ),
    _causal(
        "dropout-on-the-values",
        "Your dropout falls on the values, so it deletes single features of a token for everybody who looks at it. It belongs on the "
        "attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "weights @ self.dropout(v)"),
        see=_DICE,
    ),
    _causal(
        "dropout-on-the-input",
        "Your dropout falls on the token vectors that come in. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("        batch, length, width = x.shape\n", "        batch, length, width = x.shape\n        x = self.dropout(x)\n"),
        see=_DICE,
    ),
    _causal(
        "dropout-before-softmax",
        "Your dropout falls on the scores. A dropped score becomes 0, and the softmax turns 0 into a weight like any other: nothing is "
        "really dropped. Roll the dice after the softmax.",
        ("        weights = self.dropout(weights)\n", ""),
        ("softmax(scores / k", "softmax(self.dropout(scores) / k"),
        see=_DICE,
    ),
    _causal(
        "dropout-renormalised",
        "You made the rows sum to one again after the dropout. That undoes the scaling by 1 / (1 - p), and a row that was dropped as a whole "
        "becomes 0 / 0.",
        ("self.dropout(weights)", "F.normalize(self.dropout(weights), p=1, dim=-1)"),
        see=_DICE,
    ),
    _causal(
        "dropout-not-rescaled",
        "Your dropout sets weights to zero but does not divide the others by 1 - p, so the context vectors are too small on average.",
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
        "Your projections have a bias even when `qkv_bias` is false: `nn.Linear` adds one unless it is told `bias=qkv_bias`.",
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
        "Your context vectors are sums of keys. The weights say where to look; what is fetched from there are the values.",
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
        "Your projection matrices are plain tensors: no optimiser will find them. Use `nn.Linear`, or wrap them in `nn.Parameter`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "query = nn.Linear(d_in, d_out, bias=qkv_bias)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "key = nn.Linear(d_in, d_out, bias=qkv_bias)"),
        (
            "self.value = nn.Linear(d_in, d_out, bias=qkv_bias)",
            "value = nn.Linear(d_in, d_out, bias=qkv_bias)\n        self.projections = lambda x: (query(x), key(x), value(x))",
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
        ("        batch, length, width = x.shape\n", "        shape, x = x.shape, x.reshape(1, -1, x.shape[-1])\n        batch, length, width = x.shape\n"),
        (".masked_fill(self.mask.bool()[:length, :length], -torch.inf)", ".masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf)"),
        ("weights @ v", "(weights @ v).reshape(*shape[:-1], -1)"),
    ),
]

MISTAKES = [*_CAUSAL_MASK, *_MASKED_WEIGHTS, *_CAUSAL_ATTENTION]
