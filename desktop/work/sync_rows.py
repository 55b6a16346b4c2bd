"""From a registry's features to rows of the cache, one layer's view of a collection at a time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from desktop.link.crs import Transform, UnknownCrs, transform_from
from desktop.link.geojson import NO_GEOMETRY, place
from desktop.link.pages import RawFeature, read_json
from desktop.store.features import FeatureRow
from desktop.work.mapping import Binding, Properties
from desktop.work.names import Names
from layers import SAFE_ID

NAMELESS = "features without an id, named after their content (id_field in the mapping names them better)"
REPEATED = "an id already used by another feature"
NOT_OBJECT = "properties that are not an object"
MENDED_NUMBER = "numbers that are not finite, left empty"

_DECODE = msgspec.json.Decoder().decode
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


class SetAside(msgspec.Struct, frozen=True):
    """A feature that cannot be used, and why; `id` is empty when it has none."""

    id: str
    reason: str


class Batch(msgspec.Struct):
    """A page of one layer: rows for the cache, what was set aside, and every id the registry still has."""

    rows: list[FeatureRow]
    set_aside: list[SetAside]
    listed: list[str]
    strangers: list[str]
    """Ids of features that the mapping's filter gives to other layers."""
    mended: Counter[str]


class RowReader:
    """Turns the features of one binding into rows. `known` holds the ids its layer got in the run so far."""

    def __init__(self, binding: Binding, known: Names) -> None:
        self._binding = binding
        self._hash = hashlib.blake2b(key=binding.seed, digest_size=8)
        # Read once here, not for each of a million features.
        self._layer, self._label = binding.layer.id, binding.layer.label_field
        self._states = len(binding.layer.states)
        self._fields, self._prefix = binding.id_fields, binding.source.id_prefix
        self._filtered = bool(binding.source.filter)
        self._crs, self._transform = "", binding.transform
        self._known = known

    def read(self, features: Sequence[RawFeature], crs: str = "", *, repeats: bool = False) -> Batch:
        """Read a page; `crs` is the coordinate system its server named, empty for WGS84.

        With `repeats`, a later feature replaces an earlier one of the same id, as in a change feed.
        """
        batch = Batch([], [], [], [], Counter())
        transform = self._transform_of(crs)
        kept: list[tuple[RawFeature, str, Properties, bytes]] = []
        for feature in features:
            one = self._accept(feature, batch, repeats)
            if one is not None:
                kept.append(one)
        placed = place([one[0].geometry for one in kept], self._binding.layer.geometry, transform)
        batch.mended += placed.mended
        for i, (feature, name, properties, text) in enumerate(kept):
            reason = placed.reason[i]
            if reason is not None:
                batch.set_aside.append(SetAside(name, reason))
                continue
            batch.rows.append(
                self._row(feature, name, properties, text, placed.x[i], placed.y[i], placed.wkb[i])
            )
        return batch

    def _accept(
        self, feature: RawFeature, batch: Batch, repeats: bool
    ) -> tuple[RawFeature, str, Properties, bytes] | None:
        try:
            properties, text = self._properties(feature, batch.mended)
        except ValueError as error:
            name = self._given(feature)
            batch.set_aside.append(SetAside(name, str(error)))
            if name and not self._fields:
                name = self._prefix + name
                self._known.add(name)
                batch.listed.append(name)
            return None
        name = self.id_of(feature, properties)
        if self._filtered and not self._binding.accepts(properties):
            batch.strangers.append(name)
            return None
        if not name:
            name = self._prefix + _short(bytes(feature.geometry) + text)
            batch.mended[NAMELESS] += 1
        if not self._known.add(name) and not repeats:
            batch.set_aside.append(SetAside(name, REPEATED))
            return None
        batch.listed.append(name)
        return feature, name, properties, text

    def listed(self, features: Sequence[RawFeature]) -> list[str]:
        """The ids, of this layer, of features read without geometry and with the mapping's own properties."""
        found: list[str] = []
        needed = bool(self._filtered or self._fields)
        for feature in features:
            properties: Properties = {}
            if needed:
                try:
                    properties, _ = self._properties(feature, Counter())
                except ValueError:
                    continue
                if not self._binding.accepts(properties):
                    continue
            name = self.id_of(feature, properties)
            if name:
                found.append(name)
        return found

    def id_of(self, feature: RawFeature, properties: Properties) -> str:
        """The feature's id in the layer; empty when it has none."""
        fields = self._fields
        if not fields:
            name = feature.id if isinstance(feature.id, str) else plain_id(feature.id)
        elif len(fields) == 1 and fields[0] != "geometry":
            name = plain_id(properties.get(fields[0]))
            if name and not SAFE_ID.fullmatch(name):
                name = _short(name.encode("utf-8", "replace"))
        else:
            known = (
                feature.geometry if one == "geometry" else _ENCODE(properties.get(one)) for one in fields
            )
            name = _short(b"\0".join(known))
        return self._prefix + name if name else ""

    def _given(self, feature: RawFeature) -> str:
        return feature.id if isinstance(feature.id, str) else plain_id(feature.id)

    def _properties(self, feature: RawFeature, mended: Counter[str]) -> tuple[Properties, bytes]:
        raw = feature.properties
        try:
            properties: Any = _DECODE(raw)
            text = bytes(raw)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            properties, _ = read_json(raw)
            mended[MENDED_NUMBER] += 1
            text = _ENCODE(properties)
        if properties is None:
            properties, text = {}, b"{}"
        if not isinstance(properties, dict):
            raise ValueError(NOT_OBJECT)
        return properties, text

    def _row(
        self,
        feature: RawFeature,
        name: str,
        properties: Properties,
        text: bytes,
        x: float,
        y: float,
        wkb: bytes | None,
    ) -> FeatureRow:
        binding = self._binding
        if binding.readers is not None:
            properties = {field: read(properties) for field, read in binding.readers}
            text = _ENCODE(properties)
        version = "" if feature.version is None else str(feature.version)
        digest = self._hash.copy()
        digest.update(b"%b\0%b%b" % (version.encode("utf-8", "replace"), text, feature.geometry))
        mark = digest.digest()
        label, commune = properties.get(self._label), properties.get("commune")
        return FeatureRow(
            self._layer,
            name,
            x,
            y,
            wkb,
            text,
            version or mark.hex(),
            mark,
            self._state(properties) if self._states > 1 else 0,
            label if isinstance(label, str) else plain_id(label),
            commune if isinstance(commune, str) else plain_id(commune),
        )

    def _state(self, properties: Properties) -> int:
        try:
            state = self._binding.layer.state_of(properties, None)
        except Exception:  # a layer dropped in by the user; a bad one must not stop the others' sync
            return 0
        return state if 0 <= state < self._states else 0

    def _transform_of(self, crs: str) -> Transform | None:
        if self._binding.transform is not None or not crs:
            return self._binding.transform
        if crs != self._crs:
            try:
                self._transform = transform_from(crs)
            except UnknownCrs:
                self._transform = None
            self._crs = crs
        return self._transform


def _short(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def plain_id(value: object) -> str:
    """Text of an id or name that came as a number; empty for nothing, booleans and structures."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


__all__ = ["NO_GEOMETRY", "Batch", "RowReader", "SetAside", "plain_id"]
