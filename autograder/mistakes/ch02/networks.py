"""Known mistakes of chapter 2, notebooks 5 to 10: from the perceptron to word vectors."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- notebook 5: neuron --------------------------------------------------------------------------------------------

_NEURON_RIGHT = """def neuron(x, weights, bias):
    scores = x @ weights + bias
    return (scores >= 0).long()
"""


def _neuron(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "05_perceptron: Exercise 1: a neuron"
    return made_in(_NEURON_RIGHT, "ch02/neuron", name, explanation, *changes, see=where)


_NEURON = [
    _neuron(
        "no-bias",
        "Your neuron forgets the bias, so its line always goes through the origin. Add the bias to every score.",
        ("x @ weights + bias", "x @ weights"),
    ),
    _neuron(
        "zero-counts-as-0",
        "Your neuron answers 0 where the score is exactly zero. The statement counts zero as 1: compare with `>=`.",
        (">= 0", "> 0"),
    ),
    _neuron(
        "bias-subtracted",
        "Your neuron subtracts the bias. In some books the neuron fires when the sum reaches a threshold, which is "
        "subtracted; here the bias is added.",
        ("+ bias", "- bias"),
    ),
    _neuron(
        "answers-turned-over",
        "Your answers are exchanged: a score of zero or more means 1, a negative score means 0.",
        (">= 0", "< 0"),
    ),
    _neuron(
        "score-returned",
        "Your neuron returns its scores. The answer is 1 where the score is at least zero and 0 elsewhere.",
        ("(scores >= 0).long()", "scores"),
    ),
    _neuron(
        "signs",
        "Your neuron answers with the sign, -1 or 1. The classes here are 0 and 1.",
        ("(scores >= 0).long()", "torch.where(scores >= 0, 1, -1)"),
    ),
    _neuron(
        "sigmoid-for-step",
        "Your neuron answers with a number between 0 and 1. That smooth curve comes in the next notebook; this neuron "
        "says 0 or 1.",
        ("(scores >= 0).long()", "torch.sigmoid(scores)"),
    ),
    _neuron(
        "weights-not-summed",
        "You multiplied each input by its weight but did not add the products up: a point has one score.",
        ("x @ weights + bias", "x * weights + bias"),
    ),
    _neuron(
        "all-points-summed",
        "You added up the products of all points together. Each point has a score of its own: sum over the last dimension.",
        ("x @ weights + bias", "(x * weights).sum() + bias"),
    ),
    _neuron(
        "bias-in-every-term",
        "Your bias is added to every product, so it counts once for each input. It is added once, to the sum.",
        ("x @ weights + bias", "(x * weights + bias).sum(dim=-1)"),
    ),
    _neuron(
        "half-as-threshold",
        "Your neuron compares the score with one half. A score may be any number, and the boundary is at zero; "
        "one half is for probabilities.",
        (">= 0", ">= 0.5"),
    ),
]

# --- notebook 5: Perceptron ----------------------------------------------------------------------------------------

_PERCEPTRON_RIGHT = """class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.weights = torch.zeros(n_inputs)
        self.bias = 0.0
        self.learning_rate = learning_rate

    def score(self, x):
        return x @ self.weights + self.bias

    def predict(self, x):
        return (self.score(x) >= 0).long()

    def learn(self, x, target):
        error = int(target) - int(self.predict(x))
        self.weights = self.weights + self.learning_rate * error * x
        self.bias += self.learning_rate * error
        return error != 0

    def fit(self, x, targets, epochs):
        mistakes = []
        for _epoch in range(epochs):
            wrong = 0
            for point, target in zip(x, targets, strict=True):
                wrong += int(self.learn(point, target))
            mistakes.append(wrong)
            if wrong == 0:
                break
        return mistakes
"""


def _perceptron(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "05_perceptron: Exercise 2: Perceptron, a neuron that learns"
    return made_in(_PERCEPTRON_RIGHT, "ch02/perceptron", name, explanation, *changes, see=where)


_PERCEPTRON = [
    _perceptron(
        "no-bias",
        "Your perceptron has no bias, so its line must go through the origin. Start a bias at zero, add it to the "
        "score, and let it learn like the weights.",
        ("@ self.weights + self.bias", "@ self.weights"),
    ),
    _perceptron(
        "bias-never-learns",
        "Your bias stays at zero. It learns by the same rule as a weight whose input is always 1: add the learning "
        "rate times the error.",
        ("        self.bias += self.learning_rate * error\n", ""),
    ),
    _perceptron(
        "error-turned-over",
        "Your error is the answer minus the target, so every step makes the mistake worse. It is the target minus the answer.",
        ("int(target) - int(self.predict(x))", "int(self.predict(x)) - int(target)"),
    ),
    _perceptron(
        "learns-when-right",
        "Your perceptron moves also when its answer was right. The rule multiplies by the error, target minus answer, "
        "which is zero then.",
        (
            "self.weights = self.weights + self.learning_rate * error * x",
            "self.weights = self.weights + self.learning_rate * (2 * int(target) - 1) * x",
        ),
    ),
    _perceptron(
        "score-for-answer",
        "Your error is the target minus the score. Rosenblatt's rule takes the answer, 0 or 1, so that the error is -1, 0 or 1.",
        ("int(target) - int(self.predict(x))", "int(target) - float(self.score(x))"),
    ),
    _perceptron(
        "weights-move-without-the-input",
        "Your weights all move by the same amount. Each weight moves by the error times its own input.",
        ("self.learning_rate * error * x", "self.learning_rate * error"),
    ),
    _perceptron(
        "learning-rate-ignored",
        "Your weights move without the learning rate. Each step is the learning rate times the error (times the input).",
        ("self.weights + self.learning_rate * error * x", "self.weights + error * x"),
        ("self.bias += self.learning_rate * error", "self.bias += error"),
    ),
    _perceptron(
        "learning-rate-not-in-the-bias",
        "Your weights use the learning rate, your bias does not. Both move by it.",
        ("self.bias += self.learning_rate * error", "self.bias += error"),
    ),
    _perceptron(
        "zero-counts-as-0",
        "Your perceptron answers 0 for a score of exactly zero. The statement counts zero as 1; all first scores are "
        "zero, so this decides how learning begins.",
        (">= 0", "> 0"),
    ),
    _perceptron(
        "signs-for-classes",
        "Your answers are -1 and 1. The classes here are 0 and 1, in the answers and in the error.",
        ("(self.score(x) >= 0).long()", "torch.where(self.score(x) >= 0, 1, -1)"),
    ),
    _perceptron(
        "random-start",
        "Your weights start at random. The statement asks for zeros, so that everyone gets the same steps.",
        ("torch.zeros(n_inputs)", "torch.randn(n_inputs)"),
    ),
    _perceptron(
        "never-stops",
        "Your `fit` goes through all epochs. After an epoch without a mistake nothing can change any more: stop there.",
        ("            if wrong == 0:\n                break\n", ""),
    ),
    _perceptron(
        "stops-before-noting",
        "Your `fit` stops before it notes the last epoch. The list ends with the 0 of the epoch that had no mistake.",
        (
            "            mistakes.append(wrong)\n            if wrong == 0:\n                break\n",
            "            if wrong == 0:\n                break\n            mistakes.append(wrong)\n",
        ),
    ),
    _perceptron(
        "one-epoch-only",
        "Your `return` stands inside the loop over epochs, so `fit` ends after the first. Move it out by one level.",
        ("                break\n        return mistakes", "                break\n            return mistakes"),
    ),
    _perceptron(
        "counts-never-reset",
        "Your count of mistakes goes on from epoch to epoch, so it never falls to zero. Begin each epoch with 0.",
        ("        mistakes = []\n", "        mistakes = []\n        wrong = 0\n"),
        ("            wrong = 0\n            for point", "            for point"),
    ),
    _perceptron(
        "fit-starts-anew",
        "Your `fit` sets the weights to zero when it begins, so a second call forgets what the first one learned. "
        "That belongs into `__init__` alone.",
        ("        mistakes = []\n", "        self.weights, self.bias, mistakes = self.weights * 0, 0.0, []\n"),
    ),
    _perceptron(
        "all-at-once",
        "Your `fit` compares all examples with the same old weights and moves once per epoch. The perceptron moves "
        "after each example, and meets the next one with the new weights.",
        (
            "            for point, target in zip(x, targets, strict=True):\n"
            "                wrong += int(self.learn(point, target))\n",
            "            errors = targets - self.predict(x)\n"
            "            self.weights = self.weights + self.learning_rate * errors.float() @ x\n"
            "            self.bias += self.learning_rate * float(errors.sum())\n"
            "            wrong = int((errors != 0).sum())\n",
        ),
    ),
    _perceptron(
        "learn-says-right",
        "Your `learn` returns True when the answer had been right. It should say whether it had been wrong.",
        ("return error != 0", "return error == 0"),
    ),
]

# --- notebook 6: binary_cross_entropy ------------------------------------------------------------------------------

_BCE_RIGHT = """def binary_cross_entropy(logits, targets):
    targets = targets.to(logits.dtype)
    loss = (F.softplus(logits) - targets * logits).mean()
    gradient = (torch.sigmoid(logits) - targets) / len(logits)
    return loss, gradient
