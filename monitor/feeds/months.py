"""Names of months in the languages that feeds write dates in."""

from typing import Final

# Beginnings of three or four letters, January first; a beginning never means two months.
_NAMES = """
    jan jän ian ene gen sty янв січ ιαν oca
    feb fév fev fèv lut фев лют φεβ şub
    mar mär maa mrt már мар бер μαρ
    apr avr abr kwi ápr апр кві απρ nis
    may mai maj mei mag máj май мая тра μάι μαϊ μαΐ
    jun juin giu cze jún июн чер ιουν ιούν haz
    jul juil lug lip júl июл лип ιουλ ιούλ tem
    aug ago aoû aou sie авг сер αυγ αύγ ağu
    sep set wrz sze сен вер σεπ eyl
    oct okt out ott paź окт жов οκτ eki
    nov lis ноя лис νοε νοέ kas
    dec dez dic déc gru дек гру δεκ ara
"""
_MONTHS: Final = {
    name: month
    for month, names in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in names.split()
}


def month_of(word: str) -> int | None:
    """The month (1-12) that a word names or abbreviates; None if it is no such name."""
    word = word.lower()
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
