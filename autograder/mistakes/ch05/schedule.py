"""Known mistakes of chapter 5: the learning-rate schedule, clipping, accumulation, the choice of precision."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- warmup_cosine -------------------------------------------------------------------------------------------------

_RATE_RIGHT = """def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        increment = (peak - initial) / warmup_steps
        return initial + step * increment
    if step >= n_steps:
        return least
    progress = (step - warmup_steps) / (n_steps - warmup_steps)
    return least + (peak - least) * 0.5 * (1 + math.cos(math.pi * progress))
"""


def _rate(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_learning_rate_and_gradients: Exercise 1: warmup_cosine"
    return made_in(_RATE_RIGHT, "ch05/warmup-cosine", name, explanation, *changes, see=see)


_RATE = [
    _rate(
        "warm-up-from-zero",
        "Your warm-up starts at 0, whatever `initial` says. Step 0 has the initial rate, and the rest of the way to the "
        "peak is shared among the steps.",
        ("(peak - initial) / warmup_steps", "peak / warmup_steps"),
        ("initial + step * increment", "step * increment"),
    ),
    _rate(
        "warm-up-beyond-the-peak",
        "You add the initial rate to a line that already rises by the whole peak, so the warm-up ends above the peak. It "
        "rises by `peak - initial`.",
        ("(peak - initial) / warmup_steps", "peak / warmup_steps"),
    ),
    _rate(
        "warm-up-one-step-early",
        "Your warm-up is one step ahead: step 0 has gone up already. Step 0 has the initial rate.",
        ("step * increment", "(step + 1) * increment"),
    ),
    _rate(
        "warm-up-one-step-fewer",
        "Your line reaches the peak one step too early, at the last step of the warm-up. It is step `warmup_steps` that "
        "has the peak.",
        ("(peak - initial) / warmup_steps", "(peak - initial) / max(1, warmup_steps - 1)"),
    ),
    _rate(
        "warm-up-one-step-longer",
        "Your line takes one step too many, so that it does not arrive at the peak where the decay begins.",
        ("(peak - initial) / warmup_steps", "(peak - initial) / (warmup_steps + 1)"),
    ),
    _rate(
        "no-warm-up",
        "There is no warm-up: your rate begins at the peak.",
        ("        return initial + step * increment", "        return peak"),
    ),
    _rate(
        "constant-warm-up",
        "Your rate stays at the initial one during the warm-up and then jumps. It rises in a straight line.",
        ("initial + step * increment", "initial"),
    ),
    _rate(
        "warm-up-divides-by-zero",
        "With no warm-up you divide by zero: compute the step of the line only where there is a warm-up.",
        ("    if step < warmup_steps:\n        increment = (peak - initial) / warmup_steps\n",
         "    increment = (peak - initial) / warmup_steps\n    if step < warmup_steps:\n"),
    ),
    _rate(
        "decay-counted-from-the-start",
        "Your share of the decay counts the steps of the warm-up too, so the rate jumps down where the warm-up ends. "
        "Subtract them.",
        ("(step - warmup_steps) / (n_steps", "step / (n_steps"),
    ),
    _rate(
        "decay-over-all-steps",
        "You divide by all steps, the warm-up included, so the cosine does not get down to the least rate. Divide by the "
        "steps of the decay.",
        ("(n_steps - warmup_steps)", "n_steps"),
    ),
    _rate(
        "decay-without-the-warm-up",
        "Your share is step / n_steps: it is not 0 where the decay begins. Count from the end of the warm-up.",
        ("(step - warmup_steps) / (n_steps - warmup_steps)", "step / n_steps"),
    ),
    _rate(
        "one-step-too-short",
        "Your decay is over one step early. The least rate is reached at step `n_steps`.",
        ("(n_steps - warmup_steps)", "max(1, n_steps - warmup_steps - 1)"),
    ),
    _rate(
        "rises-again",
        "After the planned end your cosine goes on and the rate rises again. Keep the share at 1 at most.",
        ("    if step >= n_steps:\n        return least\n", ""),
    ),
    _rate(
        "zero-at-the-end",
        "After the planned end your rate is 0. It stays at the least rate.",
        ("        return least\n", "        return 0.0\n"),
    ),
    _rate(
        "least-rate-forgotten",
        "Your cosine runs down to 0 and not to the least rate. It covers the way from `peak` to `least`.",
        ("least + (peak - least) * 0.5", "peak * 0.5"),
    ),
    _rate(
        "least-rate-added",
        "You add the least rate to a cosine of the full height, so the decay begins above the peak. Its height is "
        "`peak - least`.",
        ("(peak - least) * 0.5", "peak * 0.5"),
    ),
    _rate(
        "bounded-from-below",
        "You cut the cosine off at the least rate. It is to arrive there: shrink it to the height `peak - least`.",
        ("least + (peak - least) * 0.5 * (1 + math.cos(math.pi * progress))",
         "max(least, peak * 0.5 * (1 + math.cos(math.pi * progress)))"),
    ),
    _rate(
        "half-forgotten",
        "The factor one half is missing: 1 + cos runs from 2 down to 0.",
        ("* 0.5 * (1 + math.cos", "* (1 + math.cos"),
    ),
    _rate(
        "quarter-turn",
        "Your cosine makes a quarter of a turn, from 1 to 0. It makes half a turn: pi times the share.",
        ("0.5 * (1 + math.cos(math.pi * progress))", "math.cos(math.pi / 2 * progress)"),
    ),
    _rate(
        "full-turn",
        "Your cosine makes a full turn and comes back up to the peak. It makes half a turn: pi times the share.",
        ("math.pi * progress", "2 * math.pi * progress"),
    ),
    _rate(
        "degrees",
        "`math.cos` takes radians, and you give it degrees. Half a turn is `math.pi`.",
        ("math.pi * progress", "180 * progress"),
    ),
    _rate(
        "straight-decay",
        "Your rate falls in a straight line. It falls along half a cosine.",
        ("0.5 * (1 + math.cos(math.pi * progress))", "(1 - progress)"),
    ),
    _rate(
        "upside-down",
        "Your cosine is upside down: the rate rises after the warm-up.",
        ("1 + math.cos", "1 - math.cos"),
    ),
]  # fmt: skip

# --- clip_gradients ------------------------------------------------------------------------------------------------

_CLIP_RIGHT = """def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    total = 0.0
    for grad in grads:
        total += grad.pow(2).sum().item()
    norm = total**0.5
    if norm > max_norm:
        for grad in grads:
            grad.mul_(max_norm / norm)
    return norm
