"""Every rule about who may receive what, and every change."""
