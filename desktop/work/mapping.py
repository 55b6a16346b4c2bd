"""How a registry's own collections and properties become Vigie's layers and fields.

A mapping is a TOML file; without one, collections bear the layers' ids and properties the fields' names::

    [layers.bike-stations]
    collection = "caracteristiques_stations_velodi"
    id_field = "numero_station"
    fields = { name = "adresse_station", capacity = "nb_emplacement_total" }

A layer fed by several collections is written ``[[layers.bus-stops]]``, once for each.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from desktop.link.crs import Transform, UnknownCrs, transform_from
from layers.definition import LayerDefinition

Value = str | int | float | bool
Properties = dict[str, Any]
Reader = Callable[[Properties], object]

T = TypeVar("T")

_TEMPLATE = re.compile(r"\{([^{}]+)\}")


class MappingError(Exception):
    """A mapping file cannot be used; one line: file, key, what to do."""


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field's value, when it is more than a property of another name.

    ``value`` is a constant. ``from`` names a property; ``table`` translates its values, ``otherwise`` stands
    for those the table has not; ``split`` is the separator of a list, rewritten with spaces.
    """

    value: Value | None = None
    source: str = msgspec.field(name="from", default="")
    table: dict[str, Value] = {}
    otherwise: Value | None = None
    split: str = ""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One collection feeding one layer."""

    collection: str
    id_field: str | list[str] = []
    """Property, or properties, that name a feature; the GeoJSON ``id`` when empty."""
    id_prefix: str = ""
    """Put before ids that several collections of one layer would share."""
    filter: dict[str, Value | list[Value]] = {}
    """Only features whose properties equal these (or one of these) belong to the layer."""
    fields: dict[str, str | FieldRule] | None = None
    """Layer field from property, ``"{number} {street}"`` or rule; None takes properties as they are named."""
    crs: str = ""
    """Coordinate system of the coordinates when the server sends another than WGS84 without saying so."""


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A layer, the source that feeds it, and how its features are read."""

    layer: LayerDefinition
    source: Source
    readers: tuple[tuple[str, Reader], ...] | None
    """(field, reader of its value), or None when properties are taken as they are."""
    transform: Transform | None
    seed: bytes
    """Changes when the mapping does, so that features are then read anew."""

    @property
    def id_fields(self) -> tuple[str, ...]:
        """The properties that name a feature; empty for the GeoJSON id."""
        fields = self.source.id_field
        return (fields,) if isinstance(fields, str) else tuple(fields)

    def accepts(self, properties: Properties) -> bool:
        """Whether the feature belongs to the layer."""
        for name, wanted in self.source.filter.items():
            value = properties.get(name)
            if value not in wanted if isinstance(wanted, list) else value != wanted:
                return False
        return True


class LayerMapping(msgspec.Struct, frozen=True):
    """The bindings of a registry, by collection."""

    bindings: dict[str, list[Binding]]
    named: bool = False
    """Whether a file names the collections, so that one that is missing is a mistake."""

    def collections_of(self, layer: str) -> list[str]:
        """The collections that feed a layer."""
        return [name for name, some in self.bindings.items() if any(one.layer.id == layer for one in some)]


def load_mapping(path: Path | None, layers: Mapping[str, LayerDefinition]) -> LayerMapping:
    """Read a mapping file; without one, each layer is fed by the collection of its name.

    Raises MappingError, one line with the file, the key and what to do.
    """
    if path is None:
        sources = {name: [Source(collection=name)] for name in layers}
        return _bound("", sources, layers)
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=dict[str, Any])
    except OSError as error:
        raise MappingError(
            f"{path}: cannot be read ({error.strerror}); correct registry.mapping or --mapping"
        ) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: not TOML ({error})") from error
    if list(found) != ["layers"] or not isinstance(found["layers"], dict):
        raise MappingError(f"{path}: all of it stands in tables such as [layers.crews]")
    return _bound(
        f"{path}: ", {name: _sources(path, name, some) for name, some in found["layers"].items()}, layers
    )


def _sources(path: Path, layer: str, given: object) -> list[Source]:
    some = given if isinstance(given, list) else [given]
    where = [
        f"{path}: layers.{layer}" + (f"[{place}]" if len(some) > 1 else "") for place in range(len(some))
    ]
    return [_source(key, one) for key, one in zip(where, some, strict=True)]


