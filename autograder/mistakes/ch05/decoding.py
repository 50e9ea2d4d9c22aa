"""Known mistakes of chapter 5: temperature, top-k, top-p, drawing the next token, generating whole texts."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- apply_temperature ---------------------------------------------------------------------------------------------

_TEMPERATURE_RIGHT = """def apply_temperature(logits, temperature):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        best = logits.argmax(dim=-1, keepdim=True)
        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)
    return logits / temperature
"""


def _temperature(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_decoding: Exercise 1: temperature"
    return made_in(_TEMPERATURE_RIGHT, "ch05/apply-temperature", name, explanation, *changes, see=see)


_TEMPERATURE = [
    _temperature(
        "multiplied",
        "You multiply by the temperature, so that a high one sharpens. The logits are divided by it.",
        ("logits / temperature", "logits * temperature"),
    ),
    _temperature(
        "no-case-for-zero",
        "At temperature 0 you divide by zero, and get infinities and NaN. Temperature 0 needs a case of its own: only the "
        "largest logit of each row stays finite.",
        ("    if temperature == 0:\n", "    if temperature is None:\n"),
    ),
    _temperature(
        "zero-changes-nothing",
        "At temperature 0 you return the logits as they are, which is temperature 1. At 0 only the largest logit of each row "
        "stays finite.",
        ("        best = logits.argmax(dim=-1, keepdim=True)\n        return torch.full_like(logits, float(\"-inf\")).scatter(-1, best, 0.0)\n",
         "        return logits\n"),
    ),
    _temperature(
        "zero-refused",
        "You refuse temperature 0. It stands for the limit: the most probable token gets all the probability.",
        ("temperature < 0", "temperature <= 0"),
    ),
    _temperature(
        "small-number-added",
        "You add a small number to the temperature so that 0 does no harm. Close logits then share the probability, and every "
        "other temperature is a little off. Treat 0 by itself.",
        ("    if temperature == 0:\n        best = logits.argmax(dim=-1, keepdim=True)\n"
         "        return torch.full_like(logits, float(\"-inf\")).scatter(-1, best, 0.0)\n    return logits / temperature\n",
         "    return logits / (temperature + 0.01)\n"),
    ),
    _temperature(
        "negative-allowed",
        "You divide by a negative temperature, which turns the order of the tokens round. Raise `ValueError`.",
        ("    if temperature < 0:\n        raise ValueError(\"temperature must not be negative\")\n", ""),
    ),
    _temperature(
        "negative-made-positive",
        "You take a negative temperature for a positive one. Raise `ValueError`: somebody has made a mistake, and should know.",
        ("        raise ValueError(\"temperature must not be negative\")\n", "        temperature = -temperature\n"),
    ),
    _temperature(
        "assert-for-error",
        "A negative temperature raises an AssertionError in your code. `assert` is for what cannot be; bad arguments raise "
        "`ValueError`.",
        ("    if temperature < 0:\n        raise ValueError(\"temperature must not be negative\")\n",
         "    assert temperature >= 0\n"),
    ),
    _temperature(
        "probabilities",
        "You return probabilities. The function gives logits, so that filters can follow; the softmax comes last.",
        ("return logits / temperature", "return torch.softmax(logits / temperature, dim=-1)"),
    ),
    _temperature(
        "softmax-first",
        "You divide probabilities by the temperature. It is the logits that are divided, before any softmax.",
        ("return logits / temperature", "return torch.softmax(logits, dim=-1) / temperature"),
    ),
    _temperature(
        "squared",
        "You divide by the square of the temperature.",
        ("logits / temperature", "logits / temperature**2"),
    ),
    _temperature(
        "one-winner-for-the-batch",
        "At temperature 0 you look for the largest logit of the whole batch, and rows that do not hold it have nothing left. "
        "Each row has its own: `dim=-1`.",
        ("        best = logits.argmax(dim=-1, keepdim=True)\n        return torch.full_like(logits, float(\"-inf\")).scatter(-1, best, 0.0)\n",
         "        return logits.masked_fill(logits < logits.max(), float(\"-inf\"))\n"),
    ),
    _temperature(
        "winner-of-each-column",
        "At temperature 0 you look for the largest logit of each column, across the texts. Each row has its own: `dim=-1`.",
        ("        best = logits.argmax(dim=-1, keepdim=True)\n        return torch.full_like(logits, float(\"-inf\")).scatter(-1, best, 0.0)\n",
         "        best = logits.argmax(dim=0, keepdim=True)\n        return torch.full_like(logits, float(\"-inf\")).scatter(0, best, 0.0)\n"),
    ),
    _temperature(
        "zeros-for-the-others",
        "At temperature 0 the others get the logit 0, and e to the power of 0 is 1: they keep some probability. They need -inf.",
        ("torch.full_like(logits, float(\"-inf\")).scatter(-1, best, 0.0)", "torch.zeros_like(logits).scatter(-1, best, 1.0)"),
    ),
    _temperature(
        "index-for-logits",
        "At temperature 0 you return the index of the best token. The function gives logits, shape (B, V).",
        ("        return torch.full_like(logits, float(\"-inf\")).scatter(-1, best, 0.0)\n", "        return best\n"),
    ),
    _temperature(
        "input-changed",
        "You write into the caller's logits: `/=` works in place. Make a new tensor.",
        ("    return logits / temperature\n", "    logits /= temperature\n    return logits\n"),
    ),
]  # fmt: skip

# --- top_k_filter --------------------------------------------------------------------------------------------------

_K_RIGHT = """def top_k_filter(logits, k):
    k = min(k, logits.size(-1))
    top_logits, _ = torch.topk(logits, k)
    min_val = top_logits[:, -1:]
    return torch.where(logits < min_val, torch.tensor(float("-inf")), logits)
