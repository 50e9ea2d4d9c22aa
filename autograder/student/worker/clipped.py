"""What is kept of a cell's outputs: the worker clips them as they arrive, the judge refuses more."""

MAX_TEXT = 20_000  # characters of text
MAX_RICH = 2 << 20  # characters of images and HTML
MAX_OUTPUTS = 200
MAX_EVENTS = 20  # different things told about one cell
KEPT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")
INTERACTIVE = "application/vnd.plotly.v1+json"  # a figure that scripts draw, and no page of ours runs
NOTE = "\n... output clipped ...\n"
