"""What `vigie doctor` hears of the live feed: everything a broker retains, once, as a console would."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from desktop.link.mqtt import MqttFeed
from desktop.link.wire import LinkMessage, Message, SnapshotComplete
from desktop.paths import Paths
from desktop.settings import Settings
from layers import CatalogError, load_layers

Finding = tuple[str, Literal["ok", "warning", "failure"], str, str]

PATIENCE = 10.0
"""Seconds given to the broker."""


class Heard(msgspec.Struct):
    """What came until the snapshot was whole, or what went wrong in one line."""

    messages: int
    seconds: float
    bad: Counter[str]
    trouble: str = ""


def examine(settings: Settings, paths: Paths) -> Iterator[Finding]:
    """What to tell of the broker: name, status, detail and advice of each finding."""
    try:
        layers = load_layers(*([paths.layers] if paths.layers.is_dir() else []))
    except (CatalogError, OSError):
        return  # told of the layers already
    heard = listen_once(settings, [name for name, layer in layers.items() if layer.is_live])
    if heard.trouble:
        yield "feed", "failure", heard.trouble, "until it answers, no value on the map is live"
    else:
        detail = f"{settings.feed.url}: {heard.messages} retained messages in {heard.seconds:.1f} s"
        yield "feed", "ok", detail, ""
    bad = last_bad(paths.feed_file) + heard.bad
    if bad:
        counts = ", ".join(f"{topic} {count}" for topic, count in bad.most_common(10))
        yield "feed payloads", "warning", f"bad: {counts}", "ask whoever runs that equipment"


class _Bad(msgspec.Struct):
    bad: dict[str, int] = {}


def listen_once(settings: Settings, layers: Iterable[str]) -> Heard:
    """Connect beside the console that may be running, and read the snapshot."""
    feed = MqttFeed(
        msgspec.structs.replace(settings.feed, client_id=""), f"{settings.console}-doctor", present=False
    )
    over, started = threading.Event(), time.monotonic()
    heard = Heard(0, 0.0, feed.decoder.bad)

    def listen(message: Message) -> None:
        if isinstance(message, SnapshotComplete):
            over.set()
        elif isinstance(message, LinkMessage):
            if not message.up:
                heard.trouble = message.detail
                over.set()
        else:
            heard.messages += 1

    feed.start(listen, layers)
    if not over.wait(PATIENCE):
        heard.trouble = f"no answer within {PATIENCE:.0f} s"
    feed.stop()
    heard.seconds = time.monotonic() - started
    return heard


def last_bad(file: Path) -> Counter[str]:
    """Bad payloads by topic that a console had counted when it closed."""
    try:
        return Counter(msgspec.json.decode(file.read_bytes(), type=_Bad).bad)
    except (OSError, msgspec.MsgspecError):
        return Counter()
