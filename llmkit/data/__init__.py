"""The course's data sets. Importing it loads neither torch nor what downloads need."""

from llmkit.data.registry import SHIPPED, Dataset, catalogue, find
from llmkit.data.sets import Row, load, path, rows, state, text
from llmkit.errors import DataError

__all__ = ["SHIPPED", "DataError", "Dataset", "Row", "catalogue", "find", "load", "path", "rows", "state", "text"]
