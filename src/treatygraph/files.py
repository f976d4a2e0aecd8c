"""Files of a folder, and files written so that a failed or killed write leaves the old content."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from treatygraph.errors import InputError, ProblemsError
from treatygraph.stopping import undone_when_stopped


def files_below(folder: Path, leave_out: Callable[[Path], bool] = lambda inner: False) -> list[Path]:
    """The files in a folder and its folders, in order of their paths, without the folders to `leave_out`.

    What begins with a dot is left out, such as .git or what editors put aside, and so is what links to
    folders lead to. Raises InputError, or ProblemsError for several, when a folder cannot be read.
    """
    problems: list[InputError] = []

    def unreadable(error: OSError) -> None:
        problems.append(
            InputError(
                f"this folder cannot be read: {error.strerror}",
                where=str(error.filename),
                hint="get the right to read it, or name the other files one by one",
            )
        )

    found: list[Path] = []
    for below, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [
            name for name in folders if not name.startswith(".") and not leave_out(Path(below, name))
        ]
        found += [Path(below, name) for name in names if not name.startswith(".")]
    if problems:
        raise problems[0] if len(problems) == 1 else ProblemsError(problems)
    return sorted(path for path in found if path.is_file())


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write beside the file and move into its place; the mode of an existing file is kept.

    A link is followed, so that the file it points to is replaced and the link stays. What is no file, such as
    a device or a pipe, is written to and not replaced. Raises OSError.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as open_target:
            open_target.writelines([data] if isinstance(data, bytes) else data)
        return
    temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        _fill(temporary, data)
        temporary.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _fill(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Make a file; pieces may take long, so that somebody may stop the command over them."""
    with (
        contextlib.nullcontext() if isinstance(data, bytes) else undone_when_stopped(path.unlink),
        open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file,
    ):
        file.writelines([data] if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
