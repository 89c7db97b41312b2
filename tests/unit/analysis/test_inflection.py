"""Case forms: what is one, in each language, and what is another name."""

import pytest

from monitor.analysis.fold import fold
from monitor.analysis.inflection import declines, index_keys, is_case_form, text_keys


def is_form(name: str, word: str, language: str | None) -> bool:
    return is_case_form(fold(name), fold(word), language)


CASES = {
    "az": """
        Ərdoğan: Ərdoğanın Ərdoğana Ərdoğanı Ərdoğanla Ərdoğandan
        Moskva: Moskvanın Moskvaya Moskvada Moskvadan
        Nazirliyi: Nazirliyinin Nazirliyinə Nazirliyində
        Birlik: Birliyi Birliyin Birlikdə
    """,
    "be": """
        Лукашэнка: Лукашэнкі Лукашэнку Лукашэнкам
        Ціханоўская: Ціханоўскай Ціханоўскую
        Мінск: Мінска Мінску Мінскам
        Беларусь: Беларусі Беларуссю
        Масква: Масквы Маскве Маскву
        Макей: Макея Макею Макеем
        Чарноў: Чарнова Чарнову Чарновым
    """,
    "bg": """
        парламент: парламента парламентът
        комисия: комисията
        Министерство: Министерството
        Български: Българския Българският
        Върховен: Върховния Върховният
        Националност: Националността
        център: центъра центърът
    """,
    "cs": """
        Pavel: Pavla Pavlovi Pavlem
        Fiala: Fialy Fialovi Fialu Fialou
        Zeman: Zemana Zemanovi Zemanem Zemanův
        Havlíček: Havlíčka Havlíčkovi Havlíčkem
        Merkelová: Merkelové Merkelovou
        Zelenskyj: Zelenskyje
        Praha: Prahy Praze Prahu Prahou
        Francie: Francii Francií
        Pardubice: Pardubic Pardubicích Pardubicemi
        Evropská: Evropské Evropskou
        Nejvyšší: Nejvyššího Nejvyššímu
        Berlín: Berlína Berlíně Berlínem
        Rusové: Rusů Rusům Rusy
    """,
    "el": """
        Μητσοτάκης: Μητσοτάκη
        Τσίπρας: Τσίπρα
        Κύπρος: Κύπρου Κύπρο
        Ουκρανία: Ουκρανίας
        Επιτροπή: Επιτροπής
        Κοινοβούλιο: Κοινοβουλίου
        Παρίσι: Παρισιού
        Ηνωμένες: Ηνωμένων
        Κυβέρνηση: Κυβερνήσεως
    """,
    "et": """
        Moskva: Moskvas Moskvast Moskvasse Moskvaga
        Venemaa: Venemaal Venemaale Venemaalt
        Putin: Putini Putinile Putiniga Putinit
        Kallas: Kallase Kallasele Kallasega
        Parlament: Parlamendi Parlamendis
        Valitsus: Valitsuse Valitsusele Valitsust
        Pank: Panga Pangas Pangale
        Tallinn: Tallinna Tallinnas Tallinnast
        Riik: Riigi Riigile
        Soomlane: Soomlase Soomlasele
    """,
    "fi": """
        Helsinki: Helsingin Helsingissä Helsinkiin Helsinkiä Helsingistä
        Turku: Turun Turussa Turkuun Turkua
        Lahti: Lahden Lahdessa Lahteen
        Suomi: Suomen Suomessa Suomesta
        Moskova: Moskovan Moskovassa Moskovaan Moskovaa
        Tampere: Tampereen Tampereella Tamperetta
        Vantaa: Vantaan Vantaalla Vantaata Vantaaseen
        Putin: Putinin Putinille Putinia
        Niinistö: Niinistön Niinistölle Niinistöä
        Virtanen: Virtasen Virtasta Virtaselle
        Kallas: Kallaksen Kallasta Kallakselle
        Pekka: Pekan Pekkaa Pekalle
        Ranta: Rannan Rannalle Rantaa
        Yhdysvallat: Yhdysvaltain Yhdysvaltojen Yhdysvalloissa Yhdysvaltoihin
        Alankomaat: Alankomaiden Alankomaissa
    """,
    "hr": """
        Plenković: Plenkovića Plenkoviću Plenkovićem
        Zagreb: Zagreba Zagrebu Zagrebom
        Petar: Petra Petru Petrom
        Karlovac: Karlovca Karlovcu
        Rijeka: Rijeke Rijeci Rijeku Rijekom
        Hrvatska: Hrvatske Hrvatskoj Hrvatsku Hrvatskom
        Marko: Marka Marku Markom
        Tokio: Tokija Tokiju
        Vrhovni: Vrhovnog Vrhovnoga Vrhovnom
        Trump: Trumpa Trumpov Trumpova
        Kennedy: Kennedyja Kennedyjem
    """,
    "hu": """
        Orbán: Orbánnak Orbánt Orbánnal Orbántól Orbánék
        Trump: Trumppal Trumpot Trumpról
        Kovács: Kováccsal Kovácsot
        Budapest: Budapesten Budapestre Budapestről
        Bizottság: Bizottságnak Bizottsággal Bizottságot
        Ukrajna: Ukrajnában Ukrajnát Ukrajnával Ukrajnából
        Államok: Államokban Államokkal
    """,
    "kk": """
        Тоқаев: Тоқаевтың Тоқаевқа Тоқаевты Тоқаевпен Тоқаевтан
        Алматы: Алматыда Алматыға Алматының Алматыдан
        Мәжіліс: Мәжілістің Мәжілісте
        Министрлігі: Министрлігінің Министрлігінде
    """,
    "lt": """
        Nausėda: Nausėdos Nausėdai Nausėdą
        Trumpas: Trumpo Trumpui Trumpą Trumpu
        Trump: Trumpas Trumpo Trumpui
        Zelenskis: Zelenskio Zelenskiui Zelenskį
        Zelensky: Zelenskis Zelenskio
        Vilnius: Vilniaus Vilniui Vilnių Vilniuje
        Rytis: Ryčio Ryčiui Rytį
        Šimonytė: Šimonytės Šimonytei Šimonytę
        Valstijos: Valstijų Valstijoms Valstijose
    """,
    "lv": """
        Kariņš: Kariņa Kariņam Kariņu
        Levits: Levita Levitam Levitu
        Rinkēvičs: Rinkēviča Rinkēvičam
        Latvija: Latvijas Latvijai Latviju Latvijā
        Siliņa: Siliņas Siliņai Siliņu
        Caunītis: Caunīša Caunītim Caunīti
        Ministre: Ministres Ministrei Ministri
        Putin: Putins Putina Putinam
    """,
    "mk": """
        Собрание: Собранието
        Влада: Владата
        Европски: Европскиот
        Парламент: Парламентот
        Министерство: Министерството
    """,
    "pl": """
        Tusk: Tuska Tuskowi Tuskiem Tusku
        Duda: Dudy Dudzie Dudę Dudą
        Paweł: Pawła Pawłowi Pawłem
        Marek: Marka Markowi Markiem
        Niemiec: Niemca Niemcowi
        Morawiecki: Morawieckiego Morawieckiemu Morawieckim
        Zełenska: Zełenskiej
        Kościuszko: Kościuszki Kościuszce Kościuszką
        Kraków: Krakowa Krakowie Krakowem
        Warszawa: Warszawy Warszawie Warszawę
        Polska: Polski Polsce Polskę
        Ameryka: Ameryki Ameryce
        Łódź: Łodzi
        Praga: Pragi Pradze
        Niemcy: Niemiec Niemczech Niemcom
        Włochy: Włoch Włoszech
        Katowice: Katowic Katowicach
        Partia: Partii Partię
        Komisja: Komisji Komisję
        Najwyższy: Najwyższego Najwyższemu
        Demokraci: Demokratów Demokratom
        Macron: Macrona Macronem Macronie
        Berlin: Berlina Berlinie
    """,
    "ru": """
        Путин: Путина Путину Путиным Путине
        Лавров: Лаврова Лаврову Лавровым
        Захарова: Захаровой Захарову
        Зеленский: Зеленского Зеленскому Зеленским
        Зеленская: Зеленской Зеленскую
        Толстой: Толстого Толстому Толстым
        Сергей: Сергея Сергею Сергеем
        Шольц: Шольца Шольцем Шольцу
        Макрон: Макрона Макроном Макроне
        Павел: Павла Павлу Павлом
        Донецк: Донецка Донецке
        Россия: России Россию Россией
        Казань: Казани Казанью
        Москва: Москвы Москве Москву Москвой
        Министерство: Министерства Министерством
        Штаты: Штатов Штатам Штатах
        Совет: Совета Совете
    """,
    "sk": """
        Fico: Fica Ficovi Ficom
        Peter: Petra Petrovi Petrom
        Pavol: Pavla Pavlovi
        Čaputová: Čaputovej Čaputovou
        Pellegrini: Pellegriniho Pellegrinimu
        Bratislava: Bratislavy Bratislave Bratislavu
        Košice: Košíc Košiciach
        Európsky: Európskeho Európskemu
        Rusko: Ruska Rusku Ruskom
    """,
    "sl": """
        Janša: Janše Janši Janšo
        Golob: Goloba Golobu Golobom
        Juncker: Junckerja Junckerju Junckerjem
        Pavel: Pavla Pavlu
        Bruselj: Bruslja Bruslju
        Merkel: Merklova
        Irska: Irske Irsko Irskem
        Ljubljana: Ljubljane Ljubljani Ljubljano
        Evropski: Evropskega Evropskemu Evropskem
        Združene: Združenih
        Kennedy: Kennedyja Kennedyjem
    """,
    "sr": """
        Вучић: Вучића Вучићу Вучићем
        Србија: Србије Србији Србију Србијом
        Америка: Америке Америци
        Александар: Александра Александру
        Београд: Београда Београду Београдом
        Брисел: Брисела Бриселу
        Vučić: Vučića Vučiću Vučićem
        Beograd: Beograda Beogradu
    """,
    "tr": """
        Ankara: Ankaraya Ankarada Ankaradan Ankaranın
        Birliği: Birliğine Birliğinin Birliğini Birliğinde Birliğinden
        Bakanlığı: Bakanlığının Bakanlığına
        Konseyi: Konseyinin Konseyinde
        Parlamento: Parlamentonun Parlamentoya Parlamentoda
        Erdoğan: Erdoğana Erdoğanın Erdoğanla
    """,
    "uk": """
        Зеленський: Зеленського Зеленському Зеленським
        Зеленська: Зеленської Зеленській Зеленську Зеленською
        Порошенко: Порошенка Порошенку Порошенком Порошенкові
        Залужний: Залужного Залужному
        Шмигаль: Шмигаля Шмигалю Шмигалем
        Київ: Києва Києву Києвом Києві
        Харків: Харкова Харкову Харкові
        Тернопіль: Тернополя Тернополем
        Прага: Праги Празі Прагу
        Україна: України Україні Україну Україною
        Велика: Великої Великій
        Трамп: Трампа Трампу Трампові Трампом
        Єгипет: Єгипту Єгиптом
        Запоріжжя: Запоріжжю
        Чернівці: Чернівців Чернівцям Чернівцях
    """,
}  # fmt: skip
LANGUAGES = [*CASES, "bs", "cnr", "sh"]
NAMES = [
    pytest.param(language, name.strip(), forms.split(), id=f"{language}-{name.strip()}")
    for language, text in CASES.items()
    for name, _, forms in (line.partition(":") for line in text.strip().splitlines())
]


