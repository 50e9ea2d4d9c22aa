"""Right answers in other styles, chapter 5: the learning-rate schedule, clipping, accumulation, the choice of precision."""

from __future__ import annotations

from autograder.catalogue import Alternative

_RATE = [
    Alternative(
        exercise="ch05/warmup-cosine",
        name="nanogpt",
        description="Three cases one after the other, the end before the decay, as in nanoGPT.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        return initial + (peak - initial) * step / warmup_steps
    if step > n_steps:
        return least
    decay_ratio = (step - warmup_steps) / (n_steps - warmup_steps)
    coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
    return least + coeff * (peak - least)
""",
    ),
    Alternative(
        exercise="ch05/warmup-cosine",
        name="squared-cosine",
        description="Half of one plus the cosine as a squared cosine of half the angle; a weighted mean for the warm-up.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step >= n_steps:
        return least
    if warmup_steps > step:
        t = step / warmup_steps
        return (1 - t) * initial + t * peak
    t = math.cos(math.pi / 2 * (step - warmup_steps) / (n_steps - warmup_steps)) ** 2
    return (1 - t) * least + t * peak
""",
    ),
    Alternative(
        exercise="ch05/warmup-cosine",
        name="torch",
        description="Tensors of torch: linspace for the warm-up, the share clamped.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        return torch.linspace(initial, peak, warmup_steps + 1, dtype=torch.float64)[step].item()
    share = torch.tensor((step - warmup_steps) / (n_steps - warmup_steps), dtype=torch.float64).clamp(0, 1)
    return (least + (peak - least) * (1 + torch.cos(torch.pi * share)) / 2).item()
""",
    ),
    Alternative(
        exercise="ch05/warmup-cosine",
        name="sine",
        description="The cosine as a sine that falls, the step bounded first.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    step = min(step, n_steps)
    rising = step < warmup_steps
    if rising:
        slope = (peak - initial) / warmup_steps
        return peak - slope * (warmup_steps - step)
    middle, height = (peak + least) / 2, (peak - least) / 2
    return middle - height * math.sin(math.pi * ((step - warmup_steps) / (n_steps - warmup_steps) - 0.5))
""",
    ),
]

_CLIP = [
    Alternative(
        exercise="ch05/clip-gradients",
        name="like-torch",
        description="Norm of the norms, a factor with a small number below, clamped at 1, as in PyTorch.",
        code="""@torch.no_grad()
def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if len(grads) == 0:
        return torch.tensor(0.0)
    total_norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads]))
    clip_coef = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    for g in grads:
        g.mul_(clip_coef)
    return total_norm
""",
    ),
    Alternative(
        exercise="ch05/clip-gradients",
        name="one-long-vector",
        description="All gradients as one vector; new tensors put into .grad.",
        code="""def clip_gradients(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    if not parameters:
        return 0.0
    norm = float(torch.cat([p.grad.reshape(-1) for p in parameters]).norm())
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    for p in parameters:
        p.grad = p.grad * factor
    return norm
""",
    ),
    Alternative(
        exercise="ch05/clip-gradients",
        name="plain-numbers",
        description="math.hypot of the norms, lists of parameters, division in place.",
        code="""def clip_gradients(parameters, max_norm):
    kept = list(parameters)
    norms = [p.grad.norm().item() for p in kept if p.grad is not None]
    total = math.hypot(*norms)
    if total <= max_norm:
        return total
    for p in kept:
        if p.grad is not None:
            p.grad.data /= total / max_norm
    return total
""",
    ),
    Alternative(
        exercise="ch05/clip-gradients",
        name="foreach",
        description="PyTorch's functions for lists of tensors.",
        code="""def clip_gradients(parameters, max_norm):
    found = list(filter(lambda one: one is not None, (p.grad for p in parameters)))
    squares = sum((torch.dot(one.flatten(), one.flatten()) for one in found), torch.zeros(()))
    length = squares.sqrt().item()
    if length > max_norm:
        torch._foreach_mul_(found, max_norm / length)
    return length
""",
    ),
]

