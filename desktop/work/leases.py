"""Who holds which object: two consoles must not command the same one.

A lease is a courtesy between consoles, not a lock: what keeps two orders from one object is the gateway.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from desktop.link.wire_commands import LeaseMessage
from desktop.work.command import Lease
from desktop.work.picture import ObjectKey

HOLD = 60.0
"""Seconds for which a lease is taken; renewed while the command runs."""
RENEW = 30.0
"""Seconds before its end from which it is renewed."""
LONGEST = 3_600.0
"""Seconds in the future beyond which another console's lease is not believed."""


class Leases:
    """Leases by object, as taken here and as heard from other consoles."""

    def __init__(self, console: str) -> None:
        self._console = console
        self._held: dict[ObjectKey, Lease] = {}

    def get(self, key: ObjectKey, now: float) -> Lease | None:
        """Who holds the object now, this console included."""
        lease = self._held.get(key)
        return lease if lease is not None and lease.until > now else None

    def other(self, key: ObjectKey, now: float) -> Lease | None:
        """The other console that holds the object now."""
        lease = self.get(key, now)
        return None if lease is None or lease.console == self._console else lease

    def mine(self, key: ObjectKey, now: float) -> bool:
        """Whether this console holds it now."""
        lease = self.get(key, now)
        return lease is not None and lease.console == self._console

    def take(
        self, keys: Iterable[ObjectKey], operator: str, now: float, taken_from: str = "", reason: str = ""
    ) -> list[Lease]:
        """Hold these objects, or hold them longer; what is to be published."""
        taken = []
        for key in keys:
            old = self.get(key, now)
            if old is not None and old.console == self._console and old.until > now + RENEW and not reason:
                continue
            lease = Lease(
                key=key,
                operator=operator,
                console=self._console,
                until=now + HOLD,
                taken_from=taken_from,
                reason=reason,
            )
            self._held[key] = lease
            taken.append(lease)
        return taken

    def heard(self, message: LeaseMessage, now: float) -> bool:
        """Take note of what a console published; whether another console took what this one held.

        The last one published wins for everybody, since the broker hands all of them over in one order.
        """
        key = ObjectKey(message.layer, message.id)
        mine = self.mine(key, now)
        if message.released:
            if not mine:
                self._held.pop(key, None)
            return False
        if message.console == self._console:
            old = self._held.get(key)
            if old is None or old.console == self._console:
                self._held[key] = value_of(message, now)
            return False
        self._held[key] = value_of(message, now)
        return mine

    def expired(self, now: float) -> list[ObjectKey]:
        """Forget leases whose time is over; those of this console, whose topic is to be emptied."""
        over = [lease for lease in self._held.values() if lease.until <= now]
        for lease in over:
            del self._held[lease.key]
        return [lease.key for lease in over if lease.console == self._console]


def value_of(message: LeaseMessage, now: float) -> Lease:
    """The lease a message tells of."""
    return Lease(
        key=ObjectKey(message.layer, message.id),
        operator=message.operator,
        console=message.console,
        until=min(message.until, now + LONGEST),
        taken_from=message.taken_from,
        reason=message.reason,
    )


def message_of(lease: Lease) -> LeaseMessage:
    """A lease as it travels."""
    values = msgspec.structs.asdict(lease)
    key = values.pop("key")
    return LeaseMessage(layer=key.layer, id=key.id, **values)
