"""Known mistakes of chapter 5, checkpoints and GPT-2's weights."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- save_checkpoint -----------------------------------------------------------------------------------------------

_SAVE_RIGHT = """def save_checkpoint(path, model, optimizer, step, generator=None):
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


def _save(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "05_checkpoints_and_gpt2: Exercise 1: save_checkpoint"
    return made_in(_SAVE_RIGHT, "ch05/save-checkpoint", name, explanation, *changes, see=see)


_SAVE = [
    _save(
        "optimizer-lost",
        "The optimiser's state is not saved: after a break AdamW begins with empty means, and takes other steps than the "
        "run that was not interrupted.",
        ('        "optimizer": copy.deepcopy(optimizer.state_dict()),\n', ""),
    ),
    _save(
        "optimizer-settings-only",
        "You save the optimiser's settings and not its state, the running means. `optimizer.state_dict()` holds both.",
        ("copy.deepcopy(optimizer.state_dict())",
         '{"state": {}, "param_groups": copy.deepcopy(optimizer.state_dict()["param_groups"])}'),
    ),
    _save(
        "step-lost",
        "The step is not saved, and a run that goes on does not know where it is.",
        ('        "step": step,\n', ""),
    ),
    _save(
        "step-plus-one",
        "You save the number of the next step. It is the number of steps taken that is wanted.",
        ('"step": step,', '"step": step + 1,'),
    ),
    _save(
        "torch-rng-lost",
        "torch's random state is not saved, so dropout goes on with other numbers after a break.",
        ('        "torch_rng": torch.get_rng_state(),\n', ""),
    ),
    _save(
        "python-rng-lost",
        "Python's random state is not saved.",
        ('        "python_rng": random.getstate(),\n', ""),
    ),
    _save(
        "generator-lost",
        "The state of the generator that orders the data is not saved: after a break the batches come in another order.",
        ('generator.get_state() if generator is not None else None', "None"),
    ),
    _save(
        "generator-required",
        "You ask the generator for its state also when there is none. Then its place holds None.",
        ("generator.get_state() if generator is not None else None", "generator.get_state()"),
    ),
    _save(
        "global-state-for-the-generator",
        "You save torch's global random state in the generator's place. A generator has a state of its own.",
        ("generator.get_state() if generator is not None else None",
         "torch.get_rng_state() if generator is not None else None"),
    ),
    _save(
        "seed-for-state",
        "You save the seed. It leads back to the beginning of the sequence; where the run stands now is the state.",
        ('"torch_rng": torch.get_rng_state(),', '"torch_rng": torch.initial_seed(),'),
    ),
    _save(
        "live-tensors-returned",
        "What you return changes with the next step: `state_dict()` hands out the model's own tensors. Copy them deeply.",
        ("copy.deepcopy(model.state_dict())", "model.state_dict()"),
        ("copy.deepcopy(optimizer.state_dict())", "optimizer.state_dict()"),
    ),
    _save(
        "shallow-copy",
        "`copy.copy` and `dict(...)` copy the dictionary and not the tensors in it. Copy deeply.",
        ("copy.deepcopy(model.state_dict())", "dict(model.state_dict())"),
    ),
    _save(
        "optimizer-not-copied",
        "You copy the model's state and not the optimiser's, whose tensors change with the next step, too.",
        ("copy.deepcopy(optimizer.state_dict())", "optimizer.state_dict()"),
    ),
    _save(
        "written-in-place",
        "You write into the file itself. A failure in the middle destroys the older checkpoint: write to a temporary "
        "file, then `os.replace`.",
        ("    torch.save(checkpoint, temporary)\n    os.replace(temporary, path)\n", "    torch.save(checkpoint, path)\n"),
    ),
    _save(
        "deleted-first",
        "You delete the older file before the new one is complete. `os.replace` puts the new one in its place at once.",
        ("    torch.save(checkpoint, temporary)\n", "    path.unlink(missing_ok=True)\n    torch.save(checkpoint, temporary)\n"),
    ),
    _save(
        "copied-over",
        "You copy the temporary file over the older one, which is as slow and as dangerous as writing there. Rename it: "
        "`os.replace`.",
        ("    os.replace(temporary, path)\n", "    path.write_bytes(temporary.read_bytes())\n    os.unlink(temporary)\n"),
    ),
    _save(
        "temporary-file-left",
        "Your temporary file stays behind.",
        ("    os.replace(temporary, path)\n",
         "    import shutil\n\n    os.replace(temporary, path)\n    shutil.copy(path, temporary)\n"),
    ),
    _save(
        "never-renamed",
        "You write the temporary file and do not rename it: the checkpoint is not where it should be.",
        ("    os.replace(temporary, path)\n", ""),
    ),
    _save(
        "error-swallowed",
        "You swallow the error when writing fails, and the run goes on as if it had been saved. Let it through.",
        ("    torch.save(checkpoint, temporary)\n    os.replace(temporary, path)\n",
         "    try:\n        torch.save(checkpoint, temporary)\n        os.replace(temporary, path)\n"
         "    except Exception:\n        pass\n"),
    ),
    _save(
        "model-itself-saved",
        "You save the model, a Python object with code, and not its state. Only tensors and plain values can be read "
        "safely.",
        ("copy.deepcopy(model.state_dict())", "copy.deepcopy(model)"),
    ),
    _save(
        "parameters-as-a-list",
        "You save the parameters as a list. Without their names, and without buffers, nobody can put them back.",
        ("copy.deepcopy(model.state_dict())", "[p.detach().clone() for p in model.parameters()]"),
    ),
    _save(
        "half-precision",
        "You save the weights in half precision. A resumed run then begins with rounded weights.",
        ("copy.deepcopy(model.state_dict())", "{k: v.half() for k, v in model.state_dict().items()}"),
    ),
    _save(
        "nothing-returned",
        "You return nothing. The snapshot is wanted.",
        ("    return checkpoint\n", ""),
    ),
    _save(
        "seeded-while-saving",
        "You draw a random number, or seed, while you save. Saving must not change the run.",
        ("    path = Path(path)\n", "    path = Path(path)\n    torch.manual_seed(step)\n"),
    ),
]  # fmt: skip

# --- load_checkpoint -----------------------------------------------------------------------------------------------

_LOAD_RIGHT = """def load_checkpoint(path, model, optimizer=None, generator=None):
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


def _load(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "05_checkpoints_and_gpt2: Exercise 2: load_checkpoint"
    return made_in(_LOAD_RIGHT, "ch05/load-checkpoint", name, explanation, *changes, see=see)


_LOAD = [
    _load(
        "model-not-restored",
        "You do not restore the model.",
        ('    model.load_state_dict(checkpoint["model"])\n', ""),
    ),
    _load(
        "optimizer-not-restored",
        "You do not restore the optimiser: its means begin at zero again, and it takes other steps.",
        ('    if optimizer is not None:\n        optimizer.load_state_dict(checkpoint["optimizer"])\n', ""),
    ),
    _load(
        "optimizer-required",
        "You restore the optimiser also when none was handed over.",
        ("    if optimizer is not None:\n        optimizer", "    optimizer"),
    ),
    _load(
        "step-lost",
        "You do not return the step.",
        ('    return checkpoint["step"]\n', ""),
    ),
    _load(
        "step-plus-one",
        "You return the number of the next step. It is the number of steps taken that is wanted.",
        ('return checkpoint["step"]', 'return checkpoint["step"] + 1'),
    ),
    _load(
        "checkpoint-returned",
        "You return the whole checkpoint. It is the step that is wanted.",
        ('return checkpoint["step"]', "return checkpoint"),
    ),
    _load(
        "torch-rng-not-restored",
        "You do not restore torch's random state: dropout draws other numbers than in the run that was not interrupted.",
        ('    torch.set_rng_state(checkpoint["torch_rng"])\n', ""),
    ),
    _load(
        "python-rng-not-restored",
        "You do not restore Python's random state.",
        ('    random.setstate(checkpoint["python_rng"])\n', ""),
    ),
    _load(
        "generator-not-restored",
        "You do not restore the generator: the batches come in another order.",
        ('    if generator is not None and checkpoint["generator"] is not None:\n'
         '        generator.set_state(checkpoint["generator"])\n', ""),
    ),
    _load(
        "generator-from-the-global-state",
        "You give the generator torch's global state. The generator's own lies under its own key.",
        ('generator.set_state(checkpoint["generator"])', 'generator.set_state(checkpoint["torch_rng"])'),
    ),
    _load(
        "generator-required",
        "You restore the generator also when none was handed over, or the file holds none.",
        ('    if generator is not None and checkpoint["generator"] is not None:\n        generator', "    generator"),
    ),
    _load(
        "generator-none-in-the-file",
        "You restore the generator also when the file holds None for it. Leave it as it is then.",
        (' and checkpoint["generator"] is not None', ""),
    ),
    _load(
        "no-map-location",
        "A file that was saved on a GPU cannot be read on a computer without one: pass `map_location=\"cpu\"`.",
        (', map_location="cpu"', ""),
    ),
    _load(
        "unsafe",
        "You read with `weights_only=False`, and run whatever code is in the file. Read with `weights_only=True`.",
        ("weights_only=True", "weights_only=False"),
    ),
    _load(
        "errors-let-through",
        "A damaged file ends in an error that does not say which file it is. Turn it into a ValueError with the path.",
        ("    except FileNotFoundError:\n        raise\n    except Exception as error:\n        raise ValueError",
         "    except ZeroDivisionError as error:\n        raise ValueError"),
    ),
    _load(
        "only-runtime-errors",
        "`torch.load` raises errors of many kinds: EOFError, UnpicklingError, KeyError and others. Catch `Exception`.",
        ("except Exception as error", "except RuntimeError as error"),
    ),
    _load(
        "file-not-named",
        "Your error does not name the file: nobody knows which one to delete.",
        ('f"{path} cannot be read ({error}): delete it and use an older checkpoint"', '"the file is damaged"'),
    ),
    _load(
        "foreign-file-not-named",
        "Your error about a file without the six keys does not name the file.",
        ('f"{path} is not a checkpoint: use a file that save_checkpoint wrote"', '"not a checkpoint"'),
    ),
    _load(
        "missing-file-turned",
        "You turn a missing file into a ValueError. It is a FileNotFoundError: let it through.",
        ("    except FileNotFoundError:\n        raise\n", ""),
    ),
    _load(
        "not-checked",
        "You do not check what is in the file: a file of weights ends in a KeyError that tells the student nothing.",
        ("    if not isinstance(checkpoint, dict) or any(key not in checkpoint for key in keys):\n"
         '        raise ValueError(f"{path} is not a checkpoint: use a file that save_checkpoint wrote")\n', ""),
    ),
    _load(
        "only-a-dictionary",
        "You check that it is a dictionary, and not whether it has the six keys.",
        (" or any(key not in checkpoint for key in keys)", ""),
    ),
    _load(
        "any-for-all",
        "You are content when one of the six keys is there. All are needed.",
        ("any(key not in checkpoint for key in keys)", "all(key not in checkpoint for key in keys)"),
    ),
    _load(
        "checked-too-late",
        "You restore the model before you have checked the file. A file that is refused must change nothing.",
        ('    model.load_state_dict(checkpoint["model"])\n', ""),
        ('    keys = ["model"', '    model.load_state_dict(checkpoint["model"])\n    keys = ["model"'),
    ),
    _load(
        "optimizer-settings-only",
        "You restore the optimiser's settings and not its state.",
        ('optimizer.load_state_dict(checkpoint["optimizer"])',
         'optimizer.load_state_dict({"state": {}, "param_groups": checkpoint["optimizer"]["param_groups"]})'),
    ),
    _load(
        "seeded-anew",
        "You seed after restoring, which throws the random state away.",
        ('    return checkpoint["step"]', '    torch.manual_seed(checkpoint["step"])\n    return checkpoint["step"]'),
    ),
]  # fmt: skip

# --- load_gpt2_weights ---------------------------------------------------------------------------------------------

_GPT2_RIGHT = """def load_gpt2_weights(model, tensors):
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
"""


def _gpt2(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "05_checkpoints_and_gpt2: Exercise 3: load_gpt2_weights"
    return made_in(_GPT2_RIGHT, "ch05/load-gpt2-weights", name, explanation, *changes, see=see)


_Q_B = "        assign(block.att.W_query.bias, q_b, name)\n"
_K_B = "        assign(block.att.W_key.bias, k_b, name)\n"
_V_B = "        assign(block.att.W_value.bias, v_b, name)\n"

_GPT2 = [
    _gpt2(
        "output-projection-not-transposed",
        "`attn.c_proj.weight` is not transposed. It is square, so nothing complains: GPT-2's matrices are (in, out), those "
        "of `nn.Linear` (out, in).",
        ('assign(layer.weight, tensors[name + ".weight"].T, name',
         'assign(layer.weight, tensors[name + ".weight"] if "attn" in name else tensors[name + ".weight"].T, name'),
    ),
    _gpt2(
        "linear-layers-not-transposed",
        "The matrices of `c_proj` and `c_fc` are not transposed: GPT-2 stores (in, out), `nn.Linear` wants (out, in).",
        ('tensors[name + ".weight"].T, name', 'tensors[name + ".weight"], name'),
    ),
    _gpt2(
        "attention-not-transposed",
        "`c_attn.weight` is cut into its three parts, and the parts are not transposed. They are square, so nothing "
        "complains.",
        ("w = tensors[name].T\n", "w = tensors[name]\n"),
        ("w.split(w.shape[0] // 3, dim=0)", "w.chunk(3, dim=1)"),
    ),
    _gpt2(
        "cut-along-the-wrong-axis",
        "You cut `c_attn.weight` along its inputs. Queries, keys and values stand side by side along the outputs: columns "
        "before transposing, rows after it.",
        ("w.split(w.shape[0] // 3, dim=0)", "(part.reshape(w.shape[1], -1) for part in w.chunk(3, dim=1))"),
    ),
    _gpt2(
        "reshaped-not-transposed",
        "`reshape` and `view` do not transpose: they read the same numbers in the same order into other rows. Use `.T`.",
        ('tensors[name + ".weight"].T, name', 'tensors[name + ".weight"].reshape(layer.weight.shape), name'),
    ),
    _gpt2(
        "queries-and-keys-swapped",
        "Queries and keys are swapped. In `c_attn` the order is: queries, keys, values.",
        ("q_w, k_w, v_w =", "k_w, q_w, v_w ="),
        ("q_b, k_b, v_b =", "k_b, q_b, v_b ="),
    ),
    _gpt2(
        "keys-and-values-swapped",
        "Keys and values are swapped. In `c_attn` the order is: queries, keys, values.",
        ("q_w, k_w, v_w =", "q_w, v_w, k_w ="),
        ("q_b, k_b, v_b =", "q_b, v_b, k_b ="),
    ),
    _gpt2(
        "biases-in-another-order",
        "The biases of queries and values are swapped, while their matrices are right.",
        ("q_b, k_b, v_b =", "v_b, k_b, q_b ="),
    ),
    _gpt2(
        "interleaved",
        "You take every third row for the queries. The parts stand one after the other: the first D rows, the next D, the "
        "last D.",
        ("w.split(w.shape[0] // 3, dim=0)", "(w[0::3], w[1::3], w[2::3])"),
    ),
    _gpt2(
        "attention-biases-forgotten",
        "The biases of queries, keys and values are not loaded: they keep what they began with.",
        (_Q_B, ""),
        (_K_B, ""),
        (_V_B, ""),
    ),
    _gpt2(
        "biases-forgotten",
        "The biases of `c_proj` and `c_fc` are not loaded.",
        ('            assign(layer.bias, tensors[name + ".bias"], name + ".bias")\n', ""),
    ),
    _gpt2(
        "head-left-random",
        "The output head is not loaded and stays random. GPT-2 uses the token embedding, `wte.weight`, once more.",
        ('    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")\n', ""),
    ),
    _gpt2(
        "final-norm-forgotten",
        "The last LayerNorm, `ln_f`, is not loaded.",
        ('    assign(model.final_norm.weight, tensors["ln_f.weight"], "ln_f.weight")\n', ""),
        ('    assign(model.final_norm.bias, tensors["ln_f.bias"], "ln_f.bias")\n', ""),
    ),
    _gpt2(
        "norms-swapped",
        "The two LayerNorms of the block are swapped: `ln_1` stands before attention, `ln_2` before the feed-forward "
        "network.",
        ('("ln_1", block.norm1), ("ln_2", block.norm2)', '("ln_1", block.norm2), ("ln_2", block.norm1)'),
    ),
    _gpt2(
        "positions-forgotten",
        "The position embedding, `wpe.weight`, is not loaded.",
        ('    assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")\n', ""),
    ),
    _gpt2(
        "first-block-for-all",
        "All blocks get the weights of block 0.",
        ("for n, block in enumerate(model.trf_blocks):\n", "for n, block in [(0, b) for b in model.trf_blocks]:\n"),
    ),
    _gpt2(
        "last-block-left-out",
        "The last block is not loaded.",
        ("enumerate(model.trf_blocks)", "enumerate(model.trf_blocks[:-1])"),
    ),
    _gpt2(
        "shapes-not-checked",
        "A tensor of shape (1) fits everywhere by broadcasting, and you do not notice. Compare the shapes before you copy.",
        ("        if parameter.shape != value.shape:\n"
         "            raise ValueError(f\"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}\")\n",
         ""),
    ),
    _gpt2(
        "shape-without-a-name",
        "Your error about a shape does not name the tensor: in a file with 148 tensors that is no help.",
        ("f\"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}\"", '"a shape is wrong"'),
    ),
    _gpt2(
        "shape-of-one-only",
        "Your error tells the shape that came and not the one that was wanted. Tell both.",
        ("f\"{name} has shape {tuple(value.shape)}, the model's is {tuple(parameter.shape)}\"",
         'f"{name}: wrong shape {tuple(value.shape)}"'),
    ),
    _gpt2(
        "missing-tensors-skipped",
        "A tensor that is missing is skipped, and its place stays random. Raise an error that names it.",
        ("    def assign(parameter", "    from collections import defaultdict\n\n"
         "    tensors = defaultdict(lambda: None, tensors)\n\n    def assign(parameter"),
        ("        if parameter.shape", "        if value is None:\n            return\n        if parameter.shape"),
        ("w = tensors[name].T\n", "w = tensors[name].T if tensors[name] is not None else block.att.W_query.weight.repeat(3, 1)\n"),
        ("tensors[name].chunk(3)", "tensors[name].chunk(3) if tensors[name] is not None else [None] * 3"),
        ('tensors[name + ".weight"].T, name',
         'None if tensors[name + ".weight"] is None else tensors[name + ".weight"].T, name'),
    ),
    _gpt2(
        "given-tensors-kept",
        "The model keeps the tensors that it was given, and changes when they change. Copy the values: `copy_` or "
        "`load_state_dict`.",
        ("            parameter.copy_(value)\n", "            parameter.data = value\n"),
    ),
    _gpt2(
        "dictionary-emptied",
        "You take the tensors out of the dictionary that you were given. It belongs to the caller.",
        ('assign(model.pos_emb.weight, tensors["wpe.weight"], "wpe.weight")',
         'assign(model.pos_emb.weight, tensors.pop("wpe.weight"), "wpe.weight")'),
    ),
    _gpt2(
        "head-untied",
        "You give the output head a tensor of its own, also when it was tied to the token embedding. Copy the values into "
        "the one that is there.",
        ('    assign(model.out_head.weight, tensors["wte.weight"], "wte.weight")\n',
         '    model.out_head.weight = nn.Parameter(tensors["wte.weight"].to(model.tok_emb.weight.dtype).clone())\n'),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_SAVE, *_LOAD, *_GPT2]
