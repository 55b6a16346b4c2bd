"""A real mosquitto on a port of its own, that a test can kill and start again with what it retained."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.settings import FeedSettings

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
WAIT = 10.0


class Broker:
    """mosquitto with its files in `folder`; `lines` are added to its configuration.

    `saves` is every how many seconds it saves what it retains.
    """

    def __init__(
        self,
        folder: Path,
        lines: str = "",
        users: str = "allow_anonymous true",
        address: str = "127.0.0.1",
        saves: int = 1800,
    ) -> None:
        self.folder, self.port = folder, free_port()
        self.file = folder / "mosquitto.conf"
        # Left to itself it drops what a console does not take at once, the retained snapshot included.
        self.file.write_text(
            f"listener {self.port} {address}\n{users}\npersistence true\npersistence_location {folder}/\n"
            f"autosave_interval {saves}\nmax_queued_messages 0\nuser root\n{lines}\n",
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"mqtt://127.0.0.1:{self.port}"

    def settings(self, **changes: object) -> FeedSettings:
        """What a console needs to listen to it."""
        return FeedSettings(**{"url": self.url, "keepalive_s": 2, **changes})  # type: ignore[arg-type]

    def start(self) -> None:
        """Start it, on the same port each time, and wait until it answers."""
        assert MOSQUITTO is not None
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self.file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + WAIT
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self._process.poll() is None, "mosquitto does not start"
                assert time.monotonic() < deadline
                time.sleep(0.02)

    def kill(self) -> None:
        """End it at once; what it had saved is there at the next start."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def shut(self) -> None:
        """End it as a service is ended: it saves what it retains."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(WAIT)
            self._process = None

    def pause(self, silent: bool) -> None:
        """Let it say nothing, its sockets open, or go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if silent else signal.SIGCONT)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def running(
    folder: Path,
    lines: str = "",
    may_fail: str = "",
    address: str = "127.0.0.1",
    users: str = "allow_anonymous true",
    saves: int = 1800,
) -> Iterator[Broker]:
    """A broker for the time of a test; skips where mosquitto is not installed."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    broker = Broker(folder, lines, users, address, saves)
    try:
        broker.start()
    except AssertionError:
        if not may_fail:
            raise
        pytest.skip(f"this mosquitto cannot do it: {lines}")
    try:
        yield broker
    finally:
        broker.kill()
