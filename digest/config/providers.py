"""The settings of each provider; knows no file.

The description of each field is what the reference in docs/ says of it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from digest.config.values import Table


class OutboxSettings(Table):
    """Mails as files, for trying things out."""

    kind: Literal["outbox"] = Field("outbox", description="Which provider sends.")
    folder: str = Field("out", description="Where the .eml files and the journal go, seen from config.toml's folder.")


class LimitedTable(Table):
    """A provider that may be asked only so often, by all workers together."""

    per_second: float = Field(0, ge=0, le=100_000, description="Mails a second, on average; 0 for no limit.")
    per_hour: int = Field(0, ge=0, description="Mails an hour; 0 for no limit.")
    per_day: int = Field(0, ge=0, description="Mails in 24 hours; 0 for no limit.")
    warm_up: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (), description="Mails on the first day, the second, and so on; afterwards `per_day` holds."
    )


class SmtpSettings(LimitedTable):
    """Any mail server. The password is BROADSHEET_SMTP_PASSWORD in the environment."""

    kind: Literal["smtp"] = Field(description="Which provider sends.")
    host: str = Field("localhost", description="Name of the mail server.")
    port: int = Field(587, ge=1, le=65535, description="587 for STARTTLS, 465 for TLS, 25 for a relay of your own.")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is protected.")
    username: str = Field("", description="Login name; empty for a server that asks for none.")
    timeout: float = Field(30, gt=0, le=600, description="Seconds to wait for each answer.")
    connections: int = Field(2, ge=1, le=64, description="Connections held open at once.")
    dkim_domain: str = Field("", description="Domain that signs the mails; empty where the mail server signs.")
    dkim_selector: str = Field("", description="Name of the key's record under _domainkey of that domain.")


class SendgridSettings(LimitedTable):
    """SendGrid's mail API. The key is SENDGRID_API_KEY in the environment."""

    kind: Literal["sendgrid"] = Field(description="Which provider sends.")
    api: str = Field(
        "global",
        description='"global", "eu", or the address of any API that speaks the same.',
        pattern=r"^(global|eu|https?://\S+)$",
    )
    timeout: float = Field(30, gt=0, le=600, description="Seconds to wait for each answer.")
    connections: int = Field(4, ge=1, le=64, description="Requests under way at once.")
    open_tracking: bool = Field(False, description="Let SendGrid count openings by a picture in each mail.")
    click_tracking: bool = Field(False, description="Let SendGrid rewrite links to count clicks.")
    sandbox: bool = Field(False, description="SendGrid checks each request and sends nothing.")


ProviderSettings = Annotated[OutboxSettings | SmtpSettings | SendgridSettings, Field(discriminator="kind")]
PROVIDERS: dict[str, type[Table]] = {
    "outbox": OutboxSettings,
    "smtp": SmtpSettings,
    "sendgrid": SendgridSettings,
}
