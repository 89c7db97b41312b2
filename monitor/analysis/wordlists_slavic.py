"""Common words of Slavic languages in Latin letters; see ``wordlists``.

Serbian, Croatian and Bosnian share one list, which a table also spells in Cyrillic.
"""

from typing import Final

_LATIN: Final = {
    "cs": """
        a aby aktuálně ale anebo ani ano asi ač ať až banka bez blesk bod bratr brzy brána bude
        budou budoucnost budu by bych byl byla byli bylo bílé být březen bůh cena cesta chléb co
        což cíl daleko další dcera den denně deník deset devět dne dnes dny dnů do dobrá dobrý
        dobře dokud doma dost druhý dráhy duben duch dva dveře dvě dá dítě děti dům důvod echo euro
        fakt film fórum hlas hlava ho hodin hodina hodiny hora hory hra hvězda i impuls index jak
        jako jaká jaké jaký jaro jde je jeden jedna jedno jednou jeho jej jejich její jemu jen jenž
        jestli ještě ji jich jim jinak jiná jiné jiný jméno jsem jsi jsme jsou jste já k kam každá
        každé každý kde kdo kdy když ke klíč kniha kolem kolik konec kontakt krev krok kromě která
        které který kteří květ květen kvůli kámen kůň leden les let lev leč lid lidé lidí listopad
        lze láska léta léto magazín mají malé matka mezi mi minuta mléko mnoho mně moc moci modrý
        mohl mohla mohou moje moji most motor moře mu musí muž my má mám máme máte mír místo mít
        míč mě město měsíc můj může můžeme na nad naděje naše naši ne nebe nebo nechť neděle není
        ni nic nikdo nikdy nikoliv noc novinky noviny nová nové nový nám námi náměstí národ nás
        něco nějak nějaký někde někdo několik některé některý o obraz od ode odpověď oheň okno oko
        on ona oni ono ony opět orel osm otec otázka ozvěny pak peníze pes piráti pivo plán po pod
        podle podzim pokud poledne pomoc pondělí poslední potom pouze pozdě pořád pořádek pošta
        pravda pravděpodobně pro problém prosinec prostě proti proto protože proč první práce práva
        právo právě pták pátek píseň pět přece před přes přesto při přísaha přítel rada radost
        reflex respekt rodina rok roku roky rozhlas rudé ruka ryba ráno růže s sama sami samo scéna
        se sebe sedm sestra si sice skupina slova slovo slunce sláva sobota sobě soud spolu sport
        srdce srpen stan starostové start sto století strana strany strom stále stát středa stříbro
        svaz svobodní svobodný svou svá své svých svět svůj syn sám síla sůl ta tady tak takový
        také takže tam tato te tedy tehdy ten tento tentokrát test teď ti tisíc to tobě tohle toho
        tom tomu toto trend trh trochu tu tuto tvůj ty tyto téměř týden týdeník týdne týdny tým
        třetí tři u ulice unie už v vaše ve vedle velká velké velký velmi vesnice večer večera
        vláda voda volba volby vy vzduch válka vám vás víc více víno víra vítězství výhra včera věc
        však všech všechno všichni vůbec vždy z za zase zatím začátek zda zde zdraví ze zelení země
        zima zlato změna znovu zpráva zprávy zákon zápas září zítra únor úspěch úterý čas času
        červen červenec čest či člověk čtvrtek čtyři část řeka říjen šest špatný železo žena život
        živý
    """,
    "sk": """
        a aby aj ak ako aktuality aká aké aký ale alebo aliancia ani apríl asi august až banka bez
        biele bod boh bol bola boli bolo brat bude budem budú budúcnosť buď by byť cena cesta cez
        chlieb cieľ dcéra december dedina demokrati denne denník desať deti deväť deň dieťa dnes
        dni do dobre dobrá dobrý dom doma dosť druhý duch dva dve dvere dôvod dňa ešte fakt február
        film fórum hlas hlava ho hoci hodina hodín hora hory hra hviezda i iba ich im inak index
        iná iné iný ja január jar je jeden jedna jedno jeho jej jeseň ju júl jún k kam kameň každá
        každé každý kde kedy keď keďže kniha ko koho komu koniec koľko krajina krok krv kto ktorá
        ktoré ktorí ktorý kvet kvôli kôň kľúč lebo len les leto lev láska ma majú malé marec matka
        mať medzi meno mesiac mesto mi mier miesto mimo minúta mladý mlieko mne mnoho mnohí moc
        modrý mohla mohol moja moje more most mu musí muž my máj mám máme máte môj môže môžeme môžu
        na nad nami naša naše naši ne nebo nebude nech nedeľa neskoro nečo než nie niekde niekto
        niečo nijaký nikdy nikto nič no noc november novinky noviny nová nové nový nádej nám
        námestie národ nás o obed obrana obraz obyčajní od odkiaľ odpoveď oheň oko okolo okrem
        október on ona oni ono opäť orol osem otec otázka peniaze pes piatok pieseň pivo plus plán
        po pod podľa pokiaľ pomoc pondelok poriadok posledný potom pošta pravda pre pred predsa
        preto pretože prečo pri priateľ problém profit proti prvá prvý práca práva práve právo
        príliš päť rada radosť republika rieka rodina rodiny rok roka rokov roku roky rozhlas ruka
        ruža ryba ráno sa sama sami scéna seba sebe sedem september sestra si sila silný skoro
        skupina slnko sloboda slobodní slobodný slovo slová sláva sme smer sobota som soľ spojenie
        spolu správa správy srdce ste sto storočie strana strany streda striebro strom stále svet
        svoj svoja svoje svojho syn sám sú súd tak takto také taký takže tam tamto tebe teda tejto
        ten tento teraz ti tie tieto tisíc to toho tom tomu toto trend tretí trh tri trochu tu tvoj
        ty tá tím týždenník týždeň ulica utorok už v vaša vaše vec vedľa večer veľa veľká veľké
        veľký veľmi viac viera vláda vo voda vojna voľba voľby vták vy vzduch vám vás víno
        víťazstvo výhra včera však všetci všetko všetky vždy z za zajtra zase začiatok zdravie
        zelený zem zima zlato zlý zmena znova zo zväz zákon zápas áno únia úspech čas času časť
        česť či človek čo čím ďalej ďalší ľud ľudia šesť šport štart štvrtok štyri štát že žena
        žiadny život živý
    """,
    "sl": """
        a ali ampak april avgust banka bela beseda besede bi bil bila bile bili bilo biti blizu bo
        bodo bog bolj bom bomo brat brez celo cena center cesta cilj cvet da daleč dali dalje dan
        danes december dejstvo del dela delo deloma demokracija denar deset desnica devet dneva
        dnevi dnevnik dni do dober dobra dobro dokler dom doma dovolj drevo drug druga drugi drugič
        drugo družina država duh dva dve ekipa ekran en ena enako eno februar film finance ga glas
        glava glede gora gozd gre h hiša hkrati hči igra ima imajo imam ime in iz izbira ja januar
        jaz je jesen jih jim jo julij junij jutri jutro k kaj kajti kako kakor kakšen kakšna kam
        kamen kamor kar katera kateri katero kdaj kdo ker ki kje kjer ključ kmalu knjiga ko koga
        koliko kolikor komaj komu konec konj konkretno korak kot kri krog kruh lahko le let leta
        leto lev levica ljub ljubezen ljudi ljudje luna maj majhen manj marec mati me med mene
        mesec meseca mesto mi mimo minuta mir mlad mladina mleko mnogo modra mogoče moj moja moje
        mora morajo moramo morda morje most moč močan mož mu na nad naj najbolj najprej nam namesto
        naprej narod nas načrt naša naše naši ne nebo nedelja nekaj nekateri nekdo nekje ni nihče
        nikoli nima niso niti nič njega njegov njen njih njim no nov nova nove november novi novica
        novice novo noč o ob oba oblast od oder odgovor odkar odmevi ogenj oko okoli okrog oktober
        on ona oni ono orel osem otroci otrok oziroma oče oči pa pač pes pesem pet petek pivo po
        pod poldne poleg poletje pomlad pomoč ponedeljek ponoči pot potem povsod pozno pošta prav
        pravica pravo precej pred preden predvsem prek preko pri približno prihodnost prijatelj
        problem proti prva prvi ptica radar razgledi razlog rdeča rdeči red reka reporter resni
        resnica riba roka roža s sam sama samo se sebe sedaj sedem september sestra seveda si sin
        skoraj skozi skupaj skupina slab slava slika smo so sobota sodišče sol sonce spet sprememba
        srce srebro sreda sta star ste sto stoletje stranka stvar sva svet sveta svoboda svobode
        svoboden svoj svoja svoje ta tak taka tako takoj takrat tam te teden tedna tednik tega tej
        tekma tem ti tisoč tista tisti tisto to toda tokrat tolikšen torek točka tretji trg tri tu
        tudi tukaj tvoj ulica upanje ura ure uspeh v vam vaš vaša ve vedno velik velika veliko
        vendar vera verjamem veselje vestnik več večer vi vino vlada voda vojna volitve vprašanje
        vrata vsaj vsak vsaka vsake vse vsega vseh vsi vso včeraj z za zadaj zadnja zadnji zakaj
        zakon zaradi zato začetek zdaj zdravje zelena zeleni zelo zemlja zgodaj zima zjutraj zlato
        zmaga znova zrak zveza zvezda zvečer čas časa časnik časopis čast če čeprav četrtek čez
        človek šest šport štiri že železo žena ženska živ življenje žoga žurnal
    """,
    "sr": """
        a ako ali april avgust banka baš bela beo bez bi bih bijela bila bile bili bilo bio biti
        biće blic blizu bog bolje brat brzo budućnost cena cijena cilj crven crvena cvet cvijet da
        dakle dali dalje dan dana danas dani danu deca decembar delo deo deset desnica dete devet
        dijete dio djeca djelo dnevnik dnevno do dobar dobra dobro dok dom domovina dosta dovoljno
        druga drugi drugo drvo država duh duž dva dve dveri dvije ekran evo express februar film
        fokus fronta ga gde gdje glas glasnik glava god godina godine godinu godišnje grad grada
        grupa gvožđe hiljada hleb hoće hoću hteo htio i iako igra ih ili im ima imaju imam imao ime
        index ipak ista isti istina isto istraga iz iza izbor izbori između izvan ja jak jako
        januar je jedan jedinstvo jedna jedno jednom jer jesam jesen jesu još ju jul jun jutarnji
        jutra jutro jutros juče jučer k ka kad kada kakav kako kakva kakvo kamen kao kasno ključ
        knjiga kod koga koja koje koji kojih kojim kojoj koliko kolovoz kome konj korak kraj kroz
        kruh krv kurir kuća kći lako lav leto levica li lider lipanj listopad lično ljeto ljevica
        ljubav ljudi ljudima lopta loš maj majka mala mali malo mart me mene mesec mesto među mi
        mimo minut minuta mir mjesec mjesto mlad mleko mlijeko mnogo mogao mogu moj moja moje
        monitor mora moraju more most možda može možemo mu muž na nacional nad nada nakon nam nama
        napred naprijed narod nas naša naše naši ne nebo nedelja nedeljnik nedjelja neka nekad
        nekako neki neko netko neće nešto ni nije nikad nikada niko nisam nisu nitko niz ništa
        njega njegov njemu njih njihov njoj njom no nov nova novac nove novembar novi novine novo
        novosti noć noćas o obitelj objektiv od odakle odgovor odmah ogledalo oko oktobar on ona
        onaj onda one oni ono opet orao osam osim oslobođenje otac ova ovaj ovako ovde ovdje ove
        ovi ovo oči ožujak pa pak partizan pas pesma pet petak pitanje pivo pjesma plan planina
        plav po pobeda pobjeda pod podne pogled pokret politika politike pomoć ponedeljak
        ponedjeljak pored porodica posao posle poslednji poslije posljednji potom početak pošta
        pravda pravo pre preko prema preokret pri prijatelj prije problem proleće proljeće promena
        promjena prosinac protiv prva prvi prvo ptica puno put rad radi radost rano rat razlog red
        reč riba rijeka riječ rujan ruka ruža s sa sad sada sam sama samo sat sata sati savet savez
        scena se sebe sebi sedam sedmica selo septembar sestra si siječanj sila sin skoro slava
        slika sloboda slobodan slobodna sloga smo snaga sol sport srce srebro sreda srijeda srpanj
        stalno standard star stav ste stranka studeni stvar su subota sud sunce sutra sva svaka
        svaki svako sve svega svet svi svibanj svih svijet svog svoj svoja svoje ta tada taj takav
        tako takođe također takva tamo tačka te tebe tek ti tim tisuća tjedan tko to toga toj
        toliko tom tome točka travanj treba treći trg tri tržište tu tvoj u ujutro ulica upravo
        uspeh uspjeh utakmica utorak uvek uvijek uz vam vas vatra vazduh vaša vek velika veliki
        veliko veljača veoma vera verovatno vest vesti već veče večer večeras večernje večernji vi
        vijek vijest vijesti vijeće vino više vjera vlada vlast voda vrata vreme vremena vrijeme
        vrlo za zadnji zaista zajednica zajedno zakon zar zato zavet zašto zbog zdravlje zelen
        zeleni zemlja zemlje zima zlato zrak zvezda zvezde zvijezda ćerka čast četiri četvrtak
        činjenica čovek čovjek šest šta što šuma žena živ život života
    """,
}

_SPELLED: Final = (("lj", "љ"), ("nj", "њ"), ("dž", "џ"), ("x", "кс"))
_CYRILLIC: Final = str.maketrans("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш")


def _cyrillic(words: str) -> str:
    for latin, cyrillic in _SPELLED:
        words = words.replace(latin, cyrillic)
    return words.translate(_CYRILLIC)


SLAVIC: Final = _LATIN | {"sr": _LATIN["sr"] + _cyrillic(_LATIN["sr"])}
