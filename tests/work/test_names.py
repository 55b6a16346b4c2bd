"""A set of very many names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.work.names import Names

SOME = st.lists(st.text(max_size=3))


@given(SOME, SOME, SOME)
def test_names_are_those_of_a_set(added: list[str], more: list[str], gone: list[str]) -> None:
    names, plain = Names(), set[str]()
    for name in added:
        assert names.add(name) == (name not in plain)
        plain.add(name)
    names.update(more)
    names.discard(gone)
    plain = (plain | set(more)) - set(gone)
    assert len(names) == len(plain)
    assert all((name in names) == (name in plain) for name in [*added, *more, *gone, "elsewhere"])
    names.clear()
    assert len(names) == 0
