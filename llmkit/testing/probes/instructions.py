"""Instruction data: how rows are encoded, and answers saved."""

from __future__ import annotations

from typing import Any

from llmkit.testing.probes.register import probe


@probe
def encoded(make: Any, rows: list[dict[str, str]], tokenizer: Any, *args: Any) -> dict[str, Any]:
    """Calls `make(rows, tokenizer, *args)`, reads every item of the dataset twice, and counts the texts given to the tokenizer.

    Once the dataset is made, the tokenizer encodes every text backwards.

    Args:
        make: a dataset's class.
        rows: its rows.
        tokenizer: has encode and other methods whose names begin with it.
        args: its other arguments.

    Returns:
        "at_start": texts encoded while the dataset was made; "later": while its items were read. "items": as they were read the
        second time.
    """
    count = 0
    backwards = False

    class Counting:
        def __getattr__(self, name: str) -> Any:
            found = getattr(tokenizer, name)
            if not name.startswith("encode"):
                return found

            def encode(*texts: Any, **options: Any) -> Any:
                nonlocal count
                count += 1
                ids = found(*texts, **options)
                return ids[::-1] if backwards else ids

            return encode

    dataset = make(rows, Counting(), *args)
    at_start, backwards = count, True
    items = [dataset[number] for number in [*range(len(dataset)), *range(len(dataset))]]
    return {"at_start": at_start, "later": count - at_start, "items": items[len(dataset) :]}


@probe
def answered(save: Any, entries: list[dict[str, Any]], answers: list[Any], before: str | None = None) -> dict[str, Any]:
    """Calls `save(entries, respond, path)` and reads the file that it writes.

    Args:
        save: the function.
        entries: no two with the same "instruction" and "input".
        answers: what `respond` returns for each entry: a text, or {"raise": name of a built-in exception, "text": its text}.
        before: the file's content before; None for no file.

    Returns:
        "content": the file's bytes, None without a file. "returned": the return value. "raised": name of the exception that
        escaped, or an empty text. "asked": inputs of the entries that respond was asked for, in order.
    """
    import builtins
    import tempfile
    from pathlib import Path

    keys = [(entry["instruction"], entry["input"]) for entry in entries]
    wanted = dict(zip(keys, answers, strict=True))
    asked: list[str] = []

    def respond(entry: dict[str, Any]) -> Any:
        asked.append(entry["input"])
        answer = wanted[entry["instruction"], entry["input"]]
        if isinstance(answer, dict):
            raise getattr(builtins, answer["raise"])(*([answer["text"]] if answer["text"] else []))
        return answer

    returned, raised = None, ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.json"
        if before is not None:
            path.write_text(before, encoding="utf-8")
        try:
            returned = save(entries, respond, str(path))
        except (KeyboardInterrupt, Exception) as error:
            if isinstance(error, NotImplementedError) and not str(error):
                raise  # the gap is empty
            raised = type(error).__name__
        content = path.read_bytes() if path.is_file() else None
    return {"content": content, "returned": returned, "raised": raised, "asked": asked}
