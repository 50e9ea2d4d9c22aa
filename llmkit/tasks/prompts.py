"""The layout of requests for an assistant, in each language: the same in training and in use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from llmkit import data, i18n, languages
from llmkit.i18n import gettext as _


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


TEMPLATES = {code: Template(**languages.section("prompt", code)) for code in languages.having("prompt")}


def prompt_language(lang: str | None = None, among: Collection[str] | None = None) -> str:
    """The language in which an assistant is asked: English, which is said once, where there is no layout or no instruction data.

    Args:
        lang: the language wanted; by default the one of `llmkit.start`.
        among: the languages that the caller's own code knows; by default any.
    """
    known = TEMPLATES if among is None else among
    there = [code for code in data.languages_of("instructions") if code in TEMPLATES and code in known]
    return languages.covered(lang or i18n.language(), there, _("requests to the assistant"))


def template(lang: str | None = None) -> Template:
    """The layout of requests in the language of `prompt_language`."""
    return TEMPLATES[prompt_language(lang)]
