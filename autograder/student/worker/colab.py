"""Colab's module `google.colab` while grading: the functions that notebooks call, without a browser, a drive or secrets behind them.

Each takes and returns what Colab's own does, as far as that is possible where nobody clicks: nothing is mounted, uploaded or
downloaded, and no page is shown.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

Tell = Callable[[str, str], None]


class SecretNotFoundError(Exception):
    """As Colab's: there is no secret of that name."""


class NotebookAccessError(Exception):
    """As Colab's: the notebook may not read the secret."""


class DataTable:
    """Shows its data frame as it is."""

    def __init__(self, dataframe: Any, *args: Any, **kwargs: Any) -> None:
        self.dataframe = dataframe

    def __repr__(self) -> str:
        return repr(self.dataframe)


def make(tell: Tell) -> ModuleType:
    """The module `google.colab`.

    Args:
        tell: hears of each call that does less than in Colab, as ("colab", "drive.mount").
    """

    def nothing(name: str, result: Callable[[], Any] = lambda: None) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            tell("colab", name)
            return result()

        call.__name__ = call.__qualname__ = name.rpartition(".")[2]
        return call

    @contextlib.contextmanager
    def block(*args: Any, **kwargs: Any) -> Iterator[None]:
        yield

    def mount(mountpoint: str, *args: Any, **kwargs: Any) -> None:
        """The empty drive is there where the sandbox has a place for it."""
        tell("colab", "drive.mount")
        if os.access(os.path.dirname(os.path.normpath(mountpoint)), os.W_OK):
            os.makedirs(os.path.join(mountpoint, "MyDrive"), exist_ok=True)

    parts: dict[str, dict[str, Any]] = {
        "drive": {"mount": mount, "flush_and_unmount": lambda *a, **k: None},
        "files": {
            "upload": nothing("files.upload", dict),
            "upload_file": nothing("files.upload_file", bytes),
            "download": nothing("files.download"),
            "view": nothing("files.view"),
        },
        "userdata": {
            "get": nothing("userdata.get", str),
            "SecretNotFoundError": SecretNotFoundError,
            "NotebookAccessError": NotebookAccessError,
            "TimeoutException": TimeoutError,
        },
        "output": {
            "clear": lambda *a, **k: None,
            "eval_js": nothing("output.eval_js"),
            "register_callback": nothing("output.register_callback"),
            "enable_custom_widget_manager": lambda *a, **k: None,
            "disable_custom_widget_manager": lambda *a, **k: None,
            "no_vertical_scroll": lambda *a, **k: None,
            "serve_kernel_port_as_window": nothing("output.serve_kernel_port_as_window"),
            "serve_kernel_port_as_iframe": nothing("output.serve_kernel_port_as_iframe"),
            "use_tags": block,
            "temporary": block,
            "redirect_to_element": block,
            "JsException": RuntimeError,
        },
        "auth": {
            "authenticate_user": nothing("auth.authenticate_user"),
            "authenticate_service_account": nothing("auth.authenticate_service_account"),
        },
        "data_table": {
            "DataTable": DataTable,
            "enable_dataframe_formatter": lambda *a, **k: None,
            "disable_dataframe_formatter": lambda *a, **k: None,
        },
        "widgets": {"Grid": block, "TabBar": block},
        "patches": {"cv2_imshow": nothing("patches.cv2_imshow")},
        "runtime": {"unassign": nothing("runtime.unassign")},
        "ai": {"generate_text": nothing("ai.generate_text", str), "list_models": nothing("ai.list_models", list)},
    }
    colab = ModuleType("google.colab", __doc__)
    for part, names in parts.items():
        module = ModuleType(f"google.colab.{part}")
        vars(module).update(names)
        setattr(colab, part, module)
    return colab


def google(colab: ModuleType) -> Any:
    """What `import google.colab` binds: the package `google`, with what is installed of it."""

    class Google(SimpleNamespace):
        def __getattr__(self, name: str) -> Any:
            import importlib

            return importlib.import_module(f"google.{name}")

    return Google(colab=colab)
