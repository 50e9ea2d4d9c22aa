"""The course's colours, markers and sizes: no other module of views and applications spells out a colour.

Figures have no paper of their own, so they are seen on white and, in a dark theme, on NIGHT. WCAG 2.2 asks for a contrast of
3:1 where a colour carries meaning: those of SERIES and RUNS have it on both. Letters on both should have 4.5:1, which no
colour can have on white and on NIGHT alike, as 4.3:1 is the most; LETTERS has 4.5 and 4.2.
"""

from __future__ import annotations

# Readers who confuse red and green can tell these apart.
BLUE = "#4a6cc4"
ORANGE = "#d0770d"
GREEN = "#35a07a"
MAGENTA = "#b5367a"
OLIVE = "#8f8600"

# Greys, from dark to light.
INK = "#111"  # letters on a light background
GREY = "#6b6b6b"  # limits and averages
LETTERS = "#767676"  # letters and axes of figures, on no background
MIDDLE_GREY = "#8a8a8a"  # reference lines
FAINT = "#b8b8b8"  # bars behind others
SILVER = "#c7c7cf"  # table rules
PALE = "#e3e3e8"  # what does not count
PAPER = "#eee"  # a box without a colour
WHITE = "#fff"
NIGHT = "#111"  # the background of JupyterLab's dark theme

# Backgrounds of boxes with INK on them.
SKY = "#9ec5f4"
PALE_BLUE = "#cfe0ff"
PALE_ORANGE = "#ffd9b3"
PALE_GREEN = "#cdeed6"

SERIES = (BLUE, ORANGE, GREEN, MAGENTA, GREY, OLIVE)  # classes, bars, plain lines
RUNS = (ORANGE, BLUE, GREEN, MAGENTA, GREY)  # lines, used with MARKERS and DASHES
# For plotly and for matplotlib: lines differ in greyscale as well.
MARKERS = (("circle", "o"), ("square", "s"), ("diamond", "D"), ("x", "X"), ("cross", "P"))
DASHES = (("solid", "-"), ("dash", "--"), ("dot", ":"), ("dashdot", "-."), ("longdash", (0, (8, 3))))

SCALE = "Viridis"  # from nothing to much
DIVERGING = "RdBu"  # from below zero to above

INCH = 100  # pixels per inch of a static figure
WIDE, NARROW = 760, 640  # pixels of most figures
WIDEST = 900  # pixels that a notebook has room for, beside a list of files
CELL = 0.55  # inches of one cell of a static heat map
BAR = 30  # characters of the longest bar in plain text


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour "#rrggbb", each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def tint(colour: str, opacity: float) -> str:
    """A colour "#rrggbb" for CSS, with an opacity from 0 to 1."""
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{opacity:.2f})"


CLEAR = tint(LETTERS, 0.0)
RULES = tint(LETTERS, 0.3)  # grids and frames
