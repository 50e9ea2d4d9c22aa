"""What stands in a student's cells besides the answer costs nothing that it need not; and if a cell fails, the marks say why."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course
from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import NotebookMark
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox
from autograder.student.session import StudentSession
from autograder.student.worker import changes
from autograder.student.worker.shell import Syntax
from autograder.submission.notes import notes_of
from llmkit.cells import likely_names

LIMITS = Limits(cell_seconds=4, call_seconds=2, patience_seconds=0.5, notebook_seconds=20, extra_seconds=4)
SETUP = "import sys\n\nimport torch\nfrom torch import nn"
ANSWER = "def double(x):\n    return nn.functional.relu(2 * x) - torch.softmax(-2 * x, -1) * 0 + x.clamp(max=0) * 2"
TEST = """
import torch

from llmkit.testing import Checks, assert_close, randn

check = Checks(points=2)

with check("doubles"):
    x = randn(3, 2)
    assert_close(double(x), 2 * x)

with check("lets gradients through"):
    assert_close(slope(double), torch.full((3,), 2.0))

check.report()
"""
HELPER = """
def slope(function):
    x = torch.ones(3, requires_grad=True)
    function(x).sum().backward()
    return x.grad
"""


def notebook(gap: str, *extra: str, language: str = "en", after: tuple[str, ...] = ()) -> NotebookNode:
    """A notebook as repaired: the course's set-up, cells that the student added, the gap, more added cells, the test."""
    nb = nbformat.v4.new_notebook(metadata={"llmkit": {"language": language}})

    def add(source: str, id: str, origin: str, **info: object) -> None:
        cell = nbformat.v4.new_code_cell(source, id=id)
        cell.metadata["autograder"] = {"origin": origin}
        if info:
            flags = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
            cell.metadata["nbgrader"] = flags | {"grade_id": id} | info
        nb.cells.append(cell)

    add(SETUP, "setup", "course")
    add(HELPER, "helper", "course")
    for number, source in enumerate(extra):
        add(source, f"student-{number}", "student")
    add(gap, "double", "gap", solution=True)
    for number, source in enumerate(after):
        add(source, f"student-after-{number}", "student")
    add(TEST, "double-test", "course", grade=True, locked=True, points=2)
    return nb


def grade(box: Sandbox, nb: NotebookNode) -> NotebookMark:
    return grade_notebook(nb, box, name="n", student="s", attempt="1", limits=LIMITS)


def test_an_answer_alone_is_right(bubblewrap: Sandbox) -> None:
    mark = grade(bubblewrap, notebook(ANSWER))
    assert mark.earned == 2 and mark.notes == []


HARMLESS = {
    "colab": "from google.colab import drive, files, userdata, output\nimport google.colab as c\n"
    "drive.mount('/content/drive')\n%cd /content/drive/MyDrive\nfor name in files.upload(): print(name)\n"
    "files.download('x.txt')\nkey = userdata.get('KEY') + ''\noutput.clear()\nc.auth.authenticate_user()",
    "colab in a function": "def prepare():\n    from google.colab import drive\n    drive.mount('/content/drive')\nprepare()",
    "colab, asked for": "try:\n    import google.colab\nexcept ImportError:\n    where = 'here'\nassert where == 'here'",
    "what is downloaded": "%pip install -q einops\n!pip install einops\n!wget http://x.org/a.txt\n!git clone http://x.org/a\n"
    "import os, subprocess\nassert os.system('curl http://x.org') == 0\n"
    "subprocess.run([sys.executable, '-m', 'pip', 'install', 'einops'], check=True)\nout = !pip list\nassert not out",
    "forms and clocks": "#@title Answer\n%%time\nsize = 3 #@param {type: 'integer'}",
    "nothing shown": "%%capture out\nprint('unseen')",
    "timed": "%%timeit -n 2",
    "for an interface": "%matplotlib inline\n%load_ext tensorboard\n%tensorboard --logdir x\n%config InlineBackend.figure_format = 'retina'",
    "await": "import asyncio\nawait asyncio.sleep(0)",
    "null byte": "text = 'a\0b'",
    "unseen characters": "text\u00a0= '\u200b'",
    "questions": "import getpass\nname = input('Name: ')\nassert name == getpass.getpass() == ''",
    "a question for a number": "count = int(input('How many? '))",
    "a file that is elsewhere": "text = open('/content/drive/MyDrive/x.txt').read()",
    "packages": "import no_such_package as nsp\nfrom no_such_package.more import thing\nfrom no_such_package import *\n"
    "nsp.set_theme()\ndef unused(x: thing['a']) -> nsp.Array | None: ...",
    "a package, asked for": "try:\n    import no_such_package\nexcept ImportError:\n    !pip install no_such_package\n    import no_such_package",
}


