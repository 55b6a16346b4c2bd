"""Servers as they are: what they can do is asked, what they do wrong is told in one line."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.link.http import Http
from desktop.link.pages import Page
from desktop.link.registry import RegistryClient, RegistryError, Unreachable
from desktop.settings import RegistrySettings
from tests.link.serving import Answer, Reply, as_json, features, member, registry_of, serving

POINT = '{"type":"Point","coordinates":[5.04,47.32]}'


@contextmanager
def client_of(answer: Answer, **settings: object) -> Iterator[RegistryClient]:
    with serving(answer) as url:
        chosen = RegistrySettings(url=url, timeout_s=3.0, **settings)  # type: ignore[arg-type]
        with RegistryClient(chosen, pause=lambda _: None) as client:
            yield client


def pages_of(reply: Reply) -> list[Page]:
    with client_of(registry_of(lambda _: reply, "crews")) as client:
        return list(client.pages("crews"))


def trouble_of(answer: Answer, **settings: object) -> str:
    """The error of reading the collection ``crews``, with the server's address written as URL."""
    with client_of(answer, **settings) as client:
        with pytest.raises(RegistryError) as caught:
            list(client.pages("crews"))
        line = str(caught.value).replace(client.url, "URL")
    assert "\n" not in line
    return line


def test_probe_says_what_the_registry_is() -> None:
    def answer(path: str) -> Reply:
        if path == "/":
            return as_json({"title": "Dijon", "links": [{"rel": "changes", "href": "/changes"}]})
        if path == "/conformance":
            return as_json({"conformsTo": ["a", "b"]})
        extent = {"temporal": {"interval": [["2020-01-01T00:00:00Z", None]]}}
        return as_json(
            {"collections": [{"id": "crews", "title": "Crews", "extent": extent}, {"id": "other"}]}
        )

    with client_of(answer) as client:
        found = client.probe()
        assert (found.title, found.conformance, found.changes) == (
            "Dijon",
            ("a", "b"),
            f"{client.url}/changes",
        )
        assert [(one.id, one.temporal) for one in found.collections.values()] == [
            ("crews", True),
            ("other", False),
        ]


def test_probe_needs_no_conformance_page() -> None:
    with client_of(registry_of(lambda _: features(), "crews")) as client:
        assert client.probe().conformance == ()


def test_pages_follow_next_until_there_is_none() -> None:
    def items(path: str) -> Reply:
        if "page=2" in path:
            return features(member("B", POINT))
        return features(
            member("A", POINT), more=',"links":[{"rel":"next","href":"?page=2"}],"numberMatched":2'
        )

    with client_of(registry_of(items, "crews")) as client:
        found = list(client.pages("crews"))
    assert [[one.id for one in page.features] for page in found] == [["A"], ["B"]]
    assert found[0].number_matched == 2


def test_gzip_is_asked_for_and_counted_as_it_came() -> None:
    body = features(*[member(f"C-{number}", POINT) for number in range(500)]).body
    packed = gzip.compress(body)
    reply = Reply(body=packed, headers={"Content-Type": "application/geo+json", "Content-Encoding": "gzip"})
    (page,) = pages_of(reply)
    assert (len(page.features), page.bytes) == (500, len(packed))


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (
            Reply(body=b"<!DOCTYPE html><form>Login</form>", headers={"Content-Type": "text/html"}),
            "a web page came instead of data (a login page?); check registry.url and the access rights",
        ),
        (
            Reply(body=b"\n <html></html>"),
            "a web page came instead of data (a login page?); check registry.url and the access rights",
        ),
        (Reply(body=b'{"features":[{"id":"A","geo'), "the answer stops in the middle; nothing was removed"),
        (
            Reply(body=b'{"features":[', length=5000),
            "the answer stops after 13 bytes; try again; nothing was removed",
        ),
        (
            Reply(body=b'{"deep":' + b"[" * 100_000 + b"]" * 100_000 + b',"features":[]}'),
            "the answer is nested too deeply to be data",
        ),
        (
            Reply(body=b'{"hello":1}'),
            "the answer is not a list of features (Object missing required field `features`);"
            " nothing was removed",
        ),
        (
            Reply(body=b"junk", headers={"Content-Encoding": "gzip"}),
            "the compressed answer is damaged (Error -3 while decompressing data: incorrect header check)",
        ),
        (
            Reply(status=403),
            "access refused (403); check the rights of this workstation",
        ),
        (Reply(status=404), "not found (404); check registry.url and the collection's name"),
        (Reply(status=500, body=b"boom\nbang"), "the registry answers 500: boom bang"),
        (Reply(status=503), "the registry is out of service (503); it will be tried again"),
    ],
)
def test_a_bad_answer_is_one_line(reply: Reply, line: str) -> None:
    said = trouble_of(registry_of(lambda _: reply, "crews"))
    assert said == f"URL/collections/crews/items?limit=1000: {line}"


