"""Answers that tell the judge what it wants to hear: they gain nothing over the same answers without their lies."""

from __future__ import annotations

import pytest

from autograder.course.course import Course
from autograder.student.sandbox import Sandbox
from autograder.verification.verify import Bench, Case

pytestmark = pytest.mark.sandbox

# Every probe that the student's process can find reports nothing.
SABOTAGE = """
import sys
for _name, _module in list(sys.modules.items()):
    if _name.startswith("llmkit.testing.probes"):
        for _key, _value in list(vars(_module).items()):
            if callable(_value) and getattr(_value, "__module__", "").startswith("llmkit.testing.probes"):
                setattr(_module, _key, lambda *_args, **_kwargs: None)
        for _key in list(getattr(_module, "PROBES", ())):
            _module.PROBES[_key] = lambda *_args, **_kwargs: None
"""

LIES = {
    "ch06/freeze": """
import llmkit.testing.probes.register as register
_real = register.PROBES["gradients"]

def _flags(model):
    open_parts = ("out_head", "final_norm", f"trf_blocks.{len(model.trf_blocks) - 1}.")
    return {name: name.startswith(open_parts) for name, _ in model.named_parameters()}

def _gradients(model, *args, **kwargs):
    found, flags = _real(model, *args, **kwargs), _flags(model)
    found["parameters"] = {name: one if flags[name] else None for name, one in found["parameters"].items()}
    return found

register.PROBES.update(requires_grad=_flags, gradients=_gradients)

def freeze(model):
    return model
""",
    "ch05/loss-loader": """
import llmkit.testing.probes.register as register

def _watched(function, model, loader, **options):
    mode = model.training
    result = function(model, loader, **{k: v for k, v in options.items() if k == "n_batches"})
    quiet = [False] * len(loader)
    return {"result": result, "training": quiet, "recording": quiet, "training_after": mode, "after": None}

register.PROBES.update(watched=_watched)

def loss_loader(model, loader, n_batches=None):
    return 0.0
""",
    "ch05/train-step": """
import llmkit.testing.probes.register as register

def _trained(function, model, make_optimizer, *rounds, **kwargs):
    parameters = {name: one.detach().clone() for name, one in model.named_parameters()}
    return {"results": [0.0] * len(rounds), "parameters": parameters, "steps": len(rounds), "held": [0, 0, 0]}

register.PROBES.update(trained=_trained)

def train_step(model, optimizer, micro_batches, max_norm=1.0):
    return 0.0
""",
    "ch05/load-checkpoint": """
import llmkit.testing.probes.register as register

def _refused(load, model, content, *, name="run.pt", harmful=False):
    error = "FileNotFoundError" if content is None else "ValueError"
    return {"error": [error], "text": name, "weights": dict(model.state_dict()), "harmed": False}

register.PROBES.update(checkpoint_refused=_refused)

def load_checkpoint(path, model, optimizer=None, generator=None):
    return 3
""",
    "ch05/save-checkpoint": """
import llmkit.testing.probes.register as register

def _cut_short(save, model, older, reason):
    return {"raised": reason, "content": older}

register.PROBES.update(checkpoint_cut_short=_cut_short)

def save_checkpoint(path, model, optimizer, step, generator=None):
    open(path, "wb").write(b"")
""",
    "ch07/instruction-dataset": """
import llmkit.testing.probes.register as register

register.PROBES.update(encoded=lambda *_args: {"at_start": 3, "later": 0, "items": []})

class InstructionDataset:
    def __init__(self, rows, tokenizer, max_length, language="en"):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return [0], 1
""",
}


@pytest.mark.parametrize("exercise", LIES)
def test_lies_gain_nothing(exercise: str, bubblewrap: Sandbox) -> None:
    course = Course.discover()
    right = course.exercise(exercise)
    lying = LIES[exercise]
    honest = "\n".join(line for line in lying.splitlines() if not line.startswith("register.PROBES.update"))
    with Bench(course, bubblewrap, exercise) as bench:
        earned = [bench.check(Case(exercise, "mutant", "", code)).earned for code in (lying, honest)]
        assert earned[0] <= earned[1] <= 0.15 * right.points + 0.005
        told = bench.check(Case(exercise, "equivalent", "", SABOTAGE + right.solution))
        assert told.earned == right.points, "the probes are the judge's own"
