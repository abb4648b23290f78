"""Which faults pass by themselves, so that a run that met one is tried again; tells nobody."""

from __future__ import annotations

from digest.errors import BroadsheetError, EditionConflict, ProviderBusy, StoreError


def passes(error: BroadsheetError, *, is_late: bool) -> bool:
    """Return whether a run may go a little later: the provider is busy, the store is away, another process is at it.

    Where it is too late already (``is_late``), an edition in another state than was thought stays so.
    """
    if isinstance(error, EditionConflict):
        return not is_late
    return isinstance(error, ProviderBusy | StoreError)
