"""Probes: small functions that run beside the student's objects, here in a notebook, in the student's process when grading."""

from llmkit.testing.probes.checkpoints import (
    bert_filled,
    checkpoint_cut_short,
    checkpoint_loaded,
    checkpoint_refused,
    checkpoint_saved,
    gpt_filled,
)
from llmkit.testing.probes.decoding import drawn, generated, in_pieces, streamed
from llmkit.testing.probes.instructions import answered, encoded
from llmkit.testing.probes.modules import (
    fill,
    gradients,
    is_module,
    requires_grad,
    seeded,
    watched,
    weights_of,
    with_gradients,
)
from llmkit.testing.probes.register import PROBES, probe
from llmkit.testing.probes.training import trained, training_run

__all__ = [
    "PROBES",
    "answered",
    "bert_filled",
    "checkpoint_cut_short",
    "checkpoint_loaded",
    "checkpoint_refused",
    "checkpoint_saved",
    "drawn",
    "encoded",
    "fill",
    "generated",
    "gpt_filled",
    "gradients",
    "in_pieces",
    "is_module",
    "probe",
    "requires_grad",
    "seeded",
    "streamed",
    "trained",
    "training_run",
    "watched",
    "weights_of",
    "with_gradients",
]
