"""Known mistakes of chapter 5: the loss of tokens, batches and loaders, perplexity and bits per byte."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- token_losses --------------------------------------------------------------------------------------------------

_TOKENS_RIGHT = """def token_losses(logits, targets):
    log_probs = torch.log_softmax(logits, dim=-1)
    picked = torch.gather(log_probs, 2, targets.unsqueeze(-1))
    return -picked.squeeze(-1)
"""

_FLAT_RIGHT = """def token_losses(logits, targets):
    B, T, V = logits.shape
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    return losses
"""


def _tokens(name: str, explanation: str, *changes: tuple[str, str], base: str = _TOKENS_RIGHT) -> Mistake:
    see = "01_loss_and_perplexity: Exercise 1: the loss of each token"
    return made_in(base, "ch05/token-losses", name, explanation, *changes, see=see)


_TOKENS = [
    _tokens(
        "no-minus",
        "Your losses are negative: the logarithm of a probability is at most 0. The loss is minus it.",
        ("return -picked", "return picked"),
    ),
    _tokens(
        "probability-for-logarithm",
        "You return the probability of the target, with a minus. The loss is the negative *logarithm* of it.",
        ("torch.log_softmax", "torch.softmax"),
    ),
    _tokens(
        "one-minus-the-probability",
        "You return 1 - p. The loss is -log p, which grows without limit when the truth was thought impossible.",
        ("torch.log_softmax", "torch.softmax"),
        ("-picked.squeeze(-1)", "1 - picked.squeeze(-1)"),
    ),
    _tokens(
        "softmax-over-the-places",
        "Your softmax runs over the places of the text. It belongs over the vocabulary, the last dimension.",
        ("logits, dim=-1", "logits, dim=1"),
    ),
    _tokens(
        "not-normalised",
        "You take the logit of the target for the logarithm of its probability. It becomes one by the softmax: subtract "
        "the log of the sum of all exponentials.",
        ("torch.log_softmax(logits, dim=-1)", "logits"),
    ),
    _tokens(
        "softmax-twice",
        "You take the softmax twice: log_softmax has one inside. It wants raw logits.",
        ("torch.log_softmax(logits", "torch.log_softmax(logits.softmax(dim=-1)"),
    ),
    _tokens(
        "log-of-softmax",
        "Your softmax gives exactly 0 for logits far below the largest, and its logarithm is infinite. `log_softmax` does "
        "both in one safe step.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log(torch.softmax(logits, dim=-1))"),
    ),
    _tokens(
        "exponentials-overflow",
        "You compute the exponentials of the logits as they are, and those of large ones are infinite. `log_softmax` and "
        "`logsumexp` subtract the largest logit first.",
        ("torch.log_softmax(logits, dim=-1)", "logits - logits.exp().sum(dim=-1, keepdim=True).log()"),
    ),
    _tokens(
        "log-with-a-small-number",
        "You add a small number inside the logarithm to avoid log 0. This caps the loss and falsifies it; `log_softmax` "
        "needs no such help.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log(torch.softmax(logits, dim=-1) + 1e-9)"),
    ),
    _tokens(
        "base-two",
        "Your logarithm has base 2, so your unit is the bit. Losses are in nats: natural logarithms.",
        ("-picked.squeeze(-1)", "-picked.squeeze(-1) / math.log(2)"),
    ),
    _tokens(
        "best-guess",
        "You take the probability of the model's own best guess. The loss asks for that of the target.",
        ("targets.unsqueeze(-1)", "logits.argmax(dim=-1, keepdim=True)"),
    ),
    _tokens(
        "shifted-twice",
        "You shift by one more place. Inputs and targets are shifted already: place t of the logits is the guess at "
        "target t.",
        ("log_probs, 2, targets.unsqueeze(-1)", "log_probs[:, :-1], 2, targets[:, 1:].unsqueeze(-1)"),
    ),
    _tokens(
        "already-averaged",
        "You return one number, the mean. Here each token keeps its own loss: shape (B, T).",
        ("-picked.squeeze(-1)", "-picked.mean()"),
    ),
    _tokens(
        "mean-over-the-text",
        "You average over each text. Here each token keeps its own loss: shape (B, T).",
        ("-picked.squeeze(-1)", "-picked.squeeze(-1).mean(dim=1)"),
    ),
    _tokens(
        "dimension-left-over",
        "Your result has a third dimension of size 1, left over from `gather`. Take it away with `squeeze(-1)`.",
        ("-picked.squeeze(-1)", "-picked"),
    ),
    _tokens(
        "all-small-dimensions-squeezed",
        "`squeeze()` without a number takes away every dimension of size 1: a batch of one text, or texts of one token, "
        "lose theirs too. Say which one.",
        ("picked.squeeze(-1)", "picked.squeeze()"),
    ),
    _tokens(
        "cut-off-from-the-gradient",
        "Your losses are cut off from the logits, so nothing could be trained with them: no `detach`, no `.data`, no "
        "`no_grad`.",
        ("torch.log_softmax(logits,", "torch.log_softmax(logits.detach(),"),
    ),
    _tokens(
        "reshaped-for-transposed",
        "`view` and `reshape` to (B, V, T) keep the numbers in their order and cut them anew, so logits of different "
        "tokens get mixed up. Swap the dimensions: `transpose(1, 2)`.",
        ("logits.transpose(1, 2)", "logits.reshape(B, V, T)"),
        base=_FLAT_RIGHT,
    ),
    _tokens(
        "softmax-before-cross-entropy",
        "You take a softmax before `F.cross_entropy`, which has one inside. It wants raw logits.",
        ("logits.transpose(1, 2)", "logits.softmax(dim=-1).transpose(1, 2)"),
        base=_FLAT_RIGHT,
    ),
    _tokens(
        "averaged-by-cross-entropy",
        "`F.cross_entropy` averages unless it is told otherwise. Here each token keeps its own loss: "
        '`reduction="none"`.',
        (', reduction="none"', ""),
        base=_FLAT_RIGHT,
    ),
    _tokens(
        "texts-and-places-swapped",
        "Your rows come back in another order than they went in: flattened by place first, shaped by text first. Flatten "
        "and shape in the same order.",
        ("F.cross_entropy(logits.transpose(1, 2), targets, reduction=\"none\")",
         "F.cross_entropy(logits.transpose(0, 1).flatten(0, 1), targets.T.flatten(), reduction=\"none\").view(B, T)"),
        base=_FLAT_RIGHT,
    ),
]  # fmt: skip

# --- loss_batch ----------------------------------------------------------------------------------------------------

_BATCH_RIGHT = """def loss_batch(model, inputs, targets):
    logits = model(inputs)
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    return loss
"""


def _batch(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_loss_and_perplexity: Exercise 2: the loss of a batch"
    return made_in(_BATCH_RIGHT, "ch05/loss-batch", name, explanation, *changes, see=see)


_BATCH = [
    _batch(
        "shifted-twice",
        "You shift by one more place, so each guess is compared with the token after the right one. Inputs and targets "
        "are shifted already.",
        ("logits.flatten(0, 1), targets.flatten()", "logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten()"),
    ),
    _batch(
        "softmax-before-cross-entropy",
        "You take a softmax before `F.cross_entropy`, which has one inside: two of them flatten all differences. It wants "
        "raw logits.",
        ("model(inputs)", "torch.softmax(model(inputs), dim=-1)"),
    ),
    _batch(
        "texts-and-places-swapped",
        "You flatten the logits by place and the targets by text, so guesses and targets do not belong together. Flatten "
        "both in the same order.",
        ("logits.flatten(0, 1)", "logits.transpose(0, 1).flatten(0, 1)"),
    ),
    _batch(
        "targets-transposed",
        "You turn the targets around before you flatten them, and not the logits, so guesses and targets do not belong "
        "together.",
        ("targets.flatten()", "targets.T.flatten()"),
    ),
    _batch(
        "reshaped-for-transposed",
        "`view` and `reshape` to (B, V, T) keep the numbers in their order and cut them anew, so logits of different "
        "tokens get mixed up. Swap the dimensions: `transpose(1, 2)`, or flatten.",
        ("logits.flatten(0, 1), targets.flatten()",
         "logits.reshape(logits.shape[0], logits.shape[2], logits.shape[1]), targets"),
    ),
    _batch(
        "inputs-for-targets",
        "You compare the guesses with the inputs. A model trained so learns to repeat what it reads; compare with the "
        "targets.",
        ("targets.flatten()", "inputs.flatten()"),
    ),
    _batch(
        "model-reads-the-targets",
        "Your model is given the targets, so it sees what it should guess. It reads the inputs.",
        ("model(inputs)", "model(targets)"),
    ),
    _batch(
        "sum-for-mean",
        "You add up the losses. The loss of a batch is their mean, so that it does not depend on the batch's size.",
        ("targets.flatten())", 'targets.flatten(), reduction="sum")'),
    ),
    _batch(
        "sum-over-the-text",
        "You divide by the number of texts only. The mean is over all tokens of all texts.",
        ("targets.flatten())", 'targets.flatten(), reduction="sum") / inputs.shape[0]'),
    ),
    _batch(
        "last-place-only",
        "You look at the last place of each text only. All T places are guesses, and all count.",
        ("logits.flatten(0, 1), targets.flatten()", "logits[:, -1], targets[:, -1]"),
    ),
    _batch(
        "first-text-only",
        "You look at the first text of the batch only.",
        ("logits.flatten(0, 1), targets.flatten()", "logits[0], targets[0]"),
    ),
    _batch(
        "plain-number",
        "You return a plain number, which has no gradient: nothing can be trained with it. Leave `.item()` to whoever "
        "prints the loss.",
        ("return loss", "return loss.item()"),
    ),
    _batch(
        "no-gradients",
        "You compute the loss without gradients. That is for evaluation; with this loss the model is to be trained.",
        ("    logits = model(inputs)\n", "    with torch.no_grad():\n        logits = model(inputs)\n"),
    ),
    _batch(
        "switched-to-evaluation",
        "You switch the model to evaluation mode. The loss of a training batch is taken in training mode: leave the mode "
        "alone.",
        ("    logits =", "    model.eval()\n    logits ="),
    ),
    _batch(
        "switched-to-training",
        "You switch the model to training mode. Whoever calls `loss_batch` decides: leave the mode alone.",
        ("    logits =", "    model.train()\n    logits ="),
    ),
    _batch(
        "log-softmax-missing",
        "`F.nll_loss` wants logarithms of probabilities and you give it raw logits. Use `F.cross_entropy`, or "
        "`log_softmax` first.",
        ("F.cross_entropy", "F.nll_loss"),
    ),
    _batch(
        "log-of-softmax",
        "Your softmax gives exactly 0 for logits far below the largest, and its logarithm is infinite. "
        "`F.cross_entropy` takes raw logits and does both in one safe step.",
        ("F.cross_entropy(logits.flatten(0, 1)", "F.nll_loss(logits.softmax(dim=-1).log().flatten(0, 1)"),
    ),
    _batch(
        "softmax-over-the-places",
        "Your log-softmax runs over the places of the text. It belongs over the vocabulary, the last dimension.",
        ("F.cross_entropy(logits.flatten(0, 1)", "F.nll_loss(logits.log_softmax(dim=1).flatten(0, 1)"),
    ),
    _batch(
        "squared-error",
        "You measure the squared distance between probabilities and truth. The loss of a language model is the "
        "cross-entropy: minus the logarithm of the target's probability.",
        ("F.cross_entropy(logits.flatten(0, 1), targets.flatten())",
         "F.mse_loss(logits.softmax(dim=-1), F.one_hot(targets, logits.shape[-1]).float())"),
    ),
]  # fmt: skip

# --- loss_loader ---------------------------------------------------------------------------------------------------

_LOADER_RIGHT = """def loss_loader(model, loader, n_batches=None):
    if n_batches is None:
        n_batches = len(loader)
    n_batches = min(n_batches, len(loader))
    if n_batches == 0:
        raise ValueError("no batch to average over")
    training = model.training
    total_loss, count = 0.0, 0
    model.eval()
    with torch.no_grad():
        for i, (inputs, targets) in enumerate(loader):
            if i >= n_batches:
                break
            loss = loss_of(model, inputs, targets).item()
            total_loss += loss * targets.numel()
            count += targets.numel()
    if training:
        model.train()
    return total_loss / count