def test_an_answer_over_the_limit_is_not_read_to_its_end() -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    reply = Reply(body=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})
    with serving(lambda _: reply) as url:
        http = Http(url, max_body=1024 * 1024)
        try:
            with pytest.raises(
                RegistryError, match=r"larger than 1 MB; lower registry\.page_size in vigie\.toml$"
            ):
                http.get(url)
        finally:
            http.close()


def test_a_next_that_loops_is_seen() -> None:
    line = trouble_of(
        registry_of(
            lambda _: features(member("A", POINT), more=',"links":[{"rel":"next","href":"?limit=1000"}]'),
            "crews",
        )
    )
    assert line == (
        "URL/collections/crews/items?limit=1000: its next page leads back to one already read;"
        " nothing was removed"
    )


def test_empty_pages_without_end_are_seen() -> None:
    counter = iter(range(1000))
    line = trouble_of(
        registry_of(
            lambda _: features(more=f',"links":[{{"rel":"next","href":"?page={next(counter)}"}}]'), "crews"
        )
    )
    assert line.endswith("3 empty pages in a row, each with a next; nothing was removed")


def test_a_next_elsewhere_is_not_followed() -> None:
    line = trouble_of(
        registry_of(
            lambda _: features(more=',"links":[{"rel":"next","href":"http://elsewhere.invalid:8080/x"}]'),
            "crews",
        )
    )
    assert line == (
        "URL/collections/crews/items?limit=1000: its link leads to another address, "
        "http://elsewhere.invalid:8080, and was not followed; if it is the same registry, add "
        '"elsewhere.invalid:8080" to registry.allow_hosts in vigie.toml'
    )


def test_a_next_on_an_allowed_host_is_followed() -> None:
    with serving(lambda _: features(member("B", POINT))) as other:
        first = features(member("A", POINT), more=f',"links":[{{"rel":"next","href":"{other}/more"}}]')
        host = other.removeprefix("http://")
        with client_of(registry_of(lambda _: first, "crews"), allow_hosts=(host,)) as client:
            assert [page.features[0].id for page in client.pages("crews")] == ["A", "B"]


@pytest.mark.parametrize("link", ["http://registry.example/next", "https://registry.example:443/next"])
def test_a_link_that_lost_its_scheme_behind_a_proxy_stays_on_the_registry(link: str) -> None:
    http = Http("https://registry.example/ogc")
    try:
        followed = http.resolve(link, "https://registry.example/ogc/items")
        assert followed.replace(":443", "") == "https://registry.example/next"
    finally:
        http.close()


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "ftp://registry.example/x", "https://registry.example.evil/x"]
)
def test_other_links_are_refused(link: str) -> None:
    http = Http("https://registry.example/ogc")
    try:
        with pytest.raises(RegistryError):
            http.resolve(link, "https://registry.example/ogc/items")
    finally:
        http.close()


