"""Films of a classifier: the pictures are what the classifier says, in order, and are shown wherever they can be."""

from __future__ import annotations

import base64

import pytest
import torch

from llmkit.views import networks as network_views
from llmkit.views.networks import GRID, BoundaryFilm

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def to_the_right(points: torch.Tensor) -> torch.Tensor:
    """A straight boundary at x = 0.5."""
    return 10 * (points[:, 0] - 0.5)


def test_a_picture_holds_what_the_classifier_says_in_each_place() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 0, 1, 1]))
    film.shoot(to_the_right, "now")
    (picture,) = film.pictures
    assert picture.title == "now" and picture.shares.shape == (GRID, GRID, 2)
    chosen = picture.shares.argmax(dim=-1)
    assert (chosen[:, : GRID // 2] == 0).all() and (chosen[:, GRID // 2 :] == 1).all()
    assert picture.shares[0, -1, 1] > 0.99, "the first row is the lowest"


def test_rows_of_the_picture_go_up() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 1, 0, 1]))
    film.shoot(lambda points: points[:, 1:] - 0.5, "one column of scores")
    assert film.pictures[0].shares[-1, 0, 1] > 0.5 > film.pictures[0].shares[0, 0, 1]


def test_more_than_two_classes_choose_the_largest_score() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 1, 2, 2]))
    film.shoot(lambda points: torch.stack([-points[:, 0], points[:, 1], points[:, 0]], dim=1), "three")
    assert film.pictures[0].shares[0, -1].argmax() == 2
    assert len(film.figure().plotly.data) == 4, "the map and three classes"


def test_a_module_is_asked_without_a_graph() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 0, 1, 1]))
    film.shoot(torch.nn.Linear(2, 2), "module")
    assert not film.pictures[0].shares.requires_grad


def test_the_figure_has_one_frame_and_one_step_per_picture() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 0, 1, 1]))
    for number in range(6):
        film.shoot(lambda points, number=number: to_the_right(points) - number, f"epoch {number}")
    figure = film.figure(title="T").plotly
    assert len(figure.frames) == 6
    (slider,) = figure.layout.sliders
    assert [step.label for step in slider.steps] == [f"epoch {number}" for number in range(6)]
    assert slider.active == 0 and figure.layout.title.text == "T"
    assert [step.args[0][0] for step in slider.steps] == [frame.name for frame in figure.frames]


def test_the_static_picture_is_there_and_small() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 0, 1, 1]))
    film.shoot(to_the_right, "only one")
    figure = film.figure()
    assert figure.plotly.layout.sliders == ()
    bundle = figure._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert len(str(bundle)) < 200_000, "no plotly.js inside"


def test_the_boundary_is_white_and_the_sure_side_is_in_the_colour_of_its_class() -> None:
    unsure, sure = network_views._image(torch.tensor([[[0.5, 0.5], [0.0, 1.0]]]))[0]
    assert min(unsure) > 225
    assert sure[0] > sure[1] > sure[2], "orange"


@pytest.mark.parametrize(
    ("points", "classes"),
    [
        (torch.zeros(3, 3), torch.zeros(3)),
        (torch.zeros(0, 2), torch.zeros(0)),
        (CORNERS, torch.tensor([0, 1])),
        (CORNERS, torch.tensor([0, 1, 2, 6])),
        (CORNERS, torch.tensor([0, 1, -1, 0])),
    ],
)
def test_points_and_classes_that_cannot_be_drawn_are_refused(points: torch.Tensor, classes: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="should"):
        BoundaryFilm(points, classes)


def test_scores_that_cannot_be_drawn_are_refused() -> None:
    film = BoundaryFilm(CORNERS, torch.tensor([0, 0, 1, 1]))
    for score in (lambda x: x[:5, 0], lambda x: x[:, 0] / 0, lambda x: x[None]):
        with pytest.raises(ValueError, match="finite"):
            film.shoot(score, "wrong")
    with pytest.raises(ValueError, match="take a picture first"):
        film.figure()
