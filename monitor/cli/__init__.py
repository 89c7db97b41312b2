"""One file per command group: parses, calls, prints; no logic."""
