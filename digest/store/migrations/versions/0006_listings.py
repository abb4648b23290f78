"""A line of each edition for the archive: what it shows, and the words it is found by."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Write the line of every edition there is from its words as they are kept."""
    op.create_table(
        "listings",
        sa.Column("edition", Id, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(50), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_listings_edition")),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_listings")),
    )
    editions = sa.table("editions", sa.column("id"), sa.column("date"), sa.column("data"))
    listings = sa.table("listings", *map(sa.column, ("edition", "title", "language", "headline", "words")))
    connection = op.get_bind()
    for number in connection.scalars(sa.select(editions.c.id)).all():
        row = connection.execute(sa.select(editions.c.date, editions.c.data).where(editions.c.id == number)).one()
        op.execute(listings.insert().values(edition=number, **line(str(row.date), json.loads(row.data))))


def line(day: str, edition: dict[str, Any]) -> dict[str, str]:
    """Return what is listed of an edition."""
    headlines = [story.get("headline") or story["lead"]["headline"] for story in _stories(edition)]
    words = "\n".join([day[:10], *headlines])
    return {
        "title": edition["masthead"]["title"],
        "language": edition["masthead"].get("language", "en"),
        "headline": headlines[0] if headlines else "",
        "words": words.replace("\0", "").casefold(),
    }


def _stories(edition: dict[str, Any]) -> list[dict[str, Any]]:
    return [*edition.get("stories", []), *edition.get("brief", [])]
