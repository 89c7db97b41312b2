"""Abbreviations after which a sentence goes on although a full stop stands there.

Without their full stop. Those that as often end a sentence (etc., p.m., Russian г.) or are words
themselves (Spanish mar) are left out: a sentence cut in two loses a phrase at most, two sentences
taken as one make a false alert. Initials need no list.
"""

from typing import Final

from monitor.analysis.fold import fold
from monitor.analysis.language import primary

_ABBREVIATIONS: Final = {
    "cs": """
        dr prof doc ing mgr mudr judr phdr gen plk mjr kpt por sv ul nám tzv tzn např mil mld tis
    """,
    "da": "dr prof hr fr skt bl ca dvs fhv gen inkl ekskl kl jan feb aug sept okt nov dec",
    "de": """
        dr prof hr hrn fr frl st dipl ing mag med jur phil rer nat habil pfr bgm ggf bzw ca evtl
        inkl exkl geb gest sog bspw vgl zzgl abzgl mind max min ehem insb allg str hl hrsg jan feb
        mrz apr jun jul aug sep sept okt nov dez mio mrd gen lt z i h
    """,
    "el": "κα κκ δρ καθ στρ αγ λεωφ πχ βλ χλμ εκατ δισ",
    "en": """
        mr mrs ms mx messrs dr prof rev fr sr jr st ste mt ft hon rt gen adm maj brig lt col capt
        cmdr cpl sgt pvt sen rep reps sens gov pres supt insp det dep amb atty asst assoc dept univ
        vs cf al approx ca inc corp co ltd bros jan feb mar apr jun jul aug sep sept oct nov dec
        ave blvd calif
    """,
    "es": """
        sr sra sres sras srta dr dra prof gral cnel tte lic ing arq mons sto sta excmo excma ud uds
        avda av pza ee uu aprox cía ene feb abr jun jul ago sept oct nov dic vs
    """,
    "fr": """
        mm me mme mmes mlle mlles mgr dr pr st ste sts gén lt cdt adj cf env av bd janv févr avr
        juil sept oct nov déc ex hab cie vs
    """,
    "hu": "dr prof id ifj özv kb",
    "it": """
        sig sigra sigg dott prof avv ing arch geom rag on sen gen col cap ten magg mons ss san ecc
        cfr vs gg
    """,
    "nb": "dr prof hr fr st bl ca dvs gen inkl ekskl kl jan feb aug sept okt nov des",
    "nl": """
        dhr mevr mw dr drs prof mr ir ing ds st gen kol kap bijv bv ca evt excl incl nl resp jl jan
        feb apr aug sept okt nov dec
    """,
    "pl": """
        dr hab prof inż mgr gen płk ppor kpt mjr sierż ks bp abp kard św ul al tzw tzn np woj pow
        gm godz
    """,
    "pt": """
        sr sra srs sras srta dr dra drs prof profa eng arq gen cel cap ten alm dep sen exmo exma
        sto sta av ex aprox cia fev abr ago set out nov vs
    """,
    "ro": "dr prof dl dna dlui gen col cpt lt sf str ex aprox mil mld",
    "ru": """
        ул пл пр просп бул обл респ акад проф доц ген полк подп кап лейт тов гр св см ср напр тыс
        млн млрд кв корп долл
    """,
    "sv": "dr prof hr fr st bl ca resp dvs fd gen inkl exkl kl jan feb aug sept okt nov dec",
    "tr": "dr prof doç av sn hz gen alb yzb bkz örn vb cad sok mah bul",
    "uk": """
        вул пл просп бул обл акад проф доц ген полк підп кап лейт св див напр тис млн млрд кв буд
        дол
    """,
}

# These go on only before a number: "No. 10", but "He said no. The …".
_COUNTERS: Final = {
    "cs": "č odst písm obr tel str",
    "da": "nr art fig kap tlf stk",
    "de": "nr art abs abb bd ziff kap tab anm rn tel s ss",
    "en": "no nos art fig figs vol vols sec secs para paras ch chap p pp pt op",
    "es": "no núm núms art arts fig vol cap pág págs tel",
    "fr": "no nos art fig vol chap p pp al tel",
    "hu": "sz tel",
    "it": "art artt fig vol cap pag pagg tel num nn",
    "nb": "nr art fig kap tlf",
    "nl": "nr nrs art fig blz hfdst tel",
    "pl": "nr art ust pkt poz str rys tel rozdz",
    "pt": "num núm art arts fig vol cap pág págs tel",
    "ro": "nr art alin fig pag tel",
    "ru": "ст п пп с рис табл гл тел",
    "sv": "nr art fig kap sid tel",
    "tr": "no sf tel mad",
    "uk": "ст п пп с рис табл гл тел",
}

_RELATED: Final = {"no": "nb", "nn": "nb"}
_DEFAULT: Final = "en"

# Where "24." is the twenty-fourth, a number of up to two digits ends no sentence.
_ORDINALS: Final = frozenset(
    ("bs", "cs", "da", "de", "et", "fi", "hr", "hu", "is", "lv", "nb", "nn", "no", "pl", "sk",
     "sl", "sr", "tr")
)  # fmt: skip
_ORDINAL_DIGITS: Final = 2


def _folded(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(map(fold, words.split())) for language, words in lists.items()}


_ABBREVIATION_SETS: Final = _folded(_ABBREVIATIONS)
_COUNTER_SETS: Final = _folded(_COUNTERS)


def sentence_goes_on(word: str, language: str | None, *, before_number: bool) -> bool:
    """Whether a full stop directly behind a word, and a blank, does not end the sentence.

    Args:
        word: as written, without the full stop.
        language: BCP 47 tag of the text; None and languages without a list are read as English.
        before_number: whether a digit follows.
    """
    language = primary(language) or _DEFAULT
    if word.isdecimal():
        return language in _ORDINALS and len(word) <= _ORDINAL_DIGITS
    if len(word) == 1 and not word.islower():
        return True  # an initial
    language = _RELATED.get(language, language)
    known = language if language in _ABBREVIATION_SETS else _DEFAULT
    folded = fold(word)
    return folded in _ABBREVIATION_SETS[known] or (
        before_number and folded in _COUNTER_SETS.get(known, ())
    )
