"""Known mistakes of the appendix on BERT: the embedding, the padding mask, attention in both directions."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

_SEE = "02_embeddings_and_attention: Exercise "

# --- BertEmbedding -------------------------------------------------------------------------------------------------

_EMBEDDING_RIGHT = """class BertEmbedding(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width = cfg["emb_dim"]
        self.tok_emb = nn.Embedding(cfg["vocab_size"], width)
        self.pos_emb = nn.Embedding(cfg["context_length"], width)
        self.seg_emb = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, ids, segments):
        pos = torch.arange(ids.shape[1])
        x = self.tok_emb(ids) + self.pos_emb(pos) + self.seg_emb(segments)
        return self.drop(self.norm(x))
"""


def _embedding(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = _SEE + "1: BertEmbedding"
    return made_in(_EMBEDDING_RIGHT, "bert/bert-embedding", name, explanation, *changes, see=see)


_EMBEDDING = [
    _embedding(
        "no-segments",
        "Your segments are not added, so the model cannot tell whose words are whose.",
        (" + self.seg_emb(segments)", ""),
    ),
    _embedding(
        "no-positions",
        "Your positions are not added, so the order of the words is lost.",
        (" + self.pos_emb(pos)", ""),
    ),
    _embedding(
        "no-layer-norm",
        "The LayerNorm is missing: the sum is normalised before dropout.",
        ("self.drop(self.norm(x))", "self.drop(x)"),
    ),
    _embedding(
        "no-dropout",
        "The dropout at the end is missing.",
        ("self.drop(self.norm(x))", "self.norm(x)"),
    ),
    _embedding(
        "dropout-before-the-norm",
        "You drop before you normalise. In BERT dropout comes last, after the LayerNorm.",
        ("self.drop(self.norm(x))", "self.norm(self.drop(x))"),
    ),
    _embedding(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("        self.drop = nn.Dropout(cfg[\"drop_rate\"])\n", "        self.rate = cfg[\"drop_rate\"]\n"),
        ("self.drop(self.norm(x))", "F.dropout(self.norm(x), self.rate)"),
    ),
    _embedding(
        "only-the-token-normalised",
        "You normalise the token's vector and add the others afterwards. It is the sum that is normalised.",
        ("self.tok_emb(ids) + self.pos_emb", "self.norm(self.tok_emb(ids)) + self.pos_emb"),
        ("self.drop(self.norm(x))", "self.drop(x)"),
    ),
    _embedding(
        "tables-swapped",
        "You look up the segments in the table of positions, and the positions in another place than they belong.",
        ("self.pos_emb(pos) + self.seg_emb(segments)", "self.pos_emb(segments) + self.seg_emb(pos.clamp(max=1))"),
    ),
    _embedding(
        "positions-looked-up-by-id",
        "You look up positions by the ids of the tokens. A position is the place of a token in its row: 0, 1, 2, ...",
        ("self.pos_emb(pos)", "self.pos_emb(ids.clamp(max=self.pos_emb.num_embeddings - 1))"),
    ),
    _embedding(
        "positions-from-one",
        "Your positions begin at 1. They begin at 0, and a full row needs all rows of the table.",
        ("torch.arange(ids.shape[1])", "torch.arange(1, ids.shape[1] + 1).clamp(max=self.pos_emb.num_embeddings - 1)"),
    ),
    _embedding(
        "one-position-for-all",
        "All tokens of a row get the same position with you. `torch.arange` over the tokens, not over the rows.",
        ("torch.arange(ids.shape[1])", "torch.zeros_like(ids)"),
    ),
    _embedding(
        "positions-of-the-whole-context",
        "You add the positions of the whole context, so a shorter row does not fit. Take as many as there are tokens.",
        ("torch.arange(ids.shape[1])", "torch.arange(self.pos_emb.num_embeddings)"),
    ),
    _embedding(
        "rows-counted",
        "You count the rows of the batch and not the tokens of a row: `ids.shape[1]`.",
        ("torch.arange(ids.shape[1])", "torch.arange(ids.shape[0]).clamp(max=8)[:, None]"),
    ),
    _embedding(
        "scaled-by-the-root-of-the-width",
        "You multiply the token's vector by the root of the width, as the first transformer did. BERT does not.",
        ("self.tok_emb(ids) +", "self.tok_emb(ids) * self.norm.normalized_shape[0] ** 0.5 +"),
    ),
    _embedding(
        "fixed-positions",
        "Your positions are sines and cosines. BERT learns its positions, in a table of their own.",
        ("        self.pos_emb = nn.Embedding(cfg[\"context_length\"], width)\n",
         "        angle = torch.arange(cfg[\"context_length\"])[:, None] / 100 ** (torch.arange(width) / width)\n"
         "        self.register_buffer(\"pos\", torch.where(torch.arange(width) % 2 == 0, angle.sin(), angle.cos()))\n"),
        ("self.pos_emb(pos)", "self.pos[pos].to(self.tok_emb.weight.dtype)"),
    ),
    _embedding(
        "tables-made-in-forward",
        "You make a table in `forward`, so it is new and random in each call and nothing ever trains it. Layers are made "
        "in `__init__`.",
        ("        self.seg_emb = nn.Embedding(2, width)\n", "        self.width = width\n"),
        ("self.seg_emb(segments)", "nn.Embedding(2, self.width).to(self.tok_emb.weight)(segments)"),
    ),
    _embedding(
        "norm-made-in-forward",
        "You make the LayerNorm in `forward`: a new one in each call, whose scale and shift nothing ever trains. Layers "
        "are made in `__init__`.",
        ("        self.norm = nn.LayerNorm(width)\n", "        self.width = width\n"),
        ("self.norm(x)", "nn.LayerNorm(self.width).to(x)(x)"),
    ),
    _embedding(
        "side-by-side",
        "You put the vectors side by side. They are added, so that the width stays D.",
        ("self.tok_emb(ids) + self.pos_emb(pos) + self.seg_emb(segments)",
         "torch.cat([self.tok_emb(ids) + self.pos_emb(pos), self.seg_emb(segments)], -1)[..., ::2]"),
    ),
]  # fmt: skip

# --- padding_mask --------------------------------------------------------------------------------------------------

_PADDING_RIGHT = """def padding_mask(ids):
    mask = ids.eq(0)
    return mask.unsqueeze(1).unsqueeze(2)
