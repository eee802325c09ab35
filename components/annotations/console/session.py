"""The console of one visitor: the query that runs, the last answer, and what was asked before."""

from collections import deque
from concurrent.futures import wait
from dataclasses import dataclass, field

import streamlit as st

from data_access.console.console import Answer, Console, Job
from errors import PatchworkError, QueryCancelledError

_KEY = "annotations_console"
_PATIENCE_S = 0.4  # a run waits so long itself: most queries are answered then, and nothing flickers
_MOST_KEPT = 20  # queries of the history


@dataclass
class Asked:
    """One query of the history, and what became of it."""

    sql: str
    outcome: str


@dataclass
class ConsoleSession:
    """Everything that one visitor's console keeps between two runs."""

    sql: str = ""  # of the answer or the problem below
    job: Job | None = None
    answer: Answer | None = None
    problem: PatchworkError | None = None
    serial: int = 0  # changes with every query: widgets that show an answer begin anew
    history: deque[Asked] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))

    def ask(self, console: Console, sql: str) -> None:
        """Run a query instead of the one that runs."""
        if self.job:
            self.job.cancel()
        self.sql, self.answer, self.problem, self.serial = sql, None, None, self.serial + 1
        try:
            self.job = console.start(sql, watched=True)
        except PatchworkError as problem:
            self.job = None
            self._fail(problem)

    def is_busy(self) -> bool:
        """Whether the answer is still on its way; waits for a moment, and takes it over once it is there."""
        if self.job is None:
            return False
        if self.job.stage != "done":
            wait([self.job.future], _PATIENCE_S)
        if not self.job.future.done():
            return True
        job, self.job = self.job, None
        problem = job.future.exception()
        if isinstance(problem, PatchworkError):
            self._fail(problem)
        elif problem is not None:
            raise problem
        else:
            self.answer = job.future.result()
            rows = len(self.answer.table)
            self._remember(f"{rows:,} {'row' if rows == 1 else 'rows'} in {self.answer.seconds:.2f} s")
        return False

    def _fail(self, problem: PatchworkError) -> None:
        self.problem = problem
        self._remember("cancelled" if isinstance(problem, QueryCancelledError) else "failed")

    def _remember(self, outcome: str) -> None:
        repeated = [asked for asked in self.history if asked.sql == self.sql]
        for asked in repeated:
            self.history.remove(asked)
        self.history.appendleft(Asked(self.sql, outcome))


def console_session() -> ConsoleSession:
    """The console of this visitor."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = ConsoleSession()
    session: ConsoleSession = st.session_state[_KEY]
    return session
