"""Lines of text in order, however many there are: what does not fit into memory waits in temporary files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import IO, Self

from treatygraph.errors import StoreError

RUN_BYTES = 24 << 20
"""How much memory lines may take before they are put into a file."""
_PER_LINE = 50
_MOST_FILES = 64


class SortedLines:
    """Lines of bytes, each ending in a newline, that come back by their bytes and once each.

    The files have no name where the system allows it, and are gone when the `with` block ends or the process
    does. Raises StoreError when there is no room for them.
    """

    def __init__(self, run_bytes: int = RUN_BYTES) -> None:
        self._run_bytes = run_bytes
        self._lines: list[bytes] = []
        self._held = 0
        self._files: list[IO[bytes]] = []

    def add(self, lines: Iterable[bytes]) -> None:
        """Take lines in any order."""
        for line in lines:
            self._lines.append(line)
            self._held += len(line) + _PER_LINE
        if self._held > self._run_bytes:
            self._put_away()

    def __iter__(self) -> Iterator[bytes]:
        import heapq

        self._lines.sort()
        return _once(heapq.merge(self._lines, *self._files))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()
        self._files.clear()
        self._lines.clear()

    def _put_away(self) -> None:
        self._lines.sort()
        self._files.append(_written(_once(self._lines)))
        self._lines.clear()
        self._held = 0
        if len(self._files) == _MOST_FILES:
            import heapq

            with ExitStack() as merged:
                files = [merged.enter_context(file) for file in self._files]
                self._files = [_written(_once(heapq.merge(*files)))]


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in order without those that are repeated."""
    before = b""
    for line in lines:
        if line != before:
            yield line
            before = line


def _written(lines: Iterable[bytes]) -> IO[bytes]:
    """A temporary file that holds the lines, at its beginning."""
    import tempfile

    file = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    try:
        file.writelines(lines)
        file.seek(0)
    except BaseException as error:
        with suppress(OSError):  # closing tries to write once more
            file.close()
        if isinstance(error, OSError):
            raise no_room(error) from error
        raise
    return file


def no_room(error: OSError) -> StoreError:
    """What to say when a temporary file cannot be written."""
    import tempfile

    return StoreError(
        f"sorting needs temporary files, and one cannot be written: {error.strerror or error}",
        where=tempfile.gettempdir(),
        hint="let TMPDIR name a folder with room for twice the data",
    )