"""


def _padding(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_PADDING_RIGHT, "bert/padding-mask", name, explanation, *changes, see=_SEE + "2: padding_mask")


_PADDING = [
    _padding(
        "turned-over",
        "Your mask is True at the tokens that may be looked at. Here True means hidden: `ids == 0`.",
        ("ids.eq(0)", "ids.ne(0)"),
    ),
    _padding(
        "two-dimensions",
        "Your mask has the shape (B, T). Beside scores of shape (B, H, T, T) it needs two dimensions of size 1 in the "
        "middle.",
        ("mask.unsqueeze(1).unsqueeze(2)", "mask"),
    ),
    _padding(
        "three-dimensions",
        "Your mask has the shape (B, 1, T). One more dimension is needed, for the heads.",
        (".unsqueeze(2)", ""),
    ),
    _padding(
        "rows-hidden",
        "You hide the rows of padding, so padding does not look, and is looked at all the same. The tokens belong to the "
        "last dimension.",
        ("mask.unsqueeze(1).unsqueeze(2)", "mask.unsqueeze(1).unsqueeze(3)"),
    ),
    _padding(
        "batch-behind",
        "Your batch is not the first dimension any more.",
        ("mask.unsqueeze(1).unsqueeze(2)", "mask[None, None]"),
    ),
    _padding(
        "special-tokens-hidden",
        "You hide all special tokens. Only [PAD], id 0, is hidden.",
        ("ids.eq(0)", "ids.lt(5)"),
    ),
    _padding(
        "unknown-words-hidden",
        "You hide [UNK], too. Only [PAD], id 0, is hidden.",
        ("ids.eq(0)", "ids.le(1)"),
    ),
    _padding(
        "another-id",
        "You look for another id. [PAD] has the id 0.",
        ("ids.eq(0)", "ids.eq(3)"),
    ),
    _padding(
        "causal-mask-kept",
        "You hide the future as well. BERT looks in both directions; only padding is hidden.",
        ("return mask.unsqueeze(1).unsqueeze(2)",
         "future = torch.ones(ids.shape[1], ids.shape[1]).triu(1).bool()\n    return mask.unsqueeze(1).unsqueeze(2) | future"),
    ),
    _padding(
        "pairs-of-tokens",
        "You hide rows and columns of padding, in the shape (B, 1, T, T). A row of which everything is hidden makes the "
        "softmax divide by zero; hide the columns only.",
        ("return mask.unsqueeze(1).unsqueeze(2)", "return (mask[:, :, None] | mask[:, None, :]).unsqueeze(1)"),
    ),
    _padding(
        "first-row-for-all",
        "You use the padding of the first row for all rows. Each row has its own.",
        ("mask = ids.eq(0)", "mask = ids[:1].eq(0).expand(ids.shape)"),
    ),
    _padding(
        "counted-from-the-end",
        "You count the tokens and hide the end of the row. Ask each token by itself: padding may stand anywhere.",
        ("mask = ids.eq(0)", "mask = torch.arange(ids.shape[1]) >= ids.ne(0).sum(dim=1, keepdim=True)"),
    ),
]  # fmt: skip

# --- attention -----------------------------------------------------------------------------------------------------

_ATTENTION_RIGHT = """def attention(queries, keys, values, hidden=None):
    d_k = keys.shape[-1]
    scores = queries @ keys.transpose(-2, -1)
    scores = scores / d_k**0.5
    if hidden is not None:
        scores = scores.masked_fill(hidden, float("-inf"))
    weights = scores.softmax(dim=-1)
    context = weights @ values
    return context, weights
