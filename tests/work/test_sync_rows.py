"""What a registry's features become in the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.work.mapping import load_mapping
from desktop.work.sync_summary import SyncSummary
from layers import load_layers
from tests.link.serving import Reply, features, member, registry_of, serving
from tests.work.registry_app import MemoryRegistry, feature, point
from tests.work.syncing import Bench

POINT = '{"type":"Point","coordinates":[5.04,47.32]}'


def synced(
    folder: Path, reply: Reply, collection: str = "incidents", mapping: str = ""
) -> tuple[SyncSummary, Bench]:
    """The summary of syncing one answer, and the bench, closed for syncing but still readable."""
    file = None
    if mapping:
        file = folder / "mapping.toml"
        file.write_text(mapping)
    with serving(registry_of(lambda _: reply, collection)) as url:
        bench = Bench(folder, None, url, mapping=file)
        return bench.sync(), bench


def rows_of(
    folder: Path, reply: Reply, collection: str = "incidents", mapping: str = ""
) -> tuple[SyncSummary, dict]:  # type: ignore[type-arg]
    summary, bench = synced(folder, reply, collection, mapping)
    try:
        layer = next(iter(summary.layers))
        return summary, bench.rows(layer)
    finally:
        bench.close()


def test_bad_features_are_set_aside_with_reason_and_example_and_the_others_kept(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    reply = features(
        member("good", POINT, '{"name":"Fine"}'),
        member("null", "null"),
        member("line1", '{"type":"LineString","coordinates":[[5,47]]}'),
        member("far", '{"type":"Point","coordinates":[1000,47]}'),
        member("l93", '{"type":"Point","coordinates":[854000,6694000]}'),
        member("huge", '{"type":"Point","coordinates":[1e400,47]}'),
        member("nan", '{"type":"Point","coordinates":[NaN,47]}'),
        member("deep", deep),
        member("list", POINT, "[1]"),
        member("good", POINT, '{"name":"Other"}'),
    )
    summary, rows = rows_of(tmp_path, reply)
    found = summary.layers["incidents"]
    assert found.set_aside == {
        "no geometry": 1,
        "a line of a single point": 1,
        "coordinates out of range": 1,
        'coordinates in metres, probably EPSG:2154 (set crs = "EPSG:2154" in the mapping)': 1,
        "coordinates that are not numbers": 2,
        "nested too deeply": 1,
        "properties that are not an object": 1,
        "an id already used by another feature": 1,
    }
    assert found.examples["no geometry"] == ["null"]
    assert (found.received, found.added) == (10, 1)
    assert rows["good"].label == "Fine"


def test_numbers_that_are_none_leave_the_property_empty(tmp_path: Path) -> None:
    summary, rows = rows_of(tmp_path, features(member("A", POINT, '{"name":"A","priority":1e400,"z":NaN}')))
    assert rows["A"].properties == {"name": "A", "priority": None, "z": None}
    assert summary.layers["incidents"].mended == {"numbers that are not finite, left empty": 1}


def test_a_feature_that_turns_bad_stays_as_it_was_last_seen(tmp_path: Path) -> None:
    registry = MemoryRegistry("crews")
    registry.put("crews", feature("C-1", point(5.04), name="VOI 1"))
    bench = Bench(tmp_path, registry)
    try:
        bench.sync()
        registry.put("crews", {**feature("C-1"), "geometry": None})
        assert bench.sync().layers["crews"].set_aside == {"no geometry": 1}
        assert bench.rows("crews")["C-1"].label == "VOI 1"
    finally:
        bench.close()


@pytest.mark.parametrize(("given", "kept"), [("12", "12"), ("12.0", "12"), ('"é/<b>"', "é/<b>")])
def test_ids_of_any_kind_are_text(tmp_path: Path, given: str, kept: str) -> None:
    reply = features(f'{{"type":"Feature","id":{given},"geometry":{POINT},"properties":{{}}}}')
    assert list(rows_of(tmp_path, reply)[1]) == [kept]


def test_features_without_id_are_named_after_their_content(tmp_path: Path) -> None:
    nameless = f'{{"type":"Feature","geometry":{POINT},"properties":{{"name":"A"}}}}'
    other = nameless.replace('"A"', '"B"')
    summary, rows = rows_of(tmp_path, features(nameless, other, nameless))
    assert sorted(one.label for one in rows.values()) == ["A", "B"]
    assert summary.layers["incidents"].set_aside == {"an id already used by another feature": 1}


def test_names_holding_markup_are_kept_as_they_are(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, features(member("A", POINT, '{"name":"<b>Rue</b> & co"}')))
    assert rows["A"].label == "<b>Rue</b> & co"


def test_state_comes_from_the_facts(tmp_path: Path) -> None:
    _, bench = synced(tmp_path, features(member("A", POINT, '{"status":"new","priority":1}')))
    try:
        code = bench.cache.submit(
            lambda db: db.conn.execute("SELECT state FROM feature").fetchone()[0]
        ).result()
    finally:
        bench.close()
    assert load_layers()["incidents"].states[code].id == "p1"


def test_commune_is_that_of_the_place_when_the_registry_does_not_say(tmp_path: Path) -> None:
    registry = MemoryRegistry("communes", "crews")
    square = [[[5.0, 47.3], [5.1, 47.3], [5.1, 47.4], [5.0, 47.4], [5.0, 47.3]]]
    registry.put("communes", feature("21231", {"type": "Polygon", "coordinates": square}, name="Dijon"))
    registry.put("crews", feature("in", point(5.05, 47.35)))
    registry.put("crews", feature("out", point(5.5, 47.35)))
    registry.put("crews", feature("said", point(5.05, 47.35), commune=21355))
    bench = Bench(tmp_path, registry)
    try:
        bench.sync()
        communes = {name: one.commune for name, one in bench.rows("crews").items()}
    finally:
        bench.close()
    assert communes == {"in": "21231", "out": "", "said": "21355"}


def test_a_crs_member_is_heeded(tmp_path: Path) -> None:
    member_ = ',"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}'
    lambert = member("A", '{"type":"Point","coordinates":[854145.7,6693563.5]}')
    _, rows = rows_of(tmp_path, features(lambert, more=member_))
    assert (rows["A"].x, rows["A"].y) == pytest.approx((561_200, 5_994_500), abs=3000)


def test_a_crs_of_the_mapping_is_heeded(tmp_path: Path) -> None:
    lambert = member("A", '{"type":"Point","coordinates":[854145.7,6693563.5]}')
    mapping = '[layers.incidents]\ncollection = "incidents"\ncrs = "EPSG:2154"\n'
    summary, rows = rows_of(tmp_path, features(lambert), mapping=mapping)
    assert summary.layers["incidents"].set_aside == {}
    assert (rows["A"].x, rows["A"].y) == pytest.approx((561_200, 5_994_500), abs=3000)


def test_one_collection_feeds_several_layers(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[layers.crews]\ncollection = "things"\nfilter = { kind = "crew" }\n'
        '[layers.incidents]\ncollection = "things"\nfilter = { kind = ["fire", "flood"] }\n'
    )
    registry = MemoryRegistry("things")
    for name, kind in (("A", "crew"), ("B", "fire"), ("C", "flood"), ("D", "other")):
        registry.put("things", feature(name, kind=kind))
    bench = Bench(tmp_path, registry, mapping=mapping)
    try:
        bench.sync()
        assert (list(bench.rows("crews")), list(bench.rows("incidents"))) == (["A"], ["B", "C"])
        registry.put("things", feature("A", kind="fire"))
        bench.sync()
        assert (list(bench.rows("crews")), list(bench.rows("incidents"))) == ([], ["A", "B", "C"])
    finally:
        bench.close()


def test_several_collections_feed_one_layer(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[[layers.crews]]\ncollection = "one"\n[[layers.crews]]\ncollection = "two"\nid_prefix = "T-"\n'
    )
    registry = MemoryRegistry("one", "two")
    for collection in ("one", "two"):
        for name in ("A", "B"):
            registry.put(collection, feature(name))
    bench = Bench(tmp_path, registry, mapping=mapping)
    try:
        bench.sync()
        assert list(bench.rows("crews")) == ["A", "B", "T-A", "T-B"]
        registry.drop("two", "A")
        bench.sync()
        assert list(bench.rows("crews")) == ["A", "B", "T-B"]
        registry.broken = "/collections/one"
        registry.drop("two", "B")
        bench.sync()
        assert list(bench.rows("crews")) == ["A", "B", "T-B"]
        registry.broken = None
        bench.sync()
        assert list(bench.rows("crews")) == ["A", "B"]
    finally:
        bench.close()


def test_a_changed_mapping_is_applied_to_what_is_in_the_cache(tmp_path: Path) -> None:
    registry = MemoryRegistry("crews", temporal=True)
    registry.now -= 86400
    registry.put("crews", feature("A", nom="VOI 1"))
    registry.now += 86400
    bench = Bench(tmp_path, registry)
    bench.sync()
    file = tmp_path / "mapping.toml"
    file.write_text('[layers.crews]\ncollection = "crews"\nfields = { name = "nom" }\n')
    bench.mapping = load_mapping(file, bench.layers)
    try:
        assert bench.sync().layers["crews"].method == ["whole"]
        assert bench.rows("crews")["A"].label == "VOI 1"
    finally:
        bench.close()
