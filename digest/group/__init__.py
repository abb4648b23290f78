"""Groups the day's articles into stories and composes an edition; pure, no I/O."""
