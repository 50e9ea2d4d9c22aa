"""Starts the kernel, as the module of this name does in Colab."""

from google.colab._kernel import Kernel
from ipykernel.kernelapp import IPKernelApp

if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=Kernel)
