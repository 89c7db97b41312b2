"""Language tags (BCP 47) as analysis reads them."""


def primary(language: str | None) -> str | None:
    """The primary subtag in lower case: ``en`` of ``en-GB`` or ``EN_us``; None stays None.

    ``und`` (undetermined) and an empty tag are None too.
    """
    if not language:
        return None
    subtag = language.replace("_", "-").partition("-")[0].strip().casefold()
    return None if subtag in {"", "und"} else subtag
