"""Rows of the alarm list: each alarm under its cause, found through the registry's relations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from desktop.work.alarm import Alarm, AlarmFilter, Row
from desktop.work.picture import ObjectKey

INFERRED_FROM = 3
"""Alarms that share an upstream object from which it is held to be their cause, though it says nothing."""

Explains = Callable[[Alarm, Alarm], bool]
"""Whether the second alarm, of the first one's upstream object, explains the first."""
CommuneOf = Callable[[ObjectKey], str]


def grouped(alarms: Iterable[Alarm], explains: Explains) -> list[Row]:
    """Every alarm in exactly one row, as head or as child; a cycle of causes ends the chain."""
    standing = list(alarms)
    of: dict[ObjectKey, list[Alarm]] = defaultdict(list)
    for alarm in standing:
        of[alarm.object].append(alarm)
    children: dict[str, list[Alarm]] = defaultdict(list)
    heads: dict[str, Alarm] = {}
    orphans: dict[ObjectKey, list[Alarm]] = defaultdict(list)
    for alarm in standing:
        root, missing = _root(alarm, of, explains)
        if missing is not None:
            orphans[missing].append(alarm if root is alarm else root)
        if root is not alarm:
            children[root.key].append(alarm)
        else:
            heads[alarm.key] = alarm
    rows = _inferred(orphans, heads, children)
    rows += [_row(alarm.key, alarm.object, alarm, children.get(key, [])) for key, alarm in heads.items()]
    return rows


def _root(
    alarm: Alarm, of: Mapping[ObjectKey, list[Alarm]], explains: Explains
) -> tuple[Alarm, ObjectKey | None]:
    """The alarm at the end of the chain of causes, and the object upstream of it that explains nothing.

    A chain that comes back to itself ends at the same member of the circle wherever it was entered.
    """
    path: list[Alarm] = []
    while alarm not in path:
        path.append(alarm)
        cause = _cause(alarm, of, explains)
        if cause is None:
            return alarm, alarm.upstream
        alarm = cause
    return min(path[path.index(alarm) :], key=lambda it: it.key), None


def _cause(alarm: Alarm, of: Mapping[ObjectKey, list[Alarm]], explains: Explains) -> Alarm | None:
    """The alarm of the upstream object that explains this one: an active one, the worst, the oldest.

    One that has cleared but stands for want of an acknowledgement still explains what has not cleared yet.
    """
    if alarm.upstream is None:
        return None
    causes = [it for it in of.get(alarm.upstream, ()) if it.key != alarm.key and explains(alarm, it)]
    return max(causes, key=lambda it: (it.life.active, it.severity, -it.raised, it.key), default=None)


def _inferred(
    orphans: Mapping[ObjectKey, list[Alarm]], heads: dict[str, Alarm], children: Mapping[str, list[Alarm]]
) -> list[Row]:
    rows = []
    for cause, found in orphans.items():
        mine = {it.key: it for it in found if it.key in heads}
        if len(mine) < INFERRED_FROM:
            continue
        members = [each for it in mine.values() for each in (it, *children.get(it.key, []))]
        for key in mine:
            del heads[key]
        rows.append(_row(f"cause:{cause.layer}/{cause.id}", cause, None, members))
    return rows


def _row(key: str, cause: ObjectKey, head: Alarm | None, members: list[Alarm]) -> Row:
    everything = members if head is None else [head, *members]
    return Row(
        key=key,
        cause=cause,
        head=head,
        children=tuple(it.key for it in sorted(members, key=lambda it: (it.raised, it.key))),
        severity=max(it.severity for it in everything),
        raised=min(it.raised for it in everything) if head is None else head.raised,
        unacknowledged=sum(not it.life.acknowledged for it in everything),
    )


def urgency(row: Row) -> tuple[int, bool, float, str]:
    """The order of the list: worst first, then unacknowledged, then newest."""
    return -int(row.severity), row.unacknowledged == 0, -row.raised, row.key


def passes(alarm: Alarm, wanted: AlarmFilter, commune_of: CommuneOf) -> bool:
    """Whether an alarm is one of those wanted; whether hidden ones are is not looked at."""
    if wanted.layers and alarm.object.layer not in wanted.layers:
        return False
    if wanted.severities and alarm.severity not in wanted.severities:
        return False
    if wanted.lives and alarm.life not in wanted.lives:
        return False
    if wanted.communes and commune_of(alarm.object) not in wanted.communes:
        return False
    if not wanted.text:
        return True
    text = wanted.text.casefold()
    words = (alarm.title.en, alarm.title.fr, alarm.object.id)
    return any(text in each.casefold() for each in words)
