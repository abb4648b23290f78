"""Settings in, an assembled application out; the only place that builds adapters."""