"""


def _top_k(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_decoding: Exercise 2: top-k"
    return made_in(_K_RIGHT, "ch05/top-k-filter", name, explanation, *changes, see=see)


_TOP_K = [
    _top_k(
        "threshold-without-dimension",
        "Your thresholds have the shape (B), so that they are compared with the columns. Beside the rows they need the shape "
        "(B, 1): slice with `[:, -1:]`.",
        ("top_logits[:, -1:]", "top_logits[:, -1]"),
    ),
    _top_k(
        "threshold-of-the-first-row",
        "All rows are compared with the threshold of the first one. Each row has its own.",
        ("top_logits[:, -1:]", "top_logits[0, -1]"),
    ),
    _top_k(
        "threshold-of-the-batch",
        "Your threshold is the smallest of all rows' thresholds, so that rows with larger logits keep too much. Each row has "
        "its own.",
        ("top_logits[:, -1:]", "top_logits[:, -1:].min()"),
    ),
    _top_k(
        "best-of-the-whole-batch",
        "You look for the k best of the whole batch. Each row keeps its own k.",
        ("    k = min(k, logits.size(-1))\n    top_logits, _ = torch.topk(logits, k)\n    min_val = top_logits[:, -1:]\n",
         "    k = min(k, logits.numel())\n    top_logits, _ = torch.topk(logits.flatten(), k)\n    min_val = top_logits[-1]\n"),
    ),
    _top_k(
        "best-of-each-column",
        "You look for the k best of each column, across the texts. The vocabulary is the last dimension.",
        ("    k = min(k, logits.size(-1))\n    top_logits, _ = torch.topk(logits, k)\n    min_val = top_logits[:, -1:]\n",
         "    k = min(k, logits.size(0))\n    top_logits, _ = torch.topk(logits, k, dim=0)\n    min_val = top_logits[-1:]\n"),
    ),
    _top_k(
        "too-large-k-crashes",
        "When k is larger than the vocabulary, `topk` raises an error. Nothing is to be cut then: limit k.",
        ("    k = min(k, logits.size(-1))\n", ""),
    ),
    _top_k(
        "limited-by-the-batch",
        "You limit k by the number of rows. It is limited by the width, the last dimension.",
        ("logits.size(-1)", "logits.size(0)"),
    ),
    _top_k(
        "the-kth-goes",
        "The k-th token goes, too: compare with `<`, so that the threshold itself stays.",
        ("logits < min_val", "logits <= min_val"),
    ),
    _top_k(
        "one-too-many",
        "You keep k + 1 tokens.",
        ("min(k, logits.size(-1))", "min(k + 1, logits.size(-1))"),
    ),
    _top_k(
        "zero-for-minus-infinity",
        "What is cut gets the logit 0, and e to the power of 0 is 1: it can still be drawn. It needs -inf.",
        ("torch.tensor(float(\"-inf\"))", "torch.tensor(0.0)"),
    ),
    _top_k(
        "multiplied-by-a-mask",
        "You multiply the logits by a mask of ones and zeros. A logit of 0 is no probability of 0; set them to -inf.",
        ("torch.where(logits < min_val, torch.tensor(float(\"-inf\")), logits)", "logits * (logits >= min_val)"),
    ),
    _top_k(
        "the-least-probable-stay",
        "You keep the least probable tokens and cut the best ones off.",
        ("torch.where(logits < min_val, torch.tensor(float(\"-inf\")), logits)",
         "torch.where(logits >= min_val, torch.tensor(float(\"-inf\")), logits)"),
    ),
    _top_k(
        "only-the-values",
        "You return the k largest logits alone, and with them it is lost which tokens they belong to. The result has the shape "
        "of the input.",
        ("return torch.where(logits < min_val, torch.tensor(float(\"-inf\")), logits)", "return top_logits"),
    ),
    _top_k(
        "probabilities",
        "You return probabilities. What stays keeps its logit; the softmax comes later.",
        ("return torch.where(logits < min_val, torch.tensor(float(\"-inf\")), logits)",
         "return torch.softmax(torch.where(logits < min_val, torch.tensor(float(\"-inf\")), logits), dim=-1)"),
    ),
    _top_k(
        "threshold-is-the-largest",
        "Your threshold is the largest logit, so that only one token stays. The k-th is the last one that `topk` gives.",
        ("top_logits[:, -1:]", "top_logits[:, :1]"),
    ),
    _top_k(
        "rank-in-the-vocabulary",
        "You keep the tokens with the ids 0 to k - 1. It is the k largest logits that stay, wherever they are.",
        ("logits < min_val", "(torch.arange(logits.size(-1)) >= k).expand_as(logits)"),
    ),
    _top_k(
        "input-changed",
        "You write -inf into the caller's logits. Make a new tensor, with `torch.where` or `masked_fill`.",
        ("    return torch.where(logits < min_val, torch.tensor(float(\"-inf\")), logits)\n",
         "    logits[logits < min_val] = float(\"-inf\")\n    return logits\n"),
    ),
]  # fmt: skip

# --- top_p_filter --------------------------------------------------------------------------------------------------

_P_RIGHT = """def top_p_filter(logits, p):
    sorted_logits, sorted_indices = torch.sort(logits, dim=-1, descending=True)
    probs = torch.softmax(sorted_logits, dim=-1)
    before = torch.cumsum(probs, dim=-1) - probs
    sorted_remove = before >= p
    remove = sorted_remove.scatter(1, sorted_indices, sorted_remove)
    return logits.masked_fill(remove, float("-inf"))
