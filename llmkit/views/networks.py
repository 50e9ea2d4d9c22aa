"""Films of a classifier of points in the plane: its decision regions, frame by frame while it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import SERIES, WHITE, rgb
from llmkit.views.picture import legend, page, png

if TYPE_CHECKING:
    import torch

# One colour and one marker per class.
MARKERS = ("circle", "square", "diamond", "cross", "x", "triangle-up")
_STATIC_MARKERS = ("o", "s", "D", "P", "X", "^")
GRID = 60  # columns and rows of the map
MARGIN = 0.15  # of the points' extent, on each side
PANELS = 4  # frames of the static film


@dataclass(frozen=True)
class Picture:
    """One moment of a film.

    Attributes:
        title: when it was taken.
        shares: the probability-like share of each class in each cell of the map, shape (GRID, GRID, classes).
    """

    title: str
    shares: torch.Tensor


class BoundaryFilm:
    """Pictures of the plane, coloured by a classifier's predictions, in the order in which they were taken.

    Args:
        points: shape (N, 2).
        classes: class of each point, 0 upward, shape (N,).

    Raises:
        ValueError: another shape, no points, or a class without a colour.
    """

    def __init__(self, points: torch.Tensor, classes: torch.Tensor) -> None:
        import torch

        self.points = torch.as_tensor(points).detach().float().cpu()
        self.classes = torch.as_tensor(classes).detach().cpu().flatten().long()
        if self.points.dim() != 2 or self.points.shape[1] != 2 or not len(self.points):
            raise ValueError(f"points should have shape (N, 2), not {tuple(self.points.shape)}")
        if len(self.classes) != len(self.points) or self.classes.min() < 0 or self.classes.max() >= len(SERIES):
            raise ValueError(f"classes should be {len(self.points)} numbers from 0 to {len(SERIES) - 1}")
        low, high = self.points.amin(dim=0), self.points.amax(dim=0)
        room = MARGIN * (high - low).clamp_min(1e-3) + 0.05
        self._axes = [torch.linspace(float(a), float(b), GRID) for a, b in zip(low - room, high + room, strict=True)]
        self._present = sorted(set(self.classes.tolist()))
        self.pictures: list[Picture] = []

    def shoot(self, score: Callable[[torch.Tensor], Any], title: str) -> None:
        """Takes a picture now: asks the classifier about every cell of the map.

        Args:
            score: maps points (M, 2) to scores of class 1, (M,) or (M, 1), predicted where they are at least zero;
                or to one score for each class, (M, classes), the largest of which is predicted.
            title: such as "epoch 3".

        Raises:
            ValueError: scores of another shape, or not finite.
        """
        import torch

        across, up = torch.meshgrid(*self._axes, indexing="xy")
        with torch.no_grad():
            scores = torch.as_tensor(score(torch.stack([across, up], dim=-1).reshape(-1, 2))).detach().float().cpu()
        if scores.dim() == 1:
            scores = scores[:, None]
        if scores.dim() != 2 or len(scores) != GRID**2 or not torch.isfinite(scores).all():
            raise ValueError(f"the scores of {GRID**2} points should be finite, of shape (M,) or (M, classes)")
        if scores.shape[1] == 1:
            scores = torch.cat([torch.zeros_like(scores), scores], dim=1)
        self.pictures.append(Picture(title, scores.softmax(dim=-1).reshape(GRID, GRID, -1)))

    def figure(self, title: str | None = None) -> Figure:
        """The film: pictures with a slider, and a few of them beside each other where nothing is interactive.

        Raises:
            ValueError: no picture has been taken.
        """
        import plotly.graph_objects as go

        if not self.pictures:
            raise ValueError("take a picture first, by shoot(score, title)")
        x, y = (axis.tolist() for axis in self._axes)
        images = [_image(picture.shares) for picture in self.pictures]
        corner, step = (x[0], y[0]), (x[1] - x[0], y[1] - y[0])
        picture = go.Image(z=images[0], x0=corner[0], dx=step[0], y0=corner[1], dy=step[1], hoverinfo="skip")
        figure = go.Figure([picture, *self._scatters()])
        figure.frames = [
            go.Frame(data=[{"type": "image", "z": image}], name=str(number), traces=[0])
            for number, image in enumerate(images)
        ]
        steps = [
            {
                "label": one.title,
                "method": "animate",
                "args": [[str(number)], {"mode": "immediate", "frame": {"duration": 0, "redraw": True}}],
            }
            for number, one in enumerate(self.pictures)
        ]
        figure.update_xaxes(range=[x[0], x[-1]], title_text="x₁", showgrid=False, zeroline=False)
        # Otherwise plotly would make the cells of an image square and turn it upside down.
        figure.update_yaxes(
            range=[y[0], y[-1]], title_text="x₂", autorange=False, scaleanchor=False, showgrid=False, zeroline=False
        )
        if len(steps) > 1:
            figure.update_layout(sliders=[{"steps": steps, "active": 0, "pad": {"t": 50}}])
        figure.update_layout(title=title, legend_title_text=_("class"))
        return Figure(figure, self._static(images, title))

    def _scatters(self) -> list[Any]:
        import plotly.graph_objects as go

        return [
            go.Scatter(
                x=self.points[self.classes == number, 0].tolist(),
                y=self.points[self.classes == number, 1].tolist(),
                mode="markers",
                name=str(number),
                marker={
                    "color": SERIES[number],
                    "symbol": MARKERS[number],
                    "size": 8,
                    "line": {"color": WHITE, "width": 1},
                },
            )
            for number in self._present
        ]

    def _static(self, images: list[Any], title: str | None) -> bytes:
        last = len(images) - 1
        chosen = sorted({round(i * last / (PANELS - 1)) for i in range(PANELS)})
        columns = 2 if len(chosen) > 2 else 1
        drawn = page(5.6, 6.0, title)
        panels = drawn.subplots(ceil(len(chosen) / columns), columns, squeeze=False).flatten().tolist()
        for empty in panels[len(chosen) :]:
            empty.set_visible(False)
        extent = tuple(float(end) for axis in self._axes for end in (axis[0], axis[-1]))
        for axis, number in zip(panels, chosen, strict=False):
            axis.imshow(images[number], origin="lower", extent=extent, aspect="auto")
            for kind in self._present:
                here = self.points[self.classes == kind]
                axis.scatter(
                    here[:, 0].tolist(), here[:, 1].tolist(), s=26, c=SERIES[kind], marker=_STATIC_MARKERS[kind],
                    edgecolors=WHITE, linewidths=0.7, label=str(kind),
                )  # fmt: skip
            axis.set_title(self.pictures[number].title, fontsize=9)
            axis.set_xlabel("x₁")
            axis.set_ylabel("x₂")
            axis.label_outer()
        legend(drawn, axis, _("class"))
        return png(drawn)


def _image(shares: torch.Tensor) -> list[Any]:
    """Colours of a picture, rows from the bottom up: the class's colour, paler where less certain, white on the boundary."""
    import torch

    inks = torch.tensor([rgb(colour) for colour in SERIES]).float()
    sure, winner = shares.max(dim=-1)
    least = 1 / shares.shape[-1]
    strength = (0.12 + 0.48 * (sure - least) / (1 - least)).unsqueeze(-1)
    colours = 255 + strength * (inks[winner.clamp_max(len(SERIES) - 1)] - 255)
    image: list[Any] = colours.round().int().tolist()
    return image
