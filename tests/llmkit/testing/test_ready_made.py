"""An answer that is somebody else's is found by its text, in a notebook as in the grader; a comparison with it is none."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

from llmkit.i18n import using
from llmkit.testing import Checks
from llmkit.testing.ready_made import ReadyMade, after, lookups, refuse, used
from llmkit.testing.reserved import RESERVED

SETUP = """
import torch
import torch.nn.functional as F
from torch import nn

import llmkit

llmkit.start("ch04/01_layer_norm_gelu_feed_forward", lang="en")
"""
TEST = "from llmkit.testing import Checks\ncheck = Checks(points=2)\nGELU()(x)\ncheck.report()"
OWN = "class GELU(nn.Module):\n    def forward(self, x):\n        return 0.5 * x * (1 + torch.tanh(0.8 * (x + 0.0447 * x**3)))"


def found(*cells: str) -> list[str]:
    return used([SETUP, *map(textwrap.dedent, cells)], TEST)


@pytest.mark.parametrize(
    "answer",
    [
        "GELU = nn.GELU",
        "from torch.nn import GELU",
        "from torch.nn.modules.activation import GELU",
        "import torch.nn as layers\nclass GELU(layers.GELU): pass",
        "from torch.nn import *",
        "layers = nn\nGELU = getattr(layers, 'GELU')",
        "GELU = vars(nn)['GELU']",
        "GELU = torch.nn.__dict__['GELU']",
        "import sys\nGELU = sys.modules['torch.nn'].GELU",
        "import importlib\nGELU = importlib.import_module('torch.nn').GELU",
        "GELU = __import__('torch').nn.GELU",
        "exec('from torch.nn import GELU')",
        "from torch.nn import GELU\nclass GELU(GELU): pass",
        "from torch.nn import GELU\nGELU = GELU",
        "try:\n    from torch.nn import GELU\nexcept ImportError:\n    GELU = None",
        "if (_theirs := nn.GELU):\n    GELU = _theirs",
        "class GELU(nn.Module):\n    def forward(self, x):\n        return F.gelu(x)",
        "class GELU(nn.Module):\n    forward = staticmethod(F.gelu)",
        "class GELU(nn.Module):\n    def forward(self, x):\n        from torch.nn.functional import gelu\n        return gelu(x)",
        "class GELU(nn.Module):\n    def forward(self, x):\n        import torch.nn.functional as theirs\n        return theirs.gelu(x)",
        "_bend = F.gelu\ndef _help(x):\n    return _bend(x)\nclass GELU(nn.Module):\n    def forward(self, x):\n        return _help(x)",
        "bends = {'gelu': nn.GELU()}\nclass GELU(nn.Module):\n    def forward(self, x):\n        return bends['gelu'](x)",
        f"{OWN}\nGELU.forward = lambda self, x: F.gelu(x)",
        f"{OWN}\nsetattr(GELU, 'forward', lambda self, x: F.gelu(x))",
        "%time\nGELU = nn.GELU",
        "for GELU in [nn.GELU]:\n    pass",
        "with open('x') as f:\n    GELU = nn.GELU",
        "globals()['GELU'] = nn.GELU",
        "GELU\u200b = nn.GELU",
        "import transformers\nGELU = transformers.activations.GELUActivation",
    ],
)
def test_ready_made_answers_are_found(answer: str) -> None:
    assert found(answer), answer


BY_LOOKING_UP = "class GELU(nn.Module):\n    def forward(self, x):\n        return {}(x)"


@pytest.mark.parametrize(
    "way",
    [
        "getattr(F, 'ge' + 'lu')",
        "getattr(torch.nn, name)().forward",
        "vars(F)[''.join(['ge', 'lu'])]",
        "F.__dict__[name]",
        "eval('F.ge' + 'lu')",
        "__import__(name).nn.functional",
        "importlib.import_module(name).thing",
        "sys.modules[name].thing",
        "operator.attrgetter('gelu')(F)",
        "helper(nn)",
        "[m for m in (F, torch)][0].gelu",
        "globals()[name]",
        "__builtins__['eval'](name)",
        "helper.__globals__[name]",
        "builtins.eval(name)",
        "pickle.loads(name)",
    ],
)
def test_names_that_are_looked_up_while_code_runs_are_refused(way: str) -> None:
    imports = "import sys, importlib, operator, builtins, pickle\ndef helper(m):\n    return m"
    cells = [SETUP, imports, BY_LOOKING_UP.format(way)]
    assert lookups(cells, TEST) or used(cells, TEST)
    with using("en"), after(cells, TEST), pytest.raises(ReadyMade):
        refuse()


@pytest.mark.parametrize(
    "way",
    [
        "getattr(self, 'layer' + '1')",
        "self.__dict__[name]",
        "vars(self)[name]",
        "self.inner.eval()",
        "re.compile(name).match",
        "torch.tanh",
        "nn.functional.relu",
    ],
)
def test_looking_into_ones_own_objects_is_fair(way: str) -> None:
    cells = [SETUP, "import re", BY_LOOKING_UP.format(way)]
    assert (lookups(cells, TEST), used(cells, TEST)) == ([], [])


def test_code_that_is_tangled_on_purpose_takes_no_time_and_gains_nothing() -> None:
    doubled = "\n".join(f"a{n} = a{n - 1}\nif torch:\n    a{n} = a{n - 1}" for n in range(1, 40))
    for cell in (
        f"a0 = nn\n{doubled}\nGELU = a39.GELU",
        "a = nn\n" + "if torch:\n    a = a\n" * 200 + "GELU = a.GELU",
        ", ".join(f"a{n}" for n in range(3000)) + " = [" + "nn, " * 3000 + "][:3000]\nGELU = a7.GELU",
    ):
        cells = [SETUP, cell]
        assert lookups(cells, TEST) or used(cells, TEST)


def test_a_local_name_for_a_module_is_followed() -> None:
    assert found("class GELU(nn.Module):\n    def forward(self, x):\n        theirs = F\n        return theirs.gelu(x)")
    fair = "class GELU(nn.Module):\n    def forward(self, x):\n        theirs = F\n        return theirs.relu(x)"
    assert found(fair) == [] == lookups([SETUP, fair], TEST)


@pytest.mark.parametrize(
    "cells",
    [
        (OWN,),
        (f"{OWN}\nx = torch.ones(3)\nassert torch.allclose(GELU()(x), F.gelu(x), atol=1e-2)",),
        (OWN, "print(nn.GELU()(torch.ones(3)) - GELU()(torch.ones(3)))"),
        ("GELU = nn.GELU", OWN),  # tried first, written then
        ("theirs = nn.GELU", OWN),
        (
            'class GELU(nn.Module):\n    """Like nn.GELU and F.gelu."""  # nn.GELU()\n    def forward(self, x: nn.GELU):\n        return x',
        ),
        ("class GELU(nn.Module):\n    def forward(self, F):\n        return F.gelu",),  # another F
        ("class GELU(nn.Module):\n    def forward(self, x):\n        gelu = x * 2\n        return gelu",),
        ("import something_unknown as s\nclass GELU(nn.Module):\n    def forward(self, x):\n        return s.gelu(x)",),
        ("def GELU(:",),
    ],
)
def test_an_answer_of_ones_own_is_none(cells: tuple[str, ...]) -> None:
    assert found(*cells) == []


def test_only_the_exercise_that_asks_for_it_forbids_it() -> None:
    answer = "class FeedForward(nn.Module):\n    def __init__(self, cfg):\n        self.bend = nn.GELU()"
    assert used([SETUP, answer], "FeedForward({})") == []
    assert (
        used(
            [SETUP.replace("ch04/01_layer_norm_gelu_feed_forward", "ch04/02_transformer_block"), "GELU = nn.GELU"], TEST
        )
        == []
    )
    assert used(["GELU = nn.GELU"], TEST) == []


def test_own_code_of_an_earlier_notebook_is_fair_but_for_the_answer_itself() -> None:
    setup = 'import torch\nfrom torch import nn\nimport llmkit\nllmkit.start("ch04/03_gpt_model")'
    model = "class GPTModel(nn.Module):\n    def __init__(self, cfg):\n        self.block = Block(cfg)"
    for name, bad in (("TransformerBlock", False), ("GPTModel", True)):
        answer = f'Block = llmkit.mine("ch04").{name}\n{model}'
        assert bool(used([setup, answer], "GPTModel({})")) is bad, name


def test_attributes_are_found_where_they_switch_something_on() -> None:
    setup = 'import torch\nimport llmkit\nllmkit.start("ch02/06_multilayer_perceptron")'
    for line, bad in (
        ("w = x.clone().requires_grad_()", True),
        ("w = torch.tensor([1.0], requires_grad=True)", True),
        ("x.requires_grad = True", True),
        ("x.sum().backward()", True),
        ("w = torch.tensor([1.0], requires_grad=False)", False),
        ("assert not x.requires_grad", False),
        ("with torch.no_grad():\n        pass", False),
    ):
        answer = f"def linear_backward(g, x, weight):\n    {line}\n    return g"
        assert bool(used([setup, answer], "linear_backward(a, b, c)")) is bad, line


def test_every_reserved_thing_exists() -> None:
    from llmkit.testing import ready_made

    for notebook, answers in RESERVED.items():
        for name, entries in answers.items():
            for entry in entries:
                if entry.startswith(("torch.", "llmkit.")):
                    assert ready_made._reserved(entry) is not None, (notebook, name, entry)


def test_the_test_cell_ends_with_a_message_that_says_why() -> None:
    with using("en"), after([SETUP, "GELU = nn.GELU"], TEST), pytest.raises(ReadyMade, match=r"uses `torch\.nn\.GELU`"):
        Checks(points=2)
    with using("pt-BR"), after([SETUP, "GELU = nn.GELU"], TEST), pytest.raises(ReadyMade, match="por conta própria"):
        refuse()
    with after([SETUP, OWN], TEST):
        assert Checks(points=2).points == 2


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(colors="nocolor")
    made.history_manager.enabled = False
    yield made
    InteractiveShell.clear_instance()


def test_a_notebooks_own_test_has_the_same_rule(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    for source in (SETUP, "x = torch.ones(2)", "GELU = nn.GELU"):
        assert shell.run_cell(source, store_history=True).success
    ended = shell.run_cell(TEST, store_history=True)
    assert isinstance(ended.error_in_exec, ReadyMade)
    assert "Traceback" not in capsys.readouterr().out
    # Written anew, it counts.
    assert shell.run_cell(OWN, store_history=True).success
    assert shell.run_cell(TEST, store_history=True).success
