"""The public buildings: the known ones, a town hall per commune, then schools and halls by population."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from desktop.demo.city import places
from desktop.demo.city.communes import COMMUNES, centres
from desktop.demo.city.equipment import Equipment
from desktop.demo.city.model import Feature
from desktop.demo.city.plane import Floats
from desktop.demo.city.town import Town, point

SCHOOLS = """
Voltaire;Jean-Jaurès;Victor-Hugo;Buffon;Colette;Montchapet;Trémouille;Darcy;Petit-Bernard;Clemenceau
York
Flammarion;Champs-Perdrix;Anjou;Buffon-Sud;Eiffel;Lamartine;Larrey;Mansart;Monge;Ouest;Paul-Bert;Drapeau;Pouilly
Valendons;Varennes;Maladière;Chevreul;Dampierre;Baudelaire;Jean-Macé;Ferry;Pasteur;Curie;Prévert;Kergomard
Saint-Exupéry;Les Violettes;Les Cèdres;Le Breuil;En Saint-Jean;Gustave-Courbet;Aragon;Langevin;Joliot-Curie
Bassin;Mistral;Triolet;Rousseau;Perrault;La Fontaine;Desnos;Éluard;Doisneau;Cézanne;Nelson-Mandela"""
NURSERIES = (
    "Les Petites Canailles",
    "Le Tempo",
    "Bachelard",
    "Les Grésilles",
    "Junot",
    "Montmuzard",
    "Roosevelt",
    "Petit-Cîteaux",
    "La Maladière",
    "Voltaire",
    "Les Chatières",
    "La Coupée",
)
KINDS = (
    "school",
    "school",
    "nursery",
    "school",
    "sports",
    "school",
    "social",
    "school",
    "nursery",
    "culture",
)


def buildings(kit: Equipment, town: Town, count: int) -> list[Feature]:
    """Exactly `count` public buildings."""
    rng = np.random.default_rng(town.seed + 501)
    entries: list[tuple[str, str, Floats]] = [
        (name, kind, kit.at(where)) for name, kind, where in places.BUILDINGS
    ]
    musee = entries.pop(0)
    for commune, centre in zip(COMMUNES, centres(), strict=True):
        entries.append((f"Mairie de {commune.name}", "town-hall", centre + np.array([35.0, 20.0])))
    entries = [*entries[:11], musee, *entries[11:]]
    entries += _neighbourhood(town, rng, count - len(entries))
    features: list[Feature] = []
    for index, (name, kind, where) in enumerate(entries[:count], 1):
        spot, edge = kit.kerb(where, 14.0)
        properties = {
            "name": name,
            "kind": kind,
            "address": f"{2 * (index * 7 % 60) + 1} {town.street(edge)}",
            **_size(kind, index),
            "armable": kind != "social",
            "commune": _commune(town, spot, edge),
        }
        features.append((f"B-{index:03d}", point(spot), properties))
    return features


def _commune(town: Town, spot: Floats, edge: int) -> str:
    index = int(town.commune_at(spot.reshape(1, 2))[0])
    return COMMUNES[index if index >= 0 else int(town.commune[edge])].insee


def _size(kind: str, index: int) -> dict[str, Any]:
    floors, capacity = {
        "school": (2, 240),
        "town-hall": (3, 150),
        "museum": (3, 400),
        "sports": (1, 600),
        "culture": (2, 350),
        "nursery": (1, 50),
        "technical": (1, 60),
        "social": (2, 80),
    }[kind]
    return {"floors": floors + index % 2, "capacity": round(capacity * (0.7 + 0.1 * (index % 8)))}


def _neighbourhood(town: Town, rng: np.random.Generator, count: int) -> list[tuple[str, str, Floats]]:
    """Schools and halls spread over the built streets, communes by population, well apart from each other."""
    population = np.array([commune.population for commune in COMMUNES], dtype=float)
    quota = np.maximum(np.round(population**0.85 / (population**0.85).sum() * count), 1).astype(int)
    quota[0] += count - int(quota.sum())
    names = iter([name.strip() for name in SCHOOLS.strip().replace("\n", ";").split(";")])
    found: list[tuple[str, str, Floats]] = []
    for index, commune in enumerate(COMMUNES):
        edges = np.flatnonzero(
            (town.commune == index) & town.urban & (town.net.cls == 5) & (town.net.lengths > 40)
        )
        taken: list[Floats] = []
        for number in range(int(quota[index])):
            options = town.middle[rng.choice(edges, size=min(24, len(edges)), replace=False)]
            if taken:
                gaps = np.array([np.hypot(*(np.array(taken) - option).T).min() for option in options])
                spot = options[int(np.argmax(gaps))]
            else:
                spot = options[0]
            taken.append(spot)
            kind = KINDS[(number + index) % len(KINDS)] if index == 0 or number else "school"
            found.append((_named(kind, commune.name, number, index == 0, names), kind, spot))
    return found


def _named(kind: str, commune: str, number: int, city: bool, names: Iterator[str]) -> str:
    if kind == "school":
        name = next(names, None)
        return f"École {name}" if name else f"École de {commune} {number + 1}"
    if kind == "nursery":
        return f"Crèche {NURSERIES[number % len(NURSERIES)]}" if city else f"Crèche de {commune}"
    word = {"sports": "Gymnase", "social": "Centre social", "culture": "Salle polyvalente"}[kind]
    return f"{word} {NURSERIES[(number + 5) % len(NURSERIES)]}" if city else f"{word} de {commune}"
