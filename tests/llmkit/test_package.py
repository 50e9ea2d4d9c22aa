"""The package as a student meets it: light to import, told where it runs, with figures that show everywhere."""

from __future__ import annotations

import base64
import json
import math
import os
import re
import subprocess
import sys
import tomllib
import types
from pathlib import Path

import plotly.io as pio
import pytest
import torch
from typer.testing import CliRunner

import llmkit
from llmkit import doctor, i18n, runtime, startup, testing
from llmkit.cells import plain_python
from llmkit.cli import app
from llmkit.testing import probes
from llmkit.views import attention, attention_widget
from llmkit.views import figure as figures

ROOT = Path(llmkit.__file__).parent.parent
RELEASE = ROOT / "release"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Each costs a student seconds, and neither the set-up cell nor a figure needs it.
SLOW = [
    "gradio",
    "jsonschema",
    "nbformat",
    "pandas",
    "plotly.io._renderers",
    "scipy",
    "sklearn",
    "torch._dynamo",
    "transformers",
]
# As in a kernel, where plotly and llmkit find out what can be displayed.
KERNEL = "from ipykernel.zmqshell import ZMQInteractiveShell; ZMQInteractiveShell.instance()"


def loaded(code: str, modules: list[str]) -> list[str]:
    """Which of the modules a fresh Python in a notebook's place has loaded after running the code."""
    code = f"{KERNEL}\n{code}\nimport sys; print([name for name in {modules} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout.splitlines()[-1].replace("'", '"'))
    return found


def test_threads_that_wait_for_each_other_leave_the_cores_to_others() -> None:
    """torch's own OpenMP says so, after the set-up cell of each notebook and with the applications alike."""

    def policy(**more: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
        environment |= {"OMP_DISPLAY_ENV": "TRUE", **more}
        run = [sys.executable, "-c", "import llmkit, torch"]
        told = subprocess.run(run, capture_output=True, text=True, check=True, env=environment).stderr
        return " ".join(re.findall(r"OMP_WAIT_POLICY\W+(\w+)", told)).upper()

    assert "PASSIVE" in policy()
    assert "ACTIVE" in policy(OMP_WAIT_POLICY="ACTIVE")  # whoever has chosen keeps their choice
    for notebook in sorted(RELEASE.glob("*/*/*.ipynb")):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        setup = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        found = re.findall(r"^ *(?:import|from) (llmkit|torch)\b", setup, re.MULTILINE)
        assert found[0] == "llmkit", notebook


def test_set_up_cells_load_nothing_slow_and_nothing_for_figures() -> None:
    notebooks = sorted(RELEASE.glob("en/*/*.ipynb"))
    cells = [json.loads(notebook.read_text(encoding="utf-8"))["cells"] for notebook in notebooks]
    setups = [next("".join(cell["source"]) for cell in some if cell["cell_type"] == "code") for some in cells]
    assert len(setups) > 40 and all("llmkit.start(" in setup for setup in setups)
    code = "\n".join(map(plain_python, setups))
    assert loaded(code, [*SLOW, "plotly", "matplotlib", "ipywidgets", "requests"]) == []


@pytest.mark.parametrize(
    "draw",
    [
        "attention_heatmap(torch.eye(3))",
        'bars({"a": 1.0, "b": 2.0})',
        'line_chart({"a": ([1, 2], [3, 4])}, title="t", x_title="x", y_title="y")',
        'loss_chart({"a": [(0, 3.0), (5, 2.0)]})',
    ],
)
def test_a_first_figure_loads_nothing_slow(draw: str) -> None:
    code = f"import torch\nfrom llmkit import views\nbundle = views.{draw}._repr_mimebundle_()"
    shown = 'assert {"image/png", "application/vnd.plotly.v1+json"} < set(bundle)'
    assert loaded(f"{code}\n{shown}", [*SLOW, "matplotlib.pyplot", "plotly.express", "ipywidgets"]) == []


def test_in_a_notebook_a_figure_is_what_plotly_itself_would_show() -> None:
    drawn = attention.attention_heatmap(torch.eye(3), title="T").plotly
    assert figures._plain(drawn) == pio.renderers["plotly_mimetype"].to_mimebundle(drawn.to_dict())


def test_start_seeds_and_reports(capsys: pytest.CaptureFixture[str]) -> None:
    llmkit.start("ch03/03_causal_attention", lang="en")
    first = torch.rand(2)
    llmkit.start("ch03/03_causal_attention", lang="en")
    assert torch.equal(torch.rand(2), first)
    assert f"torch {torch.__version__}" in capsys.readouterr().out


def test_start_gives_the_tests_the_same_inputs_again() -> None:
    drawn = []
    for notebook in ("ch03/01_x", "ch03/02_x", "ch03/01_x"):
        llmkit.start(notebook)
        drawn.append(testing.randn(3))
    assert torch.equal(drawn[0], drawn[2]) and not torch.equal(drawn[0], drawn[1])


def test_start_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="ch03/03_causal_attention"):
        llmkit.start("chapter three")
    with pytest.raises(ValueError, match="no messages in 'xx'"):
        llmkit.start("ch03/01_x", lang="xx")


