"""Stub until the merge."""
class RegexSet:
    def __init__(self, patterns: tuple[str, ...]) -> None:
        pass
    def found(self, text: str) -> list[int]:
        return []
