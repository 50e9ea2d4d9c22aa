"""Views of metrics: means, taus and intervals are right, tables are aligned and no HTML, figures hold the same numbers twice."""

from __future__ import annotations

import math
import random

import pytest

from llmkit.views import judges as judge_views
from llmkit.views import metrics as views

KINDS = ["good", "bad", "good", "bad", "good", "bad"]
GROUPS = ["1", "1", "2", "2", "3", "3"]
RATINGS = [5, 1, 4, 2, 5, 3]
SCORES = {"right": [0.9, 0.1, 0.8, 0.2, 0.9, 0.3], "wrong": [0.1, 0.9, 0.2, 0.8, 0.1, 0.7], "blind": [0.0] * 6}


def test_means_are_those_of_each_kind_and_ratings_go_from_0_to_1() -> None:
    means = views.by_kind(KINDS, SCORES, RATINGS)
    assert list(means) == ["good", "bad"] and list(means["good"]) == ["right", "wrong", "blind", "rating"]
    assert means["good"]["right"] == pytest.approx(2.6 / 3)
    assert means["bad"]["rating"] == pytest.approx((0 + 1 + 2) / 12)


def test_the_table_is_aligned_and_knows_the_names_of_kinds() -> None:
    table = views.kind_table(["near-copy", "too-long"], {"F1": [0.25, 1.0]}, [1, 5])
    assert repr(table).splitlines() == [
        "mean score    F1  rating",
        "near copy   0.25    0.00",
        "too long    1.00    1.00",
    ]
    assert "<td>near copy</td><td>0.25</td>" in table._repr_html_()


def test_tables_are_text_and_no_html_and_have_full_rows() -> None:
    html = views.Table(["<a>", "b"], [["&", "1"]])._repr_html_()
    assert "<a>" not in html and "&lt;a&gt;" in html and "&amp;" in html
    with pytest.raises(ValueError, match="2 cells"):
        views.Table(["a", "b"], [["1"]])


def test_kinds_of_the_shipped_set_have_names_and_others_keep_theirs() -> None:
    assert [views.kind_name(kind) for kind in ("too-short", "shuffled", "mine")] == ["too short", "shuffled", "mine"]


@pytest.mark.parametrize("size", [7, 30])
def test_tau_is_scipys(size: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    chance = random.Random(size)
    for _round in range(40):
        scores = [chance.choice([0.1, 0.2, chance.random()]) for _ in range(size)]
        ratings = [chance.randint(1, 5) for _ in range(size)]
        groups = [str(place // 3) for place in range(size)]
        tau, low, high = views.tau_interval(scores, ratings, groups, draws=20)
        assert tau == pytest.approx(stats.kendalltau(scores, ratings).statistic, abs=1e-12)
        assert -1 <= low <= high <= 1


def test_a_sample_of_groups_is_a_list_in_which_their_texts_are_repeated() -> None:
    stats = pytest.importorskip("scipy.stats")
    chance = random.Random(5)
    scores, ratings = [chance.random() for _ in range(12)], [chance.randint(1, 5) for _ in range(12)]
    groups = [str(place // 3) for place in range(12)]
    again, taus = random.Random(0), []
    for _draw in range(30):
        drawn = [3 * group + part for group in again.choices(range(4), k=4) for part in range(3)]
        taus.append(stats.kendalltau([scores[p] for p in drawn], [ratings[p] for p in drawn]).statistic)
    np = pytest.importorskip("numpy")
    assert views.tau_interval(scores, ratings, groups, draws=30)[1:] == pytest.approx(
        tuple(np.nanquantile(taus, [0.025, 0.975]))
    )


def test_tau_is_one_minus_one_or_not_defined() -> None:
    # "right" and the ratings order the texts alike, and tie the same ones.
    assert views.tau_interval(SCORES["right"], RATINGS, GROUPS)[0] == pytest.approx(1)
    assert views.tau_interval(SCORES["wrong"], RATINGS, GROUPS)[0] == pytest.approx(-1)
    assert all(math.isnan(one) for one in views.tau_interval(SCORES["blind"], RATINGS, GROUPS))


def test_leaving_out_a_kind_leaves_out_its_texts() -> None:
    table = views.tau_without(["x", "x", "y", "y", "y"], {"m": [1, 2, 3, 5, 4], "blind": [0] * 5}, [2, 1, 3, 4, 5])
    assert table.columns == ["tau", "all texts", "without x", "without y"]
    assert table.rows == [["m", "0.60", "0.33", "-1.00"], ["blind", "–", "–", "–"]]


def test_preferences_count_groups_and_no_ties() -> None:
    assert views.preferred(GROUPS, KINDS, SCORES, "bad", "good") == {"right": 0, "wrong": 3, "blind": 0}
    with pytest.raises(ValueError, match="should have a text of kind bad"):
        views.preferred(["1", "1", "2"], ["good", "bad", "good"], {"m": [1, 2, 3]}, "bad", "good")


def test_the_map_shows_the_means_with_a_picture() -> None:
    figure = views.kind_map(KINDS, SCORES, RATINGS)
    heat = figure.plotly.data[0]
    assert list(heat.x) == ["right", "wrong", "blind", "rating"] and list(heat.y) == ["good", "bad"]
    assert heat.z[1][1] == pytest.approx(0.8) and heat.text[1][1] == "0.80"
    assert figure.png.startswith(b"\x89PNG")


def test_the_chart_leaves_out_what_is_not_defined() -> None:
    nothing = (math.nan, math.nan, math.nan)
    figure = views.tau_chart({"a": (0.5, 0.25, 0.625), "b": nothing, "c": (-0.5, -0.75, 0.0)}, title="t")
    points = figure.plotly.data[0]
    assert list(points.y) == ["a", "c"] and list(points.x) == [0.5, -0.5]
    assert list(points.error_x.array) == [0.125, 0.5] and list(points.error_x.arrayminus) == [0.25, 0.25]
    assert figure.png.startswith(b"\x89PNG") and repr(figure) == "Figure('t')"
    with pytest.raises(ValueError, match="none of the metrics"):
        views.tau_chart({"b": nothing})


@pytest.mark.parametrize("ratings", [[5, 1], []])
def test_lists_of_other_lengths_are_refused(ratings: list[int]) -> None:
    for view in (views.by_kind, views.kind_table, views.kind_map, views.tau_without):
        with pytest.raises(ValueError, match="one entry for each text"):
            view(KINDS, SCORES, ratings)
    with pytest.raises(ValueError, match="one entry for each text"):
        views.tau_interval([], [], [])


def test_shares_are_shown_in_percent() -> None:
    table = judge_views.percent_table({"fair": {"first": 0.5, "right": 1.0}, "other": {"first": 0.825, "right": 0.0}})
    assert repr(table).splitlines() == ["       first  right", "fair     50%   100%", "other    82%     0%"]
    with pytest.raises(ValueError, match="no row"):
        judge_views.percent_table({})


def test_the_curves_of_a_bias_are_in_percent_with_a_picture() -> None:
    figure = judge_views.bias_chart([0, 1], {"first": [0.5, 0.75], "right": [1, 0.5]}, title="t")
    assert [list(line.y) for line in figure.plotly.data] == [[50.0, 75.0], [100, 50.0]]
    assert figure.png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="1 to 6 curves"):
        judge_views.bias_chart([0], {}, title="t")
    with pytest.raises(ValueError, match="one entry for each text"):
        judge_views.bias_chart([0, 1], {"first": [0.5]}, title="t")
