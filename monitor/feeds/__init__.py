"""EDGE IN: schedule, fetch, parse, HTML to text, URL keys."""
