"""From text to vectors."""

from __future__ import annotations

from people.written import Written, by

_vocab = by(
    "ch02/special-vocab",
    """def build_special_vocab(tokens, specials):
    words = sorted(set(tokens))
    words = [w for w in words if w not in specials]
    all_tokens = list(specials) + words
    return {tok: i for i, tok in enumerate(all_tokens)}
""",
)
_simple = by(
    "ch02/simple-tokenizer",
    """class SimpleTokenizer:
    def __init__(self, vocab):
        self.str_to_int = vocab
        self.int_to_str = {i: s for s, i in vocab.items()}

    def encode(self, text):
        ids = []
        for s in split_text(text):
            ids.append(self.str_to_int[s])
        return ids

    def decode(self, ids):
        text = " ".join([self.int_to_str[i] for i in ids])
        text = re.sub(r"\\s+([.,;:!?)])", r"\\1", text)
        return re.sub(r"\\(\\s+", "(", text)
""",
)
_train_bpe = by(
    "ch02/bpe-train",
    """def bpe_train(text, num_merges):
    words = {w: f for w, f in byte_words(text).items()}
    merges = []
    for _ in range(num_merges):
        stats = {}
        for w, f in words.items():
            for a, b in zip(w, w[1:]):
                stats[(a, b)] = stats.get((a, b), 0) + f
        if not stats:
            break
        best = max(stats, key=stats.get)
        merges.append(best)
        new = {}
        for w, f in words.items():
            out, i = [], 0
            while i < len(w):
                if i < len(w) - 1 and (w[i], w[i + 1]) == best:
                    out.append(w[i] + w[i + 1])
                    i += 2
                else:
                    out.append(w[i])
                    i += 1
            new[tuple(out)] = new.get(tuple(out), 0) + f
        words = new
    return merges
""",
)
_encode_bpe = by(
    "ch02/bpe-encode",
    """def bpe_encode(text, merges):
    rank = {pair: n for n, pair in enumerate(merges)}
    ident = {bytes([n]): n for n in range(256)}
    for n, (a, b) in enumerate(merges):
        ident.setdefault(a + b, 256 + n)
    out = []
    for word in pre_tokenize(text):
        parts = [bytes([c]) for c in word.encode("utf-8")]
        while len(parts) > 1:
            pairs = list(zip(parts, parts[1:]))
            pair = min(pairs, key=lambda p: rank.get(p, float("inf")))
            if pair not in rank:
                break
            i, new = 0, []
            while i < len(parts):
                if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
                    new.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    new.append(parts[i])
                    i += 1
            parts = new
        out.extend(ident[p] for p in parts)
    return out
""",
)
_merge = by(
    "ch02/merge-pair",
    """def merge_pair(symbols, pair):
    out = []
    i = 0
    while i < len(symbols):
        if i < len(symbols) - 1 and symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out
""",
)
_count = by(
    "ch02/count-pairs",
    """def count_pairs(words):
    pairs = {}
    for word, freq in words.items():
        for i in range(len(word) - 1):
            key = (word[i], word[i + 1])
            pairs[key] = pairs.get(key, 0) + freq
    return pairs
""",
)
_perceptron = by(
    "ch02/perceptron",
    """class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.lr = learning_rate
        self.weights = torch.zeros(n_inputs)
        self.bias = torch.tensor(0.0)

    def score(self, x):
        return torch.matmul(x, self.weights) + self.bias

    def predict(self, x):
        return torch.where(self.score(x) >= 0, 1, 0)

    def learn(self, x, target):
        y = self.predict(x).item()
        if y == target:
            return False
        self.weights = self.weights + self.lr * (target - y) * x
        self.bias = self.bias + self.lr * (target - y)
        return True

    def fit(self, x, targets, epochs):
        history = []
        for epoch in range(epochs):
            wrong = 0
            for xi, ti in zip(x, targets):
                if self.learn(xi, int(ti)):
                    wrong += 1
            history.append(wrong)
            if wrong == 0:
                break
        return history
""",
)
_ce = by(
    "ch02/cross-entropy",
    """def cross_entropy(logits, targets):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    logp = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    n = logits.shape[0]
    return -logp[torch.arange(n), targets].mean()
""",
)
_mlp = by(
    "ch02/mlp-in-pytorch",
    """class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        parts = []
        prev = d_in
        for h in hidden:
            parts.append(nn.Linear(prev, h))
            parts.append(nn.ReLU())
            prev = h
        parts.append(nn.Linear(prev, d_out))
        self.net = nn.Sequential(*parts)

    def forward(self, x):
        return self.net(x)
""",
)
_train = by(
    "ch02/train",
    """def train(model, x, targets, epochs, learning_rate):
    opt = torch.optim.SGD(model.parameters(), lr=learning_rate)
    criterion = nn.CrossEntropyLoss()
    history = []
    model.train()
    for epoch in range(epochs):
        opt.zero_grad()
        out = model(x)
        loss = criterion(out, targets)
        loss.backward()
        opt.step()
        history.append(loss.item())
    return history
""",
)
_windows = by(
    "ch02/gpt-dataset",
    """class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.input_ids = []
        self.target_ids = []
        for i in range(0, len(token_ids) - context_length, stride):
            self.input_ids.append(torch.tensor(token_ids[i : i + context_length]))
            self.target_ids.append(torch.tensor(token_ids[i + 1 : i + context_length + 1]))

    def __len__(self):
        return len(self.input_ids)

    def __getitem__(self, index):
        return self.input_ids[index], self.target_ids[index]
""",
)
_positions = by(
    "ch02/token-position-embedding",
    """class TokenPositionEmbedding(nn.Module):
    def __init__(self, vocab_size, context_length, emb_dim):
        super().__init__()
        self.max_len = context_length
        self.token_emb = nn.Embedding(vocab_size, emb_dim)
        self.pos_emb = nn.Embedding(context_length, emb_dim)

    def forward(self, token_ids):
        b, t = token_ids.size()
        if t > self.max_len:
            raise ValueError("too many tokens")
        idx = torch.arange(t, device=token_ids.device)
        return self.token_emb(token_ids) + self.pos_emb(idx)
""",
)
_bce = by(
    "ch02/binary-cross-entropy",
    """def binary_cross_entropy(logits, targets):
    t = targets.float().to(logits.dtype)
    p = torch.sigmoid(logits)
    loss = torch.clamp(logits, min=0) - logits * t + torch.log1p(torch.exp(-logits.abs()))
    return loss.mean(), (p - t) / logits.numel()
""",
)
_pad = by(
    "ch02/pad-batch",
    """def pad_batch(sequences, pad_id, max_length=None):
    seqs = [s if max_length is None else s[:max_length] for s in sequences]
    width = max(len(s) for s in seqs)
    ids = torch.tensor([s + [pad_id] * (width - len(s)) for s in seqs], dtype=torch.long)
    mask = torch.tensor([[True] * len(s) + [False] * (width - len(s)) for s in seqs], dtype=torch.bool)
    return ids.reshape(len(seqs), width), mask.reshape(len(seqs), width)
""",
)

