"""`python -m llmkit`."""

from llmkit.cli import app

app()