"""


def _clip(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_learning_rate_and_gradients: Exercise 2: gradient clipping"
    return made_in(_CLIP_RIGHT, "ch05/clip-gradients", name, explanation, *changes, see=see)


_CLIP = [
    _clip(
        "each-by-itself",
        "You clip each gradient by its own norm, which turns the direction of the step. There is one norm of all "
        "gradients together, and one factor.",
        ("            grad.mul_(max_norm / norm)\n",
         "            own = grad.norm().item()\n            if own > max_norm:\n                grad.mul_(max_norm / own)\n"),
    ),
    _clip(
        "by-value",
        "You cut off every single number. That is clipping by value, which turns the direction; here all gradients are "
        "multiplied by one factor.",
        ("grad.mul_(max_norm / norm)", "grad.clamp_(-max_norm, max_norm)"),
    ),
    _clip(
        "no-root",
        "You take the sum of the squares for the norm: the root is missing.",
        ("total**0.5", "total"),
    ),
    _clip(
        "sum-of-norms",
        "You add up the norms of the gradients. Norms do not add up: add the squares, and take the root at the end.",
        ("grad.pow(2).sum().item()", "grad.norm().item()"),
        ("total**0.5", "total"),
    ),
    _clip(
        "largest-norm",
        "You take the largest of the norms. The global norm is that of all gradients as one long vector.",
        ("total += grad.pow(2).sum().item()", "total = max(total, grad.pow(2).sum().item())"),
    ),
    _clip(
        "largest-number",
        "You take the largest absolute number for the norm. The norm is the root of the sum of the squares.",
        ("total += grad.pow(2).sum().item()", "total = max(total, grad.abs().max().item() ** 2)"),
    ),
    _clip(
        "absolute-values",
        "You add up absolute values. The norm is the root of the sum of the squares.",
        ("grad.pow(2).sum().item()", "grad.abs().sum().item()"),
        ("total**0.5", "total"),
    ),
    _clip(
        "mean-of-squares",
        "You take the mean of the squares, so the norm does not grow with the number of parameters. It is their sum.",
        ("grad.pow(2).sum().item()", "grad.pow(2).mean().item()"),
    ),
    _clip(
        "last-norm-only",
        "Each parameter overwrites the sum of the ones before. Add up with `+=`.",
        ("total += grad", "total = grad"),
    ),
    _clip(
        "stretched",
        "You multiply by max_norm / norm even if the norm is small, so short gradients are stretched. Change them only if "
        "the norm is above the limit.",
        ("    if norm > max_norm:\n", "    if norm > 0:\n"),
    ),
    _clip(
        "stretched-and-divided-by-zero",
        "You always multiply by max_norm / norm: short gradients are stretched, and gradients of zero become NaN.",
        ("    if norm > max_norm:\n        for grad in grads:\n            grad.mul_(max_norm / norm)\n",
         "    for grad in grads:\n        grad.mul_(max_norm / torch.tensor(norm))\n"),
    ),
    _clip(
        "to-length-one",
        "You divide by the norm, so clipped gradients have the norm 1. They are to have the norm `max_norm`.",
        ("max_norm / norm", "1 / norm"),
    ),
    _clip(
        "factor-upside-down",
        "Your factor is upside down: norm / max_norm makes long gradients longer.",
        ("max_norm / norm", "norm / max_norm"),
    ),
    _clip(
        "divided-by-the-limit",
        "You divide by `max_norm` alone. The factor is max_norm / norm.",
        ("grad.mul_(max_norm / norm)", "grad.div_(max_norm)"),
    ),
    _clip(
        "thrown-away",
        "You throw the long gradients away. They are shortened: multiplied by max_norm / norm.",
        ("grad.mul_(max_norm / norm)", "grad.zero_()"),
    ),
    _clip(
        "result-thrown-away",
        "You compute the scaled gradients and throw them away. Write them into `.grad`, in place: `mul_` or `*=`.",
        ("grad.mul_(max_norm / norm)", "grad = grad * (max_norm / norm)"),
    ),
    _clip(
        "norm-after-clipping",
        "You return the norm after clipping. The one before is asked for: it shows what the gradients are like.",
        ("    return norm\n", "    return min(norm, max_norm)\n"),
    ),
    _clip(
        "nothing-returned",
        "You return nothing. Return the norm before clipping.",
        ("    return norm\n", ""),
    ),
    _clip(
        "missing-gradients",
        "Parameters without a gradient have `None` in `.grad`, and you compute with it. Skip them.",
        (" if p.grad is not None", ""),
    ),
    _clip(
        "generator-exhausted",
        "You walk through the parameters twice. A generator, such as `model.parameters()`, is empty the second time: keep "
        "the gradients in a list.",
        ("grads = [p.grad for p in parameters if p.grad is not None]", "grads = (p.grad for p in parameters if p.grad is not None)"),
    ),
    _clip(
        "parameters-scaled",
        "You scale the parameters themselves. Only their gradients are to be scaled.",
        ("    grads = [p.grad for p in parameters if p.grad is not None]\n",
         "    parameters = list(parameters)\n    grads = [p.grad for p in parameters if p.grad is not None]\n"),
        ("        for grad in grads:\n            grad.mul_(max_norm / norm)\n",
         "        for p in parameters:\n            p.data.mul_(max_norm / norm)\n"),
    ),
    _clip(
        "norm-of-the-parameters",
        "You take the norm of the parameters. It is the gradients that are measured and scaled.",
        ("    grads = [p.grad", "    parameters = list(parameters)\n    grads = [p.grad"),
        ("    for grad in grads:\n        total += grad.pow(2)", "    for p in parameters:\n        total += p.detach().pow(2)"),
    ),
]  # fmt: skip

# --- train_step ----------------------------------------------------------------------------------------------------

_STEP_RIGHT = """def train_step(model, optimizer, micro_batches, max_norm=1.0):
    total = sum(targets.numel() for inputs, targets in micro_batches)
    optimizer.zero_grad()
    mean_loss = 0.0
    for inputs, targets in micro_batches:
        weight = targets.numel() / total
        loss = loss_of(model, inputs, targets) * weight
        loss.backward()
        mean_loss += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return mean_loss
