"""Trouble is told in the operator's language, and what is not known of it as it came."""

from __future__ import annotations

import pytest

from desktop.link.http import Refused, Unreachable
from desktop.panels.troubles import trouble_words

URL = "https://registre.example/oapi"
H = "\u00a0"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            str(Unreachable(URL, "no answer within 20 s", "check registry.url and the network")),
            f"{URL}: pas de réponse en 20{H}s; vérifiez registry.url et le réseau",
        ),
        (
            str(Refused(URL, 403, "access refused (403)", "check the rights of this workstation")),
            f"{URL}: accès refusé (403); vérifiez les droits de ce poste",
        ),
        ("cache.db: the disk is full", "cache.db: le disque est plein"),
        ("cache.db: something new (42)", "cache.db: something new (42)"),
        (
            f"{URL}: the answer stops after 1,024 bytes; try again; nothing was removed",
            f"{URL}: la réponse s’arrête après 1,024 octets; réessayez{H}; rien n’a été retiré",
        ),
    ],
)
def test_what_is_known_is_said_in_french(french: None, line: str, said: str) -> None:
    assert trouble_words(line) == said


def test_english_stays_as_it_came(application: object) -> None:
    line = str(Unreachable(URL, "no answer within 20 s", "check registry.url and the network"))
    assert trouble_words(line) == line