"""


def _bce(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "06_multilayer_perceptron: Exercise 1: how wrong was that?"
    return made_in(_BCE_RIGHT, "ch02/binary-cross-entropy", name, explanation, *changes, see=where)


_LOSS = "(F.softplus(logits) - targets * logits).mean()"

_BCE = [
    _bce(
        "gradient-turned-over",
        "Your gradient is true minus said. The loss rises with the logit where the answer was too high, so it is said "
        "minus true, the probability minus the target.",
        ("(torch.sigmoid(logits) - targets)", "(targets - torch.sigmoid(logits))"),
    ),
    _bce(
        "gradient-of-the-sum",
        "Your gradient belongs to the sum of the losses. The loss is their mean, so each gradient is divided by the "
        "number of points.",
        (" / len(logits)", ""),
    ),
    _bce(
        "sum-for-mean",
        "Your loss is the sum over the points. The exercise asks for the mean, so that the loss does not grow with the data.",
        (".mean()", ".sum()"),
    ),
    _bce(
        "logits-as-probabilities",
        "Your gradient subtracts the target from the logit. Turn logits into probabilities first, by the sigmoid.",
        ("torch.sigmoid(logits) - targets", "logits - targets"),
    ),
    _bce(
        "overflow",
        "Your loss takes the logarithm of a probability that a computer rounds to 0 or 1, and becomes infinite or NaN. "
        "Use the formula with `F.softplus`, which stays finite.",
        (
            _LOSS,
            "-(targets * torch.sigmoid(logits).log() + (1 - targets) * (1 - torch.sigmoid(logits)).log()).mean()",
        ),
    ),
    _bce(
        "exponential-overflow",
        "Your loss computes e to the power of the logit, which is infinite for large logits. `F.softplus` computes "
        "log(1 + e^s) without it.",
        ("F.softplus(logits)", "torch.log(1 + torch.exp(logits))"),
    ),
    _bce(
        "clamped-probabilities",
        "Your loss cuts probabilities off near 0 and 1, so a sure and wrong answer costs the same however sure it was. "
        "The formula with `F.softplus` needs no cutting.",
        (
            _LOSS,
            "F.binary_cross_entropy(torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7), targets)",
        ),
    ),
    _bce(
        "only-class-1",
        "Your loss counts only the points of class 1. The points of class 0 cost minus the logarithm of 1 - p.",
        (_LOSS, "-(targets * F.logsigmoid(logits)).mean()"),
    ),
    _bce(
        "log-base-2",
        "Your loss is in bits. The exercise asks for nats, the natural logarithm, whose gradient is p - t.",
        (_LOSS, "(F.softplus(logits) - targets * logits).mean() / math.log(2)"),
    ),
    _bce(
        "likelihood-not-negated",
        "Your loss is the logarithm of the likelihood, which should be large. A loss should be small: change its sign.",
        (_LOSS, "-(F.softplus(logits) - targets * logits).mean()"),
    ),
    _bce(
        "squared-error",
        "Your loss is the squared distance of probability and target. The cross-entropy is the negative logarithm of "
        "the probability of what happened.",
        (_LOSS, "(torch.sigmoid(logits) - targets).square().mean()"),
    ),
    _bce(
        "slope-of-the-sigmoid-left-in",
        "Your gradient is multiplied by p(1 - p), the slope of the sigmoid. In the cross-entropy it cancels: what stays is p - t.",
        (
            "(torch.sigmoid(logits) - targets)",
            "(torch.sigmoid(logits) - targets) * torch.sigmoid(logits) * (1 - torch.sigmoid(logits))",
        ),
    ),
    _bce(
        "losses-not-averaged",
        "Your function returns one loss for each point. The loss is one number, their mean.",
        (".mean()", ""),
    ),
]

# --- notebook 6: linear_backward -----------------------------------------------------------------------------------

_LINEAR_RIGHT = """def linear_backward(grad_output, x, weight):
    grad_x = grad_output @ weight.T
    grad_weight = x.T @ grad_output
    grad_bias = grad_output.sum(dim=0)
    return grad_x, grad_weight, grad_bias
"""


def _linear(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "06_multilayer_perceptron: Exercise 2: backwards through a layer"
    return made_in(_LINEAR_RIGHT, "ch02/linear-backward", name, explanation, *changes, see=where)


_LINEAR = [
    _linear(
        "weight-gradient-turned-over",
        "Your gradient of the weight is turned over. It has the weight's shape, input width first: x turned over times the gradient.",
        ("x.T @ grad_output", "grad_output.T @ x"),
    ),
    _linear(
        "weight-not-turned-over",
        "Your gradient of x uses the weight as it is, which fits only where it is square. On the way back the weight is turned over.",
        ("@ weight.T", "@ weight"),
    ),
    _linear(
        "bias-gradient-averaged",
        "Your gradient of the bias is the mean over the points. Each point adds its part: it is the sum.",
        (".sum(dim=0)", ".mean(dim=0)"),
    ),
    _linear(
        "bias-gradient-summed-over-outputs",
        "Your gradient of the bias is summed over the outputs. Each output has a bias of its own: sum over the points, dimension 0.",
        (".sum(dim=0)", ".sum(dim=1)"),
    ),
    _linear(
        "bias-gradient-not-summed",
        "Your gradient of the bias has one row for each point. One bias serves all points, so the rows are added up.",
        ("grad_output.sum(dim=0)", "grad_output"),
    ),
    _linear(
        "bias-gradient-of-everything",
        "Your gradient of the bias is one number. There is one bias, so one gradient, for each output.",
        (".sum(dim=0)", ".sum()"),
    ),
    _linear(
        "bias-gradient-of-ones",
        "Your gradient of the bias is a row of ones. That would be right if the loss were the sum of the outputs of "
        "one point; use the gradient that came from behind.",
        ("grad_output.sum(dim=0)", "torch.ones(weight.shape[1])"),
    ),
    _linear(
        "divided-by-the-points",
        "Your gradient of the weight is divided by the number of points. The mean belongs to the loss, and is already "
        "in the gradient that comes from behind.",
        ("x.T @ grad_output", "x.T @ grad_output / len(x)"),
    ),
    _linear(
        "other-order",
        "Your results come in another order: the exercise asks for x, weight, bias.",
        ("return grad_x, grad_weight, grad_bias", "return grad_weight, grad_bias, grad_x"),
    ),
    _linear(
        "weight-itself",
        "Your gradient of x is the weight, without the gradient from behind: multiply by `grad_output`.",
        ("grad_output @ weight.T", "torch.ones_like(grad_output) @ weight.T"),
    ),
    _linear(
        "no-gradient-of-x",
        "Your function gives no gradient of x. The layer before this one needs it to learn.",
        ("return grad_x,", "return None,"),
    ),
]

# --- notebook 6: MLP by hand ---------------------------------------------------------------------------------------

_MLP_RIGHT = """class MLP:
    def __init__(self, d_in, d_hidden, d_out):
        self.W1 = torch.randn(d_in, d_hidden) / math.sqrt(d_in)
        self.b1 = torch.zeros(d_hidden)
        self.W2 = torch.randn(d_hidden, d_out) / math.sqrt(d_hidden)
        self.b2 = torch.zeros(d_out)

    def forward(self, x):
        self.x = x
        self.z = x @ self.W1 + self.b1
        self.h = torch.tanh(self.z)
        return self.h @ self.W2 + self.b2

    def backward(self, grad_logits):
        self.dW2 = self.h.T @ grad_logits
        self.db2 = grad_logits.sum(dim=0)
        dh = grad_logits @ self.W2.T
        dz = dh * (1 - self.h**2)
        self.dW1 = self.x.T @ dz
        self.db1 = dz.sum(dim=0)
        return dz @ self.W1.T

    def parameters(self):
        return [self.W1, self.b1, self.W2, self.b2]

    def gradients(self):
        return [self.dW1, self.db1, self.dW2, self.db2]

    def step(self, learning_rate):
        for parameter, gradient in zip(self.parameters(), self.gradients()):
            parameter -= learning_rate * gradient