"""


def _attention(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = _SEE + "3: attention with a mask"
    return made_in(_ATTENTION_RIGHT, "bert/masked-attention", name, explanation, *changes, see=see)


_HIDE = '        scores = scores.masked_fill(hidden, float("-inf"))\n'
_ATTENTION = [
    _attention(
        "no-scale",
        "Your scores are not divided by the root of the width of the keys.",
        ("    scores = scores / d_k**0.5\n", ""),
    ),
    _attention(
        "scaled-by-the-width",
        "You divide by the width itself. It is its square root.",
        ("d_k**0.5", "d_k"),
    ),
    _attention(
        "scaled-by-the-values",
        "You take the width of the values. It is that of queries and keys that counts.",
        ("d_k = keys.shape[-1]", "d_k = values.shape[-1]"),
    ),
    _attention(
        "scaled-by-the-length",
        "You divide by the root of the number of tokens. It is the width of the keys that counts.",
        ("d_k = keys.shape[-1]", "d_k = keys.shape[-2]"),
    ),
    _attention(
        "causal-mask-kept",
        "You hide the future. BERT looks in both directions: only what `hidden` says is hidden.",
        ("    if hidden",
         "    future = torch.ones_like(scores).triu(1).bool()\n    scores = scores.masked_fill(future, float(\"-inf\"))\n"
         "    if hidden"),
    ),
    _attention(
        "mask-ignored",
        "Your mask is not used, so padding is looked at.",
        (_HIDE, "        pass\n"),
    ),
    _attention(
        "mask-thrown-away",
        "`masked_fill` gives a new tensor and leaves the old one as it is. Keep its result.",
        (_HIDE, _HIDE.replace("scores = ", "")),
    ),
    _attention(
        "mask-turned-over",
        "You hide what may be looked at. True means hidden here.",
        ("masked_fill(hidden,", "masked_fill(~hidden,"),
    ),
    _attention(
        "mask-after-the-softmax",
        "You hide after the softmax, so that the rows do not sum to 1 any more. Hide the scores, before it.",
        ("    if hidden is not None:\n" + _HIDE + "    weights = scores.softmax(dim=-1)\n",
         "    weights = scores.softmax(dim=-1)\n    if hidden is not None:\n        weights = weights.masked_fill(hidden, 0.0)\n"),
    ),
    _attention(
        "scores-multiplied",
        "You multiply the hidden scores by zero. A score of 0 is not hidden: its weight is e⁰ = 1 before division. Fill in "
        "minus infinity.",
        (_HIDE, "        scores = scores * ~hidden\n"),
    ),
    _attention(
        "hidden-by-a-small-number",
        "You fill in a number that large scores can reach. Fill in minus infinity.",
        ('float("-inf")', "-5.0"),
    ),
    _attention(
        "softmax-over-the-queries",
        "Your softmax goes over the queries. The weights of one query sum to 1: `dim=-1`.",
        ("softmax(dim=-1)", "softmax(dim=-2)"),
    ),
    _attention(
        "no-softmax",
        "The softmax is missing.",
        ("scores.softmax(dim=-1)", "scores"),
    ),
    _attention(
        "one-result",
        "You return the context only. The weights belong beside it.",
        ("return context, weights", "return context"),
    ),
    _attention(
        "results-swapped",
        "You return the weights first. The context comes first.",
        ("return context, weights", "return weights, context"),
    ),
    _attention(
        "scores-for-weights",
        "You return the scores in the place of the weights.",
        ("return context, weights", "return context, scores"),
    ),
    _attention(
        "mask-needed",
        "Without a mask your function fails: `hidden` may be None.",
        ("    if hidden is not None:\n    ", ""),
    ),
    _attention(
        "scores-turned-over",
        "You multiply keys by queries, so rows and columns of the scores have changed places.",
        ("queries @ keys.transpose(-2, -1)", "keys @ queries.transpose(-2, -1)"),
    ),
]  # fmt: skip

# --- MultiHeadAttention --------------------------------------------------------------------------------------------

_HEADS_RIGHT = """class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim % n_heads:
            raise ValueError("emb_dim should be a multiple of n_heads")
        self.n_heads = n_heads
        self.head_dim = emb_dim // n_heads
        self.query = nn.Linear(emb_dim, emb_dim)
        self.key = nn.Linear(emb_dim, emb_dim)
        self.value = nn.Linear(emb_dim, emb_dim)
        self.out = nn.Linear(emb_dim, emb_dim)
        self.drop = nn.Dropout(drop_rate)

    def forward(self, x, hidden=None):
        b, t, d = x.shape
        q = self.query(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)
        k = self.key(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)
        v = self.value(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)
        scores = q @ k.transpose(2, 3) / self.head_dim**0.5
        if hidden is not None:
            scores = scores.masked_fill(hidden, float("-inf"))
        weights = self.drop(scores.softmax(dim=-1))
        context = (weights @ v).transpose(1, 2).reshape(b, t, d)
        return self.out(context)