CHAPTER_2: list[Written] = [
    _vocab(
        "a special one numbered twice",
        "special-counted-twice",
        ("    words = [w for w in words if w not in specials]\n", ""),
    ),
    _vocab("from one", "begins-at-one", ("enumerate(all_tokens)", "enumerate(all_tokens, 1)")),
    _vocab("unsorted", "unsorted-set", ("sorted(set(tokens))", "list(set(tokens))")),
    _simple("get with None", "none-for-unknown", ("self.str_to_int[s]", "self.str_to_int.get(s)")),
    _simple("joined without spaces", "no-spaces", ('" ".join', '"".join')),
    _simple("lower case", "small-letters", ("split_text(text)", "split_text(text.lower())")),
    _simple(
        "unknown tokens skipped",
        "unknown-left-out",
        (
            "            ids.append(self.str_to_int[s])\n",
            "            if s in self.str_to_int:\n                ids.append(self.str_to_int[s])\n",
        ),
    ),
    _train_bpe("raises when nothing is left", "no-end", ("        if not stats:\n            break\n", "")),
    _train_bpe("words counted once", "words-counted-once", ("stats.get((a, b), 0) + f", "stats.get((a, b), 0) + 1")),
    _train_bpe("one merge too few", "one-merge-too-few", ("range(num_merges)", "range(num_merges - 1)")),
    _train_bpe("words never changed", "never-merged same-pair-again", ("        words = new\n", "")),
    _train_bpe("the rarest", "rarest-first", ("max(stats, key=stats.get)", "min(stats, key=stats.get)")),
    _train_bpe(
        "counts kept from the round before",
        "old-counts-stay",
        (
            "    merges = []\n    for _ in range(num_merges):\n        stats = {}\n",
            "    merges = []\n    stats = {}\n    for _ in range(num_merges):\n",
        ),
    ),
    _train_bpe(
        "stops at pairs seen once",
        "ends-at-one",
        (
            "        merges.append(best)\n",
            "        if stats[best] < 2:\n            break\n        merges.append(best)\n",
        ),
    ),
    _encode_bpe(
        "last merge first",
        "last-merge-first",
        ('min(pairs, key=lambda p: rank.get(p, float("inf")))', "max(pairs, key=lambda p: rank.get(p, -1))"),
    ),
    _encode_bpe(
        "any known pair",
        "leftmost-first leftmost-in-each-pass",
        (
            'pair = min(pairs, key=lambda p: rank.get(p, float("inf")))',
            "pair = next((p for p in pairs if p in rank), None)",
        ),
    ),
    _encode_bpe("ids from zero", "ids-from-zero", ("256 + n", "n")),
    _encode_bpe("no pre-tokens", "no-pre-tokens", ("for word in pre_tokenize(text):", "for word in [text]:")),
    _merge("one step only", "overlapping", ("            i += 2\n", "            i += 1\n")),
    _merge(
        "first place only",
        "first-place-only",
        ("            i += 2\n", "            i += 2\n            return out + list(symbols[i:])\n"),
    ),
    _merge("tuple for the pair", "nested pair-lost", ("out.append(pair[0] + pair[1])", "out.append(pair)")),
    _merge("last one lost", "last-symbol-lost", ("while i < len(symbols):", "while i < len(symbols) - 1:")),
    _count("frequency ignored", "words-counted-once", ("pairs.get(key, 0) + freq", "pairs.get(key, 0) + 1")),
    _count("overwrites", "last-number-only", ("pairs[key] = pairs.get(key, 0) + freq", "pairs[key] = freq")),
    _count("one too short", "last-pair-missing", ("range(len(word) - 1)", "range(len(word) - 2)")),
    _perceptron("strictly greater", "zero-counts-as-0", (">= 0, 1, 0", "> 0, 1, 0")),
    _perceptron(
        "bias never learns", "bias-never-learns", ("        self.bias = self.bias + self.lr * (target - y)\n", "")
    ),
    _perceptron("never stops early", "never-stops", ("            if wrong == 0:\n                break\n", "")),
    _perceptron(
        "error turned round",
        "error-turned-over",
        ("self.weights + self.lr * (target - y) * x", "self.weights + self.lr * (y - target) * x"),
        ("self.bias + self.lr * (target - y)", "self.bias + self.lr * (y - target)"),
    ),
    _perceptron(
        "no learning rate",
        "learning-rate-ignored",
        ("self.lr * (target - y) * x", "(target - y) * x"),
        ("self.lr * (target - y)\n", "(target - y)\n"),
    ),
    _perceptron(
        "strictly greater, no learning rate for the bias",
        "zero-counts-as-0 learning-rate-not-in-the-bias",
        (">= 0, 1, 0", "> 0, 1, 0"),
        ("self.lr * (target - y)\n", "(target - y)\n"),
    ),
    _ce("no largest taken off", "overflow", ("logits - logits.max(dim=1, keepdim=True).values", "logits")),
    _ce("sum", "sum-for-mean", (".mean()", ".sum()")),
    _ce("sign", "likelihood-not-negated", ("return -logp", "return logp")),
    _ce("all pairs", "all-pairs", ("logp[torch.arange(n), targets]", "logp[:, targets]")),
    _ce(
        "softmax already applied",
        "softmax-twice log-of-softmax",
        ("    shifted = logits", "    logits = logits.softmax(dim=1)\n    shifted = logits"),
    ),
    _mlp(
        "relu at the end",
        "relu-at-the-end",
        ("nn.Linear(prev, d_out))\n", "nn.Linear(prev, d_out))\n        parts.append(nn.ReLU())\n"),
    ),
    _mlp(
        "softmax at the end", "softmax-at-the-end", ("return self.net(x)", "return torch.softmax(self.net(x), dim=-1)")
    ),
    _mlp("no activations", "no-curve", ("            parts.append(nn.ReLU())\n", "")),
    _mlp("width not moved on", "", ("            prev = h\n", "")),
    _mlp("sigmoid", "", ("nn.ReLU()", "nn.Sigmoid()")),
    _train("no zero_grad", "no-zero-grad", ("        opt.zero_grad()\n", "")),
    _train("adam", "adam", ("torch.optim.SGD", "torch.optim.Adam")),
    _train(
        "softmax before the loss",
        "softmax-before-the-loss",
        ("criterion(out, targets)", "criterion(out.softmax(-1), targets)"),
    ),
    _train("tensors in the list", "tensors-in-the-list", ("loss.item()", "loss")),
    _train("step forgotten", "no-step", ("        opt.step()\n", "")),
    _windows(
        "targets not shifted",
        "no-shift",
        ("token_ids[i + 1 : i + context_length + 1]", "token_ids[i : i + context_length]"),
    ),
    _windows(
        "stride of one",
        "stride-ignored",
        ("len(token_ids) - context_length, stride)", "len(token_ids) - context_length)"),
    ),
    _windows(
        "one window too few",
        "last-window-missing",
        ("len(token_ids) - context_length, stride", "len(token_ids) - context_length - 1, stride"),
    ),
    _windows(
        "too many windows",
        "windows-to-the-very-end last-target-missing",
        ("len(token_ids) - context_length, stride", "len(token_ids) - context_length + 1, stride"),
    ),
    _windows(
        "only the next token",
        "one-target-per-window",
        ("token_ids[i + 1 : i + context_length + 1]", "token_ids[i + context_length]"),
    ),
    _windows(
        "lists of numbers",
        "lists-for-tensors",
        ("torch.tensor(token_ids[i : i + context_length])", "token_ids[i : i + context_length]"),
        ("torch.tensor(token_ids[i + 1 : i + context_length + 1])", "token_ids[i + 1 : i + context_length + 1]"),
    ),
    _positions("no positions", "no-positions", (" + self.pos_emb(idx)", "")),
    _positions(
        "no error",
        "no-clear-error",
        ('        if t > self.max_len:\n            raise ValueError("too many tokens")\n', ""),
    ),
    _positions("positions of the ids", "positions-of-the-ids", ("self.pos_emb(idx)", "self.pos_emb(token_ids)")),
    _positions(
        "sizes exchanged",
        "sizes-exchanged",
        ("nn.Embedding(vocab_size, emb_dim)", "nn.Embedding(context_length, emb_dim)"),
        ("nn.Embedding(context_length, emb_dim)\n\n", "nn.Embedding(vocab_size, emb_dim)\n\n"),
    ),
    _positions("whole table", "all-positions-added", ("torch.arange(t,", "torch.arange(self.max_len,")),
    _bce(
        "plain log of the sigmoid",
        "overflow",
        (
            "torch.clamp(logits, min=0) - logits * t + torch.log1p(torch.exp(-logits.abs()))",
            "-(t * p.log() + (1 - t) * (1 - p).log())",
        ),
    ),
    _bce("gradient not averaged", "gradient-of-the-sum", (" / logits.numel()", "")),
    _bce("gradient turned round", "gradient-turned-over", ("(p - t)", "(t - p)")),
    _pad(
        "left side",
        "filled-in-front",
        ("s + [pad_id] * (width - len(s))", "[pad_id] * (width - len(s)) + s"),
        ("[True] * len(s) + [False] * (width - len(s))", "[False] * (width - len(s)) + [True] * len(s)"),
    ),
    _pad(
        "mask from the ids",
        "mask-from-the-ids",
        ("mask.reshape(len(seqs), width)", "ids.reshape(len(seqs), width) != pad_id"),
    ),
    _pad(
        "longest before the cut",
        "longest-before-the-cut",
        ("max(len(s) for s in seqs)", "max(len(s) for s in sequences)"),
    ),
]
