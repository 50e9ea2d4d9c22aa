"""The package as a student meets it: light to import, told where it runs, with figures that show everywhere."""

from __future__ import annotations

import base64
import subprocess
import sys
import types

import pytest
import torch
from typer.testing import CliRunner

import llmkit
from llmkit import doctor, i18n, plots, runtime, startup, widgets
from llmkit.cli import app
from llmkit.testing import probes


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, llmkit; print([m for m in ('torch', 'plotly', 'ipywidgets', 'numpy', 'matplotlib', 'typer') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_start_seeds_and_reports(capsys: pytest.CaptureFixture[str]) -> None:
    llmkit.start("ch03/03_causal_attention", lang="en")
    first = torch.rand(2)
    llmkit.start("ch03/03_causal_attention", lang="en")
    assert torch.equal(torch.rand(2), first)
    assert f"torch {torch.__version__}" in capsys.readouterr().out


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
    assert not {"torch", "nbgrader"} & {*startup.NEEDED, *startup.NEEDED.values()}


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


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"llmkit {llmkit.__version__}\n"


@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)])
def test_a_heat_map_holds_the_weights_both_ways(shape: tuple[int, ...]) -> None:
    weights = torch.rand(shape).softmax(-1)
    figure = plots.attention_heatmap(weights, ["a", "b", "c"], title="T")
    drawn = torch.tensor([trace.z for trace in figure.plotly.data])
    torch.testing.assert_close(drawn, weights.reshape(-1, 3, 3))
    bundle = figure._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert len(str(bundle)) < 200_000, "no plotly.js inside"


@pytest.mark.parametrize(
    ("weights", "tokens"),
    [(torch.rand(2, 3), None), (torch.rand(3), None), (torch.rand(3, 3), ["a"]), (torch.rand(0, 0), None)],
)
def test_a_heat_map_of_something_else_is_refused(weights: torch.Tensor, tokens: list[str] | None) -> None:
    with pytest.raises(ValueError, match="shape"):
        plots.attention_heatmap(weights, tokens)


def test_the_explorer_follows_its_controls() -> None:
    scores = torch.tensor([[[0.0, 1.0], [2.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
    box = widgets.attention_explorer(scores, ["<a>", "b"], causal=True)
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
        widgets.attention_explorer(scores, ["a", "b", "c"])


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
