"""The demo's equipment registry, over its HTTP interface."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.validate import validator

import httpx
import pytest

from desktop.demo.registry import RegistryApp, RegistryStore, load_city, serve

START = 1_790_000_000.0
GEOJSON = {"Content-Type": "application/geo+json"}
PATCH = {"Content-Type": "application/merge-patch+json"}


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


def lamp(number: int, **properties: object) -> tuple[str, dict[str, Any], dict[str, Any]]:
    place = {"type": "Point", "coordinates": [5.0 + number / 1000, 47.3]}
    return f"SL-{number:04d}", place, {"street": "Rue Monge", "power_w": number, **properties}


class City:
    """A city of 250 lamps and one commune."""

    def __init__(self) -> None:
        ring = [[5.0, 47.3], [5.1, 47.3], [5.1, 47.4], [5.0, 47.3]]
        self.features = {
            "street-lights": [lamp(number, cabinet=f"A-{number % 5}") for number in range(250)],
            "communes": [("21231", {"type": "Polygon", "coordinates": [ring]}, {"name": "Dijon"})],
            "incidents": [],
        }


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[RegistryStore]:
    path = tmp_path / "registry.db"
    load_city(path, City(), clock=clock)
    store = RegistryStore(path, clock=clock, keep_tombstones=50)
    yield store
    store.close()


@pytest.fixture
def client(store: RegistryStore, clock: Clock) -> Iterator[httpx.Client]:
    app = validator(RegistryApp(store, clock=clock))
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://registry.test") as client:
        client.headers["accept-encoding"] = "identity"
        yield client


LAMPS = "/collections/street-lights/items"


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def links(answer: httpx.Response) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in answer.json()["links"]}


def test_the_landing_page_leads_everywhere(store: RegistryStore) -> None:
    with httpx.Client(transport=httpx.WSGITransport(RegistryApp(store))) as client:
        landing = links(client.get("https://registry.test:8443/"))
        assert landing["data"] == "https://registry.test:8443/collections"
        assert {"self", "service-desc", "conformance", "data", "changes"} <= landing.keys()
        for address in landing.values():
            assert client.get(address).status_code == 200


def test_it_declares_what_it_conforms_to(client: httpx.Client) -> None:
    classes = client.get("/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags" in classes
    assert "https://vigie.example/conf/changes" in classes


def test_a_collection_tells_its_extent_and_title(client: httpx.Client) -> None:
    listed = {each["id"]: each for each in client.get("/collections").json()["collections"]}
    assert list(listed) == ["street-lights", "communes", "incidents"]
    lights = client.get("/collections/street-lights").json()
    assert lights == listed["street-lights"]
    assert lights["title"] == "Street lighting"
    assert lights["itemType"] == "feature"
    assert lights["extent"]["spatial"]["bbox"] == [[5.0, 47.3, 5.249, 47.3]]
    names = client.get("/collections/street-lights/queryables").json()["properties"]
    assert {"street", "power_w", "cabinet", "updated"} == names.keys()


def test_following_next_reads_every_feature_exactly_once(client: httpx.Client) -> None:
    answer = client.get(LAMPS, params={"limit": 30})
    seen = ids(answer)
    while "next" in links(answer):
        assert answer.json()["numberReturned"] == 30
        assert answer.json()["numberMatched"] == 250
        answer = client.get(links(answer)["next"])
        seen += ids(answer)
    assert seen == [f"SL-{number:04d}" for number in range(250)]


def test_a_last_page_that_is_full_has_no_next(client: httpx.Client) -> None:
    answer = client.get(LAMPS, params={"limit": 125, "offset": 125})
    assert len(ids(answer)) == 125
    assert "next" not in links(answer)


def test_deletions_while_paging_make_no_other_feature_missed(client: httpx.Client) -> None:
    answer = client.get(LAMPS, params={"limit": 100})
    seen = ids(answer)
    for name in seen[:90]:
        client.delete(f"{LAMPS}/{name}")
    while "next" in links(answer):
        answer = client.get(links(answer)["next"])
        seen += ids(answer)
    assert seen == [f"SL-{number:04d}" for number in range(250)]


def test_prev_leads_back(client: httpx.Client) -> None:
    second = client.get(links(client.get(LAMPS, params={"limit": 100}))["next"])
    assert ids(client.get(links(second)["prev"])) == [f"SL-{number:04d}" for number in range(100)]


def test_links_keep_the_filters(client: httpx.Client) -> None:
    answer = client.get(LAMPS, params={"cabinet": "A-1", "limit": 30, "skipGeometry": "true"})
    assert answer.json()["numberMatched"] == 50
    rest = client.get(links(answer)["next"])
    assert len(ids(answer) + ids(rest)) == 50
    assert all(feature["geometry"] is None for feature in rest.json()["features"])


def test_an_offset_beyond_the_end_is_an_empty_page(client: httpx.Client) -> None:
    answer = client.get(LAMPS, params={"offset": 5000})
    assert ids(answer) == []
    assert answer.json()["numberMatched"] == 250


def test_the_limit_is_capped_rather_than_refused(client: httpx.Client) -> None:
    assert len(ids(client.get(LAMPS, params={"limit": 1_000_000}))) == 250


@pytest.mark.parametrize(
    ("box", "count"),
    [
        ("5.0,47.2,5.01,47.4", 11),
        ("5.0,47.2,-10,5.01,47.4,900", 11),
        ("5.3,47.2,5.4,47.4", 0),
        ("170,-10,5.005,80", 6),
    ],
)
def test_a_box_selects_what_touches_it(client: httpx.Client, box: str, count: int) -> None:
    answer = client.get(LAMPS, params={"bbox": box})
    assert len(ids(answer)) == answer.json()["numberMatched"] == count


def test_a_box_inside_a_polygon_selects_it(client: httpx.Client) -> None:
    assert ids(client.get("/collections/communes/items", params={"bbox": "5.05,47.31,5.06,47.32"})) == [
        "21231"
    ]


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ({"power_w": "7"}, 1),
        ({"power_w": "7.0"}, 1),
        ({"street": "Rue Monge"}, 250),
        ({"street": "7"}, 0),
        ({"street": "' OR 1=1 --"}, 0),
        ({"cabinet": "A-2", "power_w": "7"}, 1),
    ],
)
def test_properties_filter(client: httpx.Client, conditions: dict[str, str], count: int) -> None:
    assert client.get(LAMPS, params=conditions).json()["numberMatched"] == count


def test_flags_and_missing_values_filter(client: httpx.Client) -> None:
    feature = {"type": "Feature", "id": "N-1", "geometry": None, "properties": {"lit": True}}
    client.post(LAMPS, json=feature, headers=GEOJSON)
    assert ids(client.get(LAMPS, params={"lit": "true"})) == ["N-1"]
    assert ids(client.get(LAMPS, params={"lit": "false"})) == []


def test_only_the_properties_asked_for_come(client: httpx.Client) -> None:
    answer = client.get(LAMPS, params={"properties": "cabinet,power_w", "limit": 2})
    assert [feature["properties"] for feature in answer.json()["features"]] == [
        {"cabinet": "A-0", "power_w": 0},
        {"cabinet": "A-1", "power_w": 1},
    ]


def test_datetime_selects_what_changed_within_inclusive_bounds(client: httpx.Client, clock: Clock) -> None:
    clock.now = START + 60.25
    client.patch(f"{LAMPS}/SL-0003", json={"properties": {"power_w": 1}}, headers=PATCH)
    changed = client.get(f"{LAMPS}/SL-0003").json()["properties"]["updated"]
    assert changed == "2026-09-21T14:14:20.250Z"
    for interval in (changed, f"{changed}/..", f"{changed}/", "2026-09-21T16:14:00+02:00/2026-09-21"):
        assert ids(client.get(LAMPS, params={"datetime": interval})) == ["SL-0003"]
    assert len(ids(client.get(LAMPS, params={"datetime": "../2026-09-21T14:13:20Z", "limit": 999}))) == 249
    assert ids(client.get(LAMPS, params={"datetime": "2026-09-22/.."})) == []


@pytest.mark.parametrize(
    "query",
    [
        "surprise=1",
        "limit=0",
        "limit=-1",
        "limit=many",
        "limit=5&limit=6",
        "offset=99999999999999999999",
        "bbox=1,2,3",
        "bbox=1,2,3,nan",
        "bbox=1,50,3,40",
        "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154",
        "datetime=yesterday",
        "datetime=../..",
        "datetime=2026-01-02T00:00:00Z/2026-01-01T00:00:00Z",
        "datetime=2026-01-02T00:00:00",
        "properties=shoe",
        "skipGeometry=perhaps",
        "f=html",
        "street=%ff",
    ],
)
def test_a_malformed_query_is_refused_with_a_reason(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{LAMPS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/collections/nothing", "/collections/nothing/items", f"{LAMPS}/SL-9999", f"{LAMPS}/a/b"],
)
def test_what_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_method_is_told_the_right_ones(client: httpx.Client) -> None:
    answer = client.delete(LAMPS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "HEAD, OPTIONS, GET, POST"
    assert client.options(f"{LAMPS}/SL-0001").headers["allow"] == "HEAD, OPTIONS, GET, PUT, PATCH, DELETE"


def test_an_accept_header_it_cannot_meet_is_406(client: httpx.Client) -> None:
    assert client.get(LAMPS, headers={"accept": "text/html"}).status_code == 406
    for taken in (
        "application/geo+json",
        "application/json",
        "application/*;q=0.5",
        "*/*",
        "text/html, */*;q=0.1",
    ):
        assert client.get(LAMPS, headers={"accept": taken}).headers["content-type"] == "application/geo+json"


def test_head_tells_the_length_and_sends_nothing(client: httpx.Client) -> None:
    full, head = client.get(f"{LAMPS}/SL-0001"), client.head(f"{LAMPS}/SL-0001")
    assert head.content == b""
    for name in ("etag", "content-length", "content-type"):
        assert head.headers[name] == full.headers[name]


def test_pages_are_compressed_when_asked(client: httpx.Client) -> None:
    with client.stream("GET", LAMPS, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert b"SL-0001" in gzip.decompress(b"".join(answer.iter_raw()))
    refused = client.get(LAMPS, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_an_unchanged_feature_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get(f"{LAMPS}/SL-0001").headers["etag"]
    answer = client.get(f"{LAMPS}/SL-0001", headers={"if-none-match": f'"other", W/{tag}'})
    assert answer.status_code == 304
    assert answer.content == b""
    client.patch(f"{LAMPS}/SL-0001", json={"properties": {"power_w": 5}}, headers=PATCH)
    assert client.get(f"{LAMPS}/SL-0001", headers={"if-none-match": tag}).status_code == 200


def test_a_created_feature_is_where_its_location_says(client: httpx.Client) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [5.9, 47.9]},
        "properties": {"name": "<b>Œuvre</b>"},
    }
    answer = client.post("/collections/incidents/items", json=feature, headers=GEOJSON)
    assert answer.status_code == 201
    found = client.get(answer.headers["location"])
    assert found.headers["etag"] == answer.headers["etag"]
    assert found.json()["properties"]["name"] == "<b>Œuvre</b>"
    assert found.json()["geometry"] == feature["geometry"]
    incidents = client.get("/collections/incidents").json()
    assert incidents["extent"]["spatial"]["bbox"] == [[5.9, 47.9, 5.9, 47.9]]
    assert (
        client.get("/collections/incidents/items", params={"name": "<b>Œuvre</b>"}).json()["numberMatched"]
        == 1
    )


def test_an_id_is_taken_once(client: httpx.Client) -> None:
    feature = {"type": "Feature", "id": "SL-0001", "geometry": None, "properties": {}}
    assert client.post(LAMPS, json=feature, headers=GEOJSON).status_code == 409
    assert client.get(LAMPS).json()["numberMatched"] == 250
    assert client.post(LAMPS, json={**feature, "id": "SL-new"}, headers=GEOJSON).status_code == 201
    assert client.get(LAMPS).json()["numberMatched"] == 251


def test_put_replaces_the_whole_feature(client: httpx.Client) -> None:
    feature = {"type": "Feature", "geometry": None, "properties": {"street": "Rue Neuve"}}
    answer = client.put(f"{LAMPS}/SL-0001", json=feature, headers=GEOJSON)
    assert answer.status_code == 200
    found = client.get(f"{LAMPS}/SL-0001").json()
    assert found["geometry"] is None
    assert found["properties"].keys() == {"street", "updated"}
    assert client.put(f"{LAMPS}/SL-none", json=feature, headers=GEOJSON).status_code == 404
    other = {**feature, "id": "SL-0002"}
    assert client.put(f"{LAMPS}/SL-0001", json=other, headers=GEOJSON).status_code == 400


def test_patch_changes_what_it_names_and_no_more(client: httpx.Client) -> None:
    before = client.get(f"{LAMPS}/SL-0001").json()
    patch = {"properties": {"power_w": 90, "cabinet": None}}
    after = client.patch(f"{LAMPS}/SL-0001", json=patch, headers=PATCH).json()
    assert after["geometry"] == before["geometry"]
    assert after["properties"]["power_w"] == 90
    assert after["properties"]["street"] == before["properties"]["street"]
    assert "cabinet" not in after["properties"]


def test_a_writer_who_read_an_older_version_is_refused(client: httpx.Client) -> None:
    tag = client.get(f"{LAMPS}/SL-0001").headers["etag"]
    mine = {**PATCH, "if-match": tag}
    first = client.patch(f"{LAMPS}/SL-0001", json={"properties": {"power_w": 1}}, headers=mine)
    assert first.status_code == 200
    late = client.patch(f"{LAMPS}/SL-0001", json={"properties": {"power_w": 2}}, headers=mine)
    assert late.status_code == 412
    assert client.delete(f"{LAMPS}/SL-0001", headers={"if-match": tag}).status_code == 412
    weak = {**PATCH, "if-match": f"W/{first.headers['etag']}"}
    assert client.patch(f"{LAMPS}/SL-0001", json={}, headers=weak).status_code == 412
    assert client.get(f"{LAMPS}/SL-0001").json()["properties"]["power_w"] == 1
    assert client.delete(f"{LAMPS}/SL-0001", headers={"if-match": first.headers["etag"]}).status_code == 204
    assert client.get(f"{LAMPS}/SL-0001").status_code == 404


def test_a_feature_made_again_never_has_an_earlier_tag(client: httpx.Client) -> None:
    feature = {"type": "Feature", "id": "X", "geometry": None, "properties": {}}
    tags = set()
    for _ in range(3):
        tags.add(client.post(LAMPS, json=feature, headers=GEOJSON).headers["etag"])
        client.delete(f"{LAMPS}/X")
    assert len(tags) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"type":"Feature","geometry":null,"properties":{"a":NaN}}',
        b'{"type":"Feature","geometry":null,"properties":' + b'{"a":' * 100_000,
        b'{"type":"Point","coordinates":[5,47]}',
        b'{"type":"Feature","geometry":{"type":"Point","coordinates":[5]},"properties":{}}',
        b'{"type":"Feature","geometry":{"type":"Point","coordinates":[853000,6690000]},"properties":{}}',
        b'{"type":"Feature","geometry":{"type":"Point","coordinates":["5","47"]},"properties":{}}',
        b'{"type":"Feature","geometry":{"type":"LineString","coordinates":[[5,47]]},"properties":{}}',
        b'{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[5,47],[5,48],[5,47]]]},"properties":{}}',
        b'{"type":"Feature","geometry":{"type":"Star","coordinates":[]},"properties":{}}',
        b'{"type":"Feature","geometry":7,"properties":{}}',
        b'{"type":"Feature","geometry":null,"properties":[]}',
        b'{"type":"Feature","id":"a/b","geometry":null,"properties":{}}',
    ],
)
def test_what_is_no_feature_is_refused_and_nothing_is_written(client: httpx.Client, body: bytes) -> None:
    answer = client.post(LAMPS, content=body, headers=GEOJSON)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert client.get(LAMPS).json()["numberMatched"] == 250


def test_a_patch_that_breaks_the_feature_is_refused(client: httpx.Client) -> None:
    for patch in ({"geometry": {"coordinates": [500, 500]}}, {"type": "Thing"}, {"id": "other"}):
        assert client.patch(f"{LAMPS}/SL-0001", json=patch, headers=PATCH).status_code == 400
    assert client.get(f"{LAMPS}/SL-0001").json()["geometry"]["coordinates"] == [5.001, 47.3]


def test_a_body_of_the_wrong_type_or_size_is_refused(client: httpx.Client) -> None:
    assert client.post(LAMPS, content=b"a=1", headers={"content-type": "text/plain"}).status_code == 415
    assert client.patch(f"{LAMPS}/SL-0001", content=b"{}").status_code == 415
    assert client.post(LAMPS, content=b" " * 5_000_000, headers=GEOJSON).status_code == 413
    elsewhere = {**GEOJSON, "content-crs": "<http://www.opengis.net/def/crs/EPSG/0/2154>"}
    assert client.post(LAMPS, content=b"{}", headers=elsewhere).status_code == 400


def changes(client: httpx.Client, **params: object) -> dict[str, Any]:
    answer = client.get("/changes", params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_the_change_feed_tells_what_happened_since(client: httpx.Client) -> None:
    before = changes(client)
    assert before["changes"] == []
    client.patch(f"{LAMPS}/SL-0001", json={"properties": {"power_w": 1}}, headers=PATCH)
    client.delete(f"{LAMPS}/SL-0002")
    feature = {"type": "Feature", "id": "N", "geometry": None, "properties": {}}
    tag = client.post("/collections/incidents/items", json=feature, headers=GEOJSON).headers["etag"]
    found = changes(client, since=before["cursor"])
    assert [(it["collection"], it["id"], it["op"]) for it in found["changes"]] == [
        ("street-lights", "SL-0001", "upsert"),
        ("street-lights", "SL-0002", "delete"),
        ("incidents", "N", "upsert"),
    ]
    assert "feature" not in found["changes"][1]
    assert found["changes"][2]["feature"]["id"] == "N"
    assert f'"{found["changes"][2]["version"]}"' == tag
    assert found["more"] is False
    assert changes(client, since=found["cursor"])["changes"] == []
    lights = changes(client, since=before["cursor"], collection="street-lights")
    assert [it["id"] for it in lights["changes"]] == ["SL-0001", "SL-0002"]


def test_the_change_feed_from_the_beginning_is_everything(client: httpx.Client) -> None:
    cursor, seen, more = 0, [], True
    while more:
        page = changes(client, since=cursor, limit=70)
        assert page["cursor"] > cursor
        cursor, more = page["cursor"], page["more"]
        seen += [it["id"] for it in page["changes"]]
    assert sorted(seen) == sorted(["21231", *(f"SL-{number:04d}" for number in range(250))])


def test_pages_of_changes_lose_nothing_when_more_changes_come(client: httpx.Client) -> None:
    cursor = changes(client)["cursor"]
    for number in range(10):
        client.delete(f"{LAMPS}/SL-{number:04d}")
    page = changes(client, since=cursor, limit=4)
    client.delete(f"{LAMPS}/SL-0100")
    seen = [it["id"] for it in page["changes"]]
    while page["more"]:
        page = changes(client, since=page["cursor"], limit=4)
        seen += [it["id"] for it in page["changes"]]
    assert seen == [*(f"SL-{number:04d}" for number in range(10)), "SL-0100"]


def test_a_cursor_too_old_or_never_given_is_gone(client: httpx.Client, clock: Clock) -> None:
    cursor = changes(client)["cursor"]
    for number in range(120):
        client.delete(f"{LAMPS}/SL-{number:04d}")
    assert client.get("/changes", params={"since": cursor}).status_code == 410
    assert client.get("/changes", params={"since": cursor + 10_000}).status_code == 410
    assert changes(client, since=cursor + 100)["changes"][0]["id"] == "SL-0100"
    assert client.get("/changes", params={"since": "abc"}).status_code == 400
    assert client.get("/changes", params={"collection": "nothing"}).status_code == 404


def test_a_registry_made_anew_refuses_the_cursor_of_the_former(tmp_path: Path, clock: Clock) -> None:
    cursors = []
    for _ in range(2):
        load_city(tmp_path / "again.db", City(), clock=clock)
        store = RegistryStore(tmp_path / "again.db", clock=clock)
        with httpx.Client(transport=httpx.WSGITransport(RegistryApp(store)), base_url="http://r") as client:
            cursors.append(changes(client)["cursor"])
            if len(cursors) == 2:
                assert client.get("/changes", params={"since": cursors[0]}).status_code == 410
        store.close()
        clock.now += 1


def test_concurrent_writers_of_one_feature_lose_no_update(store: RegistryStore) -> None:
    app = RegistryApp(store)
    failures: list[str] = []

    def add(times: int) -> None:
        with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://r") as client:
            while times:
                read = client.get(f"{LAMPS}/SL-0000")
                count = read.json()["properties"]["power_w"] + 1
                headers = {**PATCH, "if-match": read.headers["etag"]}
                wrote = client.patch(
                    f"{LAMPS}/SL-0000", json={"properties": {"power_w": count}}, headers=headers
                )
                if wrote.status_code == 200:
                    times -= 1
                elif wrote.status_code != 412:
                    failures.append(wrote.text)
                    return

    threads = [threading.Thread(target=add, args=(15,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    found = store.read(store.collection("street-lights"), "SL-0000")
    assert b'"power_w":60' in found.body


def test_it_serves_on_a_port_until_told_to_stop(store: RegistryStore) -> None:
    stop, listening, address = threading.Event(), threading.Event(), []

    def ready(url: str) -> None:
        address.append(url)
        listening.set()

    thread = threading.Thread(
        target=serve, args=(RegistryApp(store),), kwargs={"port": 0, "stop": stop, "ready": ready}
    )
    thread.start()
    assert listening.wait(10)
    with httpx.Client(base_url=address[0], trust_env=False) as client:
        assert client.get("/collections/street-lights/items").json()["numberReturned"] == 100
        assert client.head(LAMPS).status_code == 200
        feature = {"type": "Feature", "id": "Y", "geometry": None, "properties": {}}
        assert client.post(LAMPS, json=feature, headers=GEOJSON).status_code == 201
        assert client.post(LAMPS, content=b" " * 5_000_000, headers=GEOJSON).status_code == 413
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_loading_replaces_the_file_only_when_whole(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "r.db"
    load_city(path, City(), clock=clock)

    class Broken(City):
        def __init__(self) -> None:
            super().__init__()
            self.features["communes"] = [("x", {"type": "Point", "coordinates": []}, {})]

    with pytest.raises(ValueError):
        load_city(path, Broken(), clock=clock)
    store = RegistryStore(path, clock=clock)
    assert store.collection("street-lights").total == 250
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["r.db"]


def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path) -> None:
    damaged = tmp_path / "registry.db"
    damaged.write_bytes(b"not a database" * 1000)
    with pytest.raises(OSError, match=r"registry\.db") as caught:
        RegistryStore(damaged)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_lost_is_told_as_unavailable(store: RegistryStore, client: httpx.Client) -> None:
    store.path.write_bytes(b"not a database" * 1000)
    answer = client.get(LAMPS)
    assert answer.status_code == 503
    assert str(store.path) in answer.json()["detail"]
