"""The kinds of words that go in and out, with their limits; knows no resource."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints

#: No control signs: PostgreSQL keeps no NUL, and no page or log shows the others.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$"), Field(examples=["weekly"])]
Words = Annotated[str, StringConstraints(pattern=_PRINTABLE, max_length=200)]
Tag = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x20\x7f,][^\x00-\x1f\x7f,]{0,78}$"), Field(examples=["founder"])
]
Language = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})?$"), Field(examples=["de"])
]
FieldName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]{0,78}$")]
FieldValue = Annotated[str, StringConstraints(pattern=_PRINTABLE, max_length=1000)]
#: A person's own fields, or changes to them.
Fields = Annotated[
    dict[FieldName, FieldValue],
    # Said once more for readers of the description: pydantic names what fits, not that nothing else does.
    Field(max_length=50, json_schema_extra={"additionalProperties": False}),
]
Address = Annotated[
    str, StringConstraints(min_length=3, max_length=320, pattern=_PRINTABLE), Field(examples=["ada@reader.example.org"])
]
Count = Annotated[int, Field(ge=0)]


def _whole(value: object) -> object:
    """Return 3.0 as 3: to JSON they are one number, and JSON Schema calls both an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: What counts an edition's changes, in a body. The limit comes first, so that the description has it.
Version = Annotated[int, Field(ge=1), BeforeValidator(_whole)]


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


#: A moment in UTC, as RFC 3339 writes it.
Moment = Annotated[AwareDatetime, PlainSerializer(_written, return_type=str)]
