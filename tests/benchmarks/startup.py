"""Start-up: `python -m tests.benchmarks.startup`, from the start of the process to the first complete frame.

The whole application opens on a warm cache of 53,000 assets, several times, in its own processes; the frame
is complete when every layer is loaded and the map has nothing left to draw.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from desktop.paths import default_paths
from tests.benchmarks.machine import machine

ASSETS = 53_000
RUNS = 5


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--home", type=Path, default=default_paths().cache / "benchmarks" / "startup")
    arguments = parser.parse_args()
    environment = {
        **os.environ,
        "VIGIE_HOME": str(arguments.home),
        "VIGIE_DEMO_ASSETS": str(ASSETS),
        "QT_QPA_PLATFORM": "offscreen",
    }
    warm = [sys.executable, "-m", "desktop", "--screenshot", str(arguments.home / "warm.png")]
    arguments.home.mkdir(parents=True, exist_ok=True)
    subprocess.run(warm, env=environment, check=True, stderr=subprocess.DEVNULL)
    seconds, assets, memory = [], 0, 0.0
    for _ in range(arguments.runs):
        command = [sys.executable, "-m", "tests.benchmarks.startup_child", str(time.time())]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        first, count, resident = done.stdout.split()[:3]
        seconds.append(float(first))
        assets, memory = int(count), float(resident)
    figures = {
        "benchmark": "startup",
        "assets": assets,
        "runs": arguments.runs,
        "first_frame_s": round(sorted(seconds)[len(seconds) // 2], 3),
        "best_s": round(min(seconds), 3),
        "worst_s": round(max(seconds), 3),
        "rss_mb": memory,
    }
    print(json.dumps({**figures, **machine()}))


if __name__ == "__main__":
    main()
