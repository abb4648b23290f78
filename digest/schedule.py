"""When an edition is due, and what runs then."""
