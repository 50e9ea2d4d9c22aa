"""Known mistakes of chapter 4: LayerNorm, GELU, the feed-forward network, shortcuts."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- LayerNorm -----------------------------------------------------------------------------------------------------

_NORM_RIGHT = """class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.eps = 1e-5
        self.scale = nn.Parameter(torch.ones(emb_dim))
        self.shift = nn.Parameter(torch.zeros(emb_dim))

    def forward(self, x):
        mean = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        norm_x = (x - mean) / torch.sqrt(var + self.eps)
        return self.scale * norm_x + self.shift
"""


def _norm(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_layer_norm_gelu_feed_forward: Exercise 1: LayerNorm"
    return made_in(_NORM_RIGHT, "ch04/layer-norm", name, explanation, *changes, see=see)


_NORM = [
    _norm(
        "sample-variance",
        "Your variance divides by D - 1, which is PyTorch's default. LayerNorm divides by D: pass `correction=0` (or "
        "`unbiased=False`).",
        (", unbiased=False", ""),
    ),
    _norm(
        "eps-outside-the-root",
        "Your epsilon is added to the root. It stands under the root, beside the variance; for small vectors that is "
        "another number.",
        ("torch.sqrt(var + self.eps)", "(torch.sqrt(var) + self.eps)"),
    ),
    _norm(
        "no-eps",
        "Nothing guards your division: a vector of equal numbers has variance 0 and becomes NaN. Add 1e-5 under the "
        "root.",
        ("var + self.eps", "var"),
    ),
    _norm(
        "another-eps",
        "Your epsilon is another number than 1e-5, which shows for small vectors.",
        ("self.eps = 1e-5", "self.eps = 1e-6"),
    ),
    _norm(
        "no-shift",
        "The shift is missing: the formula ends with + b, one trained number for each feature.",
        ("        self.shift = nn.Parameter(torch.zeros(emb_dim))\n", ""),
        (" + self.shift", ""),
    ),
    _norm(
        "no-scale",
        "The scale is missing: the normalised vector is multiplied by g, one trained number for each feature.",
        ("        self.scale = nn.Parameter(torch.ones(emb_dim))\n", ""),
        ("self.scale * norm_x", "norm_x"),
    ),
    _norm(
        "shift-not-used",
        "You made a shift and do not add it in `forward`.",
        (" + self.shift", ""),
    ),
    _norm(
        "scale-not-used",
        "You made a scale and do not multiply by it in `forward`.",
        ("self.scale * norm_x", "norm_x"),
    ),
    _norm(
        "only-normalised",
        "You normalise, and that is all: scale and shift are missing.",
        ("        self.scale = nn.Parameter(torch.ones(emb_dim))\n", ""),
        ("        self.shift = nn.Parameter(torch.zeros(emb_dim))\n", ""),
        ("self.scale * norm_x + self.shift", "norm_x"),
    ),
    _norm(
        "not-trained",
        "Your scale and shift are plain tensors, which no optimiser sees. Make them `nn.Parameter`.",
        ("nn.Parameter(torch.ones(emb_dim))", "torch.ones(emb_dim)"),
        ("nn.Parameter(torch.zeros(emb_dim))", "torch.zeros(emb_dim)"),
    ),
    _norm(
        "one-number-for-all",
        "Your scale and shift are one number each. Each feature has its own: shape (D).",
        ("torch.ones(emb_dim)", "torch.ones(1)"),
        ("torch.zeros(emb_dim)", "torch.zeros(1)"),
    ),
    _norm(
        "over-the-tokens",
        "Your mean and variance are taken over the tokens, so tokens hear of each other. Take them over the features of "
        "each token: `dim=-1`.",
        ("x.mean(dim=-1", "x.mean(dim=max(-2, -x.dim())"),
        ("x.var(dim=-1", "x.var(dim=max(-2, -x.dim())"),
    ),
    _norm(
        "over-the-batch",
        "Your mean and variance are taken over the batch. That is batch normalisation; here each token has its own, over "
        "its features.",
        ("x.mean(dim=-1", "x.mean(dim=0"),
        ("x.var(dim=-1", "x.var(dim=0"),
    ),
    _norm(
        "over-everything",
        "You take one mean and one variance of the whole batch. Each token has its own, over its features: `dim=-1`.",
        ("x.mean(dim=-1, keepdim=True)", "x.mean()"),
        ("x.var(dim=-1, keepdim=True, unbiased=False)", "x.var(unbiased=False)"),
    ),
    _norm(
        "over-dimension-one",
        "`dim=1` holds the features when there is no batch; in a batch it holds the tokens. Count from the end: "
        "`dim=-1`.",
        ("x.mean(dim=-1", "x.mean(dim=min(1, x.dim() - 1)"),
        ("x.var(dim=-1", "x.var(dim=min(1, x.dim() - 1)"),
    ),
    _norm(
        "divided-by-the-variance",
        "You divide by the variance; it is its square root, the standard deviation, that is needed.",
        ("torch.sqrt(var + self.eps)", "(var + self.eps)"),
    ),
    _norm(
        "not-centred",
        "Your mean is not subtracted: you only divide by the standard deviation.",
        ("(x - mean) /", "x /"),
    ),
    _norm(
        "root-mean-square",
        "You divide by the root of the mean square and leave the mean where it is. That is RMSNorm; GPT-2's LayerNorm "
        "subtracts the mean.",
        ("x.var(dim=-1, keepdim=True, unbiased=False)", "x.square().mean(dim=-1, keepdim=True)"),
        ("(x - mean) /", "x /"),
    ),
    _norm(
        "dimension-lost",
        "Your mean and variance have lost the dimension of the features, so that they do not fit beside `x`, or fit "
        "wrongly. Use `keepdim=True`.",
        ("x.mean(dim=-1, keepdim=True)", "x.mean(dim=-1)"),
        ("x.var(dim=-1, keepdim=True, unbiased=False)", "x.var(dim=-1, unbiased=False)"),
    ),
    _norm(
        "no-gradient-through-the-statistics",
        "Your mean and variance are cut off from the gradient. They depend on `x`, and the gradient must know it: no "
        "`detach`, no `no_grad`.",
        ("x.mean(dim=-1, keepdim=True)", "x.mean(dim=-1, keepdim=True).detach()"),
        ("unbiased=False)", "unbiased=False).detach()"),
    ),
    _norm(
        "scaled-before",
        "You scale and shift first and normalise afterwards, which takes most of both away again. They come last.",
        ("        mean = x.mean", "        x = self.scale * x + self.shift\n        mean = x.mean"),
        ("return self.scale * norm_x + self.shift", "return norm_x"),
    ),
    _norm(
        "shift-inside-the-bracket",
        "You add the shift before you multiply by the scale, so the scale stretches the shift too. The shift comes last.",
        ("self.scale * norm_x + self.shift", "self.scale * (norm_x + self.shift)"),
    ),
    _norm(
        "input-changed",
        "You write into the caller's tensor: `-=` and `/=` work in place. Make new tensors.",
        ("        norm_x = (x - mean) / torch.sqrt(var + self.eps)\n",
         "        x -= mean\n        x /= torch.sqrt(var + self.eps)\n        norm_x = x\n"),
    ),
]  # fmt: skip

# --- GELU ----------------------------------------------------------------------------------------------------------

_GELU_RIGHT = """class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        root = math.sqrt(2.0 / math.pi)
        return 0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))
