"""What is done with many people at once, some of whom are gone, and with more than one tag."""

from __future__ import annotations

import pytest

from subscribers import roster
from tests.admin.conftest import House
from tests.admin.visitor import Visitor
from tests.background import until_done
from tests.newsroom import NOW


@pytest.fixture
def keeper(own_house: House) -> Visitor:
    visitor = own_house.enter("editor")
    visitor.get("/admin/people")
    return visitor


def done(keeper: Visitor, *people: str, tag: str) -> str:
    """Tag people, and return what the page says in the end."""
    form = [("act", "tag"), ("tag_name", tag), *(("person", each) for each in people)]
    job = keeper.post("/admin/people/act", form)
    assert job.status == 303
    until_done("job Tagging people")
    return keeper.get(job.location).plain


def test_who_was_forgotten_or_never_was_gets_no_tag(own_house: House, keeper: Visitor) -> None:
    with own_house.app.store.begin() as conn:
        roster.add(conn, "daily", "gone@reader.example.org", at=NOW, how="command")
        numbers = [roster.by_address(conn, f"{name}@reader.example.org").id for name in ("ada", "gone")]  # type: ignore[union-attr]
        roster.forget(conn, "gone@reader.example.org", at=NOW, how="command")
    said = done(keeper, *map(str, numbers), "999999", tag="founder")
    assert "1 tagged" in said
    assert "failed" not in said
    with own_house.app.store.read() as conn:
        assert roster.all_tags(conn) == (("founder", 1),)


def test_tags_parted_by_commas_are_several(own_house: House, keeper: Visitor) -> None:
    with own_house.app.store.read() as conn:
        ada = roster.by_address(conn, "ada@reader.example.org")
    assert ada is not None
    assert "2 tagged" in done(keeper, str(ada.id), tag="founder, patron, ")
    assert "2 had it already" in done(keeper, str(ada.id), tag="patron,founder")
    with own_house.app.store.read() as conn:
        assert [name for name, _ in roster.all_tags(conn)] == ["founder", "patron"]
    long = "x" * 200
    done(keeper, str(ada.id), tag=long)
    with own_house.app.store.read() as conn:
        assert long[:80] in [name for name, _ in roster.all_tags(conn)]
