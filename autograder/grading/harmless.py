"""What a student wrote, made so that no browser runs it: outputs and markdown under autograded/, and the feedback page as a whole."""

from __future__ import annotations

import functools
import re
from typing import Any

from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.notebooknode import NotebookNode, from_dict

SAFE_TYPES = ("text/plain", "image/png", "image/jpeg")

_SAFE_URL = re.compile(r"(https?:|mailto:|#|data:image/(png|jpeg|gif);base64,|[\w./%-]*$)")
# What markdown becomes, as nbconvert renders it: everything else in the result is the student's own HTML.
_RENDERED = re.compile(
    r"</?(p|h[1-6]|a|em|strong|del|code|pre|div|span|ul|ol|li|blockquote|hr|br|img|input|table|thead|tbody|tr|th|td)"
    r"""( (class|id|href|src|alt|title|style|start|type|disabled)(="[^"<>]*")?)*\s*/?>"""
)
_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$)", re.DOTALL)  # and formulas
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://[^\s<>]*>)")
# Formulas that make links or change the page, or can be made to.
_ACTIVE_TEX = re.compile(r"\\(?=(?:href|style|class|cssId|require|csname|Tooltip|toggle)\b)")
_NO_WIDTH = "\N{ZERO WIDTH SPACE}"

_STYLED = {"class", "id", "style", "title", "align"}


@functools.cache
def _attributes() -> dict[str, set[str]]:
    import nh3

    allowed = {tag: nh3.ALLOWED_ATTRIBUTES.get(tag, set()) | _STYLED for tag in nh3.ALLOWED_TAGS | {"section"}}
    allowed["a"] |= {"name"}
    return allowed


def harmless_output(output: dict[str, Any]) -> NotebookNode | None:
    """An output reduced to text, pictures and sanitised HTML; None when nothing is left.

    Args:
        output: in notebook form.
    """
    if output["output_type"] in ("stream", "error"):
        return from_dict(output)
    found = output.get("data", {})
    data: dict[str, Any] = {mime: found[mime] for mime in SAFE_TYPES if isinstance(found.get(mime), str)}
    if isinstance(html := found.get("text/html"), str):
        data |= _cleaned(html)
    if not data:
        return None
    made = {"output_type": output["output_type"], "data": data, "metadata": {}}
    if output["output_type"] == "execute_result":
        made["execution_count"] = output.get("execution_count")
    return from_dict(made)


def _cleaned(html: str) -> dict[str, str]:
    try:
        import nh3
    except ImportError:  # a learner who grades alone has no page on which it could do harm, or be seen
        return {}
    return {"text/html": _without_active_tex(nh3.clean(html))}


def harmless_cell(cell: NotebookNode) -> None:
    """Rewrites a student's cell so that its text and outputs cannot run anything in the reader's browser."""
    cell.pop("attachments", None)
    if cell.cell_type == "code":
        cell.outputs = [safe for output in cell.outputs if (safe := harmless_output(output))]
    elif cell.cell_type == "raw":
        cell.cell_type, cell.source = "markdown", _fenced(cell.source)
    else:
        cell.source = harmless_markdown(cell.source)


def harmless_markdown(source: str) -> str:
    """Markdown whose HTML is shown as text; where that is not enough, all of it is shown as it was written."""
    # nbconvert ends at a picture whose attachment is gone; attachments are never kept.
    source = source.replace("](attachment:", "](")
    parts = _CODE.split(source)
    parts[::2] = [_TAG.sub("&lt;", part) for part in parts[::2]]
    escaped = "".join(parts)
    html = markdown2html_mistune(escaped)
    plain = _RENDERED.sub("", html)
    urls = re.findall(r'(?:href|src)="([^"]*)"', html)
    if re.search(r"<[A-Za-z/!?]", plain) or not all(map(_SAFE_URL.match, urls)) or _ACTIVE_TEX.search(source):
        return _fenced(source)
    return escaped


def _fenced(source: str) -> str:
    if source.startswith("```") and source == _fenced_inside(source):
        return source
    fence = "`" * max(3, *(len(run) + 1 for run in [*re.findall(r"`+", source), ""]))
    return f"{fence}text\n{source}\n{fence}"


def _fenced_inside(source: str) -> str:
    """What `_fenced` has made already, or something else."""
    lines = source.split("\n")
    fence, inside = lines[0].removesuffix("text"), "\n".join(lines[1:-1])
    longest = max(map(len, re.findall(r"`+", inside)), default=0)
    return source if lines[-1] == fence and set(fence) == {"`"} and longest < len(fence) else ""


def harmless_page(page: str) -> str:
    """A page of feedback without scripts, forms, frames, links with another scheme than the web's, and formulas that make some.

    Args:
        page: HTML; what is before its body is the course's own.
    """
    head, opened, body = page.partition("<body>")
    import nh3

    body, closed, end = body.rpartition("</body>")
    if not (opened and closed):
        return nh3.clean(page)
    clean = nh3.clean(
        body,
        tags=nh3.ALLOWED_TAGS | {"main", "section"},
        attributes=_attributes(),
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        strip_comments=True,
    )
    return head + opened + _without_active_tex(clean) + closed + end


def _kept(tag: str, name: str, value: str) -> str | None:
    if value.lstrip().lower().startswith("data:") and not (
        (tag, name) == ("img", "src") and re.match(r"data:image/(png|jpeg|gif);base64,", value)
    ):
        return None
    return value


def _without_active_tex(html: str) -> str:
    return _ACTIVE_TEX.sub(lambda found: found[0] + _NO_WIDTH, html)
