"""`vigie sync` in a terminal: one line that moves while it runs, a table when it is over, or JSON."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TextIO
from unicodedata import category

import httpx
import msgspec

from desktop.link.registry import RegistryClient, RegistryError
from desktop.settings import RegistrySettings
from desktop.store.database import Database, StoreError
from desktop.work.mapping import MappingError, load_mapping
from desktop.work.sync import LayerSummary, Removal, Sync, SyncProgress, SyncSummary
from layers.definition import LayerDefinition

OK, PARTIAL, FAILED = 0, 1, 2
WIDTH = 100
COMMANDING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories: control, format (such as the order of writing), surrogates, line and page ends."""


def sync_in_terminal(
    registry: RegistrySettings,
    cache: Database,
    layers: Mapping[str, LayerDefinition],
    *,
    as_json: bool = False,
    yes: bool = False,
    whole: bool = False,
    transport: httpx.BaseTransport | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
    clock: Callable[[], float] = time.time,
) -> int:
    """Sync once and say what was done: a table or, with `as_json`, one JSON object on `out`.

    Progress and errors go to `err`, each error on one line. Removing much is agreed to only with `yes`.
    The exit code is 0 when the cache is now as the registry is, 1 when part of it is not, 2 when nothing
    could be read.
    """
    out, err = out or sys.stdout, err or sys.stderr
    line = ProgressLine(err)
    try:
        mapping = load_mapping(registry.mapping, layers)
        with RegistryClient(registry, transport) as client:
            sync = Sync(client, cache, layers, mapping, clock, whole=whole)
            summary = sync.run(line.show, confirm=lambda _: yes, cancel=threading.Event())
    except (MappingError, RegistryError, StoreError) as error:
        line.clear()
        print(f"vigie sync: {harmless(str(error))}", file=err)
        return FAILED
    line.clear()
    print(as_text(summary) if not as_json else msgspec.json.encode(as_document(summary)).decode(), file=out)
    for trouble in [*summary.errors, *(_held(one) for one in summary.held)]:
        print(f"vigie sync: {harmless(trouble)}", file=err)
    return OK if summary.complete else PARTIAL


class ProgressLine:
    """One line rewritten in place; silent where `stream` is not a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._live, self._drawn = stream, stream.isatty(), False

    def show(self, progress: SyncProgress) -> None:
        """Draw the progress over the line before."""
        if self._live:
            print(f"\r{progress_text(progress)[:WIDTH]:<{WIDTH}}", end="", file=self._stream, flush=True)
            self._drawn = True

    def clear(self) -> None:
        """Leave an empty line."""
        if self._drawn:
            print(f"\r{'':<{WIDTH}}\r", end="", file=self._stream, flush=True)
            self._drawn = False


def progress_text(progress: SyncProgress) -> str:
    """What, how many of how many, rate and time left: ``crews 120 of 205, 8,000/s, 3 s left``."""
    if progress.phase == "asking":
        return f"asking {progress.source}"
    if not progress.layer:
        return progress.phase
    words = [f"{progress.layer} ({progress.phase})" if progress.phase != "reading" else progress.layer]
    done = f"{progress.done:,}"
    words[0] += f" {done} of {progress.total:,}" if progress.total is not None else f" {done}"
    if progress.rate:
        words.append(f"{progress.rate:,.0f}/s")
    if progress.seconds_left is not None:
        words.append(f"{progress.seconds_left:,.0f} s left")
    return ", ".join(words)


def as_text(summary: SyncSummary) -> str:
    """The summary as a table with a line per layer and one for each reason features were set aside."""
    lines = [f"{summary.source}  {summary.title}".rstrip()]
    width = max((len(name) for name in summary.layers), default=0)
    for name, layer in sorted(summary.layers.items()):
        way = {"window": ["by time window"], "changes": ["by change feed"]}.get(" ".join({*layer.method}), [])
        counts = [f"{layer.received:>9,} read", *_counts(layer), *way]
        lines.append(f"  {name:<{width}}  {', '.join(counts)}")
        for reason, count in layer.set_aside.items():
            examples = ", ".join(layer.examples.get(reason, ()))
            lines.append(
                f"  {'':<{width}}  {count:>9,} set aside: {reason}" + (f" ({examples})" if examples else "")
            )
        for repair, count in layer.mended.items():
            lines.append(f"  {'':<{width}}  {count:>9,} mended: {repair}")
    if summary.ignored:
        lines.append(f"  not mapped to any layer: {', '.join(summary.ignored)}")
    total = summary.received
    lines.append(
        f"{total:,} features read, {sum(len_set_aside(one) for one in summary.layers.values()):,} set aside, "
        f"{summary.bytes:,} bytes in {summary.seconds:.1f} s"
    )
    return "\n".join(map(harmless, lines))


def harmless(line: str) -> str:
    """The line without characters by which what a registry says could command the terminal."""
    return "".join("\N{REPLACEMENT CHARACTER}" if category(each) in COMMANDING else each for each in line)


def as_document(summary: SyncSummary) -> dict[str, object]:
    """The summary for ``--json``: everything but the ids that changed, which are counted."""
    document: dict[str, object] = msgspec.to_builtins(summary)
    del document["changed_ids"]
    document["complete"] = summary.complete
    document["received"] = summary.received
    document["set_aside"] = sum(len_set_aside(one) for one in summary.layers.values())
    return document


def len_set_aside(layer: LayerSummary) -> int:
    """How many features of a layer were set aside."""
    return sum(layer.set_aside.values())


def _counts(layer: LayerSummary) -> list[str]:
    counts = {
        "added": layer.added,
        "changed": layer.changed,
        "removed": layer.removed,
        "unchanged": layer.unchanged,
    }
    return [f"{count:,} {word}" for word, count in counts.items() if count]


def _held(removal: Removal) -> str:
    return f"{removal} (--yes agrees)"
