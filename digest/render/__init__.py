"""Turns an edition into mail and pages; knows no recipient and no provider."""

from digest.render.edition import render
from digest.render.environment import designs, template_folders
from digest.render.subject import preheader, subject

__all__ = ["designs", "preheader", "render", "subject", "template_folders"]
