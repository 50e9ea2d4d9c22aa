"""`nbgrader autograde`, made to grade side by side, and to be stopped and started again."""

from __future__ import annotations

import errno
import glob
import re
import traceback
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import OperationalError
from traitlets import Bool, Int, List, Unicode

from autograder.course.course import Course
from autograder.errors import CannotGrade, GradebookUnavailable, NoWorkers, SandboxUnavailable
from autograder.gradebook.by_student import ByStudent, in_words
from autograder.gradebook.copies import CopiesRegularFiles
from autograder.gradebook.dates import read_timestamp
from autograder.gradebook.marks import save_marks
from autograder.gradebook.records import NOT_YET, Record
from autograder.grading.pool import Work, fitting, start
from autograder.grading.submission import GradedNotebook, Task
from autograder.progress import progress


@dataclass
class _Turn:
    """A student's submission while it is graded.

    Attributes:
        student: student id.
        folder: what was handed in, as nbgrader names it.
        notebooks: paths under which nbgrader expects its notebooks.
        lock: held until its marks are saved.
        why: why it is graded.
        submitted: digests of its files when its turn began.
        crashed: whether the process that graded it has ended.
    """

    student: str
    folder: str
    notebooks: list[str]
    lock: FileLock
    why: str
    submitted: dict[str, str]
    crashed: bool = False


