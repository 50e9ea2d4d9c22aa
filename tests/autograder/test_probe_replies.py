"""What a probe reports of itself is no reason for a mark: beside each such reply a check looks at a value that the judge can recompute.

A probe runs in the student's process. Its code is the judge's, but what it sees there may have been prepared for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.course.course import Course
from llmkit.cells import role
from llmkit.testing.probes import PROBES

# Parts of replies that the test compares with what it computes itself, or with content that it drew.
VALUES = {
    *(
        "after",
        "asked",
        "content",
        "file",
        "gradients",
        "history",
        "inputs",
        "items",
        "logits",
        "losses",
        "old",
        "parameters",
    ),
    *(
        "raised",
        "rate",
        "result",
        "results",
        "returned",
        "seen",
        "step",
        "text",
        "told",
        "trained",
        "values",
        "vectors",
        "weights",
    ),
}
# Parts that only the probe can know. They may cost a check, and never earn one alone.
WITNESSES = {
    "training": "modes in the calls of a model; `Telling` models, or dropout, show them in the result, too",
    "recording": "whether gradients were recorded; `Telling` models show it in the result, too",
    "training_after": "the mode afterwards; the output of a `Telling` model on `look` shows it, too",
    "steps": "a count of an optimiser's steps; the parameters after them are predicted, too",
    "held": "a count of tensors that wait for a backward pass: memory leaves no other trace",
    "files": "names in a folder: a file that was left behind leaves no other trace",
    "error": "names of classes: to raise the right error is what is asked for; its text names a file whose name was drawn",
    "harmed": "whether code in a file was run: what it did is undone when the folder is deleted",
    "dtypes": "types of parameters; the logits or vectors have that precision, too",
    "tied": "whether two parameters are one; a change of one that reaches the other would be told by the same process",
    "given": "whether tensors were changed that the student's function got beside the probe",
    "at_start": "a count of texts; the tokenizer encodes otherwise later, and the items show it",
    "later": "likewise",
}
# Checks that read a witness and no value, with the reason why that is enough.
STEPS = "the checks beside it predict the parameters after steps; without any step none of them passes"
MODES = "the function asks the model for its parts, so that no `Telling` model can stand in; the loss is predicted beside it"
ALONE = {
    ("bert/mlm-train-step-test", "each call takes one step of the optimiser it is given"): STEPS,
    ("ch05/train-step-test", "the optimiser takes one step"): STEPS,
    ("ch07/tune-step-test", "one step of the optimiser for all parts"): STEPS,
    ("ch07/tune-step-test", "backward comes after each part, so that memory holds one part at a time"): STEPS,
    ("ch05/save-checkpoint-test", "no other file stays behind"): WITNESSES["files"],
    ("ch05/load-gpt2-weights-test", "a model with a tied head is filled too, and stays tied"): (
        "`compare` looks at the logits; that the head is tied is a promise beside them"
    ),
    ("ch07/generate-response-test", "choose gets the logits as they are, once for each token"): (
        "the ids, drawn with the same random numbers, are predicted in the same check"
    ),
    ("ch06/classification-loss-test", "the model is called once, in the mode that it is in"): MODES,
    ("ch07/response-loss-test", "the model's mode, inputs and targets stay as they are"): MODES,
}


def replies() -> set[str]:
    """The parts of replies, as the docstrings of the probes name them."""
    texts = (re.split(r"\n\s*Returns:", function.__doc__ or "") for function in PROBES.values())
    return {name for _before, *after in texts for text in after for name in re.findall(r'"(\w+)"', text)}


def blocks() -> Iterator[tuple[str, str, ast.AST]]:
    """Every check and every function of a test cell: grade id, title or name, syntax tree."""
    course = Course.discover()
    for chapter in course.chapters:
        for notebook in course.notebooks(chapter):
            for cell in notebook.nb.cells:
                if role(cell) != "test" or "probes." not in cell.source:
                    continue
                for node in ast.parse(cell.source).body:
                    id = f"{chapter}/{cell.metadata.nbgrader.grade_id}"
                    if isinstance(node, ast.With) and isinstance(call := node.items[0].context_expr, ast.Call):
                        yield id, ast.literal_eval(call.args[0]), node
                    elif isinstance(node, ast.FunctionDef):
                        yield id, node.name, node


def read(tree: ast.AST) -> set[str]:
    """The parts of replies that code reads."""
    keys = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)} & replies()


def test_every_part_of_a_reply_is_a_value_or_has_its_reason() -> None:
    assert replies() - VALUES - set(WITNESSES) - {"linear", "plain", "buffer", "instruction", "input"} == set()
    assert not VALUES & set(WITNESSES)


def test_no_check_believes_a_probe_alone() -> None:
    alone = {
        (id, title)
        for id, title, tree in blocks()
        if (keys := read(tree)) & set(WITNESSES) and not keys & VALUES
    }  # fmt: skip
    assert alone == set(ALONE)
    assert all(ALONE.values())