"""


def _top_p(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_decoding: Exercise 3: top-p"
    return made_in(_P_RIGHT, "ch05/top-p-filter", name, explanation, *changes, see=see)


_TOP_P = [
    _top_p(
        "crossing-token-dropped",
        "You drop the token with which the sum crosses p, and when the first token crosses it, nothing is left. It stays: look "
        "at the sum of the tokens before.",
        ("    before = torch.cumsum(probs, dim=-1) - probs\n", "    before = torch.cumsum(probs, dim=-1)\n"),
        ("before >= p", "before > p"),
    ),
    _top_p(
        "crossing-token-dropped-but-one-kept",
        "You drop the token with which the sum crosses p, and only make sure that one token stays. What stays must have at "
        "least the probability p together.",
        ("    before = torch.cumsum(probs, dim=-1) - probs\n", "    before = torch.cumsum(probs, dim=-1)\n"),
        ("    sorted_remove = before >= p\n", "    sorted_remove = before > p\n    sorted_remove[:, 0] = False\n"),
    ),
    _top_p(
        "one-too-many",
        "You keep one token more than are needed to reach p.",
        ("    sorted_remove = before >= p\n",
         "    sorted_remove = (before - probs.roll(1, dims=-1) * (torch.arange(probs.size(-1)) > 0)) >= p\n"),
    ),
    _top_p(
        "not-put-back",
        "Your mask is in sorted order, and you lay it on logits that are not. Put each entry back to its token's place, with "
        "`scatter`.",
        ("sorted_remove.scatter(1, sorted_indices, sorted_remove)", "sorted_remove"),
    ),
    _top_p(
        "gather-for-scatter",
        "You bring the mask back with `gather`, which goes the other way. The entry of rank r belongs to the place order[r]: "
        "that is `scatter`.",
        ("sorted_remove.scatter(1, sorted_indices, sorted_remove)", "sorted_remove.gather(1, sorted_indices)"),
    ),
    _top_p(
        "sorted-logits-returned",
        "You return the logits in sorted order, so that they belong to other tokens. They stay at their old places.",
        ("return logits.masked_fill(remove, float(\"-inf\"))", "return sorted_logits.masked_fill(sorted_remove, float(\"-inf\"))"),
    ),
    _top_p(
        "sorted-upwards",
        "You sort upwards, so that you keep the least probable tokens: `descending=True`.",
        (", descending=True", ""),
    ),
    _top_p(
        "sums-of-logits",
        "You add up logits. It is probabilities that sum to 1: take the softmax first.",
        ("torch.softmax(sorted_logits, dim=-1)", "sorted_logits"),
    ),
    _top_p(
        "a-threshold-for-each-token",
        "You cut every token whose own probability is below p. It is the sum of the most probable ones that has to reach p.",
        ("before >= p", "probs < p"),
    ),
    _top_p(
        "share-of-the-largest",
        "You keep the tokens with at least p times the largest probability. That is another filter, min-p; here the sum of the "
        "most probable ones has to reach p.",
        ("before >= p", "probs < p * probs[:, :1]"),
    ),
    _top_p(
        "one-minus-p",
        "You take p for the share that is cut off. It is the share that stays.",
        ("before >= p", "before >= 1 - p"),
    ),
    _top_p(
        "softmax-over-the-batch",
        "Your softmax runs over the texts, so that a row's probabilities do not sum to 1. It runs over the vocabulary: "
        "`dim=-1`.",
        ("torch.softmax(sorted_logits, dim=-1)", "torch.softmax(sorted_logits, dim=0)"),
    ),
    _top_p(
        "sums-over-the-batch",
        "Your running sum runs over the texts. It runs along each row: `dim=-1`.",
        ("torch.cumsum(probs, dim=-1) - probs", "torch.cumsum(probs, dim=0) - probs"),
    ),
    _top_p(
        "as-many-as-the-first-row",
        "Every row keeps as many tokens as the first one. Each row has its own number.",
        ("    sorted_remove = before >= p\n", "    sorted_remove = (before >= p)[:1].expand_as(probs)\n"),
    ),
    _top_p(
        "zero-for-minus-infinity",
        "What is cut gets the logit 0, and e to the power of 0 is 1: it can still be drawn. It needs -inf.",
        ("masked_fill(remove, float(\"-inf\"))", "masked_fill(remove, 0.0)"),
    ),
    _top_p(
        "probabilities",
        "You return probabilities. What stays keeps its logit; the softmax comes later.",
        ("return logits.masked_fill(remove, float(\"-inf\"))",
         "return torch.softmax(logits.masked_fill(remove, float(\"-inf\")), dim=-1)"),
    ),
    _top_p(
        "only-the-first",
        "You keep nothing but the most probable token of each row.",
        ("before >= p", "before > 0"),
    ),
    _top_p(
        "input-changed",
        "You write -inf into the caller's logits: methods that end in an underscore work in place. Make a new tensor.",
        ("logits.masked_fill(remove", "logits.masked_fill_(remove"),
    ),
]  # fmt: skip

# --- sample_next ---------------------------------------------------------------------------------------------------

_SAMPLE_RIGHT = """def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=-1, keepdim=True)
    logits = logits / temperature
    if top_k is not None:
        least = logits.topk(min(top_k, logits.size(-1))).values[:, -1:]
        logits = logits.masked_fill(logits < least, float("-inf"))
    if top_p is not None:
        ordered, order = logits.sort(dim=-1, descending=True)
        shares = ordered.softmax(dim=-1)
        gone = shares.cumsum(dim=-1) - shares >= top_p
        logits = logits.masked_fill(gone.scatter(1, order, gone), float("-inf"))
    probs = torch.softmax(logits, dim=-1)
    return torch.multinomial(probs, num_samples=1, generator=generator)
