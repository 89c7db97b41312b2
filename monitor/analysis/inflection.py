"""Case forms of names, in languages that decline them."""


def declines(language: str | None) -> bool:  # noqa: ARG001
    """Whether names are declined in a language (BCP 47 tag)."""
    return False


def is_case_form(alias_word: str, word: str, language: str | None) -> bool:  # noqa: ARG001
    """Whether a folded word is a case form of a folded word of a name."""
    return alias_word == word