def test_colab_installs_only_what_is_missing_and_never_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setattr(runtime, "installed", lambda name: name != "tiktoken")
    monkeypatch.setattr(startup.subprocess, "run", lambda command, check: calls.append(command))
    assert runtime.environment() == "colab"
    llmkit.start("ch03/01_x")
    assert calls == [[sys.executable, "-m", "pip", "install", "--quiet", "tiktoken"]]


def test_in_colab_every_package_that_llmkit_asks_for_is_looked_for() -> None:
    asked = {re.split(r"[\[<>=;]", each)[0] for each in PROJECT["dependencies"]}
    assert asked - {*startup.NEEDED} == {"torch", "numpy", "lazy_loader"}
    assert {*startup.NEEDED} < asked


def test_the_environment_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKIT_LANG", "en")
    assert i18n.language() == "en"
    monkeypatch.setenv("LLMKIT_LANG", "xx")
    assert i18n.language() in i18n.languages()


def test_doctor_finds_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0
    version = doctor.metadata.version

    def without_plotly(name: str) -> str:
        if name == "plotly":
            raise doctor.metadata.PackageNotFoundError
        return version(name)

    monkeypatch.setattr(doctor.metadata, "version", without_plotly)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1 and "pip install plotly" in result.output


def test_doctor_survives_a_torch_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> runtime.Runtime:
        raise OSError("libcudart.so: cannot open shared object file\nand more")

    monkeypatch.setattr(doctor.runtime, "detect", broken)
    finding = next(f for f in doctor.examine() if f.what == "device")
    assert finding.good is False and finding.found == "OSError: libcudart.so: cannot open shared object file"
    assert "pytorch.org" in finding.remedy
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 1


@pytest.mark.parametrize(("pages", "good"), [(2**20 // 2, False), (2**21, True), (None, None)])
def test_doctor_looks_at_memory(monkeypatch: pytest.MonkeyPatch, pages: int | None, good: bool | None) -> None:
    def sysconf(name: str) -> int:
        if pages is None:
            raise ValueError("unrecognized configuration name")
        return 4096 if name == "SC_PAGE_SIZE" else pages

    monkeypatch.setattr(doctor.os, "sysconf", sysconf)
    finding = next(f for f in doctor.examine() if f.what == "memory")
    assert finding.good is good and (finding.remedy or good is None)


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"llmkit {llmkit.__version__}\n"


@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)])
def test_a_heat_map_holds_the_weights_both_ways(shape: tuple[int, ...]) -> None:
    weights = torch.rand(shape).softmax(-1)
    figure = attention.attention_heatmap(weights, ["a", "b", "c"], title="T")
    drawn = torch.tensor([trace.z for trace in figure.plotly.data])
    torch.testing.assert_close(drawn, weights.reshape(-1, 3, 3))
    bundle = figure._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert len(str(bundle)) < 200_000, "no plotly.js inside"