"""

_LOOP = """        loss.backward()
        mean_loss += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
"""


def _step(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_learning_rate_and_gradients: Exercise 3: gradient accumulation"
    return made_in(_STEP_RIGHT, "ch05/train-step", name, explanation, *changes, see=see)


_STEP = [
    _step(
        "not-divided",
        "You add up the gradients of the parts without a weight, so the step grows with the number of parts. Multiply "
        "each loss by its share of the tokens.",
        ("weight = targets.numel() / total", "weight = 1.0"),
    ),
    _step(
        "every-part-counts-the-same",
        "You divide each loss by the number of parts, which is right for parts of equal size only. Weigh each by its "
        "share of the tokens.",
        ("weight = targets.numel() / total", "weight = 1 / len(micro_batches)"),
    ),
    _step(
        "weighed-by-texts",
        "You weigh each part by its number of texts. Texts may differ in length: weigh by the number of tokens.",
        ("targets.numel() for", "len(targets) for"),
        ("targets.numel() / total", "len(targets) / total"),
    ),
    _step(
        "sum-of-tokens",
        "You multiply by the number of tokens and do not divide by that of the whole batch.",
        ("targets.numel() / total", "targets.numel()"),
    ),
    _step(
        "gradients-cleared-in-the-loop",
        "You clear the gradients before each part, so only the last part counts. Clear them once, before the loop.",
        ("    optimizer.zero_grad()\n", ""),
        ("        loss.backward()\n", "        optimizer.zero_grad()\n        loss.backward()\n"),
    ),
    _step(
        "never-cleared",
        "You never clear the gradients, so each step carries all earlier ones along. `optimizer.zero_grad()` once per "
        "step.",
        ("    optimizer.zero_grad()\n", ""),
    ),
    _step(
        "cleared-before-the-step",
        "You clear the gradients just before the optimiser uses them, so it does nothing.",
        ("    optimizer.zero_grad()\n", ""),
        ("    optimizer.step()\n", "    optimizer.zero_grad()\n    optimizer.step()\n"),
    ),
    _step(
        "step-for-each-part",
        "You take a step for each part. The parts belong to one batch: one step, after the loop.",
        (_LOOP, _LOOP.replace("    torch", "        torch").replace("    optimizer", "        optimizer")),
    ),
    _step(
        "step-and-clear-for-each-part",
        "You train on each part by itself, with a step after each. The parts belong to one batch: clear once, step once.",
        ("    optimizer.zero_grad()\n", ""),
        (_LOOP, "        optimizer.zero_grad()\n" + _LOOP.replace("    torch", "        torch").replace("    optimizer", "        optimizer")),
    ),
    _step(
        "no-step",
        "Your optimiser never takes its step: `optimizer.step()` is missing.",
        ("    optimizer.step()\n", ""),
    ),
    _step(
        "no-backward",
        "`backward` is missing, so there are no gradients.",
        ("        loss.backward()\n", ""),
    ),
    _step(
        "backward-after-the-loop",
        "You call `backward` on the last part only, after the loop. Each part needs its own.",
        ("        loss.backward()\n", ""),
        ("    torch.nn", "    loss.backward()\n    torch.nn"),
    ),
    _step(
        "all-parts-in-memory",
        "You add up the losses and call `backward` once, so all parts are kept in memory until then. Call it for each "
        "part: that is what accumulation is for.",
        ("        loss.backward()\n        mean_loss += loss.item()\n", "        mean_loss = mean_loss + loss\n"),
        ("    torch.nn", "    mean_loss.backward()\n    torch.nn"),
        ("return mean_loss", "return mean_loss.item()"),
    ),
    _step(
        "graph-kept",
        "You keep the graph of each part, and with it its memory: `retain_graph=True` is not needed.",
        ("        loss.backward()\n", "        loss.backward(retain_graph=True)\n        kept.append(loss)\n"),
        ("    mean_loss = 0.0\n", "    mean_loss, kept = 0.0, []\n"),
    ),
    _step(
        "not-clipped",
        "You do not clip. `torch.nn.utils.clip_grad_norm_` once, before the step.",
        ("    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n", ""),
    ),
    _step(
        "clipped-after-the-step",
        "You clip after the step, when nobody uses the gradients any more. Clip before it.",
        ("    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimizer.step()\n",
         "    optimizer.step()\n    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n"),
    ),
    _step(
        "clipped-for-each-part",
        "You clip after each part, when the gradient is not complete yet. Clip once, after the loop.",
        ("        mean_loss += loss.item()\n    torch", "        mean_loss += loss.item()\n        torch"),
    ),
    _step(
        "always-clipped-at-one",
        "You clip at 1, whatever `max_norm` says.",
        ("model.parameters(), max_norm)", "model.parameters(), 1.0)"),
    ),
    _step(
        "clipped-by-value",
        "You clip every single number of the gradient. Here the global norm is limited: `clip_grad_norm_`.",
        ("clip_grad_norm_", "clip_grad_value_"),
    ),
    _step(
        "last-loss-returned",
        "You return the loss of the last part, times its weight. Add the parts up.",
        ("mean_loss += loss.item()", "mean_loss = loss.item()"),
    ),
    _step(
        "loss-after-the-weights-forgotten",
        "You add up the mean losses without their weights. The mean loss of the batch weighs each part by its tokens.",
        ("mean_loss += loss.item()", "mean_loss += loss.item() / weight"),
    ),
    _step(
        "tensor-returned",
        "You return a tensor, and with it the graphs of all parts stay in memory. Take `.item()`.",
        ("mean_loss += loss.item()", "mean_loss += loss"),
    ),
]  # fmt: skip

# --- precision_for -------------------------------------------------------------------------------------------------

_KIND_RIGHT = """def precision_for(device, capability=(0, 0), features=()):
    if device == "cuda":
        if capability >= (8, 0):
            return torch.bfloat16, False
        if capability >= (7, 0):
            return torch.float16, True
        return torch.float32, False
    if device == "cpu":
        if "avx512_bf16" in features or "amx_bf16" in features:
            return torch.bfloat16, False
        return torch.float32, False
    if device == "mps":
        return torch.bfloat16, False
    return torch.float32, False