"""


def _loader(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_loss_and_perplexity: Exercise 3: the loss of a whole loader"
    return made_in(_LOADER_RIGHT, "ch05/loss-loader", name, explanation, *changes, see=see)


_LOADER = [
    _loader(
        "mean-of-means",
        "You average the means of the batches, so the tokens of a small last batch count more than others. Weigh each "
        "batch by its number of tokens.",
        ("loss * targets.numel()", "loss"),
        ("count += targets.numel()", "count += 1"),
    ),
    _loader(
        "weighed-by-texts",
        "You weigh each batch by its number of texts. Texts may differ in length: weigh by the number of tokens.",
        ("loss * targets.numel()", "loss * len(targets)"),
        ("count += targets.numel()", "count += len(targets)"),
    ),
    _loader(
        "weighed-by-length",
        "You weigh each batch by the length of its texts, and not by how many texts there are. Both count: "
        "`targets.numel()`.",
        ("loss * targets.numel()", "loss * targets.shape[1]"),
        ("count += targets.numel()", "count += targets.shape[1]"),
    ),
    _loader(
        "last-batch-only",
        "Your result is the loss of the last batch: each one overwrites the one before. Add them up.",
        ("total_loss += loss * targets.numel()", "total_loss = loss * targets.numel()"),
        ("count += targets.numel()", "count = targets.numel()"),
    ),
    _loader(
        "total-overwritten",
        "Each batch overwrites the sum of the losses, and all tokens are counted. Add up with `+=`.",
        ("total_loss += loss", "total_loss = loss"),
    ),
    _loader(
        "count-overwritten",
        "You divide by the tokens of the last batch. Count the tokens of all batches with `+=`.",
        ("count += targets.numel()", "count = targets.numel()"),
    ),
    _loader(
        "sum-for-mean",
        "You return the sum of all losses. Divide by the number of tokens.",
        ("total_loss / count", "total_loss"),
    ),
    _loader(
        "divided-by-batches",
        "You add up the losses of tokens and divide by the number of batches. Divide by the number of tokens.",
        ("total_loss / count", "total_loss / n_batches"),
    ),
    _loader(
        "means-over-all-batches",
        "You divide by the number of batches in the loader, whether they were read or not, and every batch counts the "
        "same. Divide by the tokens that were read.",
        ("loss * targets.numel()", "loss"),
        ("total_loss / count", "total_loss / len(loader)"),
    ),
    _loader(
        "n-batches-ignored",
        "You read the whole loader, whatever `n_batches` says.",
        ("            if i >= n_batches:\n                break\n", ""),
    ),
    _loader(
        "one-batch-too-many",
        "You read one batch more than `n_batches`: the first one has the number 0.",
        ("i >= n_batches", "i > n_batches"),
    ),
    _loader(
        "one-batch-too-few",
        "You stop one batch early: with `n_batches=1` batch 0 is still to be read.",
        ("i >= n_batches", "i >= n_batches - 1"),
    ),
    _loader(
        "returned-after-the-first",
        "You return inside the loop, after the first batch.",
        ("            count += targets.numel()\n",
         "            count += targets.numel()\n            model.train(training)\n            return total_loss / count\n"),
    ),
    _loader(
        "no-evaluation-mode",
        "You measure in whatever mode the model is, so in training mode dropout disturbs the result. Switch to evaluation "
        "mode first.",
        ("    model.eval()\n", ""),
    ),
    _loader(
        "gradients-recorded",
        "You record gradients that nobody needs: most of the memory goes there. Evaluate inside `torch.no_grad()`.",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _loader(
        "no-grad-around-too-little",
        "Only a part of your loop is free of gradients: the model is called outside of `torch.no_grad()`.",
        ("    with torch.no_grad():\n", "    if True:\n"),
        ("            loss = loss_of(model, inputs, targets).item()\n",
         "            loss = loss_of(model, inputs, targets)\n"
         "            with torch.no_grad():\n                loss = loss.item()\n"),
    ),
    _loader(
        "never-back-to-training",
        "You leave the model in evaluation mode, so the training that goes on afterwards has no dropout. Put back the "
        "mode in which it was.",
        ("    if training:\n        model.train()\n", ""),
    ),
    _loader(
        "always-to-training",
        "You leave the model in training mode, even if it came in evaluation mode. Put back the mode in which it was.",
        ("    if training:\n        model.train()\n", "    model.train()\n"),
    ),
    _loader(
        "mode-read-too-late",
        "You look at the model's mode after `model.eval()`, so it is always evaluation mode. Look before.",
        ("    training = model.training\n", ""),
        ("    model.eval()\n", "    model.eval()\n    training = model.training\n"),
    ),
    _loader(
        "empty-is-perfect",
        "With no batch you return 0, the loss of a perfect model. There is nothing to average: raise a ValueError.",
        ('raise ValueError("no batch to average over")', "return 0.0"),
    ),
    _loader(
        "empty-is-nan",
        "With no batch you return NaN, which travels on until nobody knows where it came from. Raise a ValueError.",
        ('raise ValueError("no batch to average over")', 'return float("nan")'),
    ),
    _loader(
        "empty-divides-by-zero",
        "With no batch you divide by zero. Raise a ValueError that says what is wrong.",
        ('    if n_batches == 0:\n        raise ValueError("no batch to average over")\n', ""),
    ),
    _loader(
        "zero-means-all",
        "`n_batches or ...` and `if n_batches` take 0 for None, so with 0 batches you read all. Compare with "
        "`is None`.",
        ("if n_batches is None", "if not n_batches"),
    ),
    _loader(
        "tensor-returned",
        "You return a tensor. For printing and plotting a plain number is wanted: take `.item()` of the losses.",
        ("loss_of(model, inputs, targets).item()", "loss_of(model, inputs, targets)"),
    ),
]  # fmt: skip

# --- perplexity and bits_per_byte ----------------------------------------------------------------------------------

_BITS_RIGHT = """def perplexity(loss):
    return math.exp(loss)


