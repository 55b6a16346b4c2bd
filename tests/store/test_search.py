"""Search as one types: what is found, in which order, and that it follows every change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from desktop.store import features, search
from desktop.store.cache import MIGRATIONS, open_cache
from desktop.store.database import Database, OwnedDatabase
from desktop.store.search import Hit, Place
from desktop.store.words import folded, spans_of, words_of
from layers import load_layers
from tests.store.content import indexed, row

STREETS = (
    Place("Rue de la Liberté", "21231", 100, 100, (50, 50, 150, 150)),
    Place("Rue de l'Hôpital", "21231", 200, 100, (150, 50, 250, 150)),
    Place("Place Darcy", "21231", 300, 100),
    Place("Boulevard de Brosses", "21231", 400, 100),
    Place("Rue des Œillets", "21166", 1100, 100),
    Place("Rue de la Liberté", "21166", 1200, 100),
)
ADDRESSES = tuple(Place(f"{n} Rue de la Liberté", "21231", 100 + n, 100) for n in range(1, 60))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A city for tests that only look."""
    database = open_cache(tmp_path_factory.mktemp("city") / "cache.db", load_layers().values())
    build(database)
    yield database
    database.close()


@pytest.fixture
def changing_city(cache: Database) -> Database:
    """The same city for one test alone, to change."""
    build(cache)
    return cache


def build(cache: Database) -> None:
    """Two communes, some equipment, and lamps enough to hide it."""
    rows = [
        row("communes", "21231", 500, 500, label="Dijon", commune="21231",
            shape=shapely.box(0, 0, 1000, 1000), name="Dijon", insee="21231"),
        row("communes", "21166", 1500, 500, label="Chenôve", commune="21166",
            shape=shapely.box(1000, 0, 2000, 1000), name="Chenôve", insee="21166"),
        row("buildings", "B-012", 200, 120, label="Hôpital François-Mitterrand", commune="21231",
            name="Hôpital François-Mitterrand", address="14 rue Paul-Gaffarel"),
        row("lighting-cabinets", "A-001", 100, 110, label="Armoire A-001", commune="21231",
            name="Armoire A-001", street="Rue de la Liberté"),
        row("lighting-cabinets", "A-002", 1200, 110, label="Armoire A-002", commune="21166",
            name="Armoire A-002", street="Rue de la Liberté"),
        row("junctions", "JC-0087", 300, 110, label="Carrefour Darcy", commune="21231",
            name="Carrefour Darcy"),
        row("crews", "VOI-04", 300, 300, label="VOI 04", commune="21231", name="VOI 04", vehicle="GH-123-KL"),
    ]  # fmt: skip
    rows += [
        row("street-lights", f"SL-{n:06d}", 10.0 * (n % 200), 105,
            commune="21231" if n % 200 < 100 else "21166",
            street="Rue de la Liberté" if n % 2 else "Avenue de l'Hôpital", cabinet="A-001")
        for n in range(1, 3000)
    ]  # fmt: skip
    cache.submit(lambda db: features.upsert(db, rows)).result()
    cache.submit(lambda db: search.index_streets(db, "1", STREETS)).result()
    cache.submit(lambda db: search.index_addresses(db, "1", ADDRESSES)).result()
    indexed(cache)


def found(city: Database, text: str, **more: object) -> list[Hit]:
    return city.submit_urgent(lambda db: search.search(db, text, **more)).result()  # type: ignore[arg-type]


def titles(city: Database, text: str, **more: object) -> list[str]:
    return [hit.title for hit in found(city, text, **more)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dij", "Dijon"),
        ("DIJON", "Dijon"),
        ("chenove", "Chenôve"),
        ("21166", "Chenôve"),
        ("liberté", "Rue de la Liberté"),
        ("liberte", "Rue de la Liberté"),
        ("lib", "Rue de la Liberté"),
        ("rue de la lib", "Rue de la Liberté"),
        ("rue de l'hopital", "Rue de l'Hôpital"),
        ("rue de l’hopital", "Rue de l'Hôpital"),
        ("rue hopital", "Rue de l'Hôpital"),
        ("hopital mitterrand", "Hôpital François-Mitterrand"),
        ("mitterrand hopital", "Hôpital François-Mitterrand"),
        ("oeillets", "Rue des Œillets"),
        ("œillets", "Rue des Œillets"),
        ("bd brosses", "Boulevard de Brosses"),
        ("pl darcy", "Place Darcy"),
        ("darcy", "Place Darcy"),
        ("12 rue de la liberte", "12 Rue de la Liberté"),
        ("SL-001834", "SL-001834"),
        ("sl-001834", "SL-001834"),
        ("sl1834", "SL-001834"),
        ("sl 1834", "SL-001834"),
        ("1834", "SL-001834"),
        ("001834", "SL-001834"),
        ("A-001", "Armoire A-001"),
        ("a001", "Armoire A-001"),
        ("armoire 2", "Armoire A-002"),
        ("jc 87", "Carrefour Darcy"),
        ("gh-123", "VOI 04"),
        ("voi 4", "VOI 04"),
    ],
)
def test_what_is_meant_comes_first(city: Database, typed: str, first: str) -> None:
    assert titles(city, typed)[:1] == [first]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("libetré", "Rue de la Liberté"),  # swapped
        ("librté", "Rue de la Liberté"),  # left out
        ("libberte", "Rue de la Liberté"),  # doubled
        ("kiberte", "Rue de la Liberté"),  # the first letter
        ("libetr", "Rue de la Liberté"),  # not even finished
        ("dracy", "Place Darcy"),
        ("boulevrad brosses", "Boulevard de Brosses"),
        ("mitterand", "Hôpital François-Mitterrand"),
        ("miterand", "Hôpital François-Mitterrand"),  # two errors in a long word
        ("chenvoe", "Chenôve"),
    ],
)
def test_a_mistyped_word_finds_what_was_meant(city: Database, typed: str, first: str) -> None:
    assert titles(city, typed)[:1] == [first]


