"""The admin's stylesheets and scripts, as files of our own; knows no page."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from digest.render.environment import template_folders

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def routes(own: Path | None) -> list[Route]:
    """Return the route of the assets; a file in the user's own templates takes the place of a bundled one."""

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        kind = KINDS.get(Path(name).suffix)
        for folder in template_folders(own):
            file = folder / "admin" / "assets" / name
            if kind and file.is_file():
                headers = {"cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}
                return FileResponse(file, media_type=kind, headers=headers)
        return PlainTextResponse("no such file", status_code=404)

    # One part of a path holds no slash, so the name leads nowhere else.
    return [Route("/admin/assets/{name}", asset, methods=["GET"])]
