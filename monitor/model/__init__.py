"""WHAT THINGS ARE: frozen dataclasses of the standard library; no behaviour with effects."""
