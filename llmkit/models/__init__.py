"""Models and what they need: GPT, BERT, tokenizers, decoding, pre-trained weights.

Names load when they are first used; `__init__.pyi` says which file each comes from.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
