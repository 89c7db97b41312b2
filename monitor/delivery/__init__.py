"""EDGE OUT: Apprise sender, classification of errors, retry policy."""
