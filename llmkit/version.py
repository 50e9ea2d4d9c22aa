"""The one version number of the project: of the package, the wheel and the changelog."""

__version__ = "0.1.0"