@pytest.mark.parametrize(
    "typed", ["", "   ", "'\"*()", "zzzzzz", "^:-", "liberte zzzzzz", "99999999", "\x00", "NEAR("]
)
def test_what_means_nothing_finds_nothing(city: Database, typed: str) -> None:
    assert found(city, typed) == []


def test_every_word_must_be_there(city: Database) -> None:
    assert titles(city, "liberte armoire chenove") == ["Armoire A-002"]
    assert titles(city, "oeillets dijon") == []


def test_words_may_name_the_kind_of_thing(city: Database) -> None:
    assert {hit.id for hit in found(city, "liberté cabinet")} == {"A-001", "A-002"}
    assert {hit.id for hit in found(city, "cabinet chenove liberte")} == {"A-002"}
    assert [hit.id for hit in found(city, "crew 04")][:1] == ["VOI-04"]


def test_a_commune_is_not_buried_under_all_that_stands_in_it(city: Database) -> None:
    assert [(hit.kind, hit.title) for hit in found(city, "chenôve")] == [("commune", "Chenôve")]


def test_small_layers_are_not_buried_under_large_ones(city: Database) -> None:
    kinds = {(hit.kind, hit.layer) for hit in found(city, "liberte", limit=80)}
    assert kinds >= {
        ("street", ""),
        ("address", ""),
        ("asset", "lighting-cabinets"),
        ("asset", "street-lights"),
    }


def test_a_hit_says_what_and_where_it_is(city: Database) -> None:
    street = found(city, "rue de la liberte")[0]
    assert (street.kind, street.layer, street.subtitle) == ("street", "", "Dijon")
    assert (street.x, street.y, street.bounds) == (100, 100, (50, 50, 150, 150))
    cabinet = found(city, "A-001")[0]
    assert (cabinet.kind, cabinet.layer, cabinet.id) == ("asset", "lighting-cabinets", "A-001")
    assert (cabinet.subtitle, cabinet.bounds) == ("Rue de la Liberté · Dijon", None)
    commune = found(city, "dijon")[0]
    assert (commune.kind, commune.id, commune.bounds) == ("commune", "21231", (0, 0, 1000, 1000))


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("rue lib", ["Rue", "Lib"]),
        ("LIBERTÉ", ["Liberté"]),
        ("libetre", ["Liberté"]),
        ("oeil", ["Œil"]),
        ("1834", ["1834"]),
    ],
)
def test_a_hit_says_what_was_matched(city: Database, typed: str, parts: list[str]) -> None:
    hit = found(city, typed)[0]
    assert [hit.title[start:end] for start, end in hit.matched] == parts


def test_results_can_be_kept_to_layers_and_to_a_commune(city: Database) -> None:
    only = found(city, "liberte", layers=["lighting-cabinets"])
    assert {hit.id for hit in only} == {"A-001", "A-002"}
    assert found(city, "liberte", layers=[]) == []
    assert found(city, "liberte", layers=["nowhere"]) == []
    there = found(city, "liberte", commune="21166", limit=100)
    assert there and {hit.subtitle.split(" · ")[-1] for hit in there} == {"Chenôve"}
    assert found(city, "A-001", commune="21166", layers=["lighting-cabinets"]) == []


def test_what_is_close_comes_first_among_equals(city: Database) -> None:
    here = found(city, "rue de la liberte", near=(1200, 100))[0]
    there = found(city, "rue de la liberte", near=(100, 100))[0]
    assert (here.subtitle, there.subtitle) == ("Chenôve", "Dijon")


def test_no_more_than_the_limit(city: Database) -> None:
    assert len(found(city, "liberte", limit=5)) == 5
    assert len({(hit.kind, hit.layer, hit.id) for hit in found(city, "rue", limit=40)}) == 40


