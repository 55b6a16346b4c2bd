"""`python -m desktop.demo FOLDER SEED ASSETS`: makes a demo metropolis, one JSON line per step."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import msgspec

from desktop.demo.files import DemoError, DemoFiles, Step
from desktop.demo.making import generate


def main() -> int:
    """Make it; the last line of the error stream says what went wrong."""
    folder, seed, assets = sys.argv[1:4]
    # Asked to stop, it takes away what it has written.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))

    def report(what: str, share: float) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(Step(what, share)) + b"\n")
        sys.stdout.buffer.flush()

    try:
        generate(DemoFiles(Path(folder)), int(seed), int(assets), report)
    except DemoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
