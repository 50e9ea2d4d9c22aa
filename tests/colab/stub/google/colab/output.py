"""The outputs of cells: nothing of it shows without a browser."""

from typing import Any


def clear(wait: bool = False, output_tags: Any = ()) -> None:
    """As IPython's."""
    from IPython.display import clear_output

    clear_output(wait=wait)


def eval_js(script: str, ignore_result: bool = False, timeout_sec: float | None = None) -> Any:
    """No browser runs it."""


def register_callback(function_name: str, callback: Any) -> None:
    """No browser calls it."""


def enable_custom_widget_manager() -> None:
    """Widgets of other packages would be shown."""


def disable_custom_widget_manager() -> None:
    """They would not."""