"""


def _heads(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = _SEE + "4: MultiHeadAttention with padding"
    return made_in(_HEADS_RIGHT, "bert/bert-multi-head-attention", name, explanation, *changes, see=see)


_HEADS = [
    _heads(
        "causal-mask-kept",
        "You hide the future, as a GPT does. BERT looks in both directions; hide only what `hidden` says.",
        ("        if hidden is not None:", "        future = torch.ones(t, t).triu(1).bool()\n"
         "        scores = scores.masked_fill(future, float(\"-inf\"))\n        if hidden is not None:"),
    ),
    _heads(
        "padding-attended",
        "Your mask is not used, so padding is looked at.",
        ('            scores = scores.masked_fill(hidden, float("-inf"))\n', "            pass\n"),
    ),
    _heads(
        "mask-thrown-away",
        "`masked_fill` gives a new tensor and leaves the old one as it is. Keep its result.",
        ("            scores = scores.masked_fill", "            scores.masked_fill"),
    ),
    _heads(
        "mask-turned-over",
        "You hide the words and look at the padding. True means hidden here.",
        ("masked_fill(hidden,", "masked_fill(~hidden,"),
    ),
    _heads(
        "rows-hidden",
        "You hide the rows of padding. It is the columns, what is looked at, that have to be hidden.",
        ("masked_fill(hidden,", "masked_fill(hidden.transpose(2, 3),"),
        ('float("-inf")', "-1e9"),
    ),
    _heads(
        "mask-after-the-softmax",
        "You hide after the softmax, so the rows do not sum to 1 any more. Hide the scores, before it.",
        ('            scores = scores.masked_fill(hidden, float("-inf"))\n', "            pass\n"),
        ("self.drop(scores.softmax(dim=-1))", "self.drop(scores.softmax(dim=-1) * (1 if hidden is None else ~hidden))"),
    ),
    _heads(
        "no-scale",
        "Your scores are not divided by the root of the width of a head.",
        (" / self.head_dim**0.5", ""),
    ),
    _heads(
        "scaled-by-the-whole-width",
        "You divide by the root of the whole width D. It is that of one head, D / H.",
        ("/ self.head_dim**0.5", "/ d**0.5"),
    ),
    _heads(
        "no-output-projection",
        "The last projection is missing: merged heads go through one more linear layer.",
        ("        self.out = nn.Linear(emb_dim, emb_dim)\n", ""),
        ("self.out(context)", "context"),
    ),
    _heads(
        "no-biases",
        "Your queries, keys and values have no bias. In BERT all four projections have one.",
        ("self.query = nn.Linear(emb_dim, emb_dim)", "self.query = nn.Linear(emb_dim, emb_dim, bias=False)"),
        ("self.key = nn.Linear(emb_dim, emb_dim)", "self.key = nn.Linear(emb_dim, emb_dim, bias=False)"),
        ("self.value = nn.Linear(emb_dim, emb_dim)", "self.value = nn.Linear(emb_dim, emb_dim, bias=False)"),
    ),
    _heads(
        "merged-without-transpose",
        "You merge the heads without letting heads and tokens change places first, so the tokens get mixed.",
        ("(weights @ v).transpose(1, 2).reshape", "(weights @ v).reshape"),
    ),
    _heads(
        "split-without-transpose",
        "You split with one `view` into (B, H, T, D/H), which cuts the vectors in the wrong places. First (B, T, H, D/H), "
        "then let T and H change places.",
        ("self.query(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)", "self.query(x).view(b, self.n_heads, t, self.head_dim)"),
        ("self.key(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)", "self.key(x).view(b, self.n_heads, t, self.head_dim)"),
        ("self.value(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)", "self.value(x).view(b, self.n_heads, t, self.head_dim)"),
    ),
    _heads(
        "one-projection-for-queries-and-keys",
        "Your keys are made by the projection of the queries. They have one of their own.",
        ("self.key(x)", "self.query(x)"),
    ),
    _heads(
        "softmax-over-the-queries",
        "Your softmax goes over those who look. The weights of one who looks sum to 1: `dim=-1`.",
        ("softmax(dim=-1)", "softmax(dim=-2)"),
    ),
    _heads(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("self.drop(scores", "F.dropout(scores"),
        ("softmax(dim=-1))", "softmax(dim=-1), self.drop.p)"),
    ),
    _heads(
        "no-dropout",
        "The dropout on the attention weights is missing.",
        ("self.drop(scores.softmax(dim=-1))", "scores.softmax(dim=-1)"),
    ),
    _heads(
        "dropout-on-the-result",
        "You drop features of the result. Dropout acts on the attention weights here.",
        ("self.drop(scores.softmax(dim=-1))", "scores.softmax(dim=-1)"),
        ("self.out(context)", "self.drop(self.out(context))"),
    ),
    _heads(
        "projection-made-in-forward",
        "You make the last projection in `forward`: it is new and random in each call, and nothing ever trains it. Layers "
        "are made in `__init__`.",
        ("        self.out = nn.Linear(emb_dim, emb_dim)\n", ""),
        ("self.out(context)", "nn.Linear(d, d).to(x)(context)"),
    ),
    _heads(
        "heads-that-do-not-fit-accepted",
        "When n_heads does not divide emb_dim your module says nothing. Raise a ValueError.",
        ("        if emb_dim % n_heads:\n            raise ValueError(\"emb_dim should be a multiple of n_heads\")\n", ""),
    ),
    _heads(
        "residual-inside",
        "You add the input to the result. The shortcut belongs to the encoder layer of notebook 3.",
        ("return self.out(context)", "return x + self.out(context)"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_EMBEDDING, *_PADDING, *_ATTENTION, *_HEADS]
