"""The kernel's classes: in Colab, the shell has a class of its own."""

import google.colab  # noqa: F401 (loaded before the first cell, as there)
from ipykernel import ipkernel, zmqshell
from IPython.core.interactiveshell import InteractiveShellABC
from traitlets import Type


class Shell(zmqshell.ZMQInteractiveShell):
    """Named as Colab's is."""


InteractiveShellABC.register(Shell)


class Kernel(ipkernel.IPythonKernel):
    """With that shell."""

    shell_class = Type(Shell)
