"""Answers to exercise 2 of 05_perceptron: Perceptron, a neuron that learns."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="constant-input",
        description="The bias as the weight of an input that is always 1.",
        code="""class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.w = torch.zeros(n_inputs + 1)
        self.rate = learning_rate

    def _wide(self, x):
        return torch.cat([x, torch.ones(*x.shape[:-1], 1)], dim=-1)

    def score(self, x):
        return self._wide(x) @ self.w

    def predict(self, x):
        return torch.where(self.score(x) >= 0, 1, 0)

    def learn(self, x, target):
        answer = self.predict(x).item()
        if answer == target:
            return False
        step = self.rate * self._wide(x)
        self.w = self.w + step if target == 1 else self.w - step
        return True

    def fit(self, x, targets, epochs):
        history = []
        while len(history) < epochs and 0 not in history:
            history.append(0)
            for i in range(len(x)):
                if self.learn(x[i], targets[i]):
                    history[-1] += 1
        return history
""",
    ),
    Alternative(
        name="numpy",
        description="numpy inside; arrays and numpy numbers come out.",
        code="""import numpy as np


class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.w, self.b, self.lr = np.zeros(n_inputs), 0.0, learning_rate

    def score(self, x):
        return np.asarray(x) @ self.w + self.b

    def predict(self, x):
        return np.where(self.score(x) >= 0, 1, 0)

    def learn(self, x, target):
        e = float(target) - self.predict(x)
        self.w += self.lr * e * np.asarray(x)
        self.b += self.lr * e
        return e != 0

    def fit(self, x, targets, epochs):
        counts = []
        for _ in range(epochs):
            counts.append(np.sum([self.learn(a, b) for a, b in zip(x, targets)]))
            if counts[-1] == 0:
                return counts
        return counts
""",
    ),
    Alternative(
        name="parameters-in-place",
        description="nn.Linear as the store of weights and bias, changed in place without a graph.",
        code="""class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.layer = torch.nn.Linear(n_inputs, 1).requires_grad_(False)
        self.layer.weight.zero_()
        self.layer.bias.zero_()
        self.learning_rate = learning_rate

    def score(self, x):
        return self.layer(x).squeeze(-1)

    def predict(self, x):
        return (self.score(x) >= 0).int()

    def learn(self, x, target):
        error = target - self.predict(x)
        self.layer.weight.add_(self.learning_rate * error * x)
        self.layer.bias.add_(self.learning_rate * error)
        return bool(error)

    def fit(self, x, targets, epochs):
        mistakes = []
        for epoch in range(epochs):
            wrong = 0
            for point, target in zip(x, targets):
                wrong += self.learn(point, target)
            mistakes.append(wrong)
            if not wrong:
                break
        return mistakes
""",
    ),
]

_RIGHT = """class Perceptron:
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

_mistake = partial(made_in, _RIGHT, see="05_perceptron: Exercise 2: Perceptron, a neuron that learns")

MISTAKES = [
    _mistake(
        "no-bias",
        "Your perceptron has no bias, so its line must go through the origin. Start a bias at zero, add it to the "
        "score, and let it learn like the weights.",
        ("@ self.weights + self.bias", "@ self.weights"),
    ),
    _mistake(
        "bias-never-learns",
        "Your bias stays at zero. It learns by the same rule as a weight whose input is always 1: add the learning "
        "rate times the error.",
        ("        self.bias += self.learning_rate * error\n", ""),
    ),
    _mistake(
        "error-turned-over",
        "Your error is the answer minus the target, so every step makes the mistake worse. It is the target minus the answer.",
        ("int(target) - int(self.predict(x))", "int(self.predict(x)) - int(target)"),
    ),
    _mistake(
        "learns-when-right",
        "Your perceptron moves also when its answer was right. The rule multiplies by the error, target minus answer, "
        "which is zero then.",
        (
            "self.weights = self.weights + self.learning_rate * error * x",
            "self.weights = self.weights + self.learning_rate * (2 * int(target) - 1) * x",
        ),
    ),
    _mistake(
        "score-for-answer",
        "Your error is the target minus the score. Rosenblatt's rule takes the answer, 0 or 1, so that the error is -1, 0 or 1.",
        ("int(target) - int(self.predict(x))", "int(target) - float(self.score(x))"),
    ),
    _mistake(
        "weights-move-without-the-input",
        "Your weights all move by the same amount. Each weight moves by the error times its own input.",
        ("self.learning_rate * error * x", "self.learning_rate * error"),
    ),
    _mistake(
        "learning-rate-ignored",
        "Your weights move without the learning rate. Each step is the learning rate times the error (times the input).",
        ("self.weights + self.learning_rate * error * x", "self.weights + error * x"),
        ("self.bias += self.learning_rate * error", "self.bias += error"),
    ),
    _mistake(
        "learning-rate-not-in-the-bias",
        "Your weights use the learning rate, your bias does not. Both move by it.",
        ("self.bias += self.learning_rate * error", "self.bias += error"),
    ),
    _mistake(
        "zero-counts-as-0",
        "Your perceptron answers 0 for a score of exactly zero. The statement counts zero as 1; all first scores are "
        "zero, so this decides how learning begins.",
        (">= 0", "> 0"),
    ),
    _mistake(
        "signs-for-classes",
        "Your answers are -1 and 1. The classes here are 0 and 1, in the answers and in the error.",
        ("(self.score(x) >= 0).long()", "torch.where(self.score(x) >= 0, 1, -1)"),
    ),
    _mistake(
        "random-start",
        "Your weights start at random. The statement asks for zeros, so that everyone gets the same steps.",
        ("torch.zeros(n_inputs)", "torch.randn(n_inputs)"),
    ),
    _mistake(
        "never-stops",
        "Your `fit` goes through all epochs. After an epoch without a mistake nothing can change any more: stop there.",
        ("            if wrong == 0:\n                break\n", ""),
    ),
    _mistake(
        "stops-before-noting",
        "Your `fit` stops before it notes the last epoch. The list ends with the 0 of the epoch that had no mistake.",
        (
            "            mistakes.append(wrong)\n            if wrong == 0:\n                break\n",
            "            if wrong == 0:\n                break\n            mistakes.append(wrong)\n",
        ),
    ),
    _mistake(
        "one-epoch-only",
        "Your `return` stands inside the loop over epochs, so `fit` ends after the first. Move it out by one level.",
        ("                break\n        return mistakes", "                break\n            return mistakes"),
    ),
    _mistake(
        "counts-never-reset",
        "Your count of mistakes goes on from epoch to epoch, so it never falls to zero. Begin each epoch with 0.",
        ("        mistakes = []\n", "        mistakes = []\n        wrong = 0\n"),
        ("            wrong = 0\n            for point", "            for point"),
    ),
    _mistake(
        "fit-starts-anew",
        "Your `fit` sets the weights to zero when it begins, so a second call forgets what the first one learned. "
        "That belongs into `__init__` alone.",
        ("        mistakes = []\n", "        self.weights, self.bias, mistakes = self.weights * 0, 0.0, []\n"),
    ),
    _mistake(
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
    _mistake(
        "learn-says-right",
        "Your `learn` returns True when the answer had been right. It should say whether it had been wrong.",
        ("return error != 0", "return error == 0"),
    ),
]
