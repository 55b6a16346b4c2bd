"""The real open data of Dijon, served by a real pygeoapi, brought into the cache by the shipped mapping."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.work.pygeoapi_server import PYTHON, REPOSITORY, pygeoapi
from tests.work.syncing import Bench

DATA = REPOSITORY.parent / "shared" / "data"
MAPPING = REPOSITORY / "resources" / "mappings" / "dijon-open-data.toml"
IDS = {
    "arrets-tram": "code_unique",
    "arrets_bus_divia": "objectid",
    "caracteristiques_stations_velodi": "numero_station",
    "dijon-metropole-23-communes": "code",
    "divia-shapes-2024": "shape_id",
    "divia-stops-2024": "stop_id",
}
ADDED = {
    "bike-racks": 1375,
    "bike-stations": 40,
    "buildings": 277,
    "bus-lines": 122,
    "bus-stops": 1039 + 71,
    "communes": 23,
    "cycle-lanes": 1449,
    "shops": 2901,
    "timetable-stops": 1080,
    "tram-lines": 14,
}
pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(not PYTHON.exists(), reason="pygeoapi is not installed"),
    pytest.mark.skipif(not DATA.exists(), reason="the real data is not there"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, free to be edited."""
    folder = tmp_path / "served"
    folder.mkdir()
    for file in (*DATA.glob("dijon/*.geojson"), *DATA.glob("transit/*.geojson")):
        shutil.copyfile(file, folder / file.name)
    return folder


@pytest.fixture
def bench(folder: Path, tmp_path: Path) -> Iterator[Bench]:
    with pygeoapi(folder, tmp_path, IDS) as url:
        bench = Bench(tmp_path, None, url, mapping=MAPPING)
        yield bench
        bench.close()


def test_every_feature_with_a_geometry_is_brought(bench: Bench) -> None:
    summary = bench.sync()
    assert summary.errors == []
    assert {name: layer.added for name, layer in summary.layers.items()} == ADDED
    aside = {name: layer.set_aside for name, layer in summary.layers.items() if layer.set_aside}
    assert aside == {"buildings": {"no geometry": 2}, "shops": {"no geometry": 1}}
    assert summary.ignored == []
    dijon = bench.rows("communes")["21231"]
    assert (dijon.label, dijon.properties["population"]) == ("Dijon", 159941)
    schools = {one.commune for one in bench.rows("buildings").values()}
    assert "21231" in schools
    assert schools - {""} <= bench.rows("communes").keys()


def test_second_sync_ends_exact(bench: Bench, folder: Path) -> None:
    bench.sync()
    file = folder / "caracteristiques_stations_velodi.geojson"
    stations = json.loads(file.read_text())
    first = stations["features"]
    first[0]["properties"]["nb_emplacement_total"] = 99
    gone = first.pop(1)["properties"]["numero_station"]
    first.append({**first[5], "properties": {**first[5]["properties"], "numero_station": 777}})
    file.write_text(json.dumps(stations))
    summary = bench.sync()
    layer = summary.layers["bike-stations"]
    assert (layer.added, layer.changed, layer.removed, layer.unchanged) == (1, 1, 1, 38)
    assert summary.changed_ids == {"bike-stations": (["V-777", "V-2"], [f"V-{gone}"])}
    assert bench.rows("bike-stations").keys() == {f"V-{one['properties']['numero_station']}" for one in first}