class GradingRun(ByStudent, Autograde, CopiesRegularFiles):
    """Autograde that knows what is graded, and grades side by side.

    A submission is graded when there is no record of its grading, when it has changed since, or when its marks or files are gone; no other is.
    Forks of this process grade, or the workers of a cluster; this process alone writes, one student after another, in the order in which
    they are done. In the end everybody who was not graded is named, with the reason, and the exit status is 1. Two runs at once share the
    class.
    """

    workers = Int(
        0,
        help="How many submissions are graded at once, on Linux; 0 stands for as many as there are processors and memory for.",
    ).tag(config=True)
    scheduler = Unicode(
        "", help="Address of a Dask scheduler, such as tcp://host:8786, whose workers grade; by default, this machine."
    ).tag(config=True)
    students = List(Unicode(), help="Whom to grade; by default everybody.").tag(config=True)
    bar = Bool(False, help="Whether to show a progress bar.").tag(config=True)

    assignments: dict[str, list[str]]

    def task(self, student: str, notebooks: list[str]) -> Task:
        """What to grade of a student.

        Args:
            student: student id.
            notebooks: names of the notebooks that are wanted.
        """
        raise NotImplementedError

    def start(self) -> None:
        self._begin()
        self._begun: set[str] = set()
        self._graded: list[str] = []
        self._kept: list[str] = []
        self._not_graded: dict[str, str] = {}
        self._look_at: dict[str, str] = {}
        self._partly: list[str] = []  # notebooks of somebody who has been graded
        self._failed: list[str] = []  # whose grading has met an error
        self._stopped = ""
        try:
            super().start()
        except (GradebookUnavailable, NoWorkers) as error:
            self.log.error("nothing was graded: %s", error)
            raise NbGraderException(str(error)) from error

    def init_notebooks(self) -> None:
        folders = glob.glob(self._format_source(self.coursedir.assignment_id, self.coursedir.student_id))
        try:
            super().init_notebooks()
        except NbGraderException:
            if not folders:
                raise
        for folder in folders:
            student = self._student_of(folder)
            if folder not in self.assignments and not self._excluded(student):
                self._not_graded[student] = (
                    f"{folder}: there is no notebook in it. Remedy: ask for the file that ends in .ipynb."
                )

    def _only_wanted(self) -> None:
        known = {self._student_of(folder): folder for folder in self.assignments}
        for student in self.students:
            if student not in known:
                near = get_close_matches(student, known, 3)
                remedy = f"did you mean {', '.join(near)}?" if near else "see the names of the folders in submitted/"
                self.log.error("%s has handed in nothing. Remedy: %s", student, remedy)
                raise NbGraderException(f"{student} has handed in nothing")
        if self.students:
            self.assignments = {known[student]: self.assignments[known[student]] for student in self.students}

    def _student_of(self, folder: str) -> str:
        pattern = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        found = re.match(pattern, folder)
        return found["student_id"] if found else Path(folder).parent.name

    def convert_notebooks(self) -> None:
        self._only_wanted()
        # More than there are processes need not be found: whether a student is graded is asked again in turn.
        wanting = (
            folder
            for folder, files in sorted(self.assignments.items())
            if not self._excluded(self._student_of(folder)) and self._why(self._student_of(folder), files)
        )
        waiting = list(islice(wanting, self.workers or fitting()))
        self._cluster: Work | None = None
        if waiting:
            # Where this ends the run, because the sandbox cannot start, nothing has been touched.
            if self.scheduler:
                self._cluster = self._join_cluster()
            else:
                self.run_pre_convert_hook()
        for student, reason in self._not_graded.items():
            if not self._records.graded(student).exists():
                self._records.write(student, Record(refused=reason))
        try:
            self._grade_all(len(waiting))
        finally:
            self._sum_up()
        if self._not_graded or self._partly:
            raise NbGraderException("not everything was graded")

    def _grade_all(self, waiting: int) -> None:
        turns: dict[Future[list[GradedNotebook]], _Turn] = {}
        left = deque(sorted(self.assignments))
        busy: deque[str] = deque()  # whom another run is grading
        again: deque[_Turn] = deque()  # whose process has ended
        work = self._start_work(waiting)
        with progress() if self.bar else nullcontext() as bar:
            shown = bar.add_task(self.coursedir.assignment_id, total=len(left)) if bar else None
            try:
                while left or busy or again or turns:
                    while len(turns) < work.room and (again or left or (busy and not turns)):
                        turn = again.popleft() if again else self._open(left, busy)
                        if turn is not None and (future := self._submit(work, turn)) is not None:
                            turns[future] = turn
                    done = wait(turns, return_when=FIRST_COMPLETED).done if turns else ()
                    crashed = [
                        turns.pop(future) for future in done if isinstance(future.exception(), BrokenProcessPool)
                    ]
                    if crashed:
                        again += self._after_crash(work, [*crashed, *turns.values()])
                        turns.clear()
                    for future in (future for future in done if future in turns):
                        self._finish(turns.pop(future), future)
                    if work.alone and not again and not turns:
                        work.restart(alone=False)
                    if bar and shown is not None:
                        bar.update(
                            shown, completed=len(self.assignments) - len(left) - len(busy) - len(again) - len(turns)
                        )
            except KeyboardInterrupt:
                self.log.error("Canceled")
                raise
            finally:
                work.stop()
                for turn in (*turns.values(), *again):
                    turn.lock.release()
        if self._failed:
            for student in self._failed:
                self.log.error(
                    "There was an error processing assignment '%s' for student '%s'",
                    self.coursedir.assignment_id,
                    student,
                )
            raise NbGraderException("Please see the above for details on the specific errors on the above failures.")

    def _join_cluster(self) -> Work:
        try:
            from autograder.grading.cluster import Cluster
            from autograder.grading.on_worker import Job
        except ModuleNotFoundError as error:
            raise NoWorkers(
                f"{error.name} is not installed, which --scheduler needs",
                'pip install -e ".[instructor,cluster]" -c constraints.txt',
            ) from None
        course = Course(Path(self.coursedir.root).resolve())
        return Cluster(self.scheduler, Job.of(course, self.task("", []).sandbox), self.workers, self.log.warning)

    def _start_work(self, waiting: int) -> Work:
        if self._cluster is not None:
            return self._cluster
        root = Path(self.coursedir.root).resolve()
        return start(self.workers or fitting(), waiting, self.task("", []).sandbox, root)

    def _after_crash(self, work: Work, turns: list[_Turn]) -> list[_Turn]:
        """Whom to grade again after a process has ended: alone, so that the next time it is known whose fault it is."""
        if len(turns) == 1 and turns[0].crashed:
            turn = turns[0]
            with suppress(CannotGrade), self.reasons(turn.student):
                raise CannotGrade(
                    "the process that graded it has ended twice",
                    f"look at what is in {turn.folder}, and at the memory of this machine",
                )
            turn.lock.release()
            turns = []
        for turn in turns:
            self.log.warning("%s: a process that graded has ended; graded again, alone", turn.student)
            turn.crashed = True
        work.restart(alone=bool(turns))
        return turns

    def _why(self, student: str, files: list[str]) -> str:
        """Why to grade a submission; empty where there is nothing to do."""
        return self._records.why_grade(student, [Path(file).stem for file in files]) or (
            "--force" if self.force else ""
        )

    def _open(self, left: deque[str], busy: deque[str]) -> _Turn | None:
        """The next student's turn; None where there is nothing to do, or another run is at it."""
        waits = not left  # nobody else is left
        folder = busy.popleft() if waits else left.popleft()
        student = self._student_of(folder)
        files = sorted(self.assignments[folder])
        if self._excluded(student):
            return None
        if self._stopped:
            self._not_graded[student] = f"the run stopped before: {self._stopped}"
            return None
        lock = self._records.lock(student)
        try:
            lock.acquire(timeout=-1 if waits else 0)
        except Timeout:
            self.log.warning("%s is being graded by another run; waiting for it", student)
            busy.append(folder)
            return None
        turn = None
        try:
            with self.reasons(student):
                why = self._why(student, files)
                if why:
                    turn = _Turn(student, folder, files, lock, why, self._records.digests(student))
                else:
                    self._kept.append(student)
                    self._name_refused(student, (self._records.read(student) or Record()).not_graded)
                    self.log.info("%s is graded, and has handed in nothing new; to grade again: --force", student)
        except Exception as error:
            self._fail(student, error)
        finally:
            if turn is None:
                lock.release()
        return turn

    def _submit(self, work: Work, turn: _Turn) -> Future[list[GradedNotebook]] | None:
        if turn.why != NOT_YET and not turn.crashed:
            self.log.warning("%s is graded again: %s", turn.student, turn.why)
        self._begun.add(turn.student)
        if problem := read_timestamp(self._records.submission(turn.student))[1]:
            self._look_at[turn.student] = problem
        try:
            with self.reasons(turn.student):
                task = self.task(turn.student, [Path(path).stem for path in turn.notebooks])
            return work.submit(task)
        except BrokenProcessPool as error:  # which has happened to another's
            broken: Future[list[GradedNotebook]] = Future()
            broken.set_exception(error)
            return broken
        except Exception as error:
            self._fail(turn.student, error)
            turn.lock.release()
            return None

    def _finish(self, turn: _Turn, future: Future[list[GradedNotebook]]) -> None:
        """Writes what has come out: files, then marks, then the record, without which nothing counts as done."""
        try:
            with self.reasons(turn.student):
                self._save(turn, future.result())
        except KeyboardInterrupt:
            self._remove(turn)
            raise
        except OperationalError:
            self._remove(turn)
            raise NbGraderException(
                "There was an error accessing the nbgrader database. This may occur if you recently upgraded nbgrader. "
                "To resolve the issue, first BACK UP your database and then run the command `nbgrader db upgrade`."
            ) from None
        except Exception as error:
            self._remove(turn)
            self._fail(turn.student, error)
        finally:
            turn.lock.release()

    def _fail(self, student: str, error: Exception) -> None:
        self.log.error(
            "There was an error processing assignment: %s", self._format_source(self.coursedir.assignment_id, student)
        )
        self.log.error("".join(traceback.format_exception(error)))
        self._failed.append(student)

    def _remove(self, turn: _Turn) -> None:
        self.notebooks = turn.notebooks
        folder = self._records.graded(turn.student)
        if folder.exists():
            self._clear(folder)

    def _save(self, turn: _Turn, graded: list[GradedNotebook]) -> None:
        student, assignment, folder = turn.student, self.coursedir.assignment_id, self._records.graded(turn.student)
        before = self._records.read(student) or Record()
        self._records.forget(student)
        self._remove(turn)
        self.notebooks = turn.notebooks
        self.init_assignment(assignment, student)
        for one in graded:
            for level, line in one.told:
                self.log.log(level, "%s, %s: %s", student, one.name, line)
            self._write(folder / f"{one.name}.ipynb", one.text)
        save_marks(self, assignment, student, graded, before.written)
        self.set_permissions(assignment, student)
        self.run_post_convert_hook()
        record = Record(submitted=turn.submitted, graded=[one.name for one in graded])
        record.not_graded = [f"{one.name}: {one.refused}" for one in graded if one.refused]
        if before.submitted == turn.submitted:
            # Those that --notebook left out now.
            others = set(before.graded) - set(record.graded)
            record.not_graded += [line for line in before.not_graded if line.partition(":")[0] in others]
            record.graded = sorted({*record.graded, *others})
        record.marks = self._records.marks(student)
        record.written = before.written | {one.name: one.written for one in graded}
        self._records.write(student, record)
        self._graded.append(student)
        self._name_refused(student, record.not_graded)

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _name_refused(self, student: str, lines: list[str]) -> None:
        self._partly += [f"{student}, {line}" for line in lines]

    @contextmanager
    def reasons(self, student: str) -> Iterator[None]:
        """Writes down why a student was not graded; ends the run where the next student would fare alike."""
        try:
            yield
        except Exception as error:
            told = error
            if isinstance(error, OSError):
                told = in_words(error)
            self._not_graded[student] = str(told)
            full = getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT)
            if full or isinstance(error, (GradebookUnavailable, NoWorkers, SandboxUnavailable)):
                self._stopped = str(told)
            else:
                self._records.write(student, Record(refused=str(told)))
            if told is not error:
                raise told from None
            raise

    def _sum_up(self) -> None:
        name = self.coursedir.assignment_id
        for folder in self.assignments:
            student = self._student_of(folder)
            if student not in (*self._graded, *self._kept) and not self._excluded(student):
                end = "its grading did not come to its end" if student in self._begun else "the run was stopped before"
                self._not_graded.setdefault(student, f"{end}. Remedy: run the same command again.")
        counts = f"{len(self._graded)} graded, {len(self._kept)} kept as they were, {len(self._not_graded)} not graded"
        if self._partly:
            counts += f"; notebooks not graded: {len(self._partly)}"
        (self.log.error if self._not_graded or self._partly else self.log.info)("%s: %s", name, counts)
        for student, problem in sorted(self._look_at.items()):
            self.log.warning("look at %s: %s", student, problem)
        for student, reason in sorted(self._not_graded.items()):
            self.log.error("not graded: %s: %s", student, reason)
        for line in self._partly:
            self.log.error("not graded, with the reason on the feedback page: %s", line)