@pytest.mark.parametrize(("language", "name", "forms"), NAMES)
def test_the_case_forms_of_a_name_are_its_forms(
    language: str, name: str, forms: list[str]
) -> None:
    assert [form for form in forms if not is_form(name, form, language)] == []


@pytest.mark.parametrize(("language", "name", "forms"), NAMES)
def test_a_case_form_has_a_key_of_its_name(language: str, name: str, forms: list[str]) -> None:
    keys = set(index_keys(fold(name), language))
    assert [form for form in forms if not keys & set(text_keys(fold(form), language))] == []


@pytest.mark.parametrize("language", CASES)
def test_a_region_in_the_tag_changes_nothing(language: str) -> None:
    name, _, forms = CASES[language].strip().splitlines()[0].partition(":")
    assert is_form(name, forms.split()[0], f"{language.upper()}_XX")


@pytest.mark.parametrize(
    ("language", "name", "other"),
    [
        # Another gender is another person.
        *(
            (language, name, other)
            for languages, names in [
                ("bs cs hr mk pl sk sl sr", [("Zelenski", "Zelenska")]),
                ("bs cs cnr hr pl sh sk sr", [("Zelenska", "Zelenski")]),
                ("cs sk", [("Zelensky", "Zelenska"), ("Zelenska", "Zelensky")]),
                ("cs sk", [("Novák", "Nováková"), ("Nováková", "Novák")]),
                ("uk", [("Зеленський", "Зеленська"), ("Зеленська", "Зеленський")]),
                ("uk", [("Зеленська", "Зеленського"), ("Зеленський", "Зеленської")]),
                ("ru", [("Зеленский", "Зеленская"), ("Зеленская", "Зеленский")]),
                ("ru", [("Зеленская", "Зеленского"), ("Зеленский", "Зеленской")]),
                ("ru", [("Захарова", "Захаров"), ("Иванова", "Ивановым")]),
                ("be", [("Зяленскі", "Зяленская"), ("Ціханоўская", "Ціханоўскі")]),
                ("bg", [("Зеленски", "Зеленска"), ("Зеленска", "Зеленски")]),
                ("bg", [("Борисов", "Борисова"), ("Захарова", "Захаров")]),
                ("bg", [("Политико", "политика"), ("Петкова", "Петков")]),
                ("mk", [("Заев", "Заева"), ("Ковачевски", "Ковачевска")]),
                ("el", [("Ζελένσκι", "Ζελένσκα")]),
                ("lt", [("Nausėda", "Nausėdienė")]),
            ]
            for language in languages.split()
            for name, other in names
        ),
        # A name inside a longer word.
        ("pl", "Tusk", "Tuskegee"),
        ("pl", "Tusk", "Tuskulum"),
        ("pl", "Macron", "Macronizm"),
        ("pl", "Iran", "Irańczyk"),
        ("cs", "Trump", "trumpeta"),
        ("ru", "Путин", "Путинизм"),
        ("ru", "Трамп", "трамплин"),
        ("ru", "Иран", "иранский"),
        ("ru", "Крым", "крымчане"),
        ("uk", "Київ", "київський"),
        ("hu", "London", "londoni"),
        ("fi", "Iran", "Irans"),
        ("fi", "Suomi", "suomalainen"),
        ("et", "Iran", "Irans"),
        ("tr", "Rusya", "Rusyalı"),
        ("el", "Ιράν", "Ιρανός"),
        # Another name.
        ("fi", "Marin", "Marina"),
        ("hu", "Marin", "Marina"),
        ("tr", "Marin", "Marina"),
        ("et", "Marin", "Marina"),
        ("bg", "Марин", "Марина"),
        ("pl", "Marina", "Marin"),
        ("ru", "Марина", "Марин"),
        ("ru", "Марко", "Марка"),
        ("fi", "Paris", "Pariso"),
        # A common word, where no case leads to it.
        ("cs", "Nice", "nic"),
        ("cs", "Tony", "tón"),
        ("sl", "Mali", "malega"),
        ("hr", "Mali", "malog"),
        ("pl", "Gdańsk", "gdański"),
        ("pl", "Polska", "polskie"),
        ("cs", "Rusko", "ruské"),
        ("ru", "Марк", "марки"),
        ("ru", "Маск", "масках"),
        ("fi", "Modi", "moden"),
        ("pl", "Paris", "Pariso"),
        ("fi", "Merkel", "Merkelson"),
        ("pl", "Orban", "Urban"),
        ("pl", "Tusk", "Musk"),
    ],
)
def test_another_name_is_no_case_form(language: str, name: str, other: str) -> None:
    assert not is_form(name, other, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["Xi", "Kim", "Bo", "Хан", "737", "G20x", "A320", "ЧМ2018"])
