"""The values: subscriber, list, subscription, suppression."""