@pytest.mark.parametrize("line", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_only_this_machine_lacks_costs_nothing(bubblewrap: Sandbox, line: str) -> None:
    assert grade(bubblewrap, notebook(f"{line}\n{ANSWER}")).earned == 2


@pytest.mark.parametrize(
    "write",
    ["%%writefile mine.py\nimport torch\nfrom torch import nn\n" + ANSWER, "open('mine.py', 'w').write('x = 1')"],
)
def test_a_file_that_one_cell_writes_is_imported_by_the_next(bubblewrap: Sandbox, write: str) -> None:
    answer = "from mine import double" if write.startswith("%%") else f"import mine\n{ANSWER}"
    assert grade(bubblewrap, notebook(answer, write)).earned == 2
    assert grade(bubblewrap, notebook(write, after=(answer,))).earned == 2


FAILED = {
    "def double(x)\n    return 2 * x": ("SyntaxError: expected ':' (line 1)", "SyntaxError: expected ':' (linha 1)"),
    f"1 / 0\n{ANSWER}": (
        "ZeroDivisionError: division by zero (line 1)",
        "ZeroDivisionError: division by zero (linha 1)",
    ),
    "from no_such_package import double": (
        "its cell failed: `no_such_package` is not one of this course's packages",
        "a célula que o define deu erro: `no_such_package` não é um dos pacotes deste curso",
    ),
    f"import mine\nimport os; os._exit(3)\n{ANSWER}": (
        "its cell failed: your code ended the Python process (exit code 3)",
        "a célula que o define deu erro: seu código encerrou o processo do Python (código de saída 3)",
    ),
    f"import sys; sys.exit()\n{ANSWER}": ("its cell failed: SystemExit (line 1)", "deu erro: SystemExit (linha 1)"),
    f"if True:\n    import torch.nothing\n{ANSWER}": (
        "`torch.nothing` cannot be imported",
        "não é possível importar `torch.nothing`",
    ),
    "twice = 2": ("no cell of this notebook defines it", "nenhuma célula deste notebook define esse nome"),
}


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("code", FAILED)
def test_the_marks_say_why_an_answer_is_missing(bubblewrap: Sandbox, code: str, language: str) -> None:
    nb = notebook(code, language=language)
    mark = grade(bubblewrap, nb)
    told = FAILED[code][language == "pt-BR"]
    if "torch.nothing" in code:  # the rest of the cell ran
        assert mark.earned == 2 and told in " ".join(mark.notes)
        return
    assert mark.earned == 0
    assert all(told in check.message for check in mark.cells[0].checks), mark.cells[0].checks
    shown = next(cell for cell in nb.cells if cell.id == "double-test").outputs[0].data["text/html"]
    assert told in shown, "nbgrader's own pages show it"
    assert NotebookMark.from_dict(mark.as_dict()) == mark


def test_an_error_after_the_answer_is_told_beside_the_marks(bubblewrap: Sandbox) -> None:
    nb = notebook(f"{ANSWER}\n\n\nprint(double(torch.ones(2))[7])")
    mark = grade(bubblewrap, nb)
    assert mark.earned == 2 and mark.cells[0].error == ""
    assert (
        len(mark.notes) == 1
        and "Cell double: The cell failed: IndexError" in mark.notes[0]
        and "(line 5)" in mark.notes[0]
    )
    assert notes_of(nb) == mark.notes, "the feedback page reads them there"
    mark = grade(bubblewrap, notebook("def double(x):\n    return x\n\n\nprint(double(torch.ones(2))[7])"))
    assert mark.earned == 0 and "The cell of this exercise failed: IndexError" in mark.cells[0].error


def test_a_gap_that_raises_nothing_but_that_it_is_empty_is_empty(bubblewrap: Sandbox) -> None:
    mark = grade(bubblewrap, notebook("# YOUR CODE HERE\nraise NotImplementedError"))
    assert mark.cells[0].empty and mark.earned == 0 and mark.notes == []


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_what_ran_otherwise_is_told(bubblewrap: Sandbox, language: str) -> None:
    nb = notebook(f"import no_such_package\nname = input()\n{ANSWER}", language=language)
    mark = grade(bubblewrap, nb)
    cell, package = (
        ("Cell double: ", "not one of this course's packages")
        if language == "en"
        else ("Célula double: ", "não é um dos pacotes deste curso")
    )
    assert [note.startswith(cell) for note in mark.notes] == [True, True]
    assert "`no_such_package`" in mark.notes[0] and package in mark.notes[0] and "`input()`" in mark.notes[1]
    beside = next(one for one in nb.cells if one.id == "double").outputs[-1]
    assert beside.name == "stderr" and package in beside.text


CHANGES = {
    "torch.set_default_dtype(torch.float64)": "`torch.set_default_dtype`",
    "torch.set_default_device('meta')": "`torch.set_default_device`",
    "torch.set_grad_enabled(False)": "`torch.set_grad_enabled`",
    "torch.use_deterministic_algorithms(True)": "`torch.use_deterministic_algorithms`",
    "torch.autograd.set_detect_anomaly(True)": "`torch.autograd.set_detect_anomaly`",
    "torch.softmax = nn.functional.relu = lambda *a, **k: 0": "`torch.softmax`",
    "torch.Tensor.clamp = lambda *a, **k: 0": "`torch.Tensor.clamp`",
    "import builtins; builtins.len = builtins.range = builtins.isinstance = None": "`isinstance`",
    "sys.setrecursionlimit(60)": "",
    "sys.path.clear()": "",
    "import warnings; warnings.simplefilter('error')": "",
    "import numpy; numpy.seterr(all='raise'); numpy.set_printoptions(precision=1)": "",
    "import os; os.makedirs('below'); os.chdir('below'); os.rmdir('../below')": "",
    "import signal; signal.signal(signal.SIGALRM, signal.SIG_DFL)": "",
    "torch.manual_seed(0)": "",
}


@pytest.mark.parametrize("place", ["extra", "gap"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_a_cell_changes_for_all_code_is_put_back(bubblewrap: Sandbox, change: str, place: str) -> None:
    nb = notebook(ANSWER, change) if place == "extra" else notebook(f"{ANSWER}\n{change}")
    mark = grade(bubblewrap, nb)
    assert mark.earned == 2, mark.cells
    assert (CHANGES[change] in " ".join(mark.notes)) if CHANGES[change] else mark.notes == []


def test_a_students_settings_come_back_in_the_next_of_their_cells_and_the_courses_stay(bubblewrap: Sandbox) -> None:
    with StudentSession(bubblewrap, LIMITS, seed=1) as session:
        session.run_cell(SETUP + "\ntorch.set_printoptions(precision=2)\ntorch.set_grad_enabled(False)")
        first = session.run_cell("torch.set_default_dtype(torch.float64)", "student")
        assert first.events == [("changed", "torch.set_default_dtype")]
        again = session.run_cell("mine = str(torch.ones(1).dtype), torch.is_grad_enabled()", "gap")
        assert session.bind("mine") == ("torch.float64", False) and again.events == []
        session.run_cell("ours = str(torch.ones(1).dtype), torch.is_grad_enabled()")
        assert session.bind("ours") == ("torch.float32", False)


def test_the_course_may_still_fail_where_a_student_is_helped(bubblewrap: Sandbox) -> None:
    with StudentSession(bubblewrap, LIMITS, seed=1) as session:
        assert (session.run_cell("import no_such_package").error or {})["ename"] == "ModuleNotFoundError"
        assert session.run_cell("import no_such_package", "gap").error is None
        called = session.run_cell("def f():\n    return no_such_package.g()\nf()", "gap").error or {}
        assert called["ename"] == "ModuleNotFoundError" and called["module"] == "no_such_package"
        assert session.run_cell("from google.colab import nothing", "gap").error is not None


def test_cells_that_a_student_added_take_no_time_from_the_rest(bubblewrap: Sandbox) -> None:
    long = "n = {n}; import time\ntime.sleep(60)"
    nb = notebook(f"import time; time.sleep(1)\n{ANSWER}", *(long.format(n=n) for n in range(8)), "while True: pass")
    limits = Limits(cell_seconds=4, call_seconds=2, notebook_seconds=8, extra_seconds=8)
    mark = grade_notebook(nb, bubblewrap, name="n", limits=limits)
    assert mark.earned == 2
    stopped = [note for note in mark.notes if "stopped after" in note]
    assert len(stopped) == 9 and stopped[0].startswith("Your own cell `n = 0; import time`: stopped after 4 s")
    assert "`while True: pass`" in stopped[-1]


def test_an_added_cell_that_ends_the_process_is_named(bubblewrap: Sandbox) -> None:
    mark = grade(bubblewrap, notebook(ANSWER, "import os; os._exit(9)"))
    assert mark.earned == 2 and "`import os; os._exit(9)`: your code ended the Python process" in mark.notes[0]


def test_time_for_added_cells_never_runs_out() -> None:
    limits = Limits(cell_seconds=30, extra_seconds=100)
    left, given = limits.extra_seconds, []
    for _ in range(20):
        given.append(limits.for_extra(left))
        left -= given[-1]
    assert given[:4] == [30, 30, 20, 10] and min(given) == 0.5


def test_names_of_code_that_does_not_parse_are_guessed() -> None:
    assert likely_names("def f(x)\n    y = 1\nclass A(:\nz = 3\nasync def g(") == {"f", "A", "z", "g"}
    assert likely_names("import a\nb = 1") == {"a", "b"}


FIGURE = """from IPython.display import display
display({{"text/html": "<script>" + "x" * 3_000_000 + "</script>"}}, raw=True)
display({{"application/vnd.plotly.v1+json": {{}}, "text/html": "<div></div><script>draw()</script>"{picture}}}, raw=True)"""


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_a_figure_without_a_picture_is_told_of_in_its_place(bubblewrap: Sandbox, language: str) -> None:
    pictured = FIGURE.format(picture=', "image/png": "iVBORw0KGgo="')
    nb = notebook(ANSWER, FIGURE.format(picture=""), pictured, language=language)
    assert grade(bubblewrap, nb).earned == 2
    alone, with_picture = (cell.outputs for cell in nb.cells if cell.id in ("student-0", "student-1"))
    told = {"en": "came without a picture", "pt-BR": "veio sem imagem"}[language]
    assert [output.output_type for output in alone] == ["stream"] and told in alone[0].text
    assert [output.data.keys() & {"image/png"} for output in with_picture] == [{"image/png"}]


COMMANDS = (
    *(
        "!ls",
        "x = 1\n  !ls",
        "%time x = 1",
        "if x:\n    %time f()",
        "files = !ls",
        "files = \\\n    !ls",
        "t = %timeit -o f()",
    ),
    *(
        "len?",
        "len??",
        "x = 1\nx.shape?",
        "?len",
        "/f x",
        ",f a b",
        ";f a b",
        "%%time\nx = 1",
        ">>> x = 1",
        "In [1]: x = 1",
    ),
    *("    x = 1\n    y = 2", "x = 1\r!ls", "x = 1\x0c!ls\n", "!!ls", "a, b = %time f()", "x=!ls"),
)
NO_COMMANDS = (
    *(
        "x = 7\ny = x % 3",
        "y = (x\n     % 3)",
        "x != 1",
        "f'{x!r}'",
        "'what?'",
        'x = """\n!ls\n%time\n"""',
        "# what?",
        "",
    ),
    *(
        "x = (1",
        "if x:\n        a\n    b",
        "x = 'open",
        "x /= 2",
        "x %= 2",
        "f(a=-1)",
        "x[1,\n  2]",
        "await f()",
        "x = 1;",
    ),
)


def test_a_cell_is_read_as_ipython_reads_it() -> None:
    course = Course.discover()
    sources = {cell.source for exercise in course.exercises() for cell in course.notebook(exercise).nb.cells}
    for code in [*COMMANDS, *NO_COMMANDS, *sources]:
        try:
            expected = TransformerManager().transform_cell(code)
        except SyntaxError:  # it cannot be cut into tokens; then Python says what is wrong, and in which line
            expected = f"{code}\n"
        assert Syntax().transform_cell(code) == expected


def test_every_change_of_a_module_or_class_has_another_number() -> None:
    """However it is made; where this Python has no numbers, there is never one."""
    module, cls = ModuleType("module"), type("Class", (), {"method": len})
    module.function = len  # type: ignore[attr-defined]
    steps: list[tuple[object, Callable[[], object]]] = [
        (module, lambda: setattr(module, "function", max)),
        (module, lambda: vars(module).update(function=min)),
        (module, lambda: exec("function = len", vars(module))),
        (module, lambda: exec("global function\nfunction = max", vars(module))),
        (module, lambda: vars(module).__setitem__("new", len)),
        (module, lambda: delattr(module, "new")),
        (module, lambda: vars(module).pop("function")),
        (cls, lambda: setattr(cls, "method", max)),
        (cls, lambda: type.__setattr__(cls, "method", min)),
        (cls, lambda: setattr(cls, "__call__", len)),
        (cls, lambda: delattr(cls, "method")),
    ]
    for owner, change in steps:
        number = changes.number(vars(owner))
        before = number()
        assert number() == before  # looking changes nothing
        change()
        assert number() != before or sys.version_info >= (3, 13)