def _source(key: str, given: object) -> Source:
    # Each part is converted on its own so that a mistake is told with the whole of its key.
    if not isinstance(given, dict):
        raise MappingError(f"{key}: a table is wanted, with its collection")
    rules = given.get("fields")
    if not isinstance(rules, dict):
        return _converted(key, given, Source)
    source = _converted(key, {**given, "fields": {}}, Source)
    fields: dict[str, str | FieldRule] = {}
    for name, rule in rules.items():
        fields[name] = rule if isinstance(rule, str) else _converted(f"{key}.fields.{name}", rule, FieldRule)
    return msgspec.structs.replace(source, fields=fields)


def _converted(key: str, given: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        inner = where.strip("`.").replace("[...]", "")
        raise MappingError(f"{key}{'.' if inner else ''}{inner}: {what[:1].lower()}{what[1:]}") from error


def _bound(
    where: str, sources: Mapping[str, list[Source]], layers: Mapping[str, LayerDefinition]
) -> LayerMapping:
    bindings: dict[str, list[Binding]] = {}
    for name, some in sources.items():
        layer = layers.get(name)
        if layer is None:
            known = ", ".join(sorted(layers))
            raise MappingError(f"{where}layers.{name}: there is no such layer; use one of {known}")
        for source in some:
            bindings.setdefault(source.collection, []).append(_binding(where, layer, source))
    return LayerMapping(bindings, named=bool(where))


def _binding(where: str, layer: LayerDefinition, source: Source) -> Binding:
    key = f"{where}layers.{layer.id}"
    try:
        transform = transform_from(source.crs)
    except UnknownCrs as error:
        raise MappingError(f"{key}.crs: {error}") from error
    readers = None
    if source.fields is not None:
        readers = tuple(
            (name, _reader(f"{key}.fields.{name}", layer, name, rule)) for name, rule in source.fields.items()
        )
    described = msgspec.json.encode(
        (layer.id, [state.id for state in layer.states], source), order="deterministic"
    )
    return Binding(
        layer=layer,
        source=source,
        readers=readers,
        transform=transform,
        seed=hashlib.blake2b(described, digest_size=16).digest(),
    )


def _reader(key: str, layer: LayerDefinition, name: str, rule: str | FieldRule) -> Reader:
    field = layer.field(name)
    if field is None:
        known = ", ".join(one.name for one in layer.fields)
        raise MappingError(f"{key}: the layer has no such field; use one of {known}")
    if isinstance(rule, str):
        read = partial(_filled, rule) if _TEMPLATE.search(rule) else partial(_property, rule)
        return partial(_typed, field.type, read)
    if (rule.value is None) == (not rule.source):
        raise MappingError(f'{key}: say either value = … or from = "property"')
    if rule.value is not None:
        return partial(_constant, rule.value)
    return partial(_typed, field.type, partial(_translated, rule))


def _constant(value: Value, properties: Properties) -> object:
    return value


def _property(name: str, properties: Properties) -> object:
    return properties.get(name)


def _filled(template: str, properties: Properties) -> object:
    def said(found: re.Match[str]) -> str:
        value = properties.get(found.group(1))
        return "" if value is None else _plain(value)

    return " ".join(_TEMPLATE.sub(said, template).split())


def _translated(rule: FieldRule, properties: Properties) -> object:
    value = properties.get(rule.source)
    if rule.split and isinstance(value, str):
        return " ".join(part.strip() for part in value.split(rule.split) if part.strip())
    if not rule.table:
        return rule.otherwise if value is None else value
    return rule.table.get(_plain(value), rule.otherwise)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _typed(kind: str, read: Reader, properties: Properties) -> object:
    """The value in the field's own type where it plainly can be, else as it came."""
    value = read(properties)
    if value is None or isinstance(value, dict | list | bool):
        return value
    if kind in ("text", "choice", "reference", "date", "datetime"):
        return _plain(value)
    if not isinstance(value, int | float | str):
        return value
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return value
    return (
        int(number) if kind == "integer" and number.is_integer() else number if kind != "boolean" else value
    )