@pytest.mark.parametrize(
    ("renderer", "interactive"),
    [("plotly_mimetype", True), ("plotly_mimetype+notebook", True), ("notebook", True), ("browser", False)],
)
def test_a_heat_map_never_holds_plotlys_script(
    monkeypatch: pytest.MonkeyPatch, renderer: str, interactive: bool
) -> None:
    monkeypatch.setattr(pio.renderers, "default", renderer)
    bundle = attention.attention_heatmap(torch.eye(3))._repr_mimebundle_()
    json = {"application/vnd.plotly.v1+json"} if interactive else set()
    assert set(bundle) == {"image/png", "text/plain"} | json
    assert len(str(bundle)) < 200_000


@pytest.mark.parametrize(
    ("weights", "tokens"),
    [
        (torch.rand(2, 3), None),
        (torch.rand(3), None),
        (torch.rand(3, 3), ["a"]),
        (torch.rand(0, 0), None),
        (None, None),
        ([[1.0], [1.0, 2.0]], None),
    ],
)
def test_a_heat_map_of_something_else_is_refused(weights: torch.Tensor, tokens: list[str] | None) -> None:
    with pytest.raises(ValueError, match="shape"):
        attention.attention_heatmap(weights, tokens)


def test_the_explorer_follows_its_controls() -> None:
    scores = torch.tensor([[[0.0, 1.0], [2.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
    box = attention_widget.attention_explorer(scores, ["<a>", "b"], causal=True)
    head, token, temperature = box.children[0].children
    picture = box.children[1]
    assert "0.881" in picture.value and "&lt;a&gt;" in picture.value
    head.value = 1
    assert "0.500" in picture.value
    head.value, temperature.value = 0, 2.0
    assert "0.731" in picture.value
    token.value = 0
    assert "1.000" in picture.value
    with pytest.raises(ValueError, match="T = 3 tokens"):
        attention_widget.attention_explorer(scores, ["a", "b", "c"])


def test_where_no_widget_lives_the_explorer_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, object]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    box = attention_widget.attention_explorer(torch.tensor([[0.0, 0.0], [0.0, math.log(4)]]), ["é", "bb"])
    box._ipython_display_()
    assert shown[0]["application/vnd.jupyter.widget-view+json"]["model_id"] == box.model_id  # type: ignore[index]
    assert "0.800" in str(shown[0]["text/html"]) and "<table>" in str(shown[0]["text/html"])
    assert shown[0]["text/plain"] == f"Where bb looks\n é 0.200 {'█' * 6}\nbb 0.800 {'█' * 24}"
    box.token.value = 0
    box._ipython_display_()
    assert str(shown[1]["text/plain"]).startswith("Where é looks")
    assert "nan" in attention_widget.text_bars([math.nan], ["a"], 0)


def test_dropout_is_the_same_in_two_gradients_and_torchs_state_stays() -> None:
    dropout = torch.nn.Dropout(0.5)
    state = torch.get_rng_state()
    first, again, other = (probes.gradients(dropout, torch.ones(50), seed=s)["inputs"][0] for s in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other) and torch.equal(torch.get_rng_state(), state)


def test_probes_run_here_for_plain_objects_and_there_for_stand_ins() -> None:
    linear = torch.nn.Linear(3, 2)
    found = probes.gradients(linear, torch.ones(4, 3))
    assert found["parameters"]["bias"].tolist() == [4, 4] and found["inputs"][0].shape == (4, 3)
    assert probes.is_module(linear) and not probes.is_module(3)

    class StandIn:
        def __llmkit_probe__(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
            return name, len(args), kwargs

    assert probes.seeded(StandIn(), 1, seed=3) == ("seeded", 2, {"seed": 3})
    state = torch.get_rng_state()
    assert torch.equal(probes.seeded(torch.rand, 2, seed=5), probes.seeded(torch.rand, 2, seed=5))
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("command", [["check", "ch01"], ["submit", "ch01"], ["progress"]])
def test_a_language_that_the_course_lacks_is_refused_with_those_it_has(command: list[str]) -> None:
    told = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*command, "--lang", "pt"])
    assert told.exit_code == 2
    assert "Remedy: choose en or pt-BR." in told.output


def test_a_language_is_known_in_any_case() -> None:
    told = CliRunner().invoke(app, ["check", "ch01/nothing-like-it", "--lang", "PT-br"])
    assert "release/PT-br" not in told.output and "the course has no such exercise" in told.output
