"""Turns an edition into mail and pages; knows no recipient and no provider."""
