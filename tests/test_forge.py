"""What GitHub reads: workflows call only what is there, and the citation is as the format asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from llmkit.version import __version__

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TEMPLATES = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def steps(workflow: Path) -> list[str]:
    """The shell lines of a workflow, each once for every value of its job's matrix."""
    found = []
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        for step in job["steps"]:
            lines = [step.get("run", "")]
            for name, values in matrix.items():
                lines = [
                    re.sub(rf"\$\{{\{{ *matrix\.{name} *\}}\}}", value, line) for line in lines for value in values
                ]
            found += lines
    return sorted({line for text in found for line in text.splitlines() if line})


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_what_is_there(workflow: Path) -> None:
    lines = steps(workflow)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [target for line in lines if line.startswith("make ") for target in line.split()[1:]]
    assert targets and "${{" not in " ".join(targets)
    assert [one for one in targets if not re.search(rf"^{re.escape(one)}:", makefile, flags=re.M)] == []
    scripts = [word for line in lines for word in re.findall(r"(?:tools|tests|benchmarks)/[\w./-]+", line)]
    assert [one for one in scripts if not (ROOT / one).exists()] == []


def test_the_jobs_are_the_steps_of_make_test() -> None:
    """And the pages, and what needs a browser."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    loop = re.search(r"for step in ([\w $()-]+); do", makefile[makefile.index("\ntest: ") :])
    assert loop
    in_test = set(re.sub(r"\$\(\w+\)", "", loop[1]).split())
    (checks,) = [path for path in WORKFLOWS if path.name == "checks.yml"]
    assert {line.removeprefix("make ") for line in steps(checks) if line.startswith("make ")} == in_test | {
        "docs",
        "test-browser",
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_an_issue_template_has_what_github_asks_for(template: Path) -> None:
    form = yaml.safe_load(template.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    fields = [part for part in form["body"] if part["type"] != "markdown"]
    assert all(part["attributes"]["label"] for part in fields)
    assert len({part["id"] for part in fields}) == len(fields) > 0


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation), "what CFF 1.2.0 asks for"
    assert citation["cff-version"] == "1.2.0" and citation["type"] in ("software", "dataset")
    assert [set(author) for author in citation["authors"]] == [{"name"}]
    assert citation["version"] == __version__
    assert f'license = "{citation["license"]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