"""


def _mlp(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "06_multilayer_perceptron: Exercise 3: a multilayer perceptron"
    return made_in(_MLP_RIGHT, "ch02/mlp-by-hand", name, explanation, *changes, see=where)


_MLP = [
    _mlp(
        "no-bias",
        "Your layers have no biases. Each of the two adds its own, and there are four parameters.",
        ("@ self.W1 + self.b1", "@ self.W1"),
        ("@ self.W2 + self.b2", "@ self.W2"),
        ("[self.W1, self.b1, self.W2, self.b2]", "[self.W1, self.W2]"),
        ("[self.dW1, self.db1, self.dW2, self.db2]", "[self.dW1, self.dW2]"),
    ),
    _mlp(
        "hidden-bias-forgotten",
        "Your hidden layer has a bias but does not add it. While it is zero nobody notices; after a step it matters.",
        ("@ self.W1 + self.b1", "@ self.W1"),
    ),
    _mlp(
        "output-bias-forgotten",
        "Your output layer has a bias but does not add it. While it is zero nobody notices; after a step it matters.",
        ("@ self.W2 + self.b2", "@ self.W2"),
    ),
    _mlp(
        "slope-forgotten",
        "Your backward forgets the slope of tanh. Between the hidden layer's output and its sum, multiply by 1 - H².",
        ("dz = dh * (1 - self.h**2)", "dz = dh"),
    ),
    _mlp(
        "tanh-twice",
        "Your slope takes tanh of H, which is tanh of Z already. The slope is 1 - H², or 1 - tanh(Z)².",
        ("1 - self.h**2", "1 - torch.tanh(self.h) ** 2"),
    ),
    _mlp(
        "slope-of-the-sum",
        "Your slope is 1 - Z². It is 1 - tanh(Z)², which is 1 - H².",
        ("1 - self.h**2", "1 - self.z**2"),
    ),
    _mlp(
        "slope-of-the-sigmoid",
        "Your slope is H(1 - H), that of the sigmoid. The hidden neurons are tanh, with slope 1 - H².",
        ("(1 - self.h**2)", "self.h * (1 - self.h)"),
    ),
    _mlp(
        "sigmoid-for-tanh",
        "Your hidden neurons are sigmoids. The exercise asks for tanh, between -1 and 1.",
        ("torch.tanh(self.z)", "torch.sigmoid(self.z)"),
        ("(1 - self.h**2)", "self.h * (1 - self.h)"),
    ),
    _mlp(
        "no-curve",
        "Your hidden layer has no tanh, so both layers together are one straight layer.",
        ("torch.tanh(self.z)", "self.z"),
        ("dz = dh * (1 - self.h**2)", "dz = dh"),
    ),
    _mlp(
        "probabilities-for-logits",
        "Your forward applies a sigmoid at the end. It should return logits: the loss turns them into probabilities.",
        ("return self.h @ self.W2 + self.b2", "return torch.sigmoid(self.h @ self.W2 + self.b2)"),
    ),
    _mlp(
        "output-weight-from-the-sum",
        "Your gradient of the output weight uses Z. The output layer's input is H, so it is H turned over times the gradient.",
        ("self.h.T @ grad_logits", "self.z.T @ grad_logits"),
    ),
    _mlp(
        "averaged-again",
        "Your gradients are divided by the number of points. The mean belongs to the loss, and its gradient brings it along.",
        ("self.h.T @ grad_logits", "self.h.T @ grad_logits / len(grad_logits)"),
        ("self.x.T @ dz", "self.x.T @ dz / len(dz)"),
    ),
    _mlp(
        "bias-gradients-averaged",
        "Your bias gradients are means over the points. Each point adds its part: they are sums.",
        ("grad_logits.sum(dim=0)", "grad_logits.mean(dim=0)"),
        ("dz.sum(dim=0)", "dz.mean(dim=0)"),
    ),
    _mlp(
        "hidden-bias-before-the-slope",
        "Your gradient of the hidden bias leaves out the slope of tanh. It is the sum of the gradient of Z, not of H.",
        ("dz.sum(dim=0)", "dh.sum(dim=0)"),
    ),
    _mlp(
        "gradient-of-the-hidden-layer-returned",
        "Your backward returns the gradient of the hidden sums. One more step, back through the first weight, leads to x.",
        ("return dz @ self.W1.T", "return dz"),
    ),
    _mlp(
        "nothing-returned",
        "Your backward returns nothing. It should return the gradient with respect to x, so that layers before could learn.",
        ("        return dz @ self.W1.T\n", ""),
    ),
    _mlp(
        "gradients-add-up",
        "Your gradients are added to those of an earlier backward. Here each backward replaces them.",
        ("        self.b2 = torch.zeros(d_out)\n", "        self.b2 = torch.zeros(d_out)\n        self.dW2 = 0\n"),
        ("self.dW2 = self.h.T", "self.dW2 = self.dW2 + self.h.T"),
    ),
    _mlp(
        "uphill",
        "Your step adds the gradient, so the loss grows. Downhill is minus the gradient.",
        ("parameter -= learning_rate", "parameter += learning_rate"),
    ),
    _mlp(
        "learning-rate-ignored",
        "Your step ignores the learning rate: each parameter moves by the learning rate times its gradient.",
        ("learning_rate * gradient", "gradient"),
    ),
    _mlp(
        "step-on-copies",
        "Your step computes new values and throws them away: `parameter = ...` gives a name to a new tensor. Change the "
        "tensor in place, or assign to the attribute.",
        ("parameter -= learning_rate * gradient", "parameter = parameter - learning_rate * gradient"),
    ),
    _mlp(
        "biases-never-learn",
        "Your step moves the weights only. The biases learn too.",
        ("in zip(self.parameters(), self.gradients())", "in zip(self.parameters()[::2], self.gradients()[::2])"),
    ),
    _mlp(
        "gradients-in-another-order",
        "Your lists of parameters and gradients have different orders, so each parameter moves by another one's gradient.",
        ("[self.dW1, self.db1, self.dW2, self.db2]", "[self.dW2, self.db2, self.dW1, self.db1]"),
        ("        for parameter, gradient in zip(self.parameters(), self.gradients()):\n", ""),
        (
            "            parameter -= learning_rate * gradient\n",
            "        self.W1 -= learning_rate * self.dW1\n        self.b1 -= learning_rate * self.db1\n"
            "        self.W2 -= learning_rate * self.dW2\n        self.b2 -= learning_rate * self.db2\n",
        ),
    ),
    _mlp(
        "zeros-at-the-start",
        "Your weights start at zero, so all hidden neurons get the same gradients and stay twins for ever. Start them at random.",
        ("torch.randn(d_in, d_hidden)", "torch.zeros(d_in, d_hidden)"),
        ("torch.randn(d_hidden, d_out)", "torch.zeros(d_hidden, d_out)"),
    ),
    _mlp(
        "ones-at-the-start",
        "Your hidden weights all start with the same value, so all hidden neurons learn the same. Start them at random.",
        ("torch.randn(d_in, d_hidden)", "torch.ones(d_in, d_hidden)"),
    ),
    _mlp(
        "weights-updated-on-the-way-back",
        "Your backward changes the output weight before it has gone back through it. First all gradients, then, in "
        "`step`, all changes.",
        ("        dh = grad", "        self.W2 = self.W2 - 0.1 * self.dW2\n        dh = grad"),
    ),
]

# --- notebook 7: cross_entropy -------------------------------------------------------------------------------------

_CE_RIGHT = """def cross_entropy(logits, targets):
    log_probabilities = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
    return -log_probabilities[torch.arange(len(logits)), targets].mean()
