"""Answers to exercise 2 of 05_checkpoints_and_gpt2: load_checkpoint."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def load_checkpoint(path, model, optimizer=None, generator=None):
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"{path} cannot be read ({error}): delete it and use an older checkpoint") from error
    keys = ["model", "optimizer", "step", "torch_rng", "python_rng", "generator"]
    if not isinstance(checkpoint, dict) or any(key not in checkpoint for key in keys):
        raise ValueError(f"{path} is not a checkpoint: use a file that save_checkpoint wrote")
    model.load_state_dict(checkpoint["model"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    torch.set_rng_state(checkpoint["torch_rng"])
    random.setstate(checkpoint["python_rng"])
    if generator is not None and checkpoint["generator"] is not None:
        generator.set_state(checkpoint["generator"])
    return checkpoint["step"]
"""

_mistake = partial(made_in, _RIGHT, see="05_checkpoints_and_gpt2: Exercise 2: load_checkpoint")

MISTAKES = [
    _mistake(
        "model-not-restored",
        "You do not restore the model.",
        ('    model.load_state_dict(checkpoint["model"])\n', ""),
    ),
    _mistake(
        "optimizer-not-restored",
        "You do not restore the optimiser: its means begin at zero again, and it takes other steps.",
        ('    if optimizer is not None:\n        optimizer.load_state_dict(checkpoint["optimizer"])\n', ""),
    ),
    _mistake(
        "optimizer-required",
        "You restore the optimiser also when none was handed over.",
        ("    if optimizer is not None:\n        optimizer", "    optimizer"),
    ),
    _mistake(
        "step-lost",
        "You do not return the step.",
        ('    return checkpoint["step"]\n', ""),
    ),
    _mistake(
        "step-plus-one",
        "You return the number of the next step. It is the number of steps taken that is wanted.",
        ('return checkpoint["step"]', 'return checkpoint["step"] + 1'),
    ),
    _mistake(
        "checkpoint-returned",
        "You return the whole checkpoint. It is the step that is wanted.",
        ('return checkpoint["step"]', "return checkpoint"),
    ),
    _mistake(
        "torch-rng-not-restored",
        "You do not restore torch's random state: dropout draws other numbers than in the run that was not interrupted.",
        ('    torch.set_rng_state(checkpoint["torch_rng"])\n', ""),
    ),
    _mistake(
        "python-rng-not-restored",
        "You do not restore Python's random state.",
        ('    random.setstate(checkpoint["python_rng"])\n', ""),
    ),
    _mistake(
        "generator-not-restored",
        "You do not restore the generator: the batches come in another order.",
        (
            '    if generator is not None and checkpoint["generator"] is not None:\n'
            '        generator.set_state(checkpoint["generator"])\n',
            "",
        ),
    ),
    _mistake(
        "generator-from-the-global-state",
        "You give the generator torch's global state. The generator's own lies under its own key.",
        ('generator.set_state(checkpoint["generator"])', 'generator.set_state(checkpoint["torch_rng"])'),
    ),
    _mistake(
        "generator-required",
        "You restore the generator also when none was handed over, or the file holds none.",
        ('    if generator is not None and checkpoint["generator"] is not None:\n        generator', "    generator"),
    ),
    _mistake(
        "generator-none-in-the-file",
        "You restore the generator also when the file holds None for it. Leave it as it is then.",
        (' and checkpoint["generator"] is not None', ""),
    ),
    _mistake(
        "no-map-location",
        'A file that was saved on a GPU cannot be read on a computer without one: pass `map_location="cpu"`.',
        (', map_location="cpu"', ""),
    ),
    _mistake(
        "unsafe",
        "You read with `weights_only=False`, and run whatever code is in the file. Read with `weights_only=True`.",
        ("weights_only=True", "weights_only=False"),
    ),
    _mistake(
        "errors-let-through",
        "A damaged file ends in an error that does not say which file it is. Turn it into a ValueError with the path.",
        (
            "    except FileNotFoundError:\n        raise\n    except Exception as error:\n        raise ValueError",
            "    except ZeroDivisionError as error:\n        raise ValueError",
        ),
    ),
    _mistake(
        "only-runtime-errors",
        "`torch.load` raises errors of many kinds: EOFError, UnpicklingError, KeyError and others. Catch `Exception`.",
        ("except Exception as error", "except RuntimeError as error"),
    ),
    _mistake(
        "file-not-named",
        "Your error does not name the file: nobody knows which one to delete.",
        ('f"{path} cannot be read ({error}): delete it and use an older checkpoint"', '"the file is damaged"'),
    ),
    _mistake(
        "foreign-file-not-named",
        "Your error about a file without the six keys does not name the file.",
        ('f"{path} is not a checkpoint: use a file that save_checkpoint wrote"', '"not a checkpoint"'),
    ),
    _mistake(
        "missing-file-turned",
        "You turn a missing file into a ValueError. It is a FileNotFoundError: let it through.",
        ("    except FileNotFoundError:\n        raise\n", ""),
    ),
    _mistake(
        "not-checked",
        "You do not check what is in the file: a file of weights ends in a KeyError that tells the student nothing.",
        (
            "    if not isinstance(checkpoint, dict) or any(key not in checkpoint for key in keys):\n"
            '        raise ValueError(f"{path} is not a checkpoint: use a file that save_checkpoint wrote")\n',
            "",
        ),
    ),
    _mistake(
        "only-a-dictionary",
        "You check that it is a dictionary, and not whether it has the six keys.",
        (" or any(key not in checkpoint for key in keys)", ""),
    ),
    _mistake(
        "any-for-all",
        "You are content when one of the six keys is there. All are needed.",
        ("any(key not in checkpoint for key in keys)", "all(key not in checkpoint for key in keys)"),
    ),
    _mistake(
        "checked-too-late",
        "You restore the model before you have checked the file. A file that is refused must change nothing.",
        ('    model.load_state_dict(checkpoint["model"])\n', ""),
        ('    keys = ["model"', '    model.load_state_dict(checkpoint["model"])\n    keys = ["model"'),
    ),
    _mistake(
        "optimizer-settings-only",
        "You restore the optimiser's settings and not its state.",
        (
            'optimizer.load_state_dict(checkpoint["optimizer"])',
            'optimizer.load_state_dict({"state": {}, "param_groups": checkpoint["optimizer"]["param_groups"]})',
        ),
    ),
    _mistake(
        "seeded-anew",
        "You seed after restoring, which throws the random state away.",
        ('    return checkpoint["step"]', '    torch.manual_seed(checkpoint["step"])\n    return checkpoint["step"]'),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "saved = torch.load(path, map_location='cpu', weights_only=True)",
        "keyword weights_only dropped",
        "weights_only=True is PyTorch's default since version 2.6.",
    ),
]
