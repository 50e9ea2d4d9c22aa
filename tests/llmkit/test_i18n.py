"""The catalogues of run-time messages: read as gettext means them, and never left out without a word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest

import autograder.i18n
from llmkit import i18n

CATALOGUES = [(i18n.DOMAIN, i18n.FOLDER), (autograder.i18n.DOMAIN, autograder.i18n.FOLDER)]
HEAD = 'msgid ""\nmsgstr "Language: pt-BR\\n"\n\n'


@pytest.mark.parametrize(("domain", "folder"), CATALOGUES)
def test_a_catalogue_says_what_gettexts_compiler_would_make_of_it(domain: str, folder: Path) -> None:
    for language in set(i18n.languages()) - {i18n.SOURCE}:
        path = folder / language / f"{domain}.po"
        there = polib.pofile(str(path))
        assert i18n.read_catalogue(path) == {entry.msgid: entry.msgstr for entry in there.translated_entries()}


def test_every_language_has_every_catalogue() -> None:
    for _domain, folder in CATALOGUES:
        assert {path.name for path in folder.iterdir()} == set(i18n.languages()) - {i18n.SOURCE}
    assert "pt-BR" in i18n.languages()


def test_no_compiled_catalogue_is_committed() -> None:
    root = i18n.FOLDER.parents[1]
    if not (root / ".git").exists():
        pytest.skip("no clone")
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert not [name for name in tracked.splitlines() if name.endswith(".mo")]


def test_strings_in_several_lines_escapes_fuzzy_and_obsolete_entries(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text(
        HEAD + '#: a.py\nmsgid ""\n"one\\n"\n"two \\"2\\" C:\\\\n"\nmsgstr ""\n"um\\n"\n"dois \\"2\\" C:\\\\n"\n'
        '#, python-format, fuzzy\nmsgid "old"\nmsgstr "velho"\n\nmsgid "none"\nmsgstr ""\n'
        '#~ msgid "gone"\n#~ msgstr "foi"\n\nmsgid "last"\r\nmsgstr "último"',
        encoding="utf-8",
    )
    assert i18n.read_catalogue(path) == {'one\ntwo "2" C:\\n': 'um\ndois "2" C:\\n', "last": "último"}


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", 'msgid "never closed', "words", 'msgid_plural "s"'])
def test_a_damaged_catalogue_is_an_error_that_names_the_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.po"
    path.write_text(f'{HEAD}msgid "yes"\n{line}\nmsgstr "sim"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.po, line 5"):
        i18n.read_catalogue(path)


def test_a_missing_catalogue_is_told(tmp_path: Path) -> None:
    with i18n.using("pt-BR"), pytest.warns(UserWarning, match=r"autograder\.po is missing"):
        assert i18n.gettext("a message", "autograder", tmp_path) == "a message"


def test_a_translation_that_has_changed_is_what_the_next_start_reads(tmp_path: Path) -> None:
    """Nothing is compiled in between: whoever pulls new translations has them."""
    path = tmp_path / "pt-BR" / "d.po"
    path.parent.mkdir()
    code = (
        "import sys, pathlib; from llmkit import i18n; i18n.set_language('pt-BR'); "
        "print(ascii(i18n.gettext('yes', 'd', pathlib.Path(sys.argv[1]))))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "LLMKIT_LANG"}
    for translation in ("sim", "pois sim"):
        path.write_text(f'{HEAD}msgid "yes"\nmsgstr "{translation}"\n', encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, env=environment
        )
        assert run.stdout.strip() == f"'{translation}'"
