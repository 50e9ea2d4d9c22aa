"""Right answers of chapter 5 in other styles, checkpoints and GPT-2's weights."""

from __future__ import annotations

from autograder.catalogue import Alternative

_SAVE = [
    Alternative(
        exercise="ch05/save-checkpoint",
        name="read-back",
        description="Live tensors are written, and what is returned is read from the file.",
        code="""def save_checkpoint(path, model, optimizer, step, generator=None):
    path = Path(path)
    temporary = path.with_suffix(".new")
    torch.save(
        {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
            "torch_rng": torch.get_rng_state(),
            "python_rng": random.getstate(),
            "generator": generator.get_state() if generator else None,
        },
        temporary,
    )
    temporary.replace(path)
    return torch.load(path, weights_only=True)
""",
    ),
    Alternative(
        exercise="ch05/save-checkpoint",
        name="bytes",
        description="Written to memory, then to a named temporary file with fsync; cleaned up on failure; returned from the bytes.",
        code="""def save_checkpoint(path, model, optimizer, step, generator=None):
    import io
    import tempfile

    state = dict(model=model.state_dict(), optimizer=optimizer.state_dict(), step=step)
    state["torch_rng"] = torch.random.get_rng_state()
    state["python_rng"] = random.getstate()
    state["generator"] = None
    if generator is not None:
        state["generator"] = generator.get_state()
    buffer = io.BytesIO()
    torch.save(state, buffer)
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(buffer.getvalue())
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)
""",
    ),
    Alternative(
        exercise="ch05/save-checkpoint",
        name="cloned",
        description="Tensors cloned by hand, the whole dictionary copied deeply at the end, os.rename.",
        code="""def save_checkpoint(path, model, optimizer, step, generator=None):
    weights = {name: value.detach().clone() for name, value in model.state_dict().items()}
    checkpoint = copy.deepcopy({
        "step": step,
        "model": weights,
        "optimizer": optimizer.state_dict(),
        "python_rng": random.getstate(),
        "torch_rng": torch.get_rng_state().clone(),
        "generator": None if generator is None else generator.get_state().clone(),
    })
    part = str(path) + ".part"
    with open(part, "wb") as file:
        torch.save(checkpoint, file)
    os.rename(part, path)
    return checkpoint
""",
    ),
]

_LOAD = [
    Alternative(
        exercise="ch05/load-checkpoint",
        name="keys-in-a-list",
        description="Existence asked first, keys checked one by one.",
        code="""def load_checkpoint(path, model, optimizer=None, generator=None):
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no {path}")
    try:
        checkpoint = torch.load(path, map_location=torch.device("cpu"), weights_only=True)
    except Exception as error:
        raise ValueError(f"{path} cannot be read: delete it and use an older one") from error
    if not isinstance(checkpoint, dict):
        raise ValueError(f"{path} holds a {type(checkpoint).__name__} and no checkpoint: choose another file")
    for key in ["model", "optimizer", "step", "torch_rng", "python_rng", "generator"]:
        if key not in checkpoint:
            raise ValueError(f"{path} lacks {key!r}: it was not written by save_checkpoint")
    model.load_state_dict(checkpoint["model"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    torch.set_rng_state(checkpoint["torch_rng"])
    random.setstate(checkpoint["python_rng"])
    if generator is not None and checkpoint["generator"] is not None:
        generator.set_state(checkpoint["generator"])
    return checkpoint["step"]
""",
    ),
    Alternative(
        exercise="ch05/load-checkpoint",
        name="opened-file",
        description="The file is opened by hand, the keys are looked up inside the try, values copied into the parameters.",
        code="""def load_checkpoint(path, model, optimizer=None, generator=None):
    with open(path, "rb") as file:
        try:
            c = torch.load(file, map_location=lambda storage, location: storage, weights_only=True)
            weights, moments, step = c["model"], c["optimizer"], c["step"]
            torch_rng, python_rng, order = c["torch_rng"], c["python_rng"], c["generator"]
        except Exception as error:
            raise ValueError(f"{path}: damaged, or no checkpoint. Remedy: take another file. ({error!r})")
    with torch.no_grad():
        for name, value in model.state_dict().items():
            value.copy_(weights[name])
    if optimizer:
        optimizer.load_state_dict(moments)
    if generator and order is not None:
        generator.set_state(order)
    random.setstate(python_rng)
    torch.random.set_rng_state(torch_rng)
    return step
""",
    ),
    Alternative(
        exercise="ch05/load-checkpoint",
        name="onto-the-models-device",
        description="Mapped to the model's device, random states brought back to the CPU; FileNotFoundError told apart by isinstance.",
        code="""def load_checkpoint(path, model, optimizer=None, generator=None):
    device = next(model.parameters()).device
    try:
        state = torch.load(path, map_location=device, weights_only=True)
        assert set(state) >= {"model", "optimizer", "step", "torch_rng", "python_rng", "generator"}
        assert isinstance(state, dict)
    except Exception as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(f"cannot use {path}: make it again with save_checkpoint") from error
    model.load_state_dict(state.pop("model"))
    for thing, key in ((optimizer, "optimizer"),):
        if thing is not None:
            thing.load_state_dict(state[key])
    if state["generator"] is not None and generator is not None:
        generator.set_state(state["generator"].cpu())
    torch.set_rng_state(state["torch_rng"].cpu())
    random.setstate(state["python_rng"])
    return int(state["step"])
""",
    ),
]

