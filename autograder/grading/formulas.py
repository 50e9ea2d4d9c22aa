"""Formulas as MathML, which browsers show by themselves: a page needs neither a script nor a network for them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree import ElementTree

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_MARKED = re.compile(r'<span class="formula (inline|block)">([^<]*)</span>')
# What latex2mathml does not know, and what it knows instead.
_KNOWN = {r"\arg": r"\operatorname{arg}", "{aligned}": "{split}"}
_UNKNOWN = re.compile(r"\\arg\b|\{aligned\}")
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
SCROLLS = ' tabindex="0"'  # so that who has no mouse can scroll it
_SHOW = {
    "accent", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence", "form", "height", "linebreak",
    "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel",
    "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip


class _Marking(IPythonRenderer):
    """Puts formulas into marked spans, as text: what sanitises the page lets them through."""

    def block_math(self, body: str) -> str:
        return _span("block", body)

    def inline_math(self, body: str) -> str:
        return _span("inline", body)

    def latex_environment(self, name: str, body: str) -> str:
        return _span("block", rf"\begin{{{name}}}{body}\end{{{name}}}")


def markdown_with_marked_formulas(source: str) -> str:
    """Markdown as HTML, with formulas as `with_mathml` expects them.

    Args:
        source: markdown; HTML in it stays.
    """
    return str(MarkdownWithMath(renderer=_Marking(escape=False, exclude_anchor_links=True)).render(source))


def with_mathml(page: str) -> str:
    """A page whose marked formulas are MathML; what is no formula stays as it was written.

    Args:
        page: sanitised HTML.
    """
    return _MARKED.sub(lambda found: _mathml(unescape(found[2]), found[1]), page)


@lru_cache(maxsize=4096)
def _mathml(formula: str, display: str) -> str:
    from latex2mathml.converter import convert  # only pages need it

    try:
        made = ElementTree.fromstring(convert(_UNKNOWN.sub(lambda found: _KNOWN[found[0]], formula), display=display))
        shown = _harmless(made)
    except Exception:  # a student's formula may break it in any way
        shown = f"<code>{escape(formula, quote=False)}</code>"
    return f'<span class="formula {display}"{SCROLLS if display == "block" else ""}>{shown}</span>'


def _harmless(made: ElementTree.Element) -> str:
    """MathML written anew, because latex2mathml leaves signs of markup in a formula as they are.

    Raises:
        ValueError: something in it is no MathML, or does more than to show.
    """
    for element in made.iter():
        if not element.tag.startswith(f"{_NAMESPACE}m") or not element.attrib.keys() <= _SHOW:
            raise ValueError(f"{element.tag} {element.attrib}")
        element.tag = element.tag.removeprefix(_NAMESPACE)
    return ElementTree.tostring(made, encoding="unicode")


def _span(display: str, formula: str) -> str:
    return f'<span class="formula {display}">{escape(formula, quote=False)}</span>'