"""

_TOP_P_LINES = """    if top_p is not None:
        ordered, order = logits.sort(dim=-1, descending=True)
        shares = ordered.softmax(dim=-1)
        gone = shares.cumsum(dim=-1) - shares >= top_p
        logits = logits.masked_fill(gone.scatter(1, order, gone), float("-inf"))
"""


def _sample(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_decoding: Exercise 4: sample_next"
    return made_in(_SAMPLE_RIGHT, "ch05/sample-next", name, explanation, *changes, see=see)


_SAMPLE = [
    _sample(
        "always-the-best",
        "You always take the most probable token. Draw one with the probabilities: `torch.multinomial`.",
        ("torch.multinomial(probs, num_samples=1, generator=generator)", "probs.argmax(dim=-1, keepdim=True)"),
    ),
    _sample(
        "temperature-multiplied",
        "You multiply the logits by the temperature. They are divided by it.",
        ("logits / temperature", "logits * temperature"),
    ),
    _sample(
        "no-case-for-zero",
        "At temperature 0 you divide by zero. Temperature 0 takes the most probable token of each row.",
        ("    if temperature == 0:\n        return logits.argmax(dim=-1, keepdim=True)\n", ""),
    ),
    _sample(
        "zero-as-one",
        "You take temperature 0 for no temperature at all, and draw. It takes the most probable token.",
        ("    if temperature == 0:\n        return logits.argmax(dim=-1, keepdim=True)\n    logits = logits / temperature\n",
         "    if temperature > 0:\n        logits = logits / temperature\n"),
    ),
    _sample(
        "zero-takes-one-for-all",
        "At temperature 0 your arg-max runs over the whole batch. Each row has its own most probable token: `dim=-1`.",
        ("return logits.argmax(dim=-1, keepdim=True)", "return (logits.argmax() % logits.size(-1)).expand(len(logits), 1)"),
    ),
    _sample(
        "top-p-before-the-temperature",
        "Your top-p comes before the temperature, which changes the probabilities afterwards. First the temperature, then "
        "top-k, then top-p.",
        ("    logits = logits / temperature\n", ""),
        ("    probs = torch.softmax(logits, dim=-1)\n", "    probs = torch.softmax(logits / temperature, dim=-1)\n"),
    ),
    _sample(
        "top-p-before-top-k",
        "Your top-p comes before top-k, so its probabilities are those of all tokens. It comes last, with what top-k has left.",
        (_TOP_P_LINES, ""),
        ("    if top_k is not None:\n", _TOP_P_LINES + "    if top_k is not None:\n"),
    ),
    _sample(
        "top-k-ignored",
        "Your top-k has no effect: the filtered logits must be what goes into the next steps.",
        ("        logits = logits.masked_fill(logits < least, float(\"-inf\"))\n",
         "        logits.masked_fill(logits < least, float(\"-inf\"))\n"),
    ),
    _sample(
        "top-p-ignored",
        "Your top-p has no effect: the filtered logits must be what goes into the next steps.",
        ("        logits = logits.masked_fill(gone.scatter(1, order, gone), float(\"-inf\"))\n",
         "        logits.masked_fill(gone.scatter(1, order, gone), float(\"-inf\"))\n"),
    ),
    _sample(
        "top-p-or-top-k",
        "When top-k is given, you leave top-p out. Both can be given, and then both filter.",
        ("    if top_p is not None:\n", "    if top_p is not None and top_k is None:\n"),
    ),
    _sample(
        "crossing-token-dropped",
        "Your top-p drops the token with which the sum crosses p. It stays.",
        ("shares.cumsum(dim=-1) - shares >= top_p", "(shares.cumsum(dim=-1) > top_p) & (torch.arange(shares.size(-1)) > 0)"),
    ),
    _sample(
        "too-large-k-crashes",
        "When top_k is larger than the vocabulary, `topk` raises an error. Then nothing is cut.",
        ("min(top_k, logits.size(-1))", "top_k"),
    ),
    _sample(
        "evenly-among-those-left",
        "You draw evenly among the tokens that are left. Draw with their probabilities.",
        ("    probs = torch.softmax(logits, dim=-1)\n", "    probs = logits.isfinite().float()\n"),
    ),
    _sample(
        "drawn-from-logits",
        "You draw from logits. `torch.multinomial` needs weights that are not negative: take the softmax first.",
        ("torch.softmax(logits, dim=-1)", "logits.clamp(min=0)"),
    ),
    _sample(
        "softmax-over-the-batch",
        "Your softmax runs over the texts. It runs over the vocabulary: `dim=-1`.",
        ("    probs = torch.softmax(logits, dim=-1)\n", "    probs = torch.softmax(logits, dim=0)\n"),
    ),
    _sample(
        "one-draw-for-all-rows",
        "You draw once, from the first row, and give all rows that token. Each row is drawn by itself, from its own "
        "probabilities.",
        ("torch.multinomial(probs, num_samples=1, generator=generator)",
         "torch.multinomial(probs[:1], num_samples=1, generator=generator).expand(len(probs), 1)"),
    ),
    _sample(
        "one-random-number-for-all-rows",
        "You use one random number for all rows, so that equal rows get equal tokens. Each row is drawn by itself.",
        ("torch.multinomial(probs, num_samples=1, generator=generator)",
         "(probs.cumsum(dim=-1) < torch.rand(1, generator=generator)).sum(dim=-1, keepdim=True).clamp(max=probs.size(-1) - 1)"),
    ),
    _sample(
        "generator-ignored",
        "You do not hand the generator on, so a seed makes nothing repeatable: `torch.multinomial(…, generator=generator)`.",
        (", generator=generator)\n", ")\n"),
    ),
    _sample(
        "generator-wound-back",
        "You set the generator back to its seed in each call, so that it gives the same numbers again and again. Let it go on.",
        ("    probs = torch.softmax",
         "    if generator is not None:\n        generator.manual_seed(generator.initial_seed())\n    probs = torch.softmax"),
    ),
    _sample(
        "global-seed",
        "You seed PyTorch's global generator in each call, so that every call draws the same. Use the generator that you are "
        "given, and seed nothing.",
        ("    probs = torch.softmax", "    torch.manual_seed(123)\n    probs = torch.softmax"),
        (", generator=generator)\n", ")\n"),
    ),
    _sample(
        "rank-for-id",
        "You return a rank in the sorted order. Look up which token has that rank.",
        ("    probs = torch.softmax(logits, dim=-1)\n",
         "    probs = torch.softmax(logits, dim=-1).sort(dim=-1, descending=True).values\n"),
    ),
    _sample(
        "dimension-lost",
        "Your result has the shape (B). It should be (B, 1), so that it can be appended to the texts.",
        ("    return torch.multinomial(probs, num_samples=1, generator=generator)\n",
         "    return torch.multinomial(probs, num_samples=1, generator=generator).squeeze(1)\n"),
    ),
    _sample(
        "input-changed",
        "You write into the caller's logits: `/=` works in place. Make new tensors.",
        ("    logits = logits / temperature\n", "    logits /= temperature\n"),
    ),
]  # fmt: skip

# --- generate ------------------------------------------------------------------------------------------------------

_GENERATE_RIGHT = """def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    was_training = model.training
    model.eval()
    finished = torch.zeros(idx.shape[0], 1, dtype=torch.bool)
    for _ in range(max_new_tokens):
        idx_cond = idx[:, -context_length:]
        with torch.no_grad():
            logits = model(idx_cond)
        logits = logits[:, -1, :]
        idx_next = choose(logits)
        if eos_id is not None:
            idx_next = idx_next.masked_fill(finished, eos_id)
            finished = finished | (idx_next == eos_id)
        idx = torch.cat((idx, idx_next), dim=1)
        if eos_id is not None and finished.all():
            break
    model.train(was_training)
    return idx