def bits_per_byte(loss, n_tokens, text):
    nats = loss * n_tokens
    bits = nats / math.log(2)
    return bits / len(text.encode("utf-8"))
"""


def _bits(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_loss_and_perplexity: Exercise 4: perplexity and bits_per_byte"
    return made_in(_BITS_RIGHT, "ch05/perplexity-and-bits", name, explanation, *changes, see=see)


_BITS = [
    _bits(
        "power-of-two",
        "Your perplexity is a power of two. That is right for a loss in bits; yours is in nats: exp(loss).",
        ("math.exp(loss)", "2**loss"),
    ),
    _bits(
        "mean-probability",
        "exp(-loss) is the geometric mean of the probabilities. Perplexity is one over it: exp(loss).",
        ("math.exp(loss)", "math.exp(-loss)"),
    ),
    _bits(
        "exponential-in-bits",
        "You turn the loss into bits and take the power of e. Either bits and a power of two, or nats and a power of e.",
        ("math.exp(loss)", "math.exp(loss / math.log(2))"),
    ),
    _bits(
        "less-one",
        "`expm1` is exp(x) - 1. Perplexity is exp(loss).",
        ("math.exp(loss)", "math.expm1(loss)"),
    ),
    _bits(
        "characters-for-bytes",
        "You divide by the number of characters. A letter with an accent is one character and two bytes: encode the text "
        "first.",
        ('len(text.encode("utf-8"))', "len(text)"),
    ),
    _bits(
        "another-encoding",
        "You count the bytes of another encoding, in which every character takes at least two. UTF-8 is asked for.",
        ('text.encode("utf-8")', 'text.encode("utf-16-le")'),
    ),
    _bits(
        "accents-dropped",
        "Your encoding leaves out what it cannot write. UTF-8 can write everything.",
        ('text.encode("utf-8")', 'text.encode("ascii", "ignore")'),
    ),
    _bits(
        "words-for-bytes",
        "You divide by the number of words. The cost is shared among the bytes.",
        ('len(text.encode("utf-8"))', "max(1, len(text.split()))"),
    ),
    _bits(
        "left-in-nats",
        "Your result is in nats per byte. One nat is 1 / log 2 bits.",
        ("nats / math.log(2)", "nats"),
    ),
    _bits(
        "multiplied-by-log-two",
        "You multiply by log 2, which turns bits into nats. From nats to bits one divides.",
        ("nats / math.log(2)", "nats * math.log(2)"),
    ),
    _bits(
        "logarithm-of-the-cost",
        "You take the logarithm of the cost. It is a sum of logarithms already; only its unit changes: divide by log 2.",
        ("nats / math.log(2)", "math.log2(nats)"),
    ),
    _bits(
        "one-token",
        "You share the cost of one token among all bytes. The text costs `loss` for each of its tokens.",
        ("loss * n_tokens", "loss"),
    ),
    _bits(
        "bits-per-token",
        "Your result is in bits per token. The cost of the whole text is shared among its bytes.",
        ("loss * n_tokens", "loss"),
        (' / len(text.encode("utf-8"))', ""),
    ),
    _bits(
        "bits-in-all",
        "You return the bits of the whole text. Divide by its number of bytes.",
        (' / len(text.encode("utf-8"))', ""),
    ),
    _bits(
        "bytes-per-token",
        "You divide by the number of tokens and multiply by that of bytes. It is the other way around: the cost of all "
        "tokens, shared among the bytes.",
        ("loss * n_tokens", "loss / n_tokens"),
        ("bits / len", "bits * len"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_TOKENS, *_BATCH, *_LOADER, *_BITS]