def test_short_words_and_words_with_digits_do_not_decline(language: str, name: str) -> None:
    for ending in ("", "a", "а", "n", "ov"):
        assert is_form(name, name + ending, language) == (not ending)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "zh", "ar", "xx", "en-GB"])
def test_in_other_languages_only_the_name_itself_is_one(language: str) -> None:
    assert not declines(language)
    assert is_form("Путин", "Путин", language)
    assert not is_form("Путин", "Путина", language)
    assert not is_form("Tusk", "Tuska", language)
    assert index_keys("tusk", language) == ("tusk",)


@pytest.mark.parametrize("language", [*LANGUAGES, "pl-PL", "sr_Cyrl", "UK"])
def test_languages_with_cases_decline(language: str) -> None:
    assert declines(language)


@pytest.mark.parametrize("language", [None, "", "und"])
def test_in_an_unknown_language_the_script_decides(language: str | None) -> None:
    assert declines(language)
    assert is_form("Путин", "Путину", language)
    assert is_form("Київ", "Києва", language)
    assert is_form("Ουκρανία", "Ουκρανίας", language)
    assert not is_form("Зеленський", "Зеленська", language)
    assert not is_form("Tusk", "Tuska", language)


def test_latin_and_cyrillic_serbian_are_not_one() -> None:
    assert not is_form("Vučić", "Вучића", "sr")


def test_a_name_has_few_keys() -> None:
    assert index_keys(fold("Morawiecki"), "pl") == ("mora",)
    assert len(index_keys(fold("Praga"), "pl")) == 2
    assert text_keys(fold("Pradze"), "pl") == ("prad",)


def test_a_hostile_word_is_no_name() -> None:
    assert not is_case_form("a" * 100_000 + "b", "a" * 100_000 + "ba", "pl")
