"""Long work says what it is doing: a moving line for a person at a terminal, plain lines for a log.

Progress goes to standard error, so that what a command prints can be piped.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], None]


@contextmanager
def step(what: str) -> Iterator[Progress]:
    """Say that a step runs, and when it is done how long it took; the yielded function says how far it is."""
    began = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status(what) as status:
            yield lambda detail: status.update(f"{what}: {detail}")
    else:
        yield lambda detail: say(f"{what}: {detail}")
    say(f"{what}: done in {time.monotonic() - began:.1f} s")


def say(line: str) -> None:
    """One line for the person at the terminal or the log."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for a person at a terminal, a line for each tenth in a log; the yielded function takes done and total."""
    began, told = time.monotonic(), 0
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True)) as shown:
            task = shown.add_task(what, total=None)
            yield lambda done, total: shown.update(task, completed=done, total=total)
    else:

        def line(done: int, total: int) -> None:
            nonlocal told
            if (tenth := done * 10 // max(total, 1)) != told:
                told = tenth
                say(f"{what}: {done} of {total}")

        yield line
    say(f"{what}: done in {time.monotonic() - began:.1f} s")
