"""Why a process died: what its exit status, and the system's own count of killings for want of memory, tell."""

import re
import signal
from pathlib import Path

from errors import GenerationError, GenerationMemoryError

# Files in which Linux counts processes that it ended for want of memory: of this container, else of the machine.
_COUNTS = (Path("/sys/fs/cgroup/memory.events"), Path("/sys/fs/cgroup/memory/memory.oom_control"), Path("/proc/vmstat"))
_COUNT = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
_SHOWN = 120  # characters of what a library says: the first line has the figures
_CURE = "Take a smaller window, fewer seeds or outputs, precision bf16, or a smaller model: terramind_v1_tiny."


class Deaths:
    """Tells want of memory from other ends, by what was counted when the process began."""

    def __init__(self) -> None:
        """Remember how often the system has ended processes for want of memory until now."""
        self._before = _killings()

    def error(self, status: int | None) -> GenerationError:
        """The error of a run whose process ended.

        Args:
            status: as `subprocess.Popen.returncode`: negative for a signal.
        """
        if status == -signal.SIGKILL and _killings() > self._before:
            return too_much("the system ended it")
        if status == -signal.SIGKILL:
            return GenerationError(
                "The process that ran it was killed: by somebody, or by the system because memory ran out. Run it "
                f"again; where that does not help: {_CURE[0].lower()}{_CURE[1:]}"
            )
        if status is not None and status < 0:
            return GenerationError(
                f"The process that ran it crashed ({_name(-status)}). The next run gets a fresh one: run it again."
            )
        return GenerationError(
            f"The process that ran it ended by itself (exit status {status}). The server's log has its last words. The "
            "next run gets a fresh one: run it again."
        )


def too_much(detail: str) -> GenerationMemoryError:
    """The error of a run that needs more memory than there is; `detail` is what the system said."""
    said = f" ({detail.splitlines()[0][:_SHOWN]})" if detail else ""
    return GenerationMemoryError(f"The run needs more memory than there is{said}. {_CURE}")


def _killings() -> int:
    """How many processes the system has ended for want of memory; 0 where it does not tell."""
    for path in _COUNTS:
        try:
            found = _COUNT.search(path.read_text(encoding="utf-8"))
        except OSError:
            continue
        if found:
            return int(found[1])
    return 0


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
