"""Incidents, interventions and crews of the day on which the demo opens."""

from __future__ import annotations

import datetime as dt

import numpy as np

from desktop.demo.city.communes import COMMUNES
from desktop.demo.city.equipment import Equipment
from desktop.demo.city.model import Feature
from desktop.demo.city.plane import Floats, from_lonlat
from desktop.demo.city.roads import PRIMARY
from desktop.demo.city.town import Town, point

OPENED = dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC)
"""The moment on which the city is built when none is given, so that two builds are equal."""
TITLES: tuple[tuple[str, str, int, str], ...] = (
    (
        "Accident de la circulation",
        "accident",
        1,
        "Deux véhicules, un blessé léger ; voie de droite neutralisée.",
    ),
    ("Arbre tombé sur la chaussée", "tree", 2, "Chaussée barrée dans un sens, pas de blessé."),
    ("Nid-de-poule important", "road-damage", 3, "Signalé par plusieurs cyclistes."),
    ("Rue sans éclairage", "lighting", 3, "Une dizaine de points éteints depuis hier soir."),
    ("Eau sur la chaussée", "flood", 2, "Avaloir obstrué, vingt centimètres d'eau."),
    ("Dépôt sauvage", "waste", 4, "Gravats et mobilier sur le trottoir."),
    ("Tapage nocturne", "noise", 4, "Appel d'un riverain."),
    ("Intrusion dans une école", "intrusion", 1, "Alarme confirmée par le gardien."),
    ("Affaissement de trottoir", "road-damage", 3, "Périmètre balisé."),
    ("Feu tricolore heurté", "accident", 2, "Mât plié, carrefour au clignotant."),
    ("Fuite d'eau", "other", 3, "Service des eaux prévenu."),
    ("Barrière arrachée", "other", 4, "À remettre en place."),
)
TRADES: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("roads", "VOI", 42, ("Fourgon", "Camion-grue", "Nacelle légère")),
    ("green-spaces", "EV", 38, ("Camionnette", "Benne", "Tondeuse portée")),
    ("cleaning", "PRO", 40, ("Balayeuse", "Laveuse", "Triporteur")),
    ("waste", "COL", 36, ("Benne 19 t", "Benne 26 t")),
    ("lighting", "ECL", 21, ("Nacelle", "Fourgon")),
    ("police", "PM", 28, ("Voiture", "VTT", "Moto")),
)
TRADE_OF = {
    "accident": "police",
    "road-damage": "roads",
    "lighting": "lighting",
    "flood": "roads",
    "tree": "green-spaces",
    "waste": "cleaning",
    "noise": "police",
    "intrusion": "police",
    "other": "roads",
}


def _spots(town: Town, rng: np.random.Generator, count: int) -> tuple[Floats, np.ndarray]:
    """Random street places, the centre more often than the rim, and their edges."""
    edges = np.flatnonzero(
        (town.commune >= 0) & town.urban & (town.net.cls >= PRIMARY) & (town.net.lengths > 20)
    )
    weight = town.net.lengths[edges] / (1 + np.hypot(*town.middle[edges].T) / 2500)
    chosen = rng.choice(edges, size=count, replace=False, p=weight / weight.sum())
    return town.along(chosen, rng.uniform(0.2, 0.8, count))[0], chosen


def _commune(town: Town, spot: Floats) -> str:
    return COMMUNES[max(0, int(town.commune_at(spot.reshape(1, 2))[0]))].insee


def minutes_open(index: int, live: bool) -> int:
    """How long before the city's making an incident was opened: the recent ones close together."""
    return 60 + 9 * index * index if live else 400 + 90 * index


def minutes_planned(index: int, status: str, opened: int) -> int:
    """How long after the city's making (before, when negative) a job on an incident is planned."""
    if status == "planned":
        return 20 + 7 * index
    return 25 - opened if status == "done" else max(20 - opened, -30 - 5 * index)


def stamp(now: dt.datetime, minutes: int) -> str:
    """The moment so many minutes after another, to the minute."""
    return (now + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:00Z")


def incidents(town: Town, opened: int, closed: int, now: dt.datetime = OPENED) -> list[Feature]:
    """`opened` incidents in progress and `closed` ones, the most recent first; all before `now` (UTC)."""
    rng = np.random.default_rng(town.seed + 601)
    spots, edges = _spots(town, rng, opened + closed)
    features: list[Feature] = []
    for index, (spot, edge) in enumerate(zip(spots, edges.tolist(), strict=True)):
        title, kind, priority, description = TITLES[index % len(TITLES)]
        live = index < opened
        status = ("new", "assigned", "in-progress", "in-progress")[index % 4] if live else "closed"
        address = f"{int(rng.integers(1, 90))} {town.street(edge)}"
        properties = {
            "name": f"{title}, {town.street(edge)}",
            "kind": kind,
            "priority": priority,
            "status": status,
            "opened": stamp(now, -minutes_open(index, live)),
            "origin": ("call", "patrol", "app", "sensor")[index % 4],
            "description": description,
            "address": address,
            "commune": _commune(town, spot),
        }
        features.append((f"I-2026-{index + 1:04d}", point(spot), properties))
    return features


def crews(kit: Equipment, town: Town, count: int) -> list[Feature]:
    """Mobile crews by trade, standing on streets."""
    rng = np.random.default_rng(town.seed + 602)
    spots, _ = _spots(town, rng, count)
    features: list[Feature] = []
    for trade, prefix, size, vehicles in TRADES:
        for number in range(1, size + 1):
            if len(features) == count:
                break
            spot = spots[len(features)]
            properties = {
                "name": f"{prefix} {number:02d}",
                "trade": trade,
                "vehicle": vehicles[number % len(vehicles)],
                "staff": 2 + number % 2 if trade != "police" else 2,
                "phone": f"03 80 00 {len(features) // 100:02d} {len(features) % 100:02d}",
                "commune": _commune(town, spot),
            }
            features.append((f"{prefix}-{number:02d}", point(spot), properties))
    return features


def interventions(
    town: Town, reported: list[Feature], teams: list[Feature], count: int, now: dt.datetime = OPENED
) -> list[Feature]:
    """Work ordered: on incidents first, then several per incident, with a crew of the right trade."""
    by_trade: dict[str, list[str]] = {}
    for code, _, properties in teams:
        by_trade.setdefault(properties["trade"], []).append(code)
    features: list[Feature] = []
    for index in range(count):
        incident, geometry, facts = reported[index % len(reported)]
        trade = TRADE_OF[facts["kind"]] if index < len(reported) else TRADES[index % len(TRADES)][0]
        crew = by_trade[trade][(index * 5) % len(by_trade[trade])]
        status = "done" if facts["status"] == "closed" else ("on-site", "en-route", "planned")[index % 3]
        opened = minutes_open(index % len(reported), facts["status"] != "closed")
        shifted = [round(value + 0.00011 * ((index % 3) - 1), 7) for value in geometry["coordinates"]]
        commune = _located(town, shifted, facts["commune"])
        properties = {
            "name": f"{facts['name'].split(',')[0]} · {crew}",
            "incident": incident,
            "crew": crew,
            "trade": trade,
            "status": status,
            "planned": stamp(now, minutes_planned(index, status, opened)),
            "commune": commune,
        }
        features.append((f"INT-2026-{index + 1:04d}", {"type": "Point", "coordinates": shifted}, properties))
    return features


def _located(town: Town, lonlat: list[float], otherwise: str) -> str:
    found = int(town.commune_at(from_lonlat([lonlat]))[0])
    return COMMUNES[found].insee if found >= 0 else otherwise