"""


def _generate(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_decoding: Exercise 5: generate"
    return made_in(_GENERATE_RIGHT, "ch05/generate", name, explanation, *changes, see=see)


_GENERATE = [
    _generate(
        "one-row-ends-all",
        "As soon as one row has ended, you stop for all of them. Go on until **all** rows have ended.",
        ("finished.all()", "finished.any()"),
    ),
    _generate(
        "ends-when-all-end-at-once",
        "You stop only when all rows have the end-of-text token in the same step, and rows that have ended go on writing. "
        "Remember for each row that it has ended, and pad it.",
        ("            idx_next = idx_next.masked_fill(finished, eos_id)\n            finished = finished | (idx_next == eos_id)\n",
         "            finished = idx_next == eos_id\n"),
    ),
    _generate(
        "ended-rows-go-on",
        "Rows that have ended go on writing. From their end on they get nothing but `eos_id`.",
        ("            idx_next = idx_next.masked_fill(finished, eos_id)\n", ""),
    ),
    _generate(
        "never-stops",
        "You go on until `max_new_tokens`, though all rows have ended. Leave the loop then.",
        ("        if eos_id is not None and finished.all():\n            break\n", ""),
    ),
    _generate(
        "padded-with-zero",
        "You fill ended rows up with 0. They get `eos_id`.",
        ("            idx_next = idx_next.masked_fill(finished, eos_id)\n            finished = finished | (idx_next == eos_id)\n",
         "            idx_next = idx_next.masked_fill(finished, 0)\n            finished = finished | (idx_next == eos_id)\n"),
    ),
    _generate(
        "end-not-appended",
        "You stop before you have appended the last tokens, so the end-of-text token that ended the last row is missing.",
        ("        idx = torch.cat((idx, idx_next), dim=1)\n        if eos_id is not None and finished.all():\n            break\n",
         "        if eos_id is not None and finished.all():\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n"),
    ),
    _generate(
        "one-step-too-late",
        "You notice one step too late that all rows have ended, and append a column of padding.",
        ("        if eos_id is not None and finished.all():\n            break\n", ""),
        ("            idx_next = idx_next.masked_fill(finished, eos_id)\n",
         "            idx_next = idx_next.masked_fill(finished, eos_id)\n            if finished.all():\n"
         "                idx = torch.cat((idx, idx_next), dim=1)\n                break\n"),
    ),
    _generate(
        "end-noticed-late",
        "You look at the last token of each text before you choose the next one. In the first step that is the prompt's own, "
        "which ends nothing, and later the end is noticed one step too late. Look at the tokens just chosen.",
        ("            idx_next = idx_next.masked_fill(finished, eos_id)\n            finished = finished | (idx_next == eos_id)\n",
         "            finished = finished | (idx[:, -1:] == eos_id)\n            idx_next = idx_next.masked_fill(finished, eos_id)\n"),
    ),
    _generate(
        "end-in-the-prompt",
        "You look for the end-of-text token in the whole text, prompt included. Only tokens that the model has chosen end a "
        "row.",
        ("            finished = finished | (idx_next == eos_id)\n        idx = torch.cat((idx, idx_next), dim=1)\n",
         "        idx = torch.cat((idx, idx_next), dim=1)\n        if eos_id is not None:\n"
         "            finished = (idx == eos_id).any(dim=1, keepdim=True)\n"),
    ),
    _generate(
        "zero-is-no-end",
        "You ask `if eos_id`, which is false for token 0. Ask `if eos_id is not None`.",
        ("        if eos_id is not None:\n", "        if eos_id:\n"),
    ),
    _generate(
        "first-row-decides",
        "You look at the first row alone to see whether the texts have ended. Each row ends by itself.",
        ("            finished = finished | (idx_next == eos_id)\n", "            finished = finished | (idx_next[0] == eos_id)\n"),
    ),
    _generate(
        "ended-rows-left-out",
        "You drop rows that have ended, and with them their texts. They stay in the batch, padded.",
        ("        idx = torch.cat((idx, idx_next), dim=1)\n",
         "        idx = torch.cat((idx, idx_next), dim=1)\n        if eos_id is not None and not finished.all():\n"
         "            idx, finished = idx[~finished[:, 0]], finished[~finished[:, 0]]\n"),
    ),
    _generate(
        "crop-to-the-first",
        "When the text is too long, you give the model its first tokens, so that it never sees how the text goes on. Give it "
        "the last ones: `idx[:, -context_length:]`.",
        ("idx[:, -context_length:]", "idx[:, :context_length]"),
    ),
    _generate(
        "no-crop",
        "You give the model the whole text, however long it is. It can read `context_length` tokens: give it the last ones.",
        ("idx[:, -context_length:]", "idx"),
    ),
    _generate(
        "result-cropped",
        "You crop the text itself, so the result loses its beginning. Crop only what the model gets, under another name.",
        ("        idx_cond = idx[:, -context_length:]\n", "        idx = idx[:, -context_length:]\n"),
        ("model(idx_cond)", "model(idx)"),
    ),
    _generate(
        "only-the-newest-token",
        "After the first step you give the model the newest token only, as one does with a KV cache. This model has none: it "
        "has to read the text again, in every step.",
        ("    for _ in", "    for step in"),
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx[:, -context_length:] if step == 0 else idx[:, -1:]"),
    ),
    _generate(
        "first-position",
        "You choose from the logits of the first position. Those of the last one rate what comes next: index -1.",
        ("logits[:, -1, :]", "logits[:, 0, :]"),
    ),
    _generate(
        "choose-ignored",
        "You take the most probable token and never call `choose`. The caller decides how to choose.",
        ("choose(logits)", "logits.argmax(dim=-1, keepdim=True)"),
    ),
    _generate(
        "probabilities-to-choose",
        "You hand probabilities to `choose`, which takes a softmax of its own, and a softmax of probabilities is nearly flat. "
        "Hand it the logits.",
        ("choose(logits)", "choose(torch.softmax(logits, dim=-1))"),
    ),
    _generate(
        "chosen-once-for-all",
        "You choose for the first row, and all rows get its token. Hand `choose` all rows.",
        ("choose(logits)", "choose(logits[:1]).expand(len(idx), 1)"),
    ),
    _generate(
        "without-the-prompt",
        "You return the new tokens alone. The result begins with the prompt.",
        ("    for _ in", "    length = idx.shape[1]\n    for _ in"),
        ("return idx", "return idx[:, length:]"),
    ),
    _generate(
        "at-least-one",
        "You append a token even when none is wanted: with `max_new_tokens=0` the prompt comes back as it is.",
        ("range(max_new_tokens)", "range(max(1, max_new_tokens))"),
    ),
    _generate(
        "dropout-left-on",
        "Your model generates in the mode in which it came. In training mode dropout is at work: call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _generate(
        "never-back",
        "You leave the model in evaluation mode. Put it back into the mode in which it came: `model.train(was_training)`.",
        ("    model.train(was_training)\n", ""),
    ),
    _generate(
        "not-back-after-an-early-end",
        "When all rows end early, you return from inside the loop, and the model stays in evaluation mode. Leave the loop with "
        "`break`, or put the mode back before you return.",
        ("            break\n", "            return idx\n"),
    ),
    _generate(
        "always-to-training-mode",
        "You leave the model in training mode even when it came in evaluation mode. Remember `model.training` before you "
        "change it.",
        ("model.train(was_training)", "model.train()"),
    ),
    _generate(
        "gradients-recorded",
        "PyTorch records gradients while you generate, and keeps every step in memory. Use `torch.no_grad()`.",
        ("        with torch.no_grad():\n            logits = model(idx_cond)\n", "        logits = model(idx_cond)\n"),
    ),
    _generate(
        "prompt-overwritten",
        "You write into the window that the model has read, and it is a piece of the caller's tensor: a slice shares its "
        "memory. Make new tensors.",
        ("        idx = torch.cat((idx, idx_next), dim=1)\n",
         "        idx = torch.cat((idx, idx_next), dim=1)\n        idx_cond[:, -1:] = idx_next\n"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_TEMPERATURE, *_TOP_K, *_TOP_P, *_SAMPLE, *_GENERATE]
