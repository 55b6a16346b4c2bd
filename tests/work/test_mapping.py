"""The file that says which collection and property feed which layer and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.work.mapping import MappingError, load_mapping
from layers import load_layers

LAYERS = load_layers()
MAPPINGS = Path(__file__).parents[2] / "resources" / "mappings"


def read(folder: Path, fields: str, layer: str = "buildings", **properties: object) -> dict[str, object]:
    """The layer's fields of a feature with those properties."""
    file = folder / "mapping.toml"
    file.write_text(f'[layers.{layer}]\ncollection = "c"\n{fields}\n')
    (binding,) = load_mapping(file, LAYERS).bindings["c"]
    assert binding.readers is not None
    return {name: reader(properties) for name, reader in binding.readers}


def test_without_a_file_collections_bear_the_layers_names() -> None:
    mapping = load_mapping(None, LAYERS)
    assert set(mapping.bindings) == set(LAYERS)
    assert mapping.bindings["crews"][0].readers is None
    assert not mapping.named


def test_a_property_feeds_a_field(tmp_path: Path) -> None:
    assert read(tmp_path, 'fields = { name = "nom" }', nom="École") == {"name": "École"}


def test_a_template_joins_properties_and_leaves_no_gap(tmp_path: Path) -> None:
    fields = 'fields = { address = "{numéro} {rue}, Dijon" }'
    assert read(tmp_path, fields, numéro=None, rue="Rue  Monge") == {"address": "Rue Monge, Dijon"}
    assert read(tmp_path, fields, numéro=12.0, rue="Rue Monge") == {"address": "12 Rue Monge, Dijon"}


def test_a_constant_a_table_and_a_list(tmp_path: Path) -> None:
    fields = """
fields.kind = { from = "nature", table = { "Collège" = "school" }, otherwise = "technical" }
fields.armable = { value = false }
fields.name = { from = "lignes", split = ";" }
"""
    first = read(tmp_path, fields, nature="Collège", lignes="L1; L2 ;")
    assert first == {"kind": "school", "armable": False, "name": "L1 L2"}
    assert read(tmp_path, fields, nature="Autres")["kind"] == "technical"


@pytest.mark.parametrize(
    ("given", "kept"), [(3.0, 3), ("3", 3), ("three", "three"), (None, None), (3.5, 3.5), (True, True)]
)
def test_numbers_take_the_fields_type_where_they_plainly_can(
    tmp_path: Path, given: object, kept: object
) -> None:
    found = read(tmp_path, 'fields = { floors = "n" }', n=given)["floors"]
    assert (found, type(found)) == (kept, type(kept))


def test_text_fields_take_numbers_as_text(tmp_path: Path) -> None:
    assert read(tmp_path, 'fields = { name = "n" }', n=671.0) == {"name": "671"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("layers = 1", "all of it stands in tables such as [layers.crews]"),
        ("", "all of it stands in tables such as [layers.crews]"),
        ("[layer", "not TOML (Expected ']' at the end of a table declaration (at end of document))"),
        ('[layers.x]\ncollection = "c"', "layers.x: there is no such layer; use one of "),
        ("[layers.crews]\n", "layers.crews: object missing required field `collection`"),
        (
            '[layers.crews]\ncollection = "c"\nfeilds = {}',
            "layers.crews: object contains unknown field `feilds`",
        ),
        (
            '[layers.crews]\ncollection = "c"\ncrs = "EPSG:1"',
            "layers.crews.crs: 'EPSG:1' is not a coordinate system known here; write it as EPSG:2154",
        ),
        (
            '[layers.crews]\ncollection = "c"\nfields = { nom = "n" }',
            "layers.crews.fields.nom: the layer has no such field; use one of name, ",
        ),
        (
            '[layers.crews]\ncollection = "c"\nfields = { name = {} }',
            'layers.crews.fields.name: say either value = … or from = "property"',
        ),
        (
            '[layers.crews]\ncollection = "c"\nfields = { name = { fro = "x" } }',
            "layers.crews.fields.name: object contains unknown field `fro`",
        ),
    ],
)
def test_a_mistake_is_one_line_naming_file_and_key(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(MappingError) as caught:
        load_mapping(file, LAYERS)
    said = str(caught.value)
    assert said.startswith(f"{file}: {line}"), said
    assert "\n" not in said


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(
        MappingError, match=r"none\.toml: cannot be read \(No such file or directory\); correct"
    ):
        load_mapping(tmp_path / "none.toml", LAYERS)


@pytest.mark.parametrize("file", sorted(MAPPINGS.glob("*.toml")), ids=lambda file: file.name)
def test_shipped_mappings_are_right(file: Path) -> None:
    assert load_mapping(file, LAYERS).bindings