"""


def _kind(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "03_learning_rate_and_gradients: Exercise 4: which precision?"
    return made_in(_KIND_RIGHT, "ch05/precision-for", name, explanation, *changes, see=see)


_KIND = [
    _kind(
        "t4-takes-bfloat16",
        "You give bfloat16 to GPUs before Ampere. A T4 (7.5) can only imitate it, slower than float32: the limit is "
        "(8, 0).",
        ("capability >= (8, 0)", "capability >= (7, 0)"),
    ),
    _kind(
        "every-gpu-takes-bfloat16",
        "You give bfloat16 to every GPU. Those before Ampere, such as the T4, do not compute in it.",
        ("        if capability >= (8, 0):\n            return torch.bfloat16, False\n        if capability >= (7, 0):\n"
         "            return torch.float16, True\n        return torch.float32, False\n",
         "        return torch.bfloat16, False\n"),
    ),
    _kind(
        "newer-gpus-forgotten",
        "You ask for exactly (8, 0). Later GPUs, with 8.6, 8.9, 9.0 or 12.0, have bfloat16 too: `>=`.",
        ("capability >= (8, 0)", "capability == (8, 0)"),
    ),
    _kind(
        "generation-eight-only",
        "You ask for the first number 8. GPUs of the generations after it have bfloat16 too.",
        ("capability >= (8, 0)", "capability[0] == 8"),
    ),
    _kind(
        "above-eight",
        "You ask for more than (8, 0), so an A100, which has exactly that, gets no bfloat16.",
        ("capability >= (8, 0)", "capability > (8, 0)"),
    ),
    _kind(
        "compared-as-text",
        "You compare the numbers as text, where 10 comes before 8, so the newest GPUs count as old. Compare the tuples.",
        ("capability >= (8, 0)", 'str(capability[0]) >= "8"'),
    ),
    _kind(
        "both-numbers-compared-apart",
        "You compare the second number by itself, so (8, 0) passes and (7, 9) nearly does, or (9, 0) fails. Compare the "
        "tuples as a whole.",
        ("capability >= (7, 0)", "capability[0] >= 7 and capability[1] >= 5"),
    ),
    _kind(
        "float16-without-scaler",
        "Your float16 has no scaler, so small gradients become 0.",
        ("torch.float16, True", "torch.float16, False"),
    ),
    _kind(
        "bfloat16-with-scaler",
        "Your bfloat16 on a GPU has a scaler. It has the range of float32 and needs none.",
        ("        if capability >= (8, 0):\n            return torch.bfloat16, False",
         "        if capability >= (8, 0):\n            return torch.bfloat16, True"),
    ),
    _kind(
        "t4-takes-float32",
        "You give float32 to the T4 and its kin. They compute in float16, which needs a scaler.",
        ("torch.float16, True", "torch.float32, False"),
    ),
    _kind(
        "float16-on-old-gpus",
        "You give float16 to every GPU before Ampere. Those below 7.0 do not multiply matrices in it any faster: float32.",
        ("capability >= (7, 0)", "capability >= (0, 0)"),
    ),
    _kind(
        "float16-on-processors",
        "You give float16 to processors. They take bfloat16 where they have it, and float32 elsewhere.",
        ("            return torch.bfloat16, False\n        return torch.float32, False\n    if device == \"mps\"",
         "            return torch.float16, True\n        return torch.float32, False\n    if device == \"mps\""),
    ),
    _kind(
        "processors-never",
        "You give float32 to every processor. Those with avx512_bf16 or amx_bf16 compute in bfloat16.",
        ('if "avx512_bf16" in features or "amx_bf16" in features', 'if device == "mps"'),
    ),
    _kind(
        "processors-always",
        "You give bfloat16 to every processor. Most of them do not have it, and are slower with it than without.",
        ('if "avx512_bf16" in features or "amx_bf16" in features', 'if device == "cpu"'),
    ),
    _kind(
        "both-features-wanted",
        "You want both features of a processor. One of them is enough.",
        ('"avx512_bf16" in features or', '"avx512_bf16" in features and'),
    ),
    _kind(
        "one-feature-only",
        "You look for one of the two features only. A processor may have the other.",
        (' or "amx_bf16" in features', ""),
    ),
    _kind(
        "always-true",
        'A condition such as `"a" or "b" in features` is always true: a text that is not empty counts as True. Ask for '
        "each one with `in`.",
        ('"avx512_bf16" in features or', '"avx512_bf16" or'),
    ),
    _kind(
        "device-not-asked",
        "You look at the capability without asking which device it is. It says something of GPUs only.",
        ('    if device == "cuda":\n', '    if device == "cuda" or capability != (0, 0):\n'),
    ),
    _kind(
        "apple-forgotten",
        "You give float32 to Apple's GPU. It takes bfloat16.",
        ('if device == "mps":\n        return torch.bfloat16', 'if device == "mps":\n        return torch.float32'),
    ),
    _kind(
        "unknown-devices-take-bfloat16",
        "You give bfloat16 to devices that you know nothing of. Float32 always works.",
        ('    if device == "mps":\n', '    if device != "cpu":\n'),
    ),
    _kind(
        "dtype-alone",
        "You return the dtype alone. A pair is asked for: dtype, and whether a scaler is needed.",
        ("torch.float16, True", "torch.float16"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_RATE, *_CLIP, *_STEP, *_KIND]