"""

_ERF_RIGHT = """class GELU(nn.Module):
    def forward(self, x):
        return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))
"""


def _gelu(name: str, explanation: str, *changes: tuple[str, str], base: str = _GELU_RIGHT) -> Mistake:
    see = "01_layer_norm_gelu_feed_forward: Exercise 2: GELU"
    return made_in(base, "ch04/gelu", name, explanation, *changes, see=see)


_GELU = [
    _gelu(
        "relu",
        "That is ReLU, which cuts at zero. GELU bends smoothly and dips a little below zero.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "torch.relu(x)"),
    ),
    _gelu(
        "logistic-gate",
        "That is the SiLU, x times the sigmoid of x. GELU's gate is the normal distribution function.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "x * torch.sigmoid(x)"),
    ),
    _gelu(
        "quick-gelu",
        "x times the sigmoid of 1.702 x is a coarser approximation, off by up to 0.02. Use one of the two formulas.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "x * torch.sigmoid(1.702 * x)"),
    ),
    _gelu(
        "cubed-the-constant-too",
        "You cube 0.044715 together with x. Only x is cubed.",
        ("0.044715 * torch.pow(x, 3)", "torch.pow(0.044715 * x, 3)"),
    ),
    _gelu(
        "squared",
        "Your x is squared where it should be cubed; with a square the two sides of zero come out wrong.",
        ("torch.pow(x, 3)", "torch.pow(x, 2)"),
    ),
    _gelu(
        "cube-missing",
        "The term with the cube is missing: it is x + 0.044715 x³ that is multiplied by the root.",
        (" + 0.044715 * torch.pow(x, 3)", ""),
    ),
    _gelu(
        "constant-misread",
        "The constant is 0.044715, and yours is another number.",
        ("0.044715", "0.44715"),
    ),
    _gelu(
        "root-missing",
        "Your 2 / pi has no root over it: the factor is sqrt(2 / pi) = 0.7979.",
        ("math.sqrt(2.0 / math.pi)", "2.0 / math.pi"),
    ),
    _gelu(
        "root-of-two-only",
        "Your root ends too early: it is over the whole fraction 2 / pi.",
        ("math.sqrt(2.0 / math.pi)", "math.sqrt(2.0) / math.pi"),
    ),
    _gelu(
        "root-outside-the-tanh",
        "Your factor sqrt(2 / pi) multiplies the tanh. It belongs inside.",
        ("torch.tanh(root * (x + 0.044715 * torch.pow(x, 3)))", "root * torch.tanh(x + 0.044715 * torch.pow(x, 3))"),
    ),
    _gelu(
        "half-missing",
        "The factor one half is missing: for large x your result is 2 x, and it should be x.",
        ("0.5 * x", "x"),
    ),
    _gelu(
        "one-missing",
        "The 1 + in front of the tanh is missing: a probability lies between 0 and 1, and the tanh between -1 and 1.",
        ("(1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "torch.tanh(root * (x + 0.044715 * torch.pow(x, 3)))"),
    ),
    _gelu(
        "gate-alone",
        "You return the gate, the probability. It is still to be multiplied by x.",
        ("0.5 * x *", "0.5 *"),
    ),
    _gelu(
        "bracket-too-early",
        "Your bracket closes too early: 1 + tanh as a whole is multiplied by x / 2.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))",
         "0.5 * x * 1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3)))"),
    ),
    _gelu(
        "no-root-of-two",
        "Your error function gets x itself. The normal distribution function is (1 + erf(x / sqrt(2))) / 2.",
        ("x / math.sqrt(2)", "x"),
        base=_ERF_RIGHT,
    ),
    _gelu(
        "density-for-distribution",
        "You multiply by the density of the normal distribution. GELU's gate is its distribution function, the area to "
        "the left of x.",
        ("0.5 * (1 + torch.erf(x / math.sqrt(2)))", "torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)"),
        base=_ERF_RIGHT,
    ),
    _gelu(
        "complementary-error-function",
        "`erfc` is 1 - erf, so your gate opens on the wrong side.",
        ("(1 + torch.erf(x / math.sqrt(2)))", "torch.erfc(x / math.sqrt(2))"),
        base=_ERF_RIGHT,
    ),
    _gelu(
        "input-changed",
        "You write into the caller's tensor: methods that end in an underscore, and `*=`, work in place.",
        ("        return x * 0.5 *", "        gate = 0.5 *"),
        ("math.sqrt(2)))\n", "math.sqrt(2)))\n        x *= gate\n        return x\n"),
        base=_ERF_RIGHT,
    ),
]  # fmt: skip

# --- FeedForward ---------------------------------------------------------------------------------------------------

_FORWARD_RIGHT = """class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.fc1 = nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"])
        self.act = nn.GELU()
        self.fc2 = nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"])

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
"""


def _forward(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_layer_norm_gelu_feed_forward: Exercise 3: FeedForward"
    return made_in(_FORWARD_RIGHT, "ch04/feed-forward", name, explanation, *changes, see=see)


_FORWARD = [
    _forward(
        "no-bend",
        "There is no GELU between your layers, so the two are no more than one linear layer.",
        ("self.act(self.fc1(x))", "self.fc1(x)"),
    ),
    _forward(
        "relu",
        "Your bend is ReLU. GPT-2 uses GELU.",
        ("nn.GELU()", "nn.ReLU()"),
    ),
    _forward(
        "twice-as-wide",
        "Your hidden layer is twice as wide as the vectors. It is four times as wide.",
        ("cfg[\"emb_dim\"], 4 * cfg[\"emb_dim\"]", "cfg[\"emb_dim\"], 2 * cfg[\"emb_dim\"]"),
        ("(4 * cfg", "(2 * cfg"),
    ),
    _forward(
        "not-widened",
        "Your hidden layer is as wide as the vectors. It is four times as wide.",
        ("cfg[\"emb_dim\"], 4 * cfg[\"emb_dim\"]", "cfg[\"emb_dim\"], cfg[\"emb_dim\"]"),
        ("(4 * cfg", "(cfg"),
    ),
    _forward(
        "narrowed",
        "Your hidden layer is narrower than the vectors. It is four times wider: first D to 4 D, then back.",
        ("cfg[\"emb_dim\"], 4 * cfg[\"emb_dim\"]", "cfg[\"emb_dim\"], cfg[\"emb_dim\"] // 4 or 1"),
        ("4 * cfg[\"emb_dim\"], cfg[\"emb_dim\"])\n\n", "cfg[\"emb_dim\"] // 4 or 1, cfg[\"emb_dim\"])\n\n"),
    ),
    _forward(
        "no-way-back",
        "Your result is four times as wide as the vectors. The second layer leads back to the width D, so that the blocks "
        "fit together.",
        ("self.fc2(self.act(self.fc1(x)))", "self.act(self.fc1(x))"),
    ),
    _forward(
        "no-bias",
        "Your layers have no bias. Both have one, whatever `qkv_bias` says: that is for attention alone.",
        ("cfg[\"emb_dim\"], 4 * cfg[\"emb_dim\"]", "cfg[\"emb_dim\"], 4 * cfg[\"emb_dim\"], bias=cfg[\"qkv_bias\"]"),
        ("cfg[\"emb_dim\"])\n\n", "cfg[\"emb_dim\"], bias=cfg[\"qkv_bias\"])\n\n"),
    ),
    _forward(
        "bend-at-the-end",
        "You bend once more after the second layer, which forbids the network to say anything much below zero. There is "
        "one GELU, between the layers.",
        ("return self.fc2(self.act(self.fc1(x)))", "return self.act(self.fc2(self.act(self.fc1(x))))"),
    ),
    _forward(
        "bend-first",
        "You bend the input and not the hidden layer. The GELU comes after the first linear layer.",
        ("self.fc2(self.act(self.fc1(x)))", "self.fc2(self.fc1(self.act(x)))"),
    ),
    _forward(
        "dropout-inside",
        "There is dropout in your network. Here it has none: the block adds it after the feed-forward network.",
        ("self.act = nn.GELU()", "self.act = nn.Sequential(nn.GELU(), nn.Dropout(cfg[\"drop_rate\"]))"),
    ),
    _forward(
        "dropout-at-the-end",
        "There is dropout at the end of your network. Here it has none: the block adds it, where the shortcut is.",
        ("return self.fc2(self.act(self.fc1(x)))", "return F.dropout(self.fc2(self.act(self.fc1(x))), 0.1, self.training)"),
    ),
    _forward(
        "shortcut-already",
        "You add the input. The shortcut belongs to the block; the feed-forward network gives its own answer alone.",
        ("return self.fc2", "return x + self.fc2"),
    ),
    _forward(
        "normalised-already",
        "You normalise the input. LayerNorm belongs to the block and stands before this network there.",
        ("self.fc1(x)", "self.fc1(F.layer_norm(x, x.shape[-1:]))"),
    ),
    _forward(
        "another-key",
        "Your width is not `cfg[\"emb_dim\"]`: you took another number of the configuration.",
        ("cfg[\"emb_dim\"], 4 * cfg[\"emb_dim\"]", "cfg[\"context_length\"], 4 * cfg[\"context_length\"]"),
        ("4 * cfg[\"emb_dim\"], cfg[\"emb_dim\"])\n\n", "4 * cfg[\"context_length\"], cfg[\"context_length\"])\n\n"),
    ),
    _forward(
        "layers-in-a-plain-list",
        "Your layers are in a plain Python list, where the module does not find their parameters: nothing would be "
        "trained. Use attributes, `nn.Sequential` or `nn.ModuleList`.",
        ("self.fc1 = nn.Linear(", "self.fc = [nn.Linear("),
        ("4 * cfg[\"emb_dim\"])\n        self.act", "4 * cfg[\"emb_dim\"])]\n        self.act"),
        ("self.fc2 = nn.Linear(4 * cfg[\"emb_dim\"], cfg[\"emb_dim\"])", "self.fc.append(nn.Linear(4 * cfg[\"emb_dim\"], cfg[\"emb_dim\"]))"),
        ("self.fc2(self.act(self.fc1(x)))", "self.fc[1](self.act(self.fc[0](x)))"),
    ),
    _forward(
        "layers-made-in-forward",
        "You make a layer in `forward`, so each call has new random weights, and none is ever trained. Layers are made "
        "in `__init__`.",
        ("        return self.fc2(", "        width = x.shape[-1]\n        return nn.Linear(4 * width, width)("),
    ),
    _forward(
        "tokens-joined",
        "Your network reads all tokens of a sentence at once. It works on each token alone, and `nn.Linear` does that by "
        "itself: it acts on the last dimension.",
        ("return self.fc2(self.act(self.fc1(x)))",
         "y = self.fc2(self.act(self.fc1(x)))\n        return y + y.mean(dim=-2, keepdim=True) if x.dim() > 2 else y"),
    ),
]  # fmt: skip

# --- DeepNetwork ---------------------------------------------------------------------------------------------------

_DEEP_RIGHT = """class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.use_shortcut = use_shortcut
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.act = nn.GELU()

    def forward(self, x):
        for layer in self.layers:
            out = self.act(layer(x))
            if self.use_shortcut:
                x = x + out
            else:
                x = out
        return x
