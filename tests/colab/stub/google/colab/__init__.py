"""What notebooks and llmkit meet of Colab's module, for tests: folders take the place of Google Drive and of the browser."""

from google.colab import drive, files, output

__all__ = ["drive", "files", "output"]
