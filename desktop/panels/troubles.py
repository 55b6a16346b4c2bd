"""What went wrong with a source, in the operator's language.

Sources and files report trouble as one English line: where, what, and after a semicolon what to do. The
phrases known here are written in the window's language; the rest of the line stays as it came.
"""

from __future__ import annotations

import re

from qtpy.QtCore import QCoreApplication


def trouble_words(line: str) -> str:
    """The line with its known phrases in the window's language."""
    for phrase, words in [*_of_the_network(), *_of_the_answer(), *_of_the_disk(), *_remedies()]:
        pattern = re.escape(phrase).replace(r"\{0\}", r"(.+?)")
        found = re.search(rf"(?<=: |; ){pattern}(?=;|$)", line)
        if found is not None:
            line = line[: found.start()] + words.format(*found.groups()) + line[found.end() :]
    return line


def _of_the_network() -> list[tuple[str, str]]:
    translate = QCoreApplication.translate
    return [
        ("no answer within {0} s", translate("Trouble", "no answer within {0} s")),
        ("no answer ({0})", translate("Trouble", "no answer ({0})")),
        (
            "its certificate is not accepted ({0})",
            translate("Trouble", "its certificate is not accepted ({0})"),
        ),
        ("access refused ({0})", translate("Trouble", "access refused ({0})")),
        ("not found ({0})", translate("Trouble", "not found ({0})")),
        (
            "the registry is out of service ({0})",
            translate("Trouble", "the registry is out of service ({0})"),
        ),
        ("redirects without end", translate("Trouble", "redirects without end")),
        (
            "its link leads to another address, {0}, and was not followed",
            translate("Trouble", "its link leads to another address, {0}, and was not followed"),
        ),
    ]


def _of_the_answer() -> list[tuple[str, str]]:
    translate = QCoreApplication.translate
    return [
        ("the answer is larger than {0} MB", translate("Trouble", "the answer is larger than {0} MB")),
        ("the answer stops after {0} bytes", translate("Trouble", "the answer stops after {0} bytes")),
        ("the answer stops in the middle", translate("Trouble", "the answer stops in the middle")),
        (
            "the answer is not complete after {0} s",
            translate("Trouble", "the answer is not complete after {0} s"),
        ),
        (
            "the answer is nested too deeply to be data",
            translate("Trouble", "the answer is nested too deeply to be data"),
        ),
        (
            "the answer is not a list of features ({0})",
            translate("Trouble", "the answer is not a list of features ({0})"),
        ),
        (
            "a web page came instead of data (a login page?)",
            translate("Trouble", "a web page came instead of data (a login page?)"),
        ),
        (
            "its next page leads back to one already read",
            translate("Trouble", "its next page leads back to one already read"),
        ),
        (
            "there is no collection {0} (any more)",
            translate("Trouble", "there is no collection {0} (any more)"),
        ),
    ]


def _of_the_disk() -> list[tuple[str, str]]:
    translate = QCoreApplication.translate
    return [
        ("the disk is full", translate("Trouble", "the disk is full")),
        (
            "free some space there, nothing saved before is lost",
            translate("Trouble", "free some space there, nothing saved before is lost"),
        ),
        ("cannot be written", translate("Trouble", "cannot be written")),
        (
            "give this user the right to write in {0}",
            translate("Trouble", "give this user the right to write in {0}"),
        ),
        ("the database is damaged ({0})", translate("Trouble", "the database is damaged ({0})")),
        (
            "restart Vigie, or restore a copy of it",
            translate("Trouble", "restart Vigie, or restore a copy of it"),
        ),
        (
            "another program keeps the database locked",
            translate("Trouble", "another program keeps the database locked"),
        ),
        ("close it and try again", translate("Trouble", "close it and try again")),
        ("Permission denied", translate("Trouble", "permission denied")),
        ("Read-only file system", translate("Trouble", "the file system is read-only")),
        ("No such file or directory", translate("Trouble", "no such file or folder")),
    ]


def _remedies() -> list[tuple[str, str]]:
    translate = QCoreApplication.translate
    return [
        ("check registry.url", translate("Trouble", "check registry.url")),
        ("check registry.url and the network", translate("Trouble", "check registry.url and the network")),
        (
            "check registry.url and the access rights",
            translate("Trouble", "check registry.url and the access rights"),
        ),
        (
            "check registry.url and the collection's name",
            translate("Trouble", "check registry.url and the collection's name"),
        ),
        (
            "check the rights of this workstation",
            translate("Trouble", "check the rights of this workstation"),
        ),
        ("it will be tried again", translate("Trouble", "it will be tried again")),
        ("try again; nothing was removed", translate("Trouble", "try again; nothing was removed")),
        ("nothing was removed", translate("Trouble", "nothing was removed")),
        ("what the cache holds of it is kept", translate("Trouble", "what the cache holds of it is kept")),
        (
            "correct the mapping or ask its keepers",
            translate("Trouble", "correct the mapping or ask its keepers"),
        ),
        ("choose another folder", translate("Trouble", "choose another folder")),
        ("check the disk", translate("Trouble", "check the disk")),
    ]
