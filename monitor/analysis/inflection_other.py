"""Case endings of Baltic, Finnic, Greek, Hungarian and Turkic names.

`analysis.inflection_table` says how to read a table. Folded spelling: vowel harmony that differs
in accents only (ä a, ö o, ü u, ı i) is gone, and so is length (á, ā, ė).
"""

from typing import Final

from monitor.analysis.inflection_table import Table, after

# Foreign names get a Lithuanian or Latvian nominative: Trumpas, Zelenskis.
_LITHUANIAN: Final = Table(
    """
    -ius: iaus iui iu iumi iuje iau
    -as: o ui a u e ai ams us ais uose
    -[iy]s: io iui i iu yje y iai iams ius iais iuose ^io ^iui ^iu ^iai ^iams
    -us: aus ui u umi uje au
    -os: u oms omis ose as
    -es: iu ems emis ese ^iu
    -ai: u ams us ais uose
    -a: os ai oje u oms omis ose o
    -e: es ei eje iu ^iu ems
    k-(y|yy|yi|yj|ij|i): is io iui iu i
    C-: as o ui u a e is io iui iu i us
    """,
    soft={"t": "c", "d": "dz"},
)
_LATVIAN: Final = Table(
    """
    -ais: a am o aja ie
    -us: um u
    -is: a im i u ^a ^u ^i
    C-s: a am u i
    -as: u am
    -es: u em
    -a: as ai u am
    -e: es ei i em
    k-(y|yy|yi|yj|ij|i): is a im i u
    -i: u iem us os
    C-: s a am u i is im
    """,
    soft={"t": "s", "d": "z", "([bmpv])": r"\1j"},
)
_ESTONIAN_CASES: Final = "d t s st sse le l lt ks ni na ta ga de te"
_ESTONIAN: Final = Table(
    f"""
    -ne: st se {after("se", _ESTONIAN_CASES)}
    -us: ust use uste {after("use uste", _ESTONIAN_CASES)}
    [aeiou]-: {_ESTONIAN_CASES}
    nn-: i a e {after("i a e", _ESTONIAN_CASES)}
    ([aeioulnr]t|ik|nk|nd)-: i u a e {after("i u e ^i ^u ^a", " 0 " + _ESTONIAN_CASES)}
    C-: i e {after("i e", _ESTONIAN_CASES)}
    """,
    soft={"t": "d", "k": "g"},
)
# Names may keep their consonants, so both grades of a stem are forms. Only old words, of which
# place names are made, have -e- for -i (Suomi, Suomen).
_FINNISH_CASES: Final = "n ssa sta lla lta lle ksi tta t"
_FINNISH: Final = Table(
    f"""
    -nen: sta seen sena {after("se", _FINNISH_CASES)}
    l-lat: {after("to ta lo la", "jen in ja ihin issa ista illa ilta ille")}
    a-at: iden ita ihin issa ista illa ilta ille
    e-: tta +n +na +seen n ssa sta lla lta lle ksi {after("+", _FINNISH_CASES)} a na ta
    aa-: ta na han seen {_FINNISH_CASES}
    V-: a na ta +n en {_FINNISH_CASES} {after("^", _FINNISH_CASES)}
    -s: sta kseen ksena sia siin {after("kse si", _FINNISH_CASES)}
    C-: ia ina iin {after("i", _FINNISH_CASES)}
    """,
    soft={
        "([kpt])k(V)": r"\1\2",
        "kk(V)": r"k\1", "pp(V)": r"p\1", "tt(V)": r"t\1",
        "nk(V)": r"ng\1", "nt(V)": r"nn\1", "mp(V)": r"mm\1", "([lr])t(V)": r"\1\1\2",
        "hti": "hde", "(V|h)t(V)": r"\1d\2", "(V|[lr])p(V)": r"\1v\2", "(V|[lrh])k(V)": r"\1\2",
    },
    fleeting={
        "(suom|saar|niem|salm|jarv|kosk|vuor|kiv|nurm|laht|leht)i": r"\1e",
        "joki": "joe", "maki": "mae", "lampi": "lamme",
    },
)  # fmt: skip
_HUNGARIAN_CASES: Final = (
    "t nak nek ban ben ba be bol rol tol hoz hez nal nel ra re ig ert kent kor eket ekkel ek "
    + after("ek", "nek hez nel re ert tol rol")
)
_HUNGARIAN: Final = Table(
    f"""
    V-: n val vel va ve {_HUNGARIAN_CASES}
    C-: ot et at on en +al +el ^al ^el {_HUNGARIAN_CASES}
    """,
    soft={"([scgzntl])([zsy])": r"\1\1\2"},
)
# In Turkish an apostrophe separates the endings of proper names, and the tokeniser splits there;
# joined ones are those of institutions' words. A single vowel behind a short name makes another
# name (Marin, Marina).
_TURKISH_CASES: Final = (
    "da de ta te dan den tan ten la le ca ce dir dur tir tur daki deki taki teki "
    + after("lar ler lari leri", "in a e i da de dan den n na ne ni nda nde ndan nden la le")
    + " lar ler"
)
# Behind a possessive, as in Birliği and Bakanlığı.
_TURKISH_PRONOMINAL: Final = after("n", "i u in un a e da de dan den daki deki ca ce")
_TURKISH: Final = Table(
    f"""
    [iu]-: yi yu ya ye yla yle {_TURKISH_PRONOMINAL} {_TURKISH_CASES}
    [aeo]-: yi yu ya ye yla yle nin nun {_TURKISH_CASES}
    .{{5}}C-: in un a e i u ^in ^un ^a ^e ^i ^u {_TURKISH_CASES}
    C-: in un {_TURKISH_CASES}
    """,
    soft={"k": "g", "t": "d", "p": "b"},
)
_AZERBAIJANI_CASES: Final = (
    "da də dan dən la lə ca cə dir dur daki dəki "
    + after("lar lər lari ləri", "in a ə i da də dan dən n na nə ni nda ndə ndan ndən la lə")
    + " lar lər"
)
_AZERBAIJANI: Final = Table(
    f"""
    [iu]-: yla ylə {after("n", "i u in un a ə da də dan dən daki dəki ca cə")} {_AZERBAIJANI_CASES}
    V-: ya yə ni nu nin nun yla ylə {_AZERBAIJANI_CASES}
    C-: in un a ə i u ^in ^un ^a ^ə ^i ^u {_AZERBAIJANI_CASES}
    """,
    soft={"k": "y", "q": "g", "t": "d"},
)
_KAZAKH_CASES: Final = (
    "ның нің дың дің тың тің ға ге қа ке ны ні ды ді ты ті да де та те дан ден тан тен нан нен "
    "мен бен пен дағы дегі тағы тегі"
)
_KAZAKH: Final = Table(
    f"""
    [ыі]-: н на не нда нде ндағы ндегі {_KAZAKH_CASES}
    -: {_KAZAKH_CASES} {after("лар лер дар дер тар тер", _KAZAKH_CASES)} лар лер дар дер тар тер
    """,
)
_GREEK: Final = Table(
    """
    -μα: ματοσ ματα ματων
    -ησ: η ηδεσ ηδων
    -ασ: α εσ ων
    -ουσ: ου
    -οσ: ου ο ε οι ων ουσ
    -υσ: υ εωσ
    -ισ: εωσ ι ιδα ιδοσ
    -ων: ωνα ωνοσ
    -ωσ: ω
    -εσ: ων
    -α: ασ εσ ων
    -η: ησ εωσ εισ εων εσ ων
    -ο: ου α ων
    -οι: ων ουσ
    -ι: ιου ια ιων
    """,
)

OTHER: Final = {
    "az": _AZERBAIJANI, "el": _GREEK, "et": _ESTONIAN, "fi": _FINNISH, "hu": _HUNGARIAN,
    "kk": _KAZAKH, "lt": _LITHUANIAN, "lv": _LATVIAN, "tr": _TURKISH,
}  # fmt: skip