def test_the_search_follows_changes(changing_city: Database) -> None:
    changes = [
        row("buildings", "B-012", label="Maison des Associations", name="Maison des Associations"),
        row("buildings", "B-013", label="Gymnase Épirey", name="Gymnase Épirey"),
    ]
    changing_city.submit(lambda db: features.upsert(db, changes)).result()
    changing_city.submit(lambda db: features.remove(db, "junctions", ["JC-0087"])).result()
    indexed(changing_city)
    assert found(changing_city, "mitterrand") == []
    assert [hit.id for hit in found(changing_city, "maison associations")] == ["B-012"]
    assert [hit.id for hit in found(changing_city, "epirey")] == ["B-013"]
    assert [hit.id for hit in found(changing_city, "gymnaze")] == ["B-013"]  # learnt just now, mistyped
    assert {hit.kind for hit in found(changing_city, "darcy")} == {"street"}


def test_a_new_gazetteer_replaces_the_old_one(changing_city: Database) -> None:
    def index(version: str, *streets: Place) -> int:
        return changing_city.submit(lambda db: search.index_streets(db, version, streets)).result()

    assert index("1", Place("Rue Neuve", "21231", 0, 0)) == 0
    assert titles(changing_city, "rue neuve") == []
    assert index("2", Place("Rue Neuve", "21231", 0, 0)) == 1
    assert titles(changing_city, "rue neuve") == ["Rue Neuve"]
    assert "street" not in {hit.kind for hit in found(changing_city, "liberte", limit=80)}


def test_streets_are_found_by_communes_that_came_later(
    cache: Database,
) -> None:
    streets = [Place("Rue Basse", "21166", 0, 0)]
    cache.submit(lambda db: search.index_streets(db, "1", streets)).result()
    assert titles(cache, "basse chenove") == []
    commune = row("communes", "21166", label="Chenôve", shape=shapely.box(0, 0, 1, 1))
    cache.submit(lambda db: features.upsert(db, [commune])).result()
    assert cache.submit(lambda db: search.index_streets(db, "1", streets)).result() == 1
    assert titles(cache, "basse chenove") == ["Rue Basse"]


def test_a_layer_that_outgrows_the_small_ones_is_still_found_whole(
    cache: Database,
) -> None:
    for start in range(0, 12_000, 4000):
        rows = [row("street-lights", f"SL-{n:06d}", street="Rue Basse") for n in range(start, start + 4000)]
        cache.submit(lambda db, rows=rows: features.upsert(db, rows)).result()
        indexed(cache)
    for number in (0, 3999, 4000, 11_999):
        assert titles(cache, f"SL-{number:06d}")[:1] == [f"SL-{number:06d}"]
    documents = cache.submit(lambda db: db.conn.execute("SELECT count(*) FROM document").fetchone()).result()
    assert documents == (12_000,)


def test_only_fields_marked_searchable_are_searched_and_all_texts_of_an_unknown_layer(
    cache: Database,
) -> None:
    rows = [
        row("street-lights", "SL-1", technology="zirconium", street="Rue Basse"),
        row("dropped-in", "X-1", colour="zirconium", count=3),
    ]
    cache.submit(lambda db: features.upsert(db, rows)).result()
    indexed(cache)
    assert [hit.id for hit in found(cache, "zirconium")] == ["X-1"]
    assert [hit.id for hit in found(cache, "basse")] == ["SL-1"]


def test_an_index_left_half_done_is_finished_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    rows = [row("cameras", f"C-{n:05d}", name=f"Caméra {n}") for n in range(6000)]
    first = open_cache(path, load_layers().values())
    first.submit(lambda db: features.upsert(db, rows))
    first.close()
    second = open_cache(path, load_layers().values())
    try:
        indexed(second)
        assert [hit.id for hit in found(second, "C-05999")][:1] == ["C-05999"]
    finally:
        second.close()


def test_two_programs_with_one_cache_learn_each_others_words(changing_city: Database) -> None:
    other = open_cache(changing_city.path)
    try:
        assert titles(other, "epirey") == []
        added = [row("buildings", "B-013", label="Gymnase Épirey", name="Gymnase Épirey")]
        changing_city.submit(lambda db: features.upsert(db, added)).result()
        indexed(changing_city)
        assert titles(other, "eprey") == ["Gymnase Épirey"]
    finally:
        other.close()


@given(st.text(max_size=60))
def test_any_text_can_be_folded_and_cut_in_words(text: str) -> None:
    plain = folded(text)
    assert folded(plain) == folded(folded(plain))
    for word in words_of(text):
        assert word.isdigit() or not any(character.isspace() for character in word)
    for start, end in spans_of(text, words_of(text)):
        assert 0 <= start < end <= len(text)


@given(typed=st.text(max_size=30))
def test_any_text_can_be_searched(typed: str) -> None:
    db = OwnedDatabase(sqlite3.connect(":memory:", isolation_level=None))
    for migration in MIGRATIONS:
        migration(db)
    search.index_streets(db, "1", STREETS)
    assert isinstance(search.search(db, typed), list)
    assert isinstance(search.search(db, f"rue {typed}", commune=typed, near=(0, 0)), list)
    db.conn.close()
