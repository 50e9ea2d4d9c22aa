"""A chat with SmolLM2, a small assistant that was trained by others: it reads the whole conversation each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from llmkit.i18n import gettext as _
from llmkit.models.decoding import stream, texts
from llmkit.models.llama import load_smollm2
from llmkit.models.llama_model import LlamaModel
from llmkit.models.llama_tokenizer import ChatEncoding, smollm2_tokenizer

Message = dict[str, str]  # "role" and "content"

# What the model met in its training where there was no other system message: the chat template of its published tokenizer.
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
START, END = "<|im_start|>", "<|im_end|>"
LONGEST_ANSWER = 512  # tokens


class ChatModel:
    """A model that continues conversations.

    Args:
        model: a Llama.
        encoding: its tokenizer.

    Attributes:
        lang: the language that it speaks best.
    """

    lang = "en"

    def __init__(self, model: LlamaModel, encoding: ChatEncoding) -> None:
        self._model, self._encoding = model, encoding

    def reply(
        self, messages: Sequence[Message], *, max_new_tokens: int = LONGEST_ANSWER, temperature: float = 0.0
    ) -> Iterator[str]:
        """Answers the last message, piece by piece.

        Args:
            messages: the conversation, at least one message.
            max_new_tokens: the answer is cut off there.
            temperature: 0 takes the most probable token; see `llmkit.models.decoding.choose`.

        Yields:
            Pieces of text, which joined are the answer.

        Raises:
            ValueError: the conversation leaves no room for an answer.
        """
        ids = self._laid_out(messages)
        room = self._model.cfg["context_length"] - len(ids)
        if room < 1:
            raise ValueError(_("The conversation is longer than the model can read: start again."))
        tokens = stream(self._model, torch.tensor([ids]), min(room, max_new_tokens), temperature=temperature)
        yield from texts(tokens, self._encoding, self._encoding.encode_single_token(END))

    def _laid_out(self, messages: Sequence[Message]) -> list[int]:
        """Marks are put as ids: what a user types never becomes one."""
        encode = self._encoding.encode_ordinary
        start, end = map(self._encoding.encode_single_token, (START, END))
        if messages[0]["role"] != "system":
            messages = [{"role": "system", "content": SYSTEM}, *messages]
        ids: list[int] = []
        for message in messages:
            ids += [start, *encode(f"{message['role']}\n{message['content']}"), end, *encode("\n")]
        return [*ids, start, *encode("assistant\n")]


def smollm2_chat() -> ChatModel:
    """SmolLM2-135M-Instruct, its weights in 8 bits: as good as in 32 to the eye, and more than twice as fast on a processor.

    Raises:
        DataError: it is not in the cache and cannot be downloaded.
        WeightsError: its file is damaged, or the memory is too small.
    """
    return ChatModel(load_smollm2(quantised="int8"), smollm2_tokenizer())
