"""Case endings of the Slavic languages; `analysis.inflection` says how to read a table.

Folded spelling: й is kept, but ё is е, ї і, ў у, and Latin letters have lost their accents.
"""

from typing import Final

from monitor.analysis.inflection_table import Table, after

_RUSSIAN: Final = Table(
    """
    -ий: ого его ому ему им ом ем ие их ими ия ию ием ии
    -ый: ого ому ым ом ые ых ыми
    -ой: ого ому ым им ом ые ие ых их ыми ими оя ою оем ое
    -ая: ой ую ою
    -яя: ей юю ею
    -ое: ого ому ым им ом
    -ее: его ему им ем
    -ые: ых ым ыми
    и-е: я ю ем и й ям ями ях х м ми
    -е: я ю ем
    (ов|ев|ин|ын)-: а у ым ом е
    (ов|ев|ин|ын)-а: ы е у ой ою
    -а: ы и е у ой ою ей ею
    -я: и е ю ей ею
    (озер|л|ств|ов|ев|ин|ын)-о: а у ом е
    рист-ос: а у ом е
    -ы: ов ев ам ами ах 0
    -и: ов ей ам ами ах ям ями ях
    -ей: ея ею еем ее еев ья ью ьем ье
    -й: я ю ем е и
    -ь: я ю ем е и ью
    C-: а у ом ем е
    """,
    fleeting={"([ая])ец": r"\1йц", "лец": "льц", "[ео]([вклнц])": r"\1", "пет": "пт"},
)
_UKRAINIAN: Final = Table(
    """
    -ий: ого ому им ім і их ими
    -ій: ія ію ієм ієві іі ього ьому ім іх
    (ськ|цьк|зьк)-а: оі ій у ою
    і-я: і ю єю є й
    -а: и і ^і у ою ею оі ій о
    -я: і ю ею єю є
    -о: а у ові ом ем і ^і е
    -е: ого ому им ім я ю ем і
    -и: ів ам ами ах 0
    -і: ів ей их іх им ими ям ями ях ам ами ах
    (ов|ев|єв|ів|ін|ин)-: а у е им ом ові і
    -й: я ю єм єві ю і
    -ь: я ю ем еві і +ю ю
    C-: а у ю е ові еві ом ем і ^і я
    """,
    soft={"к": "ц", "г": "з", "х": "с"},
    fleeting={
        "([лнт])ец": r"\1ьц", "[ео]([вклнц])": r"\1", "пет": "пт",
        "([иі])і(C)": r"\1є\2", "і(C)": r"о\1 е\1",
    },
)  # fmt: skip
_BELARUSIAN: Final = Table(
    """
    (ск|цк|зк)-і: ага аму ім ія іх імі
    -ы: ага аму ым ыя ых ымі ау ам амі ах 0
    -ая: ай ую аю
    -яя: яй юю яю
    -ае: ага аму ым
    і-я: і ю яй яю й
    -я: і ю яй яю е
    -а: ы і е ^ы ^е у ай аю ой ою ам
    -о: а у ам е ^е
    -і: ау яу ам амі ах ям ямі ях іх імі
    -оу: ова ову овым ове
    -еу: ева еву евым еве
    -ау: ава аву авым аве
    (ін|ын)-: а у ым е
    -й: я ю ем і
    -ь: я ю ем і +ю
    C-: а у ам ом ем е ^е і
    """,
    soft={"к": "ц", "г": "з", "х": "с", "т": "ц", "д": "дз"},
    fleeting={"[еоа]([кцлн])": r"\1"},
)
# The article is the only ending; names in -ов, -ев, -ин, -ски are persons' and take none, and
# Борисова is another person than Борисов.
_BULGARIAN: Final = Table(
    """
    (ск|шк|н|в)-и: ия ият ите
    -ен: ния ният
    [ое]в-:
    ин-:
    -а: ата
    -я: ята
    -о: ото
    -е: ето
    -и: ите
    -й: я ят
    C-: а ът я ят та
    """,
    fleeting={"е([кц])": r"\1", "ъ([рлм])": r"\1"},
)
_MACEDONIAN: Final = Table(
    """
    (ск|шк|чк|н|в)-и: иот ите
    -ен: ниот
    [ое]в-:
    ин-:
    -а: ата ава ана
    -о: ото ово оно
    -е: ето ево ено
    -и: ите иве ине
    C-: от ов он та ва на
    """
)
_POLISH: Final = Table(
    """
    [kg]-i: iego iemu im imi ich ie ow om ami ach
    c-i: iego iemu im ^ow ^om ^ami ^ach
    -dzi: dziego dziemu dzim dow dom dami dach
    -si: siego siemu sim sow som sami sach chow chom chami chach
    n-i: iego iemu im ych ym ymi ow om ami ach
    -i: iego iemu im ow om ami ach
    -mcy: miec mcow mcom mcami mczech
    c-y: ego emu ym ymi ych e ow om ami ach ^ow ^om ^ami ^ach
    -rzy: rzego rzemu rzym rzych row rom rami rach
    ey-: a owi em u
    .{4}-y: ego emu ym ymi ych e ow om ami ach yego yemu ^ach ^ech 0
    -y: ego emu ym ymi ych e ow om ami ach yego yemu
    ^polsk-a: i e o ^e
    [aeo]sk-a: i iej ie e o ^e
    [sc]k-a: iej ie
    [kg]-a: i e o iej ie ^e
    -ia: i ii ie io iej
    j-a: i e o
    -a: y i e o ej ^e
    k-o: a u iem i e ^e
    -o: a u em ie ^e i e
    -owie: ow om ami ach
    an-ie: 0 ow om ami ach ia iu iem iego iemu ich im imi
    i-e: a i u em ego emu m ch mi go mu ach om ami
    ic-e: 0 ach om ami
    -e: a u em ego emu ym ych ymi ea eowi eem
    [kg]-: a u owi iem ^e
    C-: a u owi em iem ^e y i ie ia iu iowi
    """,
    soft={
        "c": "t k", "ch": "sz", "k": "c", "g": "dz", "st": "sci", "zd": "zdzi",
        "t": "ci", "dz": "d", "d": "dzi", "rz": "r", "r": "rz", "l": "l", "h": "z",
        "([bfmnpswz])": r"\1i",
    },
    fleeting={"i?e([kcln])": r"\1", "nder": "ndr", "urzad": "urzed"},
)  # fmt: skip
# Without accents the possessive Trumpova (ministerstva) is the wife Trumpová: -ova, -ove, -ovou
# are left out.
_CZECH: Final = Table(
    """
    -y: eho emu ym em ych ymi e yho ymu yovi u um ech ach am ami 0
    [aeiouy][sc]k-a: e ou y u i ^e
    (ov|sk|ck)-a: e ou
    i-a: e i u o ou
    -a: y e u o ou ovi ^e
    i-e: i im ich mi
    -ove: u um y ech
    [io]c-e: i 0 ich im emi
    -e: i eho emu ym ych ymi em eovi um y u ech ich im emi ea eem a ovi
    [sc]k-i: eho emu em ym ych ymi iho imu im
    -ci: ciho cimu cim cimi cu cum ce cich cem ku kum ky
    -si: siho simu sim su sum sy chu chum chy
    .{4}-i: iho imu im ich imi iovi u um y e ech
    -i: iho imu im ich imi iovi
    sk-o: a u em
    -o: a u em ovi e
    -us: a u em ovi e usa usu usem usovi
    u-: a em ovi
    C-: a u ovi em e ^e i y uv ovo ovu ovy ovych ovym ovymi
    """,
    soft={"ch": "s", "k": "c", "h": "z", "g": "z"},
    fleeting={"e([kclnmrv])": r"\1", "u([rlzmd])": r"o\1"},
)
_SLOVAK: Final = Table(
    """
    -y: eho emu ym om ych ymi e yho ymu yovi ov och am ami 0
    [aeiouy][sc]k-a: ej u ou y e i
    (ov|sk|ck)-a: ej u ou
    i-a: e i u ou
    -a: y e u o ou ovi om ej i
    i-e: a u i m ho mu ich
    -e: a i u om eho emu ym ych ymi iach iam ami ea eom eovi 0
    [sc]k-i: eho emu om ym ych ymi iho imu im
    -ci: ciho cimu cim cov com och kov kom koch
    .{4}-i: iho imu im ich imi iovi ov om och
    -i: iho imu im ich imi iovi
    sk-o: a u om
    -o: a u om ovi e
    -us: a u om ovi e usa usom usovi
    C-: a u ovi om e i y ia ovho ovmu ovym ovo ovych ovymi
    """,
    fleeting={"[eo]([kclnmr])": r"\1"},
)
_SLOVENE_POSSESSIVES: Final = after("ov ev", "a e o i ega emu em im ih imi") + " ov ev"
_SLOVENE: Final = Table(
    f"""
    -ci: ce cev cem cih
    .{{4}}-i: ega emu im em ih ija iju ijem ev ov om {after("ij", _SLOVENE_POSSESSIVES)}
    -i: ija iju ijem {after("ij", _SLOVENE_POSSESSIVES)}
    y-: ja ju jem a u em om {after("j", _SLOVENE_POSSESSIVES)}
    r-: ja ju jem ji ih a u om em i e {after("j", _SLOVENE_POSSESSIVES)} {_SLOVENE_POSSESSIVES}
    sk-a: e i o em
    i-a: e i o ji jo je
    -a: e i o u om
    -o: a u om em ega emu im
    -e: a u em om ega emu im ih imi 0 i o am ah ami ea eu eem eja eju ejem
    C-: a u om em e i ja ju jem {_SLOVENE_POSSESSIVES}
    """,
    fleeting={"e([kclnmr]|lj)": r"\1", "ar": "r"},
)
_CROATIAN_ROWS: Final = """
    i-o: a u om ja ju jem
    -ao: la lu lom le
    .{4}-i: og oga om ome omu im ima ih eg ega em emu ija iju ijem
    -i: ija iju ijem
    y-: ja ju jem
    sk-a: e oj u om
    -a: e i ^i u o om oj in ina ino inu
    sk-o: a u om
    -o: a u om e i
    -e: a u em i ih im ima ama eta etu etom ea eu eom
    C-: a u om em e i ov ev ova ove ovo ovi ovu ovoj ovom ovim ovih og ja ju jem
"""
_CROATIAN: Final = Table(
    _CROATIAN_ROWS,
    soft={"k": "c", "g": "z", "h": "s"},
    fleeting={"a([crlnkm])": r"\1"},
)
_TO_CYRILLIC: Final = str.maketrans("abcdefghijklmnoprstuvzC", "абцдефгхијклмнопрстувзЦ")
_SERBIAN: Final = Table(
    _CROATIAN_ROWS.translate(_TO_CYRILLIC) + _CROATIAN_ROWS,
    soft={"к": "ц", "г": "з", "х": "с", "k": "c", "g": "z", "h": "s"},
    fleeting={"а([црлнкм])": r"\1", "a([crlnkm])": r"\1"},
)

SLAVIC: Final = {
    "be": _BELARUSIAN, "bg": _BULGARIAN, "bs": _CROATIAN, "cs": _CZECH, "hr": _CROATIAN,
    "mk": _MACEDONIAN, "pl": _POLISH, "ru": _RUSSIAN, "sk": _SLOVAK, "sl": _SLOVENE,
    "sr": _SERBIAN, "uk": _UKRAINIAN, "sh": _SERBIAN, "cnr": _SERBIAN,
}  # fmt: skip
