"""Reading one collection into the layers it feeds: whole, by its time window, or by the change feed."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from desktop.link.http import Refused, RegistryError
from desktop.link.pages import Page, RawFeature
from desktop.link.registry import Change, CursorExpired, RegistryClient
from desktop.work.mapping import Binding
from desktop.work.sync_layer import LayerRun
from desktop.work.sync_rows import NAMELESS, RowReader, plain_id
from desktop.work.sync_summary import Method, Phase

OVERLAP = timedelta(minutes=2)
"""How far a time window reaches back behind the last one: a registry commits out of order, and rounds."""

Tell = Callable[[LayerRun, Phase, int, int | None], None]
"""(layer, phase, features done, how many there are)."""


class Cancelled(Exception):
    """The run was asked to stop."""


class Position(msgspec.Struct, frozen=True):
    """From where the next run can go on in a collection."""

    cursor: str = ""
    time: str = ""
    """The server's clock when the last reading began, RFC 3339."""
    unusable: int = 0
    """Features it listed that could not be shown."""
    nameless: bool = False
    """Whether features were named after their content, so that a listing of ids says nothing of them."""


class CollectionReader:
    """Reads one collection for the run. `feeds` are its bindings, each with the run of its layer."""

    def __init__(
        self,
        client: RegistryClient,
        name: str,
        feeds: Sequence[tuple[Binding, LayerRun]],
        tell: Tell,
        cancel: threading.Event,
    ) -> None:
        self._client, self._name = client, name
        self._feeds = [(RowReader(binding, run.listed), binding, run) for binding, run in feeds]
        self._tell, self._cancel = tell, cancel
        self._listed: defaultdict[str, set[str]] = defaultdict(set)
        """By layer, what was listed by a method that may have to be given up."""

    def read(self, method: Method, since: Position) -> tuple[Method, Position]:
        """Read by that method; what was really done, and from where the next run can go on.

        Raises RegistryError, StoreError or Cancelled.
        """
        if method == "changes":
            try:
                return "changes", self._changes(since)
            except CursorExpired:
                self._forget_listed()
        if method == "window":
            position = self._window(since)
            if position is not None:
                return "window", position
            self._forget_listed()
        return "whole", self._whole()

    def _whole(self) -> Position:
        cursor = self._client.position(self._name)
        before = self._unusable()
        time = ""
        for page in self._watched(self._client.pages(self._name)):
            time = time or page.time
            self._take(page)
        self._flush()
        return Position(
            cursor=cursor, time=time, unusable=self._unusable() - before, nameless=self._nameless()
        )

    def _window(self, since: Position) -> Position | None:
        """None when the ids listed afterwards show that the window did not bring all that is new."""
        before, time = self._unusable(), ""
        for page in self._watched(self._client.pages(self._name, since=earlier(since.time))):
            time = time or page.time
            self._take(page, repeats=True)
        self._flush()
        fresh = self._unusable() - before
        properties = sorted({name for _, binding, _ in self._feeds for name in needed_by(binding)})
        if self._nameless():
            return None
        unknown = 0
        names: list[list[str]] = [[] for _ in self._feeds]
        for page in self._watched(self._client.ids(self._name, properties), "comparing"):
            for found, (reader, _, _) in zip(names, self._feeds, strict=True):
                found += reader.listed(page.features)
        for found, (_, _, run) in zip(names, self._feeds, strict=True):
            unknown += run.unknown(found)
            run.listed.update(found)
            self._listed[run.layer.id].update(found)
        if unknown > since.unusable + fresh:
            return None
        return Position(time=time or since.time, unusable=max(unknown, 0))

    def _forget_listed(self) -> None:
        """Begin again: what this collection listed is not an id met twice."""
        self._flush()
        for _, _, run in self._feeds:
            run.listed.discard(self._listed.pop(run.layer.id, set()))

    def _nameless(self) -> bool:
        return any(run.summary.mended.get(NAMELESS) for _, _, run in self._feeds)

    def _changes(self, since: Position) -> Position:
        cursor, done = since.cursor, 0
        for page in self._client.changes(self._name, since.cursor):
            self._stop_if_cancelled()
            last = {plain_id(one.id): one for one in page.changes if one.collection in ("", self._name)}
            features = [self._current(one) for one in last.values() if one.op == "upsert"]
            deleted = [name for name, one in last.items() if one.op == "delete"]
            for reader, binding, run in self._feeds:
                batch = reader.read([one for one in features if one is not None], repeats=True)
                self._listed[run.layer.id].update(batch.listed)
                run.take(batch)
                run.gone.update(dict.fromkeys(batch.strangers))
                run.gone.update(dict.fromkeys(binding.source.id_prefix + name for name in deleted))
            done += len(page.changes)
            cursor = str(page.cursor)
            self._tell(self._feeds[0][2], "reading", done, None)
        self._flush()
        return Position(cursor=cursor, unusable=since.unusable)

    def _current(self, change: Change) -> RawFeature | None:
        if change.feature is not None:
            found = change.feature
        else:
            try:
                found, _ = self._client.feature(self._name, plain_id(change.id))
            except Refused as error:
                if error.status in (404, 410):
                    return None
                raise
        if found.id is None:
            found.id = change.id
        if found.version is None:
            found.version = change.version
        return found

    def _take(self, page: Page, *, repeats: bool = False) -> None:
        for place, (reader, binding, run) in enumerate(self._feeds):
            batch = reader.read(page.features, page.crs, repeats=repeats)
            if repeats:
                self._listed[run.layer.id].update(batch.listed)
            run.take(batch, distinct=not repeats)
            run.refuse(page.bad, binding.source.id_prefix, count=place == 0)

    def _watched(self, pages: Iterator[Page], phase: Phase = "reading") -> Iterator[Page]:
        """Pages, while telling how far it is; a page met twice ends the reading."""
        done, seen = 0, set[int]()
        first = self._feeds[0][2]
        for page in pages:
            self._stop_if_cancelled()
            if page.features:
                ends = (page.features[0], page.features[-1])
                mark = hash(tuple((one.id, bytes(one.geometry), bytes(one.properties)) for one in ends))
                if mark in seen:
                    raise RegistryError(
                        f"{self._client.url}: {self._name}",
                        "its pages come round again: next leads back to features already read",
                        "nothing was removed",
                    )
                seen.add(mark)
            yield page
            done += len(page.features) + len(page.bad)
            total = page.number_matched
            self._tell(first, phase, done, total if total is not None and total >= done else None)

    def _unusable(self) -> int:
        runs = {run.layer.id: run for _, _, run in self._feeds}
        return sum(sum(run.summary.set_aside.values()) for run in runs.values())

    def _flush(self) -> None:
        for _, _, run in self._feeds:
            run.flush()

    def _stop_if_cancelled(self) -> None:
        if self._cancel.is_set():
            raise Cancelled


def earlier(time: str) -> str:
    """An RFC 3339 time moved back by the overlap; as it came when it cannot be read."""
    try:
        moved = datetime.fromisoformat(time) - OVERLAP
    except ValueError:
        return time
    return moved.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def needed_by(binding: Binding) -> set[str]:
    """Properties without which a feature's id and layer cannot be told."""
    return {*binding.source.filter, *binding.id_fields}
