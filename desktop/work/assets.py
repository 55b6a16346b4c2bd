"""One layer's objects in columns: what the map draws from, what live messages write to.

Rows keep the order in which the cache handed them over. Only the UI thread writes; a table under
construction on another thread is not shared until it is handed over whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.store.columns import Columns
from layers.definition import LayerDefinition, Severity
from layers.model import Quality

Rows = NDArray[np.int64]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What the layer tree says of a layer; hidden features (filters) are not counted in the abnormal ones."""

    count: int
    shown: int
    by_severity: tuple[int, ...]
    """Number of shown features per Severity, NORMAL first."""
    uncertain: int
    unknown: int

    @property
    def worst(self) -> Severity:
        """The most urgent severity present, NORMAL when there is none."""
        return max((Severity(i) for i, n in enumerate(self.by_severity) if n), default=Severity.NORMAL)


class LayerTable:
    """The columns of one layer: n features, each a row.

    Arrays (all of length n): ``x``, ``y`` float64 Web Mercator metres; ``state`` uint8 index in the layer's
    states; ``quality`` uint8 `Quality` as drawn now; ``reported`` uint8 quality as the equipment said;
    ``time`` float64 epoch seconds of the last report, 0 for never; ``heard`` bool, whether it was heard of
    since the link last came up; ``heading`` float32 degrees, or NaN.
    """

    def __init__(self, definition: LayerDefinition, columns: Columns) -> None:
        count = len(columns.rowid)
        self.definition = definition
        self.columns = columns
        self.x = np.ascontiguousarray(columns.x, dtype=np.float64)
        self.y = np.ascontiguousarray(columns.y, dtype=np.float64)
        self.state = np.array(columns.state, dtype=np.uint8)
        self.state[self.state >= len(definition.states)] = 0
        live = definition.is_live
        self.quality = np.full(count, Quality.BAD if live else Quality.GOOD, dtype=np.uint8)
        self.reported = np.zeros(count, dtype=np.uint8)
        self.time = np.zeros(count if live else 0, dtype=np.float64)
        self.heard = np.ones(count if live else 0, dtype=np.bool_)
        self.heading = np.full(count if definition.moving else 0, np.nan, dtype=np.float32)
        self.mask: NDArray[np.bool_] | None = None
        self.severities = np.array([int(state.severity) for state in definition.states], dtype=np.uint8)
        self._hashes: NDArray[np.int64] | None = None
        self._hash_rows: Rows | None = None
        self._summary: Summary | None = None

    def __len__(self) -> int:
        return len(self.x)

    def rows_of(self, ids: Sequence[str]) -> Rows:
        """The row of each id, -1 where the layer has no such feature. Shape (len(ids),)."""
        if not len(self) or not ids:
            return np.full(len(ids), -1, dtype=np.int64)
        hashes, rows = self._id_index()
        wanted = np.fromiter((hash(each) for each in ids), dtype=np.int64, count=len(ids))
        places = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
        found = np.where(hashes[places] == wanted, rows[places], -1)
        for i, row in enumerate(found.tolist()):
            if row >= 0 and self.columns.ids[row] != ids[i]:
                found[i] = self._row_among_equals(hashes, rows, int(places[i]), ids[i])
        return found

    def prepare(self) -> None:
        """Build what finding rows by id needs: a second of work for a million ids, best off the UI thread."""
        self._id_index()

    def row_of(self, feature_id: str) -> int:
        """The row of one id, or -1."""
        return int(self.rows_of([feature_id])[0])

    def id_of(self, row: int) -> str:
        """The feature id in a row."""
        return self.columns.ids[row]

    def label_of(self, row: int) -> str:
        """The name shown for a row; its id when it has none."""
        return self.columns.labels[row] or self.columns.ids[row]

    def severity_of(self, row: int) -> Severity:
        """The severity of the row's present state."""
        return Severity(int(self.severities[self.state[row]]))

    def abnormal_rows(self) -> Rows:
        """Rows whose severity is above NORMAL and which no filter hides."""
        abnormal = self.severities[self.state] > 0
        if self.mask is not None:
            abnormal &= self.mask
        return np.flatnonzero(abnormal)

    def touch(self) -> None:
        """Forget what was derived from the columns, after writing to them."""
        self._summary = None

    def summary(self) -> Summary:
        """Counts by severity and quality, kept until the next write."""
        if self._summary is None:
            shown = slice(None) if self.mask is None else self.mask
            severity = np.bincount(self.severities[self.state[shown]], minlength=len(Severity))
            quality = np.bincount(self.quality[shown], minlength=len(Quality))
            self._summary = Summary(
                count=len(self),
                shown=int(severity.sum()),
                by_severity=tuple(int(n) for n in severity),
                uncertain=int(quality[Quality.UNCERTAIN]),
                unknown=int(quality[Quality.BAD]),
            )
        return self._summary

    def carry_filter(self, old: LayerTable) -> None:
        """Hide what the table this one replaces hid, by row id, until the filter is asked again."""
        if old.mask is None or not len(old):
            return
        places = np.minimum(np.searchsorted(old.columns.rowid, self.columns.rowid), len(old) - 1)
        known = old.columns.rowid[places] == self.columns.rowid
        self.mask = np.where(known, old.mask[places], True)
        self.touch()

    def carry_live(self, old: LayerTable) -> list[str]:
        """Take over live state from the table this one replaces, by id; the ids that are no longer there."""
        if not self.definition.is_live:
            return []
        reporting = np.flatnonzero(old.time > 0)
        ids = [old.columns.ids[row] for row in reporting.tolist()]
        rows = self.rows_of(ids)
        source, target = reporting[rows >= 0], rows[rows >= 0]
        for name in ("state", "quality", "reported", "time", "heard"):
            getattr(self, name)[target] = getattr(old, name)[source]
        if self.definition.moving:
            self.heading[target] = old.heading[source]
            self.x[target], self.y[target] = old.x[source], old.y[source]
        return [ids[place] for place in np.flatnonzero(rows < 0).tolist()]

    def _id_index(self) -> tuple[NDArray[np.int64], Rows]:
        # Sorted hashes rather than a dict: 16 bytes an asset, where a dict of a million strings takes 150 MB.
        if self._hashes is None or self._hash_rows is None:
            ids = self.columns.ids
            hashes = np.fromiter((hash(ids[i]) for i in range(len(self))), dtype=np.int64, count=len(self))
            order = np.argsort(hashes, kind="stable")
            self._hashes, self._hash_rows = hashes[order], order
        return self._hashes, self._hash_rows

    def _row_among_equals(self, hashes: NDArray[np.int64], rows: Rows, place: int, wanted: str) -> int:
        value = hashes[place]
        while place < len(hashes) and hashes[place] == value:
            if self.columns.ids[int(rows[place])] == wanted:
                return int(rows[place])
            place += 1
        return -1
