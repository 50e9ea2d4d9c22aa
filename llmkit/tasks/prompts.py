"""The layout of requests for an assistant, in each language: the same in training and in use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """The layout of a request; a model knows only the layout that it was trained with.

    Attributes:
        begin: the opening sentence.
        instruction: heading above the instruction.
        input: heading above the input text.
        response: heading above the answer.
    """

    begin: str
    instruction: str
    input: str
    response: str

    def prompt(self, instruction: str, input: str = "") -> str:
        """The text up to where the answer begins; without an input, its section is left out."""
        sections = [(self.instruction, instruction)] + ([(self.input, input)] if input.strip() else [])
        told = [f"### {head}:\n{text.strip()}" for head, text in sections]
        return "\n\n".join([self.begin, *told, f"### {self.response}:\n"])


# English: that of Alpaca (Taori et al., 2023), the form without "paired with an input"; Portuguese: the course's own.
TEMPLATES = {
    "en": Template(
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.",
        "Instruction",
        "Input",
        "Response",
    ),
    "pt-BR": Template(
        "A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.",
        "Instrução",
        "Entrada",
        "Resposta",
    ),
}