"""


def _deep(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_layer_norm_gelu_feed_forward: Exercise 4: shortcuts"
    return made_in(_DEEP_RIGHT, "ch04/deep-network", name, explanation, *changes, see=see)


_DEEP = [
    _deep(
        "no-shortcut",
        "Your network has no shortcut, also when it is asked for one: the layer's answer must be added to its input.",
        ("x = x + out", "x = out"),
    ),
    _deep(
        "always-shortcut",
        "Your network has shortcuts also with `use_shortcut=False`. Then the answer takes the input's place.",
        ("                x = out\n", "                x = out + x\n"),
    ),
    _deep(
        "turned-round",
        "Your condition is turned round: you add where no shortcut is wanted, and replace where one is.",
        ("if self.use_shortcut", "if not self.use_shortcut"),
    ),
    _deep(
        "answer-added-to-itself",
        "You overwrite `x` before you add, so the layer's answer is added to itself. Keep the input until it has been "
        "added.",
        ("            out = self.act(layer(x))\n            if self.use_shortcut:\n                x = x + out\n",
         "            before = x\n            x = out = self.act(layer(before))\n            if self.use_shortcut:\n                x = x + out\n"),
    ),
    _deep(
        "first-input-added",
        "Your shortcuts all begin at the input of the network. Each goes around its own layer: what is added is what "
        "went into this layer.",
        ("        for layer", "        first = x\n        for layer"),
        ("x = x + out", "x = first + out"),
    ),
    _deep(
        "one-shortcut-around-all",
        "You have one shortcut around the whole network. There is one around each layer.",
        ("        for layer", "        first = x\n        for layer"),
        ("x = x + out", "x = out"),
        ("        return x", "        return first + x if self.use_shortcut else x"),
    ),
    _deep(
        "last-layer-left-out",
        "Your last layer has no shortcut. There is one around each layer.",
        ("if self.use_shortcut:", "if self.use_shortcut and layer is not self.layers[-1]:"),
    ),
    _deep(
        "first-layer-left-out",
        "Your first layer has no shortcut. There is one around each layer.",
        ("if self.use_shortcut:", "if self.use_shortcut and layer is not self.layers[0]:"),
    ),
    _deep(
        "bent-after-adding",
        "You add first and bend afterwards, so the shortcut leads through the GELU, and the way is no longer open. The "
        "shortcut goes around the bend too.",
        ("x = x + out", "x = self.act(x + layer(x))"),
    ),
    _deep(
        "not-bent-with-shortcut",
        "With shortcuts your GELU is missing: what is added is the layer's answer after the bend.",
        ("x = x + out", "x = x + layer(x)"),
    ),
    _deep(
        "no-bend",
        "There is no GELU in your layers, so all of them together are one linear layer.",
        ("self.act(layer(x))", "layer(x)"),
    ),
    _deep(
        "relu",
        "Your bend is ReLU; here it is GELU.",
        ("nn.GELU()", "nn.ReLU()"),
    ),
    _deep(
        "multiplied",
        "You multiply input and answer. A shortcut adds them.",
        ("x = x + out", "x = x * out"),
    ),
    _deep(
        "mean",
        "You take the mean of input and answer, so the way past the layer weakens the gradient by half each time. They "
        "are added.",
        ("x = x + out", "x = (x + out) / 2"),
    ),
    _deep(
        "side-by-side",
        "You put input and answer side by side, so the vectors grow wider. They are added.",
        ("x = x + out", "x = torch.cat([x, out], dim=-1)"),
    ),
    _deep(
        "cut-off",
        "Your shortcut is cut off from the gradient (`detach`), and the gradient is what it is for.",
        ("x = x + out", "x = x.detach() + out"),
    ),
    _deep(
        "one-layer-many-times",
        "`[layer] * depth` is one layer, many times: all share the same weights. Make each layer anew.",
        ("[nn.Linear(width, width) for _ in range(depth)]", "[nn.Linear(width, width)] * depth"),
    ),
    _deep(
        "layers-in-a-plain-list",
        "Your layers are in a plain Python list, where the module does not find their parameters. Use `nn.ModuleList`.",
        ("nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])", "[nn.Linear(width, width) for _ in range(depth)]"),
    ),
    _deep(
        "one-layer-too-few",
        "You have one layer too few: `depth` counts all of them.",
        ("range(depth)", "range(depth - 1)"),
    ),
    _deep(
        "linear-layer-at-the-end",
        "You added a linear layer at the end. Here there are `depth` layers, all alike.",
        ("        self.act =", "        self.out = nn.Linear(width, width)\n        self.act ="),
        ("        return x", "        return self.out(x)"),
    ),
    _deep(
        "no-bias",
        "Your layers have no bias; `nn.Linear` has one by default, and here it stays.",
        ("nn.Linear(width, width)", "nn.Linear(width, width, bias=False)"),
    ),
    _deep(
        "input-changed",
        "`x += …` writes into the caller's tensor. Write `x = x + …`, which makes a new one.",
        ("x = x + out", "x += out"),
    ),
    _deep(
        "returned-after-the-first",
        "Your `return` stands inside the loop, so only the first layer is used.",
        ("        return x", "            return x"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_NORM, *_GELU, *_FORWARD, *_DEEP]
