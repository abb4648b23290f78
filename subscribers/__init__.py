"""Who may receive what; never imports digest."""
