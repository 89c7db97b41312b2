"""WHAT TO TELL WHOM WHEN: decide, route, group, render."""