"""


def _ce(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "07_mlp_in_pytorch: Exercise 1: cross-entropy for many classes"
    return made_in(_CE_RIGHT, "ch02/cross-entropy", name, explanation, *changes, see=where)


_PICKED = "log_probabilities[torch.arange(len(logits)), targets]"
_LOGS = "logits - torch.logsumexp(logits, dim=-1, keepdim=True)"

_CE = [
    _ce(
        "softmax-over-the-points",
        "Your softmax runs over the points. The probabilities of one point, a row, sum to one: it runs over the classes.",
        ("dim=-1", "dim=0"),
    ),
    _ce(
        "sum-for-mean",
        "Your loss is the sum over the points; the exercise asks for the mean.",
        (".mean()", ".sum()"),
    ),
    _ce(
        "mean-over-everything",
        "Your loss averages over points and classes. Only the true class of each point counts, so divide by the number "
        "of points.",
        (f"{_PICKED}.mean()", f"{_PICKED}.sum() / logits.numel()"),
    ),
    _ce(
        "likelihood-not-negated",
        "Your loss is the logarithm of the likelihood, which should be large. A loss should be small: change its sign.",
        ("return -log", "return log"),
    ),
    _ce(
        "log-base-2",
        "Your loss is in bits; the exercise asks for nats, the natural logarithm.",
        (".mean()", ".mean() / math.log(2)"),
    ),
    _ce(
        "logits-for-probabilities",
        "Your loss is minus the logit of the true class. Without the softmax the loss could fall for ever, and the "
        "other classes would not matter.",
        (_LOGS, "logits"),
    ),
    _ce(
        "probability-for-logarithm",
        "Your loss is minus the probability of the true class. Likelihoods multiply, so it is the logarithm that is averaged.",
        (_LOGS, "torch.softmax(logits, dim=-1)"),
    ),
    _ce(
        "softmax-twice",
        "Your loss takes the softmax of probabilities. `F.cross_entropy` and `log_softmax` want the logits as they are.",
        (_LOGS, "torch.log_softmax(torch.softmax(logits, dim=-1), dim=-1)"),
    ),
    _ce(
        "log-of-softmax",
        "Your loss takes the logarithm of a probability that a computer rounds to zero, and becomes infinite. "
        "`torch.log_softmax` does both steps at once, safely.",
        (_LOGS, "torch.softmax(logits, dim=-1).log()"),
    ),
    _ce(
        "overflow",
        "Your loss computes e to the power of a large logit, which is infinite. `torch.logsumexp` takes the largest "
        "logit off first.",
        (_LOGS, "logits - logits.exp().sum(dim=-1, keepdim=True).log()"),
    ),
    _ce(
        "all-pairs",
        "You took the columns of the targets for every row. Each row has one target: index with rows and targets together.",
        (_PICKED, "log_probabilities[:, targets]"),
    ),
    _ce(
        "rows-for-classes",
        "You picked rows by the targets. The targets are columns: in row i, take column t_i.",
        (_PICKED, "log_probabilities[targets]"),
    ),
    _ce(
        "squared-error",
        "Your loss is the squared distance of the probabilities from the truth. The cross-entropy is minus the "
        "logarithm of the true class's probability.",
        (
            f"-{_PICKED}",
            "(log_probabilities.exp() - F.one_hot(targets, logits.shape[1])).square()",
        ),
    ),
    _ce(
        "graph-cut",
        "Your loss has lost its graph, so no gradient reaches the logits. Leave out `.item()`, `.detach()` and "
        "`torch.tensor(...)` on the way.",
        (".mean()", ".mean().detach().requires_grad_()"),
    ),
]

# --- notebook 7: MLP as a module -----------------------------------------------------------------------------------

_MODULE_RIGHT = """class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        widths = [d_in, *hidden, d_out]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
"""


def _module(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "07_mlp_in_pytorch: Exercise 2: MLP as a module"
    return made_in(_MODULE_RIGHT, "ch02/mlp-in-pytorch", name, explanation, *changes, see=where)


_MODULE = [
    _module(
        "plain-list",
        "Your layers stand in a plain Python list, where PyTorch does not see them: they have no parameters to train. "
        "Use `nn.ModuleList`.",
        (
            "nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])",
            "[nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])]",
        ),
    ),
    _module(
        "relu-at-the-end",
        "Your last layer has a ReLU, so no logit can be negative. After the last layer there is no curve.",
        ("return self.layers[-1](x)", "return torch.relu(self.layers[-1](x))"),
    ),
    _module(
        "softmax-at-the-end",
        "Your network returns probabilities. It should return logits: the cross-entropy takes the softmax itself.",
        ("return self.layers[-1](x)", "return torch.softmax(self.layers[-1](x), dim=-1)"),
    ),
    _module(
        "no-curve",
        "Your hidden layers have no ReLU. Straight layers in a row are one straight layer.",
        ("torch.relu(layer(x))", "layer(x)"),
    ),
    _module(
        "no-bias",
        "Your layers have no bias: leave out `bias=False`.",
        ("nn.Linear(a, b)", "nn.Linear(a, b, bias=False)"),
    ),
    _module(
        "tanh-for-relu",
        "Your hidden layers use tanh. This network uses ReLU.",
        ("torch.relu", "torch.tanh"),
    ),
    _module(
        "gelu-for-relu",
        "Your hidden layers use GELU, which comes in chapter 4. This network uses ReLU, max(0, z).",
        ("torch.relu", "F.gelu"),
    ),
    _module(
        "leaky-relu",
        "Your hidden layers let a part of the negative sums through. ReLU is exactly zero there.",
        ("torch.relu", "F.leaky_relu"),
    ),
    _module(
        "relu-before-the-layer",
        "Your ReLU comes before each layer, so it also cuts off the negative inputs. It comes after each hidden layer.",
        ("x = torch.relu(layer(x))", "x = layer(torch.relu(x))"),
        ("self.layers[-1](x)", "self.layers[-1](torch.relu(x))"),
    ),
    _module(
        "one-hidden-layer-only",
        "Your network uses the first hidden width only. `hidden` may list several layers, or none.",
        ("[d_in, *hidden, d_out]", "[d_in, *hidden[:1], d_out]"),
    ),
    _module(
        "widths-in-reverse",
        "Your hidden layers stand in reverse order. The first number of `hidden` is the layer next to the input.",
        ("[d_in, *hidden, d_out]", "[d_in, *hidden[::-1], d_out]"),
    ),
    _module(
        "dropout",
        "Your network has a dropout layer, so training and evaluation differ. The exercise asks for linear layers and ReLU only.",
        ("torch.relu(layer(x))", "F.dropout(torch.relu(layer(x)), 0.5, self.training)"),
    ),
    _module(
        "made-in-forward",
        "Your layers are made in `forward`, new and random in each call, and never learn. Make them in `__init__`.",
        ("self.layers = nn.ModuleList", "self.widths = widths\n        self.unused = nn.ModuleList"),
        (
            "    def forward(self, x):\n",
            "    def forward(self, x):\n        w = self.widths\n"
            "        self.layers = nn.ModuleList([nn.Linear(w[i], w[i + 1]) for i in range(len(w) - 1)])\n",
        ),
    ),
    _module(
        "points-flattened",
        "Your network flattens what it is given, so a batch of sentences becomes one long row. Only the last "
        "dimension is the layer's business.",
        ("        for layer in", "        x = x.reshape(len(x), -1)\n        for layer in"),
    ),
    _module(
        "shortcut",
        "Your network adds a shortcut past the hidden layers. That idea comes in chapter 4; here layers simply follow each other.",
        (
            "x = torch.relu(layer(x))",
            "x = torch.relu(layer(x)) + (x if layer.in_features == layer.out_features else x.mean())",
        ),
    ),
    _module(
        "graph-cut",
        "Your forward detaches the hidden layers, so no gradient reaches them. Leave out `.detach()` and `torch.no_grad()`.",
        ("torch.relu(layer(x))", "torch.relu(layer(x)).detach()"),
    ),
    _module(
        "list-changed",
        "Your `__init__` changes the list `hidden`, which belongs to the caller. Make a new list.",
        ("widths = [d_in, *hidden, d_out]", "hidden.append(d_out)\n        widths = [d_in, *hidden]"),
    ),
]

# --- notebook 7: train ---------------------------------------------------------------------------------------------

_TRAIN_RIGHT = """def train(model, x, targets, epochs, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    model.train()
    losses = []
    for epoch in range(epochs):
        logits = model(x)
        loss = F.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
"""


def _train(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "07_mlp_in_pytorch: Exercise 3: a training loop"
    return made_in(_TRAIN_RIGHT, "ch02/train", name, explanation, *changes, see=where)


_TRAIN = [
    _train(
        "no-zero-grad",
        "Your loop never clears the gradients, so each step also repeats all steps before it. Call `zero_grad()` in each step.",
        ("        optimizer.zero_grad()\n", ""),
    ),
    _train(
        "zero-grad-too-late",
        "Your loop clears the gradients between `backward` and `step`, so the step has nothing to go by and the model never changes.",
        (
            "        optimizer.zero_grad()\n        loss.backward()\n",
            "        loss.backward()\n        optimizer.zero_grad()\n",
        ),
    ),
    _train(
        "no-step",
        "Your loop never calls `optimizer.step()`, so no parameter changes.",
        ("        optimizer.step()\n", ""),
    ),
    _train(
        "no-backward",
        "Your loop never calls `loss.backward()`, so there are no gradients to step along.",
        ("        loss.backward()\n", ""),
    ),
    _train(
        "step-before-backward",
        "Your loop steps before `backward`, along the gradients of the step before, which are cleared already. The "
        "order is zero_grad, backward, step.",
        ("        loss.backward()\n        optimizer.step()\n", "        optimizer.step()\n        loss.backward()\n"),
    ),
    _train(
        "forward-only-once",
        "Your loop computes the logits once, before the loop, so the loss never follows the parameters and `backward` "
        "finds its graph used up. The forward pass belongs into each step.",
        ("        logits = model(x)\n", ""),
        ("    losses = []\n", "    losses = []\n    logits = model(x)\n"),
    ),
    _train(
        "loss-after-the-step",
        "Your list holds the losses after each step. It should begin with the loss of the untouched model.",
        ("losses.append(loss.item())", "losses.append(F.cross_entropy(model(x), targets).item())"),
    ),
    _train(
        "last-loss-only",
        "Your function returns the last loss. It should return the list of all.",
        ("return losses", "return losses[-1]"),
    ),
    _train(
        "tensors-in-the-list",
        "Your list holds tensors, each with its whole graph. `loss.item()` is the plain number.",
        ("loss.item()", "loss"),
    ),
    _train(
        "adam",
        "Your optimiser is Adam. The exercise asks for plain gradient descent, `torch.optim.SGD`, whose steps can be checked by hand.",
        ("torch.optim.SGD", "torch.optim.Adam"),
    ),
    _train(
        "momentum",
        "Your gradient descent has momentum; the exercise asks for none.",
        ("lr=learning_rate", "lr=learning_rate, momentum=0.9"),
    ),
    _train(
        "learning-rate-ignored",
        "Your optimiser has a fixed learning rate. Give it the one that the function was given.",
        ("lr=learning_rate", "lr=0.1"),
    ),
    _train(
        "sum-for-mean",
        "Your loss is the sum over the points, so steps grow with the data. Take the mean, which is the default.",
        ("F.cross_entropy(logits, targets)", 'F.cross_entropy(logits, targets, reduction="sum")'),
    ),
    _train(
        "softmax-before-the-loss",
        "Your loop takes the softmax before the loss. `F.cross_entropy` wants logits and takes the softmax itself.",
        ("F.cross_entropy(logits, targets)", "F.cross_entropy(torch.softmax(logits, dim=-1), targets)"),
    ),
    _train(
        "left-in-evaluation-mode",
        "Your function trains the model in whatever mode it is. Call `model.train()` first, so that layers such as dropout take part.",
        ("    model.train()\n", ""),
    ),
    _train(
        "evaluation-mode",
        "Your function trains in evaluation mode, where layers such as dropout are off. Call `model.train()`.",
        ("model.train()", "model.eval()"),
    ),
    _train(
        "returns-too-early",
        "Your `return` stands inside the loop, so there is only one step. Move it out by one level.",
        ("    return losses", "        return losses"),
    ),
    _train(
        "one-epoch-too-many",
        "Your loop runs once more than `epochs` says.",
        ("range(epochs)", "range(epochs + 1)"),
    ),
    _train(
        "uphill",
        "Your steps go uphill: the loss that is differentiated has the wrong sign.",
        ("loss.backward()", "(-loss).backward()"),
    ),
]

# --- notebook 8: one_hot -------------------------------------------------------------------------------------------

_ONE_HOT_RIGHT = """def one_hot(ids, vocab_size):
    if ids.numel() and (ids.min() < 0 or ids.max() >= vocab_size):
        raise ValueError(f"ids should lie between 0 and {vocab_size - 1}")
    return torch.eye(vocab_size)[ids]
"""


def _one_hot(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "08_cbow: Exercise 1: one-hot vectors"
    return made_in(_ONE_HOT_RIGHT, "ch02/one-hot", name, explanation, *changes, see=where)


_CHECKED = """    if ids.numel() and (ids.min() < 0 or ids.max() >= vocab_size):
        raise ValueError(f"ids should lie between 0 and {vocab_size - 1}")
"""

_ONE_HOT = [
    _one_hot(
        "whole-numbers",
        "Your result holds whole numbers, which cannot be multiplied by weights. Change its dtype to float32.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids].long()"),
    ),
    _one_hot(
        "no-check",
        "Your function takes ids outside the vocabulary without a ValueError; -1 even counts as the last word. Check the limits first.",
        (_CHECKED, ""),
    ),
    _one_hot(
        "negative-ids-pass",
        "Your function accepts negative ids, which count from the end. They lie outside the vocabulary as well.",
        ("(ids.min() < 0 or ids.max() >= vocab_size)", "ids.max() >= vocab_size"),
    ),
    _one_hot(
        "limit-off-by-one",
        "Your check lets an id equal to the size of the vocabulary pass. The last word has the number V - 1.",
        (">= vocab_size", "> vocab_size"),
    ),
    _one_hot(
        "last-word-refused",
        "Your check refuses the last word of the vocabulary, whose number is V - 1.",
        (">= vocab_size", ">= vocab_size - 1"),
    ),
    _one_hot(
        "another-error",
        "Your function raises another kind of error. The statement asks for a ValueError.",
        ("raise ValueError", "raise IndexError"),
    ),
    _one_hot(
        "counted-from-one",
        "Your ones stand one place too far left: ids are counted from 0, so word 0 has its 1 in column 0.",
        ("[ids]", "[ids - 1]"),
    ),
    _one_hot(
        "turned-over",
        "Your new dimension comes first. Each id becomes a row, so the vocabulary is the last dimension.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids].movedim(-1, 0)"),
    ),
    _one_hot(
        "flattened",
        "Your function flattens the ids. A batch keeps its dimensions, and one more is added.",
        ("[ids]", "[ids.flatten()]"),
    ),
    _one_hot(
        "as-wide-as-the-largest-id",
        "Your vectors are as long as the largest id asks for. They are as long as the vocabulary, whatever ids occur.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(int(ids.max()) + 1)[ids]"),
    ),
    _one_hot(
        "bag",
        "Your function adds the one-hot vectors up. Each id has a vector of its own; they are mixed later.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids].sum(dim=-2)"),
    ),
    _one_hot(
        "ids-in-place-of-ones",
        "Your vectors hold the id where a 1 should be, so words with large numbers would weigh more.",
        ("torch.eye(vocab_size)[ids]", "torch.eye(vocab_size)[ids] * ids.unsqueeze(-1)"),
    ),
]

# --- notebook 8: cbow_pairs ----------------------------------------------------------------------------------------

_PAIRS_RIGHT = """def cbow_pairs(ids, window):
    if window < 1:
        raise ValueError(f"window should be at least 1, not {window}")
    pairs = []
    for place, centre in enumerate(ids):
        left = ids[max(0, place - window):place]
        right = ids[place + 1:place + 1 + window]
        context = left + right
        if context:
            pairs.append((context, centre))
    return pairs
"""


def _pairs(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "08_cbow: Exercise 2: exercises out of a text"
    return made_in(_PAIRS_RIGHT, "ch02/cbow-pairs", name, explanation, *changes, see=where)


_PAIRS = [
    _pairs(
        "centre-in-its-context",
        "Your contexts contain the centre itself, so the network is shown the answer. The right part begins one place "
        "after the centre.",
        ("ids[place + 1:place + 1 + window]", "ids[place:place + 1 + window]"),
    ),
    _pairs(
        "edges-left-out",
        "Your function leaves out the words near the edges. Their contexts are shorter, but they are pairs as well.",
        (
            "    for place, centre in enumerate(ids):\n",
            "    for place in range(window, len(ids) - window):\n        centre = ids[place]\n",
        ),
    ),
    _pairs(
        "negative-index",
        "Your left part begins at a negative index near the start, which Python counts from the end of the list. Use "
        "`max(0, place - window)`.",
        ("ids[max(0, place - window):place]", "ids[place - window:place]"),
    ),
    _pairs(
        "wraps-around",
        "Your contexts run over the edge and go on at the other end of the text. Beyond the edge there is nothing.",
        (
            "        left = ids[max(0, place - window):place]\n        right = ids[place + 1:place + 1 + window]\n",
            "        left = [ids[(place - step) % len(ids)] for step in range(window, 0, -1)]\n"
            "        right = [ids[(place + step) % len(ids)] for step in range(1, window + 1)]\n",
        ),
    ),
    _pairs(
        "same-words-left-out",
        "Your contexts leave out every word that equals the centre. Only the centre's own place is left out; the same "
        "word somewhere else stays.",
        ("context = left + right", "context = [word for word in left + right if word != centre]"),
    ),
    _pairs(
        "each-word-once",
        "Your contexts hold each word once. A word that occurs twice in the context stands there twice.",
        ("context = left + right", "context = list(dict.fromkeys(left + right))"),
    ),
    _pairs(
        "right-side-too-short",
        "Your right side is one word short: a slice ends before its second index.",
        ("place + 1 + window]", "place + window]"),
    ),
    _pairs(
        "left-side-too-long",
        "Your left side is one word too long: it begins `window` places before the centre.",
        ("place - window)", "place - window - 1)"),
    ),
    _pairs(
        "left-side-only",
        "Your contexts hold only the words before the centre. A bag of words looks to both sides.",
        ("left + right", "left"),
    ),
    _pairs(
        "window-for-both-sides-together",
        "Your window counts both sides together. It says how many words belong to the context on each side.",
        ("    pairs = []\n", "    pairs, window = [], window // 2\n"),
    ),
    _pairs(
        "sides-exchanged",
        "Your contexts put the right side before the left. The order is that of the text.",
        ("left + right", "right + left"),
    ),
    _pairs(
        "centre-and-context-exchanged",
        "Your pairs are (centre, context). Here the context comes first and the centre, which is to be guessed, second.",
        ("(context, centre)", "(centre, context)"),
    ),
    _pairs(
        "skip-gram",
        "Your function makes a pair of every single word of the context with the centre. That is the skip-gram model; "
        "CBoW takes the whole context at once.",
        ("pairs.append((context, centre))", "pairs += [([word], centre) for word in context]"),
    ),
    _pairs(
        "empty-contexts-kept",
        "Your function keeps contexts without a word. Nothing can be guessed from nothing: leave such a pair out.",
        (
            "        if context:\n            pairs.append((context, centre))\n",
            "        pairs.append((context, centre))\n",
        ),
    ),
    _pairs(
        "no-check-of-the-window",
        "Your function takes a window of 0 or less. The statement asks for a ValueError.",
        ('    if window < 1:\n        raise ValueError(f"window should be at least 1, not {window}")\n', ""),
    ),
    _pairs(
        "zero-allowed",
        "Your function takes a window of 0. It should be at least 1, otherwise a ValueError.",
        ("window < 1", "window < 0"),
    ),
    _pairs(
        "last-place-left-out",
        "Your loop stops before the last word. It has a context as well, on its left.",
        ("enumerate(ids)", "enumerate(ids[:-1])"),
    ),
]

# --- notebook 8: CBOW from matrices --------------------------------------------------------------------------------

_MATRICES_RIGHT = """class CBOW(nn.Module):
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


def _matrices(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "08_cbow: Exercise 3: CBOW from two matrices"
    return made_in(_MATRICES_RIGHT, "ch02/cbow-from-matrices", name, explanation, *changes, see=where)


_MATRICES = [
    _matrices(
        "sum-for-mean",
        "Your bags are sums. The exercise asks for the mean, so that long and short contexts weigh the same.",
        ("vectors.mean(dim=0)", "vectors.sum(dim=0)"),
    ),
    _matrices(
        "mean-over-the-longest",
        "Your bags are divided by the length of the longest context of the batch. Each is divided by its own.",
        ("vectors.mean(dim=0)", "vectors.sum(dim=0) / max(len(other) for other in contexts)"),
    ),
    _matrices(
        "mean-over-the-vocabulary",
        "Your bags are divided by the size of the vocabulary. Divide by the number of words in the context.",
        ("vectors.mean(dim=0)", "vectors.sum(dim=0) / self.vocab_size"),
    ),
    _matrices(
        "each-word-once",
        "Your bags note only whether a word occurs. A word that occurs twice counts twice.",
        ("torch.tensor(context)", "torch.tensor(sorted(set(context)))"),
    ),
    _matrices(
        "longest-word-only",
        "Your bags take the maximum over the words, which is 1 for each that occurs. The mean is wanted.",
        ("vectors.mean(dim=0)", "vectors.amax(dim=0)"),
    ),
    _matrices(
        "probabilities-for-logits",
        "Your model returns probabilities. It should return logits: the cross-entropy takes the softmax itself.",
        ("return hidden @ self.outer", "return torch.softmax(hidden @ self.outer, dim=-1)"),
    ),
    _matrices(
        "curve-in-between",
        "Your model bends the hidden layer. CBoW has no curve between its two matrices.",
        ("hidden @ self.outer", "torch.tanh(hidden) @ self.outer"),
    ),
    _matrices(
        "one-matrix-twice",
        "Your model uses the same matrix at both ends. Here words as context and words as answers have vectors of their own: two matrices.",
        ("        self.outer = nn.Parameter(torch.randn(width, vocab_size))\n", ""),
        ("hidden @ self.outer", "hidden @ self.inner.T"),
    ),
    _matrices(
        "bias",
        "Your model has a bias. The exercise asks for two matrices and nothing else; `nn.Linear` needs `bias=False`.",
        (
            "        self.outer =",
            "        self.bias = nn.Parameter(torch.randn(vocab_size))\n        self.outer =",
        ),
        ("hidden @ self.outer", "hidden @ self.outer + self.bias"),
    ),
    _matrices(
        "hidden-returned",
        "Your model returns the hidden vectors. The second matrix turns them into one logit for each word.",
        ("return hidden @ self.outer", "return hidden"),
    ),
    _matrices(
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
    _matrices(
        "matrices-not-trainable",
        "Your matrices are plain tensors, which no optimiser finds. Make them `nn.Parameter`s.",
        ("nn.Parameter(torch.randn(vocab_size, width))", "torch.randn(vocab_size, width)"),
        ("nn.Parameter(torch.randn(width, vocab_size))", "torch.randn(width, vocab_size)"),
    ),
    _matrices(
        "one-matrix-not-trainable",
        "One of your matrices is a plain tensor, which no optimiser finds. Make both `nn.Parameter`s.",
        ("nn.Parameter(torch.randn(width, vocab_size))", "torch.randn(width, vocab_size)"),
    ),
    _matrices(
        "batch-averaged",
        "Your model mixes all contexts of the batch. Each context has a bag of its own.",
        ("torch.stack(bags) @", "torch.stack(bags).mean(dim=0, keepdim=True).expand(len(bags), -1) @"),
    ),
    _matrices(
        "first-and-last-word-only",
        "Your bags hold only the first and the last word of each context. All its words belong in.",
        ("torch.tensor(context)", "torch.tensor([context[0], context[-1]])"),
    ),
]

# --- notebook 9: context_windows -----------------------------------------------------------------------------------

_WINDOWS_RIGHT = """def context_windows(ids, window, pad):
    padded = F.pad(ids, (window, window), value=pad)
    windows = padded.unfold(0, 2 * window + 1, 1)
    return torch.cat([windows[:, :window], windows[:, window + 1:]], dim=1)
"""


def _windows(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "09_bpe_and_cbow: Exercise 1: windows of a fixed shape"
    return made_in(_WINDOWS_RIGHT, "ch02/context-windows", name, explanation, *changes, see=where)


_WINDOWS_END = "    return torch.cat([windows[:, :window], windows[:, window + 1:]], dim=1)\n"

_WINDOWS = [
    _windows(
        "centre-left-in",
        "Your contexts contain the centre, so the model is shown the answer. Leave the middle column out.",
        (_WINDOWS_END, "    return windows\n"),
    ),
    _windows(
        "centre-for-the-last-neighbour",
        "Your contexts contain the centre, and miss the last token on the right. The right half begins after the middle column.",
        ("windows[:, window + 1:]", "windows[:, window:-1]"),
    ),
    _windows(
        "edges-left-out",
        "Your table leaves out the tokens near the edges. Every token gets a row, filled up with padding.",
        ("F.pad(ids, (window, window), value=pad)", "ids"),
    ),
    _windows(
        "wraps-around",
        "Your contexts go on at the other end of the text: `torch.roll` turns in a circle. Beyond the edge there is padding.",
        (
            _WINDOWS_END,
            "    steps = [*range(window, 0, -1), *range(-1, -window - 1, -1)]\n"
            "    return torch.stack([torch.roll(ids, step) for step in steps], dim=1)\n",
        ),
    ),
    _windows(
        "edge-repeated",
        "Your padding repeats the first and the last token. The statement asks for the number `pad`.",
        (
            "F.pad(ids, (window, window), value=pad)",
            "torch.cat([ids[:1].expand(window), ids, ids[-1:].expand(window)])",
        ),
    ),
    _windows(
        "padding-always-zero",
        "Your padding is always 0. Use the number that the function is given, `pad`.",
        ("value=pad", "value=0"),
    ),
    _windows(
        "all-padding-at-the-end",
        "Your padding is all at the end, so each row shows the tokens after it only. Pad by `window` at both ends.",
        ("(window, window)", "(0, 2 * window)"),
    ),
    _windows(
        "right-before-left",
        "Your contexts have the right side first. The order is that of the text: left side, then right side.",
        ("[windows[:, :window], windows[:, window + 1:]]", "[windows[:, window + 1:], windows[:, :window]]"),
    ),
    _windows(
        "left-side-reversed",
        "Your left sides run backwards, the nearest token first. They should stand in the order of the text.",
        ("windows[:, :window],", "windows[:, :window].flip(1),"),
    ),
    _windows(
        "left-side-only",
        "Your contexts hold the left side only. A bag of words looks to both sides.",
        (_WINDOWS_END, "    return windows[:, :window]\n"),
    ),
    _windows(
        "same-tokens-removed",
        "Your contexts replace every token that equals the centre by padding. Only the centre's own place is left out.",
        (
            _WINDOWS_END,
            "    rows = torch.cat([windows[:, :window], windows[:, window + 1:]], dim=1)\n"
            "    return torch.where(rows == ids[:, None], pad, rows)\n",
        ),
    ),
    _windows(
        "floats",
        "Your table holds floating-point numbers. Token numbers are integers, and stay so.",
        ("F.pad(ids, (window, window), value=pad)", "F.pad(ids.float(), (window, window), value=pad)"),
    ),
    _windows(
        "turned-over",
        "Your table is turned over: one row for each token, one column for each place of its context.",
        ("window + 1:]], dim=1)", "window + 1:]], dim=1).T"),
    ),
    _windows(
        "short-texts-refused",
        "Your function refuses texts that are shorter than a window. They get contexts as well, with much padding.",
        (
            "    padded =",
            "    if len(ids) <= window:\n        return torch.empty(0, 2 * window, dtype=ids.dtype)\n    padded =",
        ),
    ),
]

# --- notebook 9: context_bags --------------------------------------------------------------------------------------

_BAGS_RIGHT = """def context_bags(contexts, vocab_size):
    counts = F.one_hot(contexts, vocab_size).sum(dim=1).float()
    counts[:, 0] = 0
    total = counts.sum(dim=1, keepdim=True)
    return counts / total.clamp(min=1)
"""


def _bags(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "09_bpe_and_cbow: Exercise 2: bags of padded contexts"
    return made_in(_BAGS_RIGHT, "ch02/context-bags", name, explanation, *changes, see=where)


_BAGS = [
    _bags(
        "padding-counted",
        "Your bags count the padding as if it were a token. Set its column to zero before you divide.",
        ("    counts[:, 0] = 0\n", ""),
    ),
    _bags(
        "padding-in-the-number",
        "Your bags are divided by all places of the context, padding included. Divide by the number of tokens.",
        ("total.clamp(min=1)", "contexts.shape[1]"),
    ),
    _bags(
        "padding-removed-too-late",
        "Your bags are divided before the padding is taken out, so they do not sum to one. First take it out, then divide.",
        ("    counts[:, 0] = 0\n", ""),
        (
            "    return counts / total.clamp(min=1)\n",
            "    bags = counts / total\n    bags[:, 0] = 0\n    return bags\n",
        ),
    ),
    _bags(
        "nan-for-empty-contexts",
        "Your bag of a context without tokens is 0/0, which is nan. Divide by at least 1.",
        ("total.clamp(min=1)", "total"),
    ),
    _bags(
        "sum-for-mean",
        "Your bags hold counts. They should hold shares: divide each row by its number of tokens.",
        ("counts / total.clamp(min=1)", "counts"),
    ),
    _bags(
        "each-token-once",
        "Your bags note only whether a token occurs. A token that occurs twice counts twice.",
        ("    total =", "    counts = (counts > 0).float()\n    total ="),
    ),
    _bags(
        "divided-by-the-batch",
        "Your bags are divided by the tokens of the whole batch. Each row has its own number.",
        ("counts.sum(dim=1, keepdim=True)", "counts.sum()"),
    ),
    _bags(
        "columns-divided",
        "Your columns sum to one. It is the rows, the contexts, that do.",
        ("counts.sum(dim=1, keepdim=True)", "counts.sum(dim=0, keepdim=True)"),
    ),
    _bags(
        "padding-column-cut-off",
        "Your bags have no column for the padding, so all tokens have moved by one. Keep the column, filled with zeros.",
        ("counts / total.clamp(min=1)", "(counts / total.clamp(min=1))[:, 1:]"),
    ),
    _bags(
        "first-token-for-padding",
        "Your bags clear column 1, which belongs to the first real token. The padding has number 0.",
        ("counts[:, 0] = 0", "counts[:, 1] = 0"),
    ),
    _bags(
        "not-summed",
        "Your function returns the one-hot vectors of all places. Add them up over the context.",
        ("counts / total.clamp(min=1)", "F.one_hot(contexts, vocab_size).float()"),
    ),
    _bags(
        "whole-division",
        "Your bags are rounded to whole numbers. Shares are fractions: use `/` on floating-point numbers.",
        ("counts / total.clamp(min=1)", "counts.long() // total.clamp(min=1).long()"),
    ),
    _bags(
        "contexts-changed",
        "Your function writes into `contexts`, which belongs to the caller. Work on a copy.",
        ("    total =", "    contexts[contexts == 0] = vocab_size\n    total ="),
    ),
]

# --- notebook 9: minibatches ---------------------------------------------------------------------------------------

_BATCHES_RIGHT = """def minibatches(contexts, centres, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(contexts), generator=generator)
    batches = []
    for start in range(0, len(order), batch_size):
        part = order[start:start + batch_size]
        batches.append((contexts[part], centres[part]))
    return batches
"""


def _batches(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "09_bpe_and_cbow: Exercise 3: shuffled mini-batches"
    return made_in(_BATCHES_RIGHT, "ch02/minibatches", name, explanation, *changes, see=where)


_BATCHES = [
    _batches(
        "pairs-torn-apart",
        "Your contexts and centres are shuffled separately, so they no longer belong together. One order must serve both.",
        ("    batches = []\n", "    other = torch.randperm(len(contexts), generator=generator)\n    batches = []\n"),
        ("centres[part]", "centres[other[start:start + batch_size]]"),
    ),
    _batches(
        "centres-not-shuffled",
        "Your contexts are shuffled, your centres are not. Index both with the same part of the order.",
        ("centres[part]", "centres[start:start + batch_size]"),
    ),
    _batches(
        "last-batch-lost",
        "Your function drops the last, smaller batch. Every pair occurs once in each epoch.",
        ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)"),
    ),
    _batches(
        "not-shuffled",
        "Your batches come in the order of the text. Shuffle, so that each batch is a fair sample.",
        ("torch.randperm(len(contexts), generator=generator)", "torch.arange(len(contexts))"),
    ),
    _batches(
        "drawn-with-replacement",
        "Your pairs are drawn with replacement, so some come twice and others never. `torch.randperm` gives each exactly once.",
        (
            "torch.randperm(len(contexts), generator=generator)",
            "torch.randint(len(contexts), (len(contexts),), generator=generator)",
        ),
    ),
    _batches(
        "seed-ignored",
        "Your order does not depend on the seed: the same seed should give the same order again.",
        ("len(contexts), generator=generator", "len(contexts)"),
    ),
    _batches(
        "always-the-same-order",
        "Your seed is fixed, so all epochs have the same order. Use the seed that the function is given.",
        ("manual_seed(seed)", "manual_seed(0)"),
    ),
    _batches(
        "batches-shuffled-only",
        "Your function cuts first and shuffles the batches, so each batch still holds neighbours from the text. Shuffle "
        "first, then cut.",
        (
            "    order = torch.randperm(len(contexts), generator=generator)\n",
            "    pieces = torch.arange(len(contexts)).split(batch_size)\n"
            "    order = torch.cat([pieces[i] for i in torch.randperm(len(pieces), generator=generator).tolist()])\n",
        ),
    ),
    _batches(
        "shuffled-within-batches",
        "Your function shuffles inside each batch only, so each batch still holds neighbours from the text. Shuffle all, then cut.",
        (
            "    order = torch.randperm(len(contexts), generator=generator)\n",
            "    pieces = torch.arange(len(contexts)).split(batch_size)\n"
            "    order = torch.cat([piece[torch.randperm(len(piece), generator=generator)] for piece in pieces])\n",
        ),
    ),
    _batches(
        "first-batch-only",
        "Your `return` stands inside the loop, so there is one batch. Move it out by one level.",
        ("    return batches", "        return batches"),
    ),
    _batches(
        "overlapping-batches",
        "Your batches overlap: each begins one pair after the last. The start moves by `batch_size`.",
        ("range(0, len(order), batch_size)", "range(0, len(order))"),
    ),
    _batches(
        "number-of-batches",
        "Your function takes `batch_size` for the number of batches. It is the number of pairs in each.",
        ("    batches = []\n", "    batches = []\n    batch_size = -(-len(order) // batch_size)\n"),
    ),
    _batches(
        "contexts-only",
        "Your batches hold contexts only. Each is a pair of tensors: contexts and their centres.",
        ("batches.append((contexts[part], centres[part]))", "batches.append(contexts[part])"),
    ),
]

# --- notebook 10: CBOW with an embedding ---------------------------------------------------------------------------

_EMBEDDED_RIGHT = """class CBOW(nn.Module):
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


def _embedded(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "10_cbow_with_embedding: Exercise 1: CBOW with nn.Embedding"
    return made_in(_EMBEDDED_RIGHT, "ch02/cbow-with-embedding", name, explanation, *changes, see=where)


_EMBEDDED = [
    _embedded(
        "padding-in-the-number",
        "Your sum is divided by all places of the context, padding included. Divide by the number of tokens that are not 0.",
        ("(contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)", "contexts.shape[1]"),
    ),
    _embedded(
        "padding-in-the-sum",
        "Your sum contains the vectors of the padding. Give `nn.Embedding` a `padding_idx`, or multiply by a mask.",
        (", padding_idx=0", ""),
    ),
    _embedded(
        "plain-mean",
        "Your mean goes over all places, padding included, both in the sum and in the number. Only tokens count.",
        (", padding_idx=0", ""),
        ("        total = vectors.sum(dim=1)\n", ""),
        ("        count = (contexts != 0).sum(dim=1, keepdim=True).clamp(min=1)\n", ""),
        ("total / count", "vectors.mean(dim=1)"),
    ),
    _embedded(
        "nan-for-empty-contexts",
        "Your model divides by zero where a context is all padding, and returns nan. Divide by at least 1.",
        (".clamp(min=1)", ""),
    ),
    _embedded(
        "sum-for-mean",
        "Your model adds the vectors up. The exercise asks for their mean, so that full and short contexts weigh the same.",
        ("total / count", "total"),
    ),
    _embedded(
        "largest-for-mean",
        "Your model takes the largest number of each component. The mean is wanted.",
        ("total / count", "vectors.amax(dim=1)"),
    ),
    _embedded(
        "averaged-over-the-width",
        "Your sum runs over the components of each vector. Add up over the context, dimension 1 of (B, C, d).",
        (
            "        total = vectors.sum(dim=1)\n",
            "        total = vectors.sum(dim=2).repeat(1, vectors.shape[2])[:, : vectors.shape[2]]\n",
        ),
    ),
    _embedded(
        "batch-averaged",
        "Your model mixes all contexts of the batch. Each context has a mean of its own.",
        ("vectors.sum(dim=1)", "vectors.sum(dim=1).mean(dim=0, keepdim=True).expand(len(contexts), -1)"),
    ),
    _embedded(
        "each-token-once",
        "Your model counts each token of a context once. A token that occurs twice counts twice.",
        (
            "        vectors =",
            "        contexts = contexts.sort(dim=1).values\n"
            "        again = F.pad(contexts[:, 1:] == contexts[:, :-1], (1, 0))\n"
            "        contexts = contexts.masked_fill(again, 0)\n        vectors =",
        ),
    ),
    _embedded(
        "bias",
        "Your output layer has a bias. The exercise asks for two matrices and nothing else: `bias=False`.",
        (", bias=False", ""),
    ),
    _embedded(
        "probabilities-for-logits",
        "Your model returns probabilities. It should return logits: the cross-entropy takes the softmax itself.",
        ("return self.output(total / count)", "return torch.softmax(self.output(total / count), dim=-1)"),
    ),
    _embedded(
        "curve-in-between",
        "Your model bends the mean before the output layer. CBoW has no curve.",
        ("self.output(total / count)", "self.output(torch.relu(total / count))"),
    ),
    _embedded(
        "one-matrix-twice",
        "Your model uses the embedding as its output layer too. Here the two are matrices of their own.",
        ("        self.output = nn.Linear(width, vocab_size, bias=False)\n", ""),
        ("self.output(total / count)", "total / count @ self.embedding.weight.T"),
    ),
    _embedded(
        "hidden-returned",
        "Your model returns the mean vectors. The output layer turns them into one logit for each token.",
        ("self.output(total / count)", "total / count"),
    ),
    _embedded(
        "embedding-frozen",
        "Your embedding does not learn: no gradient reaches it. Leave out `freeze`, `detach` and `no_grad`.",
        ("vectors = self.embedding(contexts)", "vectors = self.embedding(contexts).detach()"),
    ),
    _embedded(
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

# --- notebook 10: nearest_neighbours -------------------------------------------------------------------------------

_NEAREST_RIGHT = """def nearest_neighbours(vectors, index, k):
    directions = F.normalize(vectors, dim=1)
    cosines = directions @ directions[index]
    order = cosines.argsort(descending=True).tolist()
    order.remove(index)
    return order[:k]
"""


def _nearest(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "10_cbow_with_embedding: Exercise 2: who is alike?"
    return made_in(_NEAREST_RIGHT, "ch02/nearest-neighbours", name, explanation, *changes, see=where)


_NEAREST = [
    _nearest(
        "own-neighbour",
        "Your function returns the word itself as its nearest neighbour. Leave its index out.",
        ("    order.remove(index)\n", ""),
    ),
    _nearest(
        "first-left-out",
        "Your function leaves out whatever comes first. That may be another word of the same direction, and the word "
        "itself stays in: leave out its index.",
        ("    order.remove(index)\n    return order[:k]", "    return order[1:k + 1]"),
    ),
    _nearest(
        "equal-vectors-left-out",
        "Your function leaves out every word whose cosine is 1. Another word with the same direction is a neighbour; "
        "only the word's own index is left out.",
        (
            "    order.remove(index)\n    return order[:k]",
            "    return [word for word in order if cosines[word] < 0.99999][:k]",
        ),
    ),
    _nearest(
        "one-too-few",
        "Your function cuts the list to k before it takes the word itself out, so one neighbour is missing.",
        ("    order.remove(index)\n    return order[:k]", "    return [word for word in order[:k] if word != index]"),
    ),
    _nearest(
        "dot-product",
        "Your function compares dot products, so long vectors win. The cosine divides by both lengths.",
        ("F.normalize(vectors, dim=1)", "vectors"),
    ),
    _nearest(
        "euclidean-distance",
        "Your function compares distances between the points. The cosine compares directions, whatever the lengths.",
        ("directions @ directions[index]", "-(vectors - vectors[index]).norm(dim=1)"),
    ),
    _nearest(
        "furthest-first",
        "Your function returns the least similar words first. Sort the cosines in descending order.",
        ("descending=True", "descending=False"),
    ),
    _nearest(
        "sign-ignored",
        "Your function ignores the sign of the cosine, so opposite words count as alike.",
        ("directions @ directions[index]", "(directions @ directions[index]).abs()"),
    ),
    _nearest(
        "columns-normalised",
        "You brought the columns to length 1. Each word is a row: normalise along dimension 1.",
        ("dim=1", "dim=0"),
    ),
    _nearest(
        "nan-for-zeros",
        "Your function divides by the length of a vector of zeros, and gets nan. `F.normalize` leaves zeros alone.",
        ("F.normalize(vectors, dim=1)", "vectors / vectors.norm(dim=1, keepdim=True)"),
    ),
    _nearest(
        "cosines-returned",
        "Your function returns the cosines. The indices of the words are wanted.",
        ("return order[:k]", "return cosines[order[:k]].tolist()"),
    ),
    _nearest(
        "unsorted",
        "Your neighbours are the right ones in the order of the vocabulary. The most similar comes first.",
        ("return order[:k]", "return sorted(order[:k])"),
    ),
    _nearest(
        "too-few-words",
        "Your function fails when fewer than k other words exist. Return all of them.",
        (
            "    order.remove(index)\n    return order[:k]",
            "    cosines[index] = -2\n    return cosines.topk(k).indices.tolist()[: len(order) - 1]",
        ),
    ),
    _nearest(
        "vectors-changed",
        "Your function normalises the caller's vectors in place. Make new ones.",
        (
            "directions = F.normalize(vectors, dim=1)",
            "directions = vectors.div_(vectors.norm(dim=1, keepdim=True).clamp(min=1e-9))",
        ),
    ),
]

MISTAKES: list[Mistake] = [
    *(*_NEURON, *_PERCEPTRON),
    *(*_BCE, *_LINEAR, *_MLP),
    *(*_CE, *_MODULE, *_TRAIN),
    *(*_ONE_HOT, *_PAIRS, *_MATRICES),
    *(*_WINDOWS, *_BAGS, *_BATCHES),
    *(*_EMBEDDED, *_NEAREST),
]
