"""Stub until the merge."""
def declines(language: str | None) -> bool:
    return False
def index_keys(alias_word: str, language: str | None) -> tuple[str, ...]:
    return (alias_word,)
def text_keys(word: str, language: str | None) -> tuple[str, ...]:
    return (word,)
def is_case_form(alias_word: str, word: str, language: str | None) -> bool:
    return alias_word == word