def test_a_redirect_elsewhere_is_not_followed() -> None:
    moved = Reply(status=302, headers={"Location": "http://elsewhere.invalid/login"})
    assert "leads to another address, http://elsewhere.invalid:80" in trouble_of(lambda _: moved)


def test_a_redirect_within_the_registry_is_followed() -> None:
    def items(path: str) -> Reply:
        if "moved" in path:
            return features(member("A", POINT))
        return Reply(status=308, headers={"Location": "/collections/crews/items/moved"})

    with client_of(registry_of(items, "crews")) as client:
        assert [len(page.features) for page in client.pages("crews")] == [1]


def test_redirects_without_end_are_one_line() -> None:
    again = Reply(status=301, headers={"Location": "/again"})
    assert trouble_of(lambda _: again) == "URL/again: redirects without end; check registry.url"


def test_nobody_there_is_one_line() -> None:
    with serving(lambda _: Reply()) as url:
        pass
    settings = RegistrySettings(url=url)
    with RegistryClient(settings, pause=lambda _: None) as client, pytest.raises(Unreachable) as caught:
        client.probe()
    assert (
        str(caught.value)
        == f"{url}/: no answer ([Errno 111] Connection refused); check registry.url and the network"
    )


def test_a_passing_failure_is_tried_again_but_an_error_is_not() -> None:
    asked: list[str] = []

    def items(path: str) -> Reply:
        asked.append(path)
        return features(member("A", POINT)) if len(asked) > 2 else Reply(status=503)

    with client_of(registry_of(items, "crews")) as client:
        assert len(list(client.pages("crews"))) == 1
    asked.clear()
    trouble_of(registry_of(lambda path: asked.append(path) or Reply(status=500), "crews"))
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["registry.example", "ftp://registry.example", "http://"])
def test_an_address_that_is_none_is_one_line(url: str) -> None:
    with pytest.raises(RegistryError) as caught:
        RegistryClient(RegistrySettings(url=url))
    assert str(caught.value) == (
        f"registry.url: {url!r} is not an http(s) address; write it as https://server/path"
    )


def test_a_certificate_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"^registry\.verify: cannot use .*none\.pem"):
        RegistryClient(RegistrySettings(url="https://registry.example", verify=str(tmp_path / "none.pem")))


def test_bad_features_are_cut_out_of_a_page() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    reply = features(
        member("good", POINT),
        member("nan", POINT, '{"level":NaN}'),
        member("deep", '{"type":"Polygon","coordinates":' + deep + "}"),
        '{"type":"Feature","id":["list"],"geometry":null,"properties":{}}',
        member("last", POINT),
        more=',"numberMatched":"five"',
    )
    (page,) = pages_of(reply)
    assert [one.id for one in page.features] == ["good", "nan", "last"]
    assert [(one.id, one.reason) for one in page.bad] == [
        ("deep", "nested too deeply"),
        ("", "an id that is neither text nor a number"),
    ]
    assert page.number_matched is None


@pytest.mark.parametrize(
    ("headers", "mode"),
    [({"ETag": '"5"'}, "E"), ({"ETag": 'W/"5"'}, "H"), ({}, "H"), ({"Last-Modified": "x"}, "T")],
)
def test_how_a_conflict_can_be_noticed(headers: dict[str, str], mode: str) -> None:
    reply = Reply(body=member("A", POINT).encode(), headers=headers)
    with client_of(registry_of(lambda _: reply, "crews")) as client:
        assert client.write_mode("crews", "A") == mode


def test_ids_come_from_servers_that_refuse_to_be_brief() -> None:
    def items(path: str) -> Reply:
        strict = "skipGeometry" in path or "properties" in path
        return Reply(status=400) if strict else features(member("A", POINT))

    with client_of(registry_of(items, "crews")) as client:
        assert [one.id for page in client.ids("crews") for one in page.features] == ["A"]
