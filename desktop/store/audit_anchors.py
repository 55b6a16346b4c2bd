"""Anchors: the head of the audit chain, written down outside the file so that a cut tail is noticed."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from desktop.store.errors import StoreError, store_error


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """Up to entry `seq` the chain held `count` entries and ended with `hash` (hex), at `time` (epoch s)."""

    seq: int
    hash: str
    count: int
    time: float


def write_anchor(file: Path, anchor: Anchor) -> None:
    """Add a line to a file that is only ever added to; on the disk when this returns.

    Raises StoreError, one line, where it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            size = os.fstat(number).st_size
            # A line torn by a power cut must not swallow the next one.
            torn = size > 0 and os.pread(number, 1, size - 1) != b"\n"
            os.write(number, (b"\n" if torn else b"") + msgspec.json.encode(anchor) + b"\n")
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as error:
        raise store_error(error, file) or StoreError(f"{file}: {error.strerror}") from error


def read_anchors(file: Path) -> tuple[list[Anchor], list[int]]:
    """The anchors in a file, in order, and the numbers of lines that are none.

    Raises StoreError, one line, where the file cannot be read.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror})") from error
    anchors: list[Anchor] = []
    strange: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            anchors.append(msgspec.json.decode(line, type=Anchor))
        except (msgspec.DecodeError, UnicodeDecodeError):
            strange.append(number)
    return anchors, strange
