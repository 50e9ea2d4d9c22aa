"""Answers to exercise 4 of 01_loss_and_perplexity: perplexity and bits_per_byte."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="torch",
        description="Tensors of torch in place of plain numbers.",
        code="""def perplexity(loss):
    return torch.exp(torch.tensor(loss, dtype=torch.float64))


def bits_per_byte(loss, n_tokens, text):
    size = len(bytes(text, "utf-8"))
    return torch.tensor(loss / math.log(2), dtype=torch.float64) * n_tokens / size
""",
    ),
    Alternative(
        name="logarithm-of-e",
        description="A power of e; nats times log2(e); bytes counted character by character.",
        code="""def perplexity(loss):
    return math.e**loss


def bits_per_byte(loss, n_tokens, text):
    n_bytes = sum(len(sign.encode()) for sign in text)
    return loss * math.log2(math.e) * (n_tokens / n_bytes)
""",
    ),
    Alternative(
        name="through-the-perplexity",
        description="Bits as the logarithm of the perplexity to base 2.",
        code="""def perplexity(loss):
    bits = loss / math.log(2)
    return 2**bits


def bits_per_byte(loss, n_tokens, text):
    bits_per_token = math.log2(perplexity(loss))
    tokens_per_byte = n_tokens / len(bytearray(text.encode()))
    return bits_per_token * tokens_per_byte
""",
    ),
]

_RIGHT = """def perplexity(loss):
    return math.exp(loss)


def bits_per_byte(loss, n_tokens, text):
    nats = loss * n_tokens
    bits = nats / math.log(2)
    return bits / len(text.encode("utf-8"))
"""

_mistake = partial(made_in, _RIGHT, see="01_loss_and_perplexity: Exercise 4: perplexity and bits_per_byte")

MISTAKES = [
    _mistake(
        "power-of-two",
        "Your perplexity is a power of two. That is right for a loss in bits; yours is in nats: exp(loss).",
        ("math.exp(loss)", "2**loss"),
    ),
    _mistake(
        "mean-probability",
        "exp(-loss) is the geometric mean of the probabilities. Perplexity is one over it: exp(loss).",
        ("math.exp(loss)", "math.exp(-loss)"),
    ),
    _mistake(
        "exponential-in-bits",
        "You turn the loss into bits and take the power of e. Either bits and a power of two, or nats and a power of e.",
        ("math.exp(loss)", "math.exp(loss / math.log(2))"),
    ),
    _mistake(
        "less-one",
        "`expm1` is exp(x) - 1. Perplexity is exp(loss).",
        ("math.exp(loss)", "math.expm1(loss)"),
    ),
    _mistake(
        "characters-for-bytes",
        "You divide by the number of characters. A letter with an accent is one character and two bytes: encode the text "
        "first.",
        ('len(text.encode("utf-8"))', "len(text)"),
    ),
    _mistake(
        "another-encoding",
        "You count the bytes of another encoding, in which every character takes at least two. UTF-8 is asked for.",
        ('text.encode("utf-8")', 'text.encode("utf-16-le")'),
    ),
    _mistake(
        "accents-dropped",
        "Your encoding leaves out what it cannot write. UTF-8 can write everything.",
        ('text.encode("utf-8")', 'text.encode("ascii", "ignore")'),
    ),
    _mistake(
        "words-for-bytes",
        "You divide by the number of words. The cost is shared among the bytes.",
        ('len(text.encode("utf-8"))', "max(1, len(text.split()))"),
    ),
    _mistake(
        "left-in-nats",
        "Your result is in nats per byte. One nat is 1 / log 2 bits.",
        ("nats / math.log(2)", "nats"),
    ),
    _mistake(
        "multiplied-by-log-two",
        "You multiply by log 2, which turns bits into nats. From nats to bits one divides.",
        ("nats / math.log(2)", "nats * math.log(2)"),
    ),
    _mistake(
        "logarithm-of-the-cost",
        "You take the logarithm of the cost. It is a sum of logarithms already; only its unit changes: divide by log 2.",
        ("nats / math.log(2)", "math.log2(nats)"),
    ),
    _mistake(
        "one-token",
        "You share the cost of one token among all bytes. The text costs `loss` for each of its tokens.",
        ("loss * n_tokens", "loss"),
    ),
    _mistake(
        "bits-per-token",
        "Your result is in bits per token. The cost of the whole text is shared among its bytes.",
        ("loss * n_tokens", "loss"),
        (' / len(text.encode("utf-8"))', ""),
    ),
    _mistake(
        "bits-in-all",
        "You return the bits of the whole text. Divide by its number of bytes.",
        (' / len(text.encode("utf-8"))', ""),
    ),
    _mistake(
        "bytes-per-token",
        "You divide by the number of tokens and multiply by that of bytes. It is the other way around: the cost of all "
        "tokens, shared among the bytes.",
        ("loss * n_tokens", "loss / n_tokens"),
        ("bits / len", "bits * len"),
    ),
]
