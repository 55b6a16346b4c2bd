"""`vigie sync` against registries that go wrong: one line each, and the picture stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.cli import main
from tests.link.serving import Reply, features, member
from tests.troubled import GOOD, LAMPS, Done, Troubled, held, lamp, place, served

LAST = LAMPS - 1
DEEP = "[" * 100_000 + "]" * 100_000
LAMBERT = [lamp(i, f'{{"type":"Point","coordinates":[{854_000 + i},6694000]}}') for i in range(LAMPS)]

Run = Callable[..., Done]


def but_last(geometry: str = "", properties: str = "") -> Reply:
    """All good but the last."""
    return features(*GOOD[:-1], lamp(LAST, geometry, properties))


def linked(href: str) -> Reply:
    """A good page with a `next`."""
    return features(*GOOD, more=f',"links":[{{"rel":"next","href":"{href}"}}]')


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own."""
    home = tmp_path / "home"
    monkeypatch.setenv("VIGIE_HOME", str(home))
    return home


@pytest.fixture
def registry() -> Troubled:
    """Right until a test makes it wrong."""
    return Troubled("communes")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def run(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out, err = capsys.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return run


@pytest.fixture
def url(home: Path, registry: Troubled, run: Run) -> Iterator[str]:
    """The address of the registry, from which the cache was filled while it was right."""
    with served(registry) as url:
        assert run("sync", url).code == 0
        assert held(home) == LAMPS
        yield url


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (
            Reply(body=b"<!DOCTYPE html><form>Log in</form>", headers={"Content-Type": "text/html"}),
            "a web page came instead of data (a login page?); check registry.url and the access rights",
        ),
        (Reply(body=DEEP.encode()), "the answer is not a list of features"),
        (
            Reply(body=b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
            "the answer is nested too deeply to be data",
        ),
        (Reply(body=features(*GOOD).body[:9000]), "the answer stops in the middle; nothing was removed"),
        (Reply(body=features(*GOOD).body, length=99_999), "bytes; try again; nothing was removed"),
        (Reply(body=b""), "the answer stops in the middle; nothing was removed"),
        (linked("?limit=1000"), "its next page leads back to one already read; nothing was removed"),
        (linked("?page=2"), "next leads back to features already read; nothing was removed"),
        (
            linked("http://elsewhere.example/items"),
            "leads to another address, http://elsewhere.example:80, and",
        ),
        (linked("file:///etc/passwd"), "'file:///etc/passwd' is not an http(s) address"),
        (Reply(status=302, headers={"Location": "http://elsewhere.example/"}), "leads to another address"),
        (Reply(status=401), "access refused (401); check the rights of this workstation"),
        (Reply(status=500, body=b"<b>boom</b>"), "the registry answers 500: <b>boom</b>"),
    ],
)
def test_a_bad_answer_is_one_line_and_removes_nothing(
    home: Path, registry: Troubled, url: str, run: Run, reply: Reply, line: str
) -> None:
    registry.items = lambda _: reply
    done = run("sync", url)
    assert done.code == 1
    assert line in done.line
    assert url in done.line
    assert held(home) == LAMPS


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (but_last('{"type":"Point","coordinates":[NaN,47.3]}'), "coordinates that are not numbers (L299)"),
        (but_last('{"type":"Point","coordinates":[1e400,47.3]}'), "coordinates that are not numbers (L299)"),
        (but_last("null"), "no geometry (L299)"),
        (but_last('{"type":"LineString","coordinates":[[5,47]]}'), "a line of a single point (L299)"),
        (but_last('{"type":"Point","coordinates":[500,47]}'), "coordinates out of range (L299)"),
        (but_last(f'{{"type":"Polygon","coordinates":{DEEP}}}'), "nested too deeply (L299)"),
        (but_last(properties=f'{{"a":{DEEP}}}'), "nested too deeply (L299)"),
        (features(*GOOD, GOOD[0]), "an id already used by another feature (L0)"),
        (features(*LAMBERT), 'probably EPSG:2154 (set crs = "EPSG:2154" in the mapping) (L0,'),
    ],
)
def test_a_bad_feature_is_set_aside_with_its_reason_and_stays_as_it_was(
    home: Path, registry: Troubled, url: str, run: Run, reply: Reply, said: str
) -> None:
    registry.items = lambda _: reply
    done = run("sync", url)
    assert (done.code, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if f" set aside: {said}" in line or said in line]
    assert held(home) == LAMPS


def test_numbers_that_are_none_cost_a_field_and_no_feature(
    home: Path, registry: Troubled, url: str, run: Run
) -> None:
    registry.items = lambda _: but_last(properties='{"name":"x","power_w":NaN,"height_m":1e400}')
    done = run("sync", url)
    assert "1 mended: numbers that are not finite, left empty" in done.out
    assert held(home) == LAMPS


def test_a_registry_found_empty_is_not_believed_without_yes(
    home: Path, registry: Troubled, url: str, run: Run
) -> None:
    registry.items = lambda _: features()
    done = run("sync", url)
    assert done.code == 1
    assert "no longer lists 300 of 300 features; they are kept until you agree" in done.line
    assert "--yes" in done.line
    assert held(home) == LAMPS
    assert run("sync", url, "--yes").code == 0
    assert held(home) == 0


def test_a_collection_that_is_not_there_is_named(home: Path, url: str, run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[layers.street-lights]\ncollection = "candelabres"\n', encoding="utf-8")
    done = run("sync", url, "--mapping", str(mapping))
    assert done.code == 1
    assert "there is no collection 'candelabres'" in done.line
    assert "correct the mapping" in done.line
    assert held(home) == LAMPS


def test_what_a_registry_says_cannot_command_the_terminal(
    home: Path, registry: Troubled, url: str, run: Run
) -> None:
    registry.items = lambda _: features(*GOOD, member("\\u001b[2J\\u202eevil", "null"))
    done = run("sync", url)
    assert "evil" in done.out
    assert "\x1b" not in done.out
    registry.items = lambda _: Reply(status=500, body=b"\x1b[2Jgone")
    done = run("sync", url)
    assert "gone" in done.line
    assert "\x1b" not in done.line


def test_another_place_for_a_good_lamp_is_taken(home: Path, registry: Troubled, url: str, run: Run) -> None:
    registry.items = lambda _: but_last(place(9_999))
    assert "1 changed" in run("sync", url).out