_GPT2 = [
    Alternative(
        exercise="ch05/load-gpt2-weights",
        name="assign",
        description="An assign function with a check of the shape, parameter by parameter, as in the book.",
        code="""def load_gpt2_weights(model, tensors):
    def assign(parameter, value, name):
        if parameter.shape != value.shape:
            raise ValueError(f"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}")
        with torch.no_grad():
            parameter.copy_(value)

    assign(model.tok_emb.weight, tensors["wte.weight"], "wte.weight")
    assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")
    for n, block in enumerate(model.trf_blocks):
        name = f"h.{n}.attn.c_attn.weight"
        w = tensors[name].T
        q_w, k_w, v_w = w.split(w.shape[0] // 3, dim=0)
        assign(block.att.W_query.weight, q_w, name)
        assign(block.att.W_key.weight, k_w, name)
        assign(block.att.W_value.weight, v_w, name)
        name = f"h.{n}.attn.c_attn.bias"
        q_b, k_b, v_b = tensors[name].chunk(3)
        assign(block.att.W_query.bias, q_b, name)
        assign(block.att.W_key.bias, k_b, name)
        assign(block.att.W_value.bias, v_b, name)
        for part, layer in (("attn.c_proj", block.att.out_proj), ("mlp.c_fc", block.ff[0]), ("mlp.c_proj", block.ff[2])):
            name = f"h.{n}.{part}"
            assign(layer.weight, tensors[name + ".weight"].T, name + ".weight")
            assign(layer.bias, tensors[name + ".bias"], name + ".bias")
        for part, norm in (("ln_1", block.norm1), ("ln_2", block.norm2)):
            assign(norm.weight, tensors[f"h.{n}.{part}.weight"], f"h.{n}.{part}.weight")
            assign(norm.bias, tensors[f"h.{n}.{part}.bias"], f"h.{n}.{part}.bias")
    assign(model.final_norm.weight, tensors["ln_f.weight"], "ln_f.weight")
    assign(model.final_norm.bias, tensors["ln_f.bias"], "ln_f.bias")
    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")
""",
    ),
    Alternative(
        exercise="ch05/load-gpt2-weights",
        name="over-the-parameters",
        description="Walks over the model's own parameters and finds GPT-2's name for each by replacing text.",
        code="""def load_gpt2_weights(model, tensors):
    renamed = [
        ("tok_emb", "wte"), ("pos_emb", "wpe"), ("out_head", "wte"), ("final_norm", "ln_f"), ("trf_blocks", "h"),
        ("norm1", "ln_1"), ("norm2", "ln_2"), ("att.out_proj", "attn.c_proj"), ("ff.0", "mlp.c_fc"), ("ff.2", "mlp.c_proj"),
    ]
    parts = ("att.W_query", "att.W_key", "att.W_value")
    for name, parameter in model.named_parameters():
        theirs = name
        for ours, other in renamed:
            theirs = theirs.replace(ours, other)
        place = [i for i, part in enumerate(parts) if part in name]
        for part in parts:
            theirs = theirs.replace(part, "attn.c_attn")
        if theirs not in tensors:
            raise ValueError(f"{theirs} is missing")
        value = tensors[theirs]
        if "c_" in theirs and value.ndim == 2:
            value = value.mT
        if place:
            third = value.shape[0] // 3
            value = value[place[0] * third : (place[0] + 1) * third]
        if value.shape != parameter.shape:
            raise ValueError(f"{theirs}: {list(value.shape)} does not fit {name}: {list(parameter.shape)}")
        parameter.data.copy_(value)
""",
    ),
    Alternative(
        exercise="ch05/load-gpt2-weights",
        name="regular-expressions",
        description="Walks over GPT-2's names with a regular expression, and leaves the rest to load_state_dict.",
        code="""def load_gpt2_weights(model, tensors):
    import re

    inner = {"ln_1": "norm1", "ln_2": "norm2", "attn.c_proj": "att.out_proj", "mlp.c_fc": "ff.0", "mlp.c_proj": "ff.2"}
    outer = {"wte": "tok_emb", "wpe": "pos_emb", "ln_f": "final_norm"}
    state = {}
    for name, value in tensors.items():
        found = re.fullmatch(r"(?:h\\.(\\d+)\\.)?(.+)\\.(weight|bias)", name)
        if not found:
            continue
        n, part, kind = found.groups()
        if n is None:
            if part in outer:
                state[f"{outer[part]}.{kind}"] = value
            continue
        block = f"trf_blocks.{n}."
        if part == "attn.c_attn":
            for ours, third in zip(["W_query", "W_key", "W_value"], value.tensor_split(3, dim=-1)):
                state[f"{block}att.{ours}.{kind}"] = third.t()
        elif part in inner:
            state[f"{block}{inner[part]}.{kind}"] = value.t()
    missing = [
        f"{theirs}.{kind}" for theirs in outer for kind in ("weight", "bias")
        if f"{theirs}.{kind}" not in tensors and not (theirs != "ln_f" and kind == "bias")
    ]
    for n in range(len(model.trf_blocks)):
        for theirs in [*inner, "attn.c_attn"]:
            missing += [f"h.{n}.{theirs}.{k}" for k in ("weight", "bias") if f"h.{n}.{theirs}.{k}" not in tensors]
    if missing:
        raise KeyError(", ".join(missing))
    state["out_head.weight"] = tensors["wte.weight"]
    model.load_state_dict(state, strict=True)
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_SAVE, *_LOAD, *_GPT2]
