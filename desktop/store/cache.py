"""The cache: everything that can be fetched again, in one file that is made anew when it is unusable."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

import sqlite_utils

from desktop.store.database import BUSY_S, Database
from desktop.store.errors import Damaged, StoreError, TooNew, store_error
from desktop.store.search_index import declare, index_some
from layers.definition import LayerDefinition

SUFFIXES = ("", "-wal", "-shm")


def create_features(db: sqlite_utils.Database) -> None:
    """Features, with a layer's rows together: rowid = layer code * 2**32 + serial.

    `cell` is the square of `CELL_M` metres that holds the point; `feature_bounds` indexes lines and polygons.
    Of a layer, `searched` are the fields to search (JSON; null for every text), `indexed` the row id up to
    which the search knows its features, `bulk` whether they come last among results.
    """
    for statement in (
        "CREATE TABLE layer (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, searched TEXT,"
        " bulk INTEGER NOT NULL DEFAULT 0, indexed INTEGER NOT NULL DEFAULT 0) STRICT",
        "CREATE TABLE feature (number INTEGER PRIMARY KEY, layer INTEGER NOT NULL, id TEXT NOT NULL,"
        " x REAL NOT NULL, y REAL NOT NULL, cell INTEGER NOT NULL, state INTEGER NOT NULL,"
        " commune TEXT NOT NULL, label TEXT NOT NULL, version TEXT NOT NULL, digest BLOB NOT NULL,"
        " geometry BLOB, properties TEXT NOT NULL) STRICT",
        "CREATE UNIQUE INDEX feature_id ON feature(layer, id)",
        "CREATE INDEX feature_cell ON feature(cell)",
        "CREATE INDEX feature_placeless ON feature(layer) WHERE commune = ''",
        "CREATE VIRTUAL TABLE feature_bounds USING rtree(number, west, east, south, north)",
    ):
        db.conn.execute(statement)


def create_sources(db: sqlite_utils.Database) -> None:
    """What is known of each source."""
    db.conn.execute(
        "CREATE TABLE source (source TEXT NOT NULL, collection TEXT NOT NULL, state TEXT NOT NULL,"
        " PRIMARY KEY (source, collection)) STRICT, WITHOUT ROWID"
    )


def create_search(db: sqlite_utils.Database) -> None:
    """What is found by its words: `document` holds them, `found` indexes them, `word` lists distinct ones.

    A document's number is its class (see `desktop.store.search_index`) * 2**48 + its feature's or place's.
    """
    for statement in (
        "CREATE TABLE document (number INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT",
        "CREATE VIRTUAL TABLE found USING fts5(words, content='', columnsize=0, detail=none,"
        " tokenize='ascii tokenchars _', prefix='1 2 3 4')",
        "CREATE TABLE word (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT",
        "CREATE TABLE search_todo (number INTEGER PRIMARY KEY) STRICT",
        "CREATE TABLE place (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
        " commune TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL, west REAL, south REAL, east REAL,"
        " north REAL) STRICT",
        "CREATE TABLE gazetteer (kind TEXT PRIMARY KEY, version TEXT NOT NULL) STRICT, WITHOUT ROWID",
    ):
        db.conn.execute(statement)


def name_layers(db: sqlite_utils.Database) -> None:
    """The words a layer is called by, so that "liberté cabinet" finds the cabinets of a street."""
    db.conn.execute("ALTER TABLE layer ADD COLUMN named TEXT NOT NULL DEFAULT ''")


def count_revisions(db: sqlite_utils.Database) -> None:
    """How often each layer was written to, so that a screen sees what another process has brought."""
    db.conn.execute("ALTER TABLE layer ADD COLUMN revision INTEGER NOT NULL DEFAULT 0")


MIGRATIONS = (create_features, create_sources, create_search, name_layers, count_revisions)


def open_cache(path: Path, layers: Iterable[LayerDefinition] = ()) -> Database:
    """Open the cache; a damaged one is moved aside, and `rebuilt` of the new one is true.

    `layers` say which of their fields are searched; of others every text is. Raises ReadOnly, DiskFull,
    Busy or another StoreError when no cache can be had at all.
    """
    rebuilt = False
    try:
        _check(path)
        database = Database(path, MIGRATIONS, idle=index_some)
    except (Damaged, TooNew):
        _set_aside(path)
        database = Database(path, MIGRATIONS, idle=index_some)
        rebuilt = True
    database.rebuilt = rebuilt
    declared = list(layers)
    if declared:
        database.submit(lambda db: declare(db, declared))
    return database


def rebuilding(database: Database) -> str:
    """What was done about an unusable file, in one line; empty when it was sound."""
    if not database.rebuilt:
        return ""
    return f"{database.path}: the cache was damaged; it was moved aside and is filled anew"


def close_cache(database: Database) -> None:
    """Close the cache; one found damaged while working is moved aside, to be made anew at the next start."""
    database.close()
    if database.failure is not None:
        _set_aside(database.path)


def _check(path: Path) -> None:
    """Raise Damaged for a file that is not whole.

    After a clean close the file alone holds every page, so that its length says whether it was cut; when a
    write-ahead log is left, by a crash or by another process at work, every page is looked at.
    """
    if not path.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_S)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
            size = int(connection.execute("PRAGMA page_size").fetchone()[0])
            if _has_log(path):
                found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
                if found != "ok":
                    raise Damaged(path, found)
            elif path.stat().st_size < pages * size and not _has_log(path):
                raise Damaged(path, "its end is missing")
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, path) or StoreError(f"{path}: {error}") from error


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _set_aside(path: Path) -> None:
    """Keep the unusable file for an expert to look at, and no more than one of them."""
    try:
        for old in path.parent.glob(f"{path.name}.damaged-*"):
            old.unlink()
        path.replace(path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}"))
        for suffix in SUFFIXES[1:]:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise store_error(error, path) or StoreError(f"{path}: {error}") from error
