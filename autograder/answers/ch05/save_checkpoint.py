"""Answers to exercise 1 of 05_checkpoints_and_gpt2: save_checkpoint."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def save_checkpoint(path, model, optimizer, step, generator=None):
    checkpoint = {
        "model": copy.deepcopy(model.state_dict()),
        "optimizer": copy.deepcopy(optimizer.state_dict()),
        "step": step,
        "torch_rng": torch.get_rng_state(),
        "python_rng": random.getstate(),
        "generator": generator.get_state() if generator is not None else None,
    }
    path = Path(path)
    temporary = path.with_name(path.name + ".tmp")
    torch.save(checkpoint, temporary)
    os.replace(temporary, path)
    return checkpoint
"""

_mistake = partial(made_in, _RIGHT, see="05_checkpoints_and_gpt2: Exercise 1: save_checkpoint")

MISTAKES = [
    _mistake(
        "optimizer-lost",
        "The optimiser's state is not saved: after a break AdamW begins with empty means, and takes other steps than the "
        "run that was not interrupted.",
        ('        "optimizer": copy.deepcopy(optimizer.state_dict()),\n', ""),
    ),
    _mistake(
        "optimizer-settings-only",
        "You save the optimiser's settings and not its state, the running means. `optimizer.state_dict()` holds both.",
        (
            "copy.deepcopy(optimizer.state_dict())",
            '{"state": {}, "param_groups": copy.deepcopy(optimizer.state_dict()["param_groups"])}',
        ),
    ),
    _mistake(
        "step-lost",
        "The step is not saved, and a run that goes on does not know where it is.",
        ('        "step": step,\n', ""),
    ),
    _mistake(
        "step-plus-one",
        "You save the number of the next step. It is the number of steps taken that is wanted.",
        ('"step": step,', '"step": step + 1,'),
    ),
    _mistake(
        "torch-rng-lost",
        "torch's random state is not saved, so dropout goes on with other numbers after a break.",
        ('        "torch_rng": torch.get_rng_state(),\n', ""),
    ),
    _mistake(
        "python-rng-lost",
        "Python's random state is not saved.",
        ('        "python_rng": random.getstate(),\n', ""),
    ),
    _mistake(
        "generator-lost",
        "The state of the generator that orders the data is not saved: after a break the batches come in another order.",
        ("generator.get_state() if generator is not None else None", "None"),
    ),
    _mistake(
        "generator-required",
        "You ask the generator for its state also when there is none. Then its place holds None.",
        ("generator.get_state() if generator is not None else None", "generator.get_state()"),
    ),
    _mistake(
        "global-state-for-the-generator",
        "You save torch's global random state in the generator's place. A generator has a state of its own.",
        (
            "generator.get_state() if generator is not None else None",
            "torch.get_rng_state() if generator is not None else None",
        ),
    ),
    _mistake(
        "seed-for-state",
        "You save the seed. It leads back to the beginning of the sequence; where the run stands now is the state.",
        ('"torch_rng": torch.get_rng_state(),', '"torch_rng": torch.initial_seed(),'),
    ),
    _mistake(
        "live-tensors-returned",
        "What you return changes with the next step: `state_dict()` hands out the model's own tensors. Copy them deeply.",
        ("copy.deepcopy(model.state_dict())", "model.state_dict()"),
        ("copy.deepcopy(optimizer.state_dict())", "optimizer.state_dict()"),
    ),
    _mistake(
        "shallow-copy",
        "`copy.copy` and `dict(...)` copy the dictionary and not the tensors in it. Copy deeply.",
        ("copy.deepcopy(model.state_dict())", "dict(model.state_dict())"),
    ),
    _mistake(
        "optimizer-not-copied",
        "You copy the model's state and not the optimiser's, whose tensors change with the next step, too.",
        ("copy.deepcopy(optimizer.state_dict())", "optimizer.state_dict()"),
    ),
    _mistake(
        "written-in-place",
        "You write into the file itself. A failure in the middle destroys the older checkpoint: write to a temporary "
        "file, then `os.replace`.",
        (
            "    torch.save(checkpoint, temporary)\n    os.replace(temporary, path)\n",
            "    torch.save(checkpoint, path)\n",
        ),
    ),
    _mistake(
        "deleted-first",
        "You delete the older file before the new one is complete. `os.replace` puts the new one in its place in "
        "one step.",
        (
            "    torch.save(checkpoint, temporary)\n",
            "    path.unlink(missing_ok=True)\n    torch.save(checkpoint, temporary)\n",
        ),
    ),
    _mistake(
        "copied-over",
        "You copy the temporary file over the older one, which is as slow and as dangerous as writing there. Rename it: "
        "`os.replace`.",
        (
            "    os.replace(temporary, path)\n",
            "    path.write_bytes(temporary.read_bytes())\n    os.unlink(temporary)\n",
        ),
    ),
    _mistake(
        "temporary-file-left",
        "Your temporary file stays behind.",
        (
            "    os.replace(temporary, path)\n",
            "    import shutil\n\n    os.replace(temporary, path)\n    shutil.copy(path, temporary)\n",
        ),
    ),
    _mistake(
        "never-renamed",
        "You write the temporary file and do not rename it: the checkpoint is not where it should be.",
        ("    os.replace(temporary, path)\n", ""),
    ),
    _mistake(
        "error-swallowed",
        "You swallow the error when writing fails, and the run goes on as if it had been saved. Let it through.",
        (
            "    torch.save(checkpoint, temporary)\n    os.replace(temporary, path)\n",
            "    try:\n        torch.save(checkpoint, temporary)\n        os.replace(temporary, path)\n"
            "    except Exception:\n        pass\n",
        ),
    ),
    _mistake(
        "model-itself-saved",
        "You save the model, a Python object with code, and not its state. Only tensors and plain values can be read "
        "safely.",
        ("copy.deepcopy(model.state_dict())", "copy.deepcopy(model)"),
    ),
    _mistake(
        "parameters-as-a-list",
        "You save the parameters as a list. Without their names, and without buffers, nobody can put them back.",
        ("copy.deepcopy(model.state_dict())", "[p.detach().clone() for p in model.parameters()]"),
    ),
    _mistake(
        "half-precision",
        "You save the weights in half precision. A resumed run then begins with rounded weights.",
        ("copy.deepcopy(model.state_dict())", "{k: v.half() for k, v in model.state_dict().items()}"),
    ),
    _mistake(
        "nothing-returned",
        "You return nothing. The snapshot is wanted.",
        ("    return checkpoint\n", ""),
    ),
    _mistake(
        "seeded-while-saving",
        "You draw a random number, or seed, while you save. Saving must not change the run.",
        ("    path = Path(path)\n", "    path = Path(path)\n    torch.manual_seed(step)\n"),
    ),
]
