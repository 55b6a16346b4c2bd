"""The root of every topic, and what a name must be to stand in one."""

from __future__ import annotations

import re

ROOT = "vigie/v1"
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


def console_level(name: str) -> str:
    """A console's name as one topic level: other characters than those of ids become ``-``."""
    return _UNSAFE.sub("-", name)[:100] or "console"


def console_topic(name: str) -> str:
    """Where a console says, retained, whether it is there; its Last Will says that it is not."""
    return f"{ROOT}/console/{console_level(name)}"


def probe_topic(client: str) -> str:
    """Where a client sends itself the mark that follows what the broker retained."""
    return f"{ROOT}/probe/{console_level(client)}"
