"""Looks into a GPT: the measured lengths, the lens and the transplanted weights are those of the model."""

from __future__ import annotations

from typing import cast

import pytest
import torch
from torch import nn

from llmkit.models import gpt
from llmkit.views import model as views

SIZES = {"vocab_size": 17, "context_length": 9, "emb_dim": 8, "n_heads": 2, "n_layers": 3, "drop_rate": 0.5}


def tiny(tied: bool = False) -> gpt.GPTModel:
    torch.manual_seed(0)
    return gpt.GPTModel(SIZES | {"qkv_bias": False, "tie_weights": tied})


def test_the_stream_is_measured_before_and_after_each_block() -> None:
    model, ids = tiny().eval(), torch.randint(17, (2, 5))
    with torch.no_grad():
        x = model.tok_emb(ids) + model.pos_emb.weight[:5]
        stream, heard, thought = [x], [], []
        for block in cast("list[gpt.TransformerBlock]", model.trf_blocks):
            heard.append(block.att(block.norm1(x)))
            thought.append(block.ff(block.norm2(x + heard[-1])))
            x = x + heard[-1] + thought[-1]
            stream.append(x)
    found = views.stream_norms(model, ids)
    for got, wanted in ((found.stream, stream), (found.attention, heard), (found.feed_forward, thought)):
        assert got == pytest.approx([one.norm(dim=-1).mean().item() for one in wanted], rel=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_the_model_stays_as_it_was_without_hooks(training: bool) -> None:
    model = tiny().train(training)
    views.stream_norms(model, torch.randint(17, (1, 4)))
    views.logit_lens(model, [1, 2, 3], str)
    assert model.training is training
    assert not any(part._forward_hooks for part in model.modules())


def test_hooks_go_when_the_model_fails() -> None:
    model = tiny()
    with pytest.raises(ValueError, match="context length"):
        views.stream_norms(model, torch.zeros(1, 10, dtype=torch.long))
    assert model.training and not any(part._forward_hooks for part in model.modules())


def test_the_chart_shows_all_that_was_measured() -> None:
    stream = views.Stream([1.0, 3.0, 4.5], [0.5, 0.7], [2.5, 1.5])
    figure = views.stream_chart(stream, title="t")
    attention, feed_forward, line = figure.plotly.data
    assert list(line.x) == [0, 1, 2] and list(line.y) == stream.stream
    assert list(attention.y) == stream.attention and list(feed_forward.y) == stream.feed_forward
    assert attention.marker.pattern.shape != feed_forward.marker.pattern.shape
    assert figure.png.startswith(b"\x89PNG")


def test_the_last_row_of_the_lens_is_the_models_answer() -> None:
    model, ids = tiny(), [3, 1, 4, 1, 5]
    table = views.logit_lens(model, ids, lambda token: f"<{token}>")
    with torch.no_grad():
        best = model.eval()(torch.tensor([ids]))[0].softmax(dim=-1).max(dim=-1)
    assert [text for text, _p in table.answers[-1]] == [f"<{int(token)}>" for token in best.indices]
    assert [p for _text, p in table.answers[-1]] == pytest.approx(best.values.tolist(), rel=1e-5)
    assert len(table.answers) == 4 and table.tokens == ["<3>", "<1>", "<4>", "<1>", "<5>"]


def test_the_lens_marks_what_really_follows_and_escapes_it() -> None:
    table = views.LensTable(
        ["<a>", "b", "c"], [[("b", 0.9), ("x", 0.1), ("c", 0.5)], [("b", 1.0), ("c", 0.7), ("?", 0)]]
    )
    html = table._repr_html_()
    assert table.hits() == [1, 2] and html.count("<b>") == 3
    assert "&lt;a&gt;" in html and "<a>" not in html
    lines = repr(table).splitlines()
    assert len(lines) == 3 and len({len(line) for line in lines}) == 1 and "<a>" in lines[0]


class Other(nn.Module):
    """A GPT with other names, whose parts are made in the usual order."""

    def __init__(self, tied: bool = False, layers: int = 3) -> None:
        super().__init__()
        cfg = SIZES | {"qkv_bias": False, "n_layers": layers}
        self.a, self.b = nn.Embedding(17, 8), nn.Embedding(9, 8)
        self.c = nn.Sequential(*[gpt.TransformerBlock(cfg) for _ in range(layers)])  # type: ignore[arg-type]
        self.d, self.e = nn.LayerNorm(8), nn.Linear(8, 17, bias=False)
        if tied:
            self.e.weight = self.a.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.c(self.a(ids) + self.b.weight[: ids.shape[1]])
        return self.e(self.d(x))  # type: ignore[no-any-return]


@pytest.mark.parametrize("tied", [True, False])
def test_transplanted_weights_answer_alike(tied: bool) -> None:
    source, target, ids = tiny(tied=True).eval(), Other(tied).eval(), torch.randint(17, (2, 6))
    assert views.transplant(source, target)
    assert torch.allclose(source(ids), target(ids), atol=1e-5)


def test_a_head_of_its_own_is_transplanted_too() -> None:
    source, target, ids = tiny().eval(), Other().eval(), torch.randint(17, (2, 6))
    assert views.transplant(source, target)
    assert torch.allclose(source(ids), target(ids), atol=1e-5)
    assert not views.transplant(source, Other(tied=True))  # one table has no room for two


def test_weights_that_do_not_fit_leave_the_model_alone(capsys: pytest.CaptureFixture[str]) -> None:
    target = Other(layers=2)
    before = {name: p.detach().clone() for name, p in target.named_parameters()}
    assert not views.transplant(tiny(tied=True), target)
    assert "do not fit" in capsys.readouterr().out
    assert all(torch.equal(p, before[name]) for name, p in target.named_parameters())