_STEP = [
    Alternative(
        exercise="ch05/train-step",
        name="sums-of-losses",
        description="F.cross_entropy with a sum, divided by all tokens; cleared at the end.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    n = 0
    for _, y in micro_batches:
        n += y.shape[0] * y.shape[1]
    losses = []
    for x, y in micro_batches:
        logits = model(x)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / n
        loss.backward()
        losses.append(loss.item())
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return sum(losses)
""",
    ),
    Alternative(
        exercise="ch05/train-step",
        name="divided-at-the-end",
        description="Gradients of sums are added up and divided once, before clipping.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    model.zero_grad(set_to_none=True)
    total_loss, total_tokens = 0.0, 0
    for inputs, targets in micro_batches:
        tokens = targets.numel()
        summed = tokens * loss_of(model, inputs, targets)
        summed.backward()
        total_loss += summed.detach().item()
        total_tokens += tokens
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= total_tokens
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return total_loss / total_tokens
""",
    ),
    Alternative(
        exercise="ch05/train-step",
        name="own-buffers",
        description="torch.autograd.grad and sums of its own, put into .grad, clipped by hand.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    params = list(model.parameters())
    total = sum(targets.numel() for _, targets in micro_batches)
    sums, mean = [torch.zeros_like(p) for p in params], 0.0
    for inputs, targets in micro_batches:
        loss = loss_of(model, inputs, targets) * (targets.numel() / total)
        for have, new in zip(sums, torch.autograd.grad(loss, params)):
            have += new
        mean += loss.item()
    norm = torch.cat([s.flatten() for s in sums]).norm().item()
    for p, s in zip(params, sums):
        p.grad = s * min(1.0, max_norm / (norm + 1e-6))
    optimizer.step()
    optimizer.zero_grad()
    return mean
""",
    ),
    Alternative(
        exercise="ch05/train-step",
        name="gradient-argument",
        description="The weight handed to backward, the mean kept as it goes; set_to_none=False.",
        code="""def train_step(model, optimizer, micro_batches, max_norm=1.0):
    sizes = [targets.numel() for _, targets in micro_batches]
    optimizer.zero_grad(set_to_none=False)
    report = []
    for (inputs, targets), size in zip(micro_batches, sizes):
        share = size / sum(sizes)
        loss = loss_of(model, inputs, targets)
        loss.backward(gradient=torch.tensor(share))
        report.append(share * loss.item())
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=max_norm)
    optimizer.step()
    return math.fsum(report)
""",
    ),
]

_KIND = [
    Alternative(
        exercise="ch05/precision-for",
        name="match",
        description="match and case on the device, guards for the rest.",
        code="""def precision_for(device, capability=(0, 0), features=()):
    match device:
        case "cuda" if capability[0] >= 8:
            return torch.bfloat16, False
        case "cuda" if capability[0] == 7:
            return torch.float16, True
        case "cpu" if {"avx512_bf16", "amx_bf16"} & set(features):
            return torch.bfloat16, False
        case "mps":
            return torch.bfloat16, False
    return torch.float32, False
""",
    ),
    Alternative(
        exercise="ch05/precision-for",
        name="dtype-first",
        description="First the dtype, then the scaler from the dtype; a list comes back.",
        code="""def precision_for(device, capability=(0, 0), features=()):
    dtype = torch.float32
    if device == "mps" or (device == "cpu" and any(f in ("avx512_bf16", "amx_bf16") for f in features)):
        dtype = torch.bfloat16
    if device == "cuda":
        major, minor = capability
        dtype = torch.float32 if major < 7 else torch.float16 if major < 8 else torch.bfloat16
    return [dtype, dtype == torch.float16]
""",
    ),
    Alternative(
        exercise="ch05/precision-for",
        name="table",
        description="A table of conditions, the first that holds decides.",
        code="""def precision_for(device, capability=(0, 0), features=()):
    rules = [
        (device == "cuda" and tuple(capability) >= (8, 0), (torch.bfloat16, False)),
        (device == "cuda" and tuple(capability) >= (7, 0), (torch.float16, True)),
        (device == "cpu" and any(name.endswith("_bf16") for name in features), (torch.bfloat16, False)),
        (device == "mps", (torch.bfloat16, False)),
    ]
    return next((answer for holds, answer in rules if holds), (torch.float32, False))
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_RATE, *_CLIP, *_STEP, *_KIND]
