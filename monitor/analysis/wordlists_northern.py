"""Common words of Nordic, Baltic and Finnic languages; see ``wordlists``."""

from typing import Final

NORTHERN: Final = {
    "da": """
        ad af aften aftenen aftener aldrig alene alle allerede alligevel alt alternativet altid
        anden andet andre april arbejde arbejdet at august avis avisen bag bank bare barn begge
        begyndelse bevægelse billede billedet bladet blandt blev blive bliver blod blomst blot blå
        bog bogen bold broen bror brød by byen bør børn børs børsen center da dag dage dagen dagens
        dagligt datter de debat december del delen dem den denne dens der derefter deres derfor
        derpå det dets dette dig din dine disse dit dog domstol du dør efter efterår ej ekstra
        eller ellers en end endnu ene eneste enhver ens er et familie familien februar fem fik film
        filmen fire fisk flere flest flod folk folket for foran forandring fordi forrige forud
        forår fra fred fredag fremtid fremtiden fri frihed få får først første gamle gammel gennem
        gerne gik glæde god gode godt gruppe grønne gud guld går gør gøre ham han hans har hav
        havde have havet hej hele heller hen hende hendes her hest himmel hjem hjemme hjerte hjælp
        hold holdet hos hoved hun hund hundrede hus huset hvad hvem hver hvide hvilke hvilken hvis
        hvor hvordan hvorfor hvornår håb hånd højre i idag igen igår ikke ild imod ind inden
        information ingen intet ja januar jeg jer jeres jern jo jord jorden jul juli juni kamp kan
        kom komme kommer konservative kraft krig krigen kun kunne kvinde kvinder kærlighed land
        lande landet landsby langt levende lidt lige lille liv livet lov loven luft længe lørdag
        magt magten maj man mand mandag mange marked markedet marts med meget mellem men mening
        menneske mennesker mens mere mest middag midten mig million millioner min mindre mine minut
        mit mod moderaterne mor morgen må mål måned måneder måske måtte mælk mænd nat nation natten
        navn ned nede nej nemlig ni nogen noget nogle nok norden november nu ny nye nyhed nyheder
        nyhederne nyt når nær næste næsten og også oktober om omkring onsdag op oppe ord orden
        ordet os otte over parti partiet penge plads plan politik politiken post pris prisen
        problem punkt på radikale regering regeringen ret retten råd rådet rød røde sag sagen salt
        samme samt sandhed sandheden sang se sejr seks selv senere sent september siden sidst
        sidste sig siger sin sine sit sjæl skal skoven skridt skulle slut snart sol solen som
        sommer sort spil sport spørgsmål stadig stat staten sted stemme stemmer stjerne stjerner
        stor stort stærk større største succes sundhed svar syv så sådan særlig sølv søn søndag
        søster tak ti tid tiden tider tidlig tidligere til tilbage time timen timer ting tirsdag to
        torsdag torv tre tredje tro tryg træ tusind ud uden udenfor uge ugen uger under ung unge
        union valg valget vand var ved vej vejen vel ven venner venstre verden vi vil ville vin
        vinteren vor vore vores være været ånd år årene året århundrede årsag ære øje øjne øl
    """,
    "et": """
        aasta aastad aastal aastat abi aeg aega aga ainult ajaleht alates alati algul algus all
        alla alles aprill armastus arvamus asi au august detsember edu ees eesmärk eest ega ehk ei
        eile eks ekspress elav elu ema enam enda endale ennast enne erakond eriti esimene esmaspäev
        et ette film halb hea hilja hiljem hind hobune homme hommik hommikul hästi hääl hõbe iga
        igal igaüks ikka ilma ilmselt inimene inimesed isa isamaa ise ja jaanuar jah ju juba jumal
        just juuli juuni juures jälle järel järele jõud ka kaasa kaheksa kaks kas keda keegi kelle
        kellel kes keskus kevad kindlasti kodu kodus koer kogu kohe koht kohta kohus kolm kolmapäev
        kolmas koos kord korda kuhu kui kuid kuidas kuigi kuld kunagi kuni kus kust kuu kuud käes
        käsi kõige kõik kõiki kõrval küla küll kümme küsimus laps lapsed laul laupäev lausa leib
        ligi lihtsalt liiga liit linn lootus läbi läheb läinud lõpp lõuna ma maa maailm mai maja
        mees meeskond mida midagi miks millal mille millest milline mina mind minema minu minul
        minule minut mis miski mitte mitu mu muidu mul mulle muu muud muutus mäng märts mõlemad
        mõned mõni nad nagu naine need neid neil neile neli neljapäev nende nii niisugune nimi ning
        noored november nädal nädala nõnda nõukogu nüüd oktoober oled oleks olema oleme olen oli
        olid olnud oma ometi on ongi osa palju paljud pall pank parem parempoolsed parim partei pea
        peab peaks peal peale pere pigem piim pilt plaan poeg pole poolt post postimees probleem
        punane punkt puu päev päeva päeval päevaleht päike pärast põhjus pühapäev raha rahu rahvas
        reede reform riik roheline rohelised rõõm rühm sa saab saada saaks saanud sada sajand sama
        samm samuti seadus seal sealt seda sedasi see seega sees seitse sel selle selles sellest
        selline seni september sest siia siin siis siiski sina sind sinine sinu sisse sool sport su
        suhtes sul sõber sõda sõna sõnad sõnum sõnumid süda sügis ta taevas tagasi taha tahab talv
        teda tee teeb tegelikult teha teid teie teil teine teised teisipäev tema temal temale
        tervis tugev tuhat tuleb tulema tulevik tuli tund tundi turg tähendab täna tänav tõde
        tõesti töö tütar usk uudis uudised uued vaba vabadus vahel vaid vaim vaja valimised
        valitsus vana vara varsti vastu vastus veebruar veel vein vend veri vesi viimane viis vist
        väga vähe vähem väike välja väljak või võib võiks võim võin võit võti äripäev õde õhk õhtu
        õhtul õhtuleht õigus õlu öö öösel üheksa ühendus ühtegi üks üle ümber üsna
    """,
    "fi": """
        aamu aamulla aamun aika aikaa aikaisin aina ainakin alku alla alle apu ase asia askel asti
        aurinko avain ehkä ei eikä eilen eivät eli ellei elokuu elokuva elämä elävä en enemmän
        ennen ensi ensimmäinen ensin entä enää erittäin esimerkiksi eteen että hallitus haluaa he
        heidän heille heinäkuu heitä helmikuu helposti henki hevonen hinta hopea huhtikuu huomenna
        huono hyvin hyvä hän hänelle hänen hänet häntä ihan ihminen ihmiset ihmisten illalla illan
        ilma ilta iltaa image isä isänmaa itse ja jo joiden joilla joissa joita joka jokainen jokin
        joku jolla jonka jopa jos joskus jossa jota jotka jotta joukkue joulukuu jumala juuri
        jälkeen kahdeksan kaikki kaikkien kaksi kala kansa kanssa katu kaupunki kautta kenen kerran
        keskellä keskiviikko keskusta kesä kesäkuu ketkä ketä kevät kiitos kirja kohta kohti koira
        koko kokoomus kolmas kolme kone koska koskaan koti kotona kuin kuinka kuitenkin kuka kukaan
        kukka kulta kumpi kun kunnia kuu kuukausi kuusi kuva kuvat kyllä kylä kymmenen kysymys käsi
        laki lapset lapsi lauantai laulu lehti leipä liian liike liitto lintu lisäksi lokakuu loppu
        lopuksi luona lähellä lähes maa maailma maaliskuu maan maanantai mahdollista maito
        markkinat marraskuu me meidän meille meitä melko menee menestys mennä metsä mielipide mies
        mihin miksi mikä mikään millainen milloin millä minkä minulla minun minut minuutti minä
        missä mistä mitkä mitä mitään molemmat monet moni monta muiden muita mukaan musta mutta muu
        muun muut muutos myöhään myös nainen ne neljä neuvosto niiden niin niitä nimi no noin
        nopeasti nuo nuori nyt näin nämä oikeisto oikeus olemme olen olet olevan oli olisi olivat
        olla ollut olut oma omat on ongelma osa ottelu ovat ovi paikka paitsi paljon pallo pankki
        paras paremmin peli perhe perjantai pian pieni pitäisi pitää poika poikki posti punainen
        puolesta puolue puu päivä päivän päivät päivää pää päällä raha rakkaus rauha rauta ruusu
        ryhmä saa saada sama samoin sana sanat sanomat sata se seitsemän sekä sen siellä sieltä
        siihen siinä siis siitä siksi silloin sillä silmä sininen sinun sinä sisko sitten sitä sota
        sunnuntai suola suoraan suunnitelma suuri sydän syksy syy syyskuu taakse taas tai taivas
        takana talo talous talvi tammikuu te tehdä teidän tekee terveys tie tietysti tiistai
        todella toinen toivo tori torstai tosi totuus toukokuu tuhat tule tulee tulevaisuus tuli
        tulla tunti tuntia tuo tuolla tuomioistuin tuskin tytär työ tähti tähän tällä tämä tämän
        tänne tänään tässä tästä tätä täysin täällä urheilu useat usko uudet uusi uusia uutinen
        uutiset vaalit vaan vahva vai vaikka vain valkoinen valta valtio vanha vapaa vapaus varten
        vasemmisto vasta vastaan vastaus veli veri verkko vesi vielä vihreä vihreät viikko viikkoa
        viikon viime viimeinen viini viisi voi voida voima voisi voitto voivat vuoden vuosi
        vuosisata vuotta vähemmän vähän yhdeksän yhdessä yhä yksi yli ympäri ystävä yö yöllä äiti
        ääni
    """,
    "lt": """
        abi abu aikštė akiratis akis akmuo alus amžius anksti ant antradienis antras apie ar arba
        arklys arti at ateitis atsakymas auksas aušra aš aštuoni balandis balsas balta baltas
        bankas be bei beje bent bet beveik birželis brolis bus buvo būti būtų da dabar daina dalis
        dalykas dangus dar darbas darbo daug daugelis daugiau dažnai deja devyni dešimt didelis
        didelė diena dienos dienų dievas draugas druska drąsa du duktė duona durys dvasia dvi dėka
        dėl džiaugsmas ekstra filmas gal gali galima galva gana garbė gatvė gegužė geležis gerai
        geras geriau greitai gruodis grupė gyvas gyvenimas iki ilgai ir iš išvis ja jai jam jau
        jaunas jei jeigu ji jie jiems jis jo jog jos juk juodas jėga jūra jūs jūsų jų kad kada
        kadangi kai kaimas kaina kaip kam kamuolys karas kas kažkas keletas keli kelias keturi
        ketvirtadienis kiek kiekvienas kita kitaip kitas kiti klausimas knyga ko kodėl kokia kokie
        koks kol komanda kovas kraujas kur kuri kurie kuris kurių ką labai labiau laikai laikas
        laiko laikraštis laisvas laisvė laisvės lapkritis liepa lietus link lyg man mane mano mažai
        mažas mažiau medis meilė mes metai metais metų miestas minutė miškas moteris motina mudu
        mums mus mėlynas mėnesį mėnuo mūsų naktis naktį namai namas namuose nauja naujas nauji
        naujiena naujienos ne nebe nebuvo negali nei neretai nes net niekada niekas nors nuo
        nuomonė nėra o oras pabaiga pagal pagalba partija pas pasaulis paskui paskutinis pati pats
        paukštis pavasaris paštas penki penktadienis per pergalė pernelyg pienas pinigai pirma
        pirmadienis pirmas pirmasis pirmiau planas po pokytis pradžia prie prieš priežastis pro
        problema raktas ranka raudonas respublika rinka rinkimai rožė ruduo rugpjūtis rugsėjis
        rytas ryto rytoj rytą sau saulė sausis savaitė savaitės save savo sekmadienis senas septyni
        sesuo sidabras spalis sportas stiprus su sunku susivienijimas sveikata sąjunga sąjūdis
        sėkmė sūnus ta tada tai taigi taika taip tam tarp taryba tas tau tauta tave tavo tačiau
        taškas te teisingumas teismas teisė ten tie tiek tiesa tik tikrai tikslas tikėjimas tiltas
        todėl tokia tokie toks toli trečiadienis trečias trys tu tuo turi turėjo turėti tvarka
        tėvas tėvynė tėvynės tūkstantis ugnis upė už užtat vaikai vaikas vaizdas vakar vakaras
        vakare vakaro valanda valandos valdžia valstybė vanduo vardan vasara vasaris veidas
        veidrodis vien viena vienas vienu vieta viltis virš vis visada visi visiškai viskas viso
        visų vos vynas vyras vyriausybė vėl vėlai vėlgi vėliau yra čia į įstatymas įvairūs šalia
        šalis šeima šeši šeštadienis ši šiandien šie šimtas šio širdis šis šitas šlovė štai šuo
        žaidimas žalias žalieji žemė žiema žingsnis žinia žinios žmogus žmonių žmonės žodis žodžiai
        žuvis žvaigždė
    """,
    "lv": """
        acs agri aiz akmens alus ap apakš apmēram aprīlis apvienība ar arī asinis astoņi atbilde
        atkal atpakaļ atslēga attēls attīstība attīstībai augusts augšā avīze balss balts banka
        beigas bet bez bieži bija bijis biju bijām blakus brālis brīvs brīvība bumba bērni bērns
        būs būt būtu cena cerība ceturtdiena ceļš ciems cik cilvēki cilvēks cilvēku cita citi cits
        citādi darbs daudz daudzi daļa dažas daži debesis decembris desmit deviņi diemžēl diena
        dienas dienu dievs diezgan divas divi draugs drīz durvis dzelzs dziesma dzīve dzīvs dēls
        dēļ es esam esat esi esmu februāris filma gada gadi gads gadsimts gadu gaiss galva gan
        gandrīz gar gars garām gods grupa grāmata grūti iekš iekšā iela iemesls ik ikviens ir it
        janvāris jau jauna jaunais jauni jauns jautājums jo jums jā jāiet jūlijs jūnijs jūra jūs
        jūsu ka kad kam kamēr karš kas katra katrs kaut ko koks komanda kopā kopš kur kura kuras
        kuri kuru kurš kustība kāda kādi kāds kāpēc labi labāk lai laika laikam laiks laiku laukums
        liela liels lieta likums līdz līdzās lūdzu maijs maize man mana mani mans marts maz mazs
        mazāk meita melns mežs miers minūte mums māja mājas māsa māte mēnesis mērķis mēs mēģina
        mīlestība mūs mūsu nakts naktī nauda nav ne neatkarīgā nebija nedēļa nedēļas nekad nekas
        neko nekā nevar nevis no nost novembris nu nākotne oktobris otrais otrdiena otrs pa padome
        paldies palīdzība panākumi par partija pasaule pasts pat patiesība pats pavasaris pavisam
        paši pašlaik pie pieci piektdiena piemēram piens pilsēta pirmais pirmdiena pirms pirmā
        plāns pret pretī priekš priekšā privātā problēma progresīvie protams punkts putns pārmaiņas
        pārāk pēc pēdējais roka rudens rīt rīta rīts sarkans sarunas saskaņa saule sava savas savi
        savienība savs savu septembris septiņi sestdiena sev sevi seši sieviete simts sirds skats
        slava slikti solis spogulis sports spēks spēle starp stiprs stunda stundas sudrabs suns
        svētdiena sākums sāls tad tagad taisnība tas tauta te tev tevi ticība tie tiem tiesa
        tiesības tieši tik tikai tikko tiks tilts tirgus to tomēr toreiz trešais trešdiena trīs tu
        tur turklāt tuvu tā tāda tādi tāds tādēļ tālu tāpat tāpēc tēvs tēvzeme tūkstotis uguns un
        upe uz uzvara vai vairs vairāk vakar vakara vakars valdība valsti valsts var vara varbūt
        varēja vasara vecs veselība viedoklis viena vienkārši vienmēr vienotība viens vienīgi vieta
        virs visi viss visu viņa viņas viņi viņu viņš vārdi vārds vēl vēlu vēlēšanas vīrietis zaļš
        zelts zem zeme ziema zilais zirgs zivs ziņa ziņas ārā četri ģimene ņem šajā šeit šie šim
        šis šo šobrīd šodien šos šī ūdens
    """,
    "nb": """
        aldri alene alle allerede allikevel alltid alt andre annen annet april arbeid arbeidet at
        august av avis avisen bak ball bank bare barn begge begynnelse bevegelse bilde bildet
        bladet blant ble bli blir blitt blod blomst blå bok boken bra broen bror brød by byen bygd
        både bør børs børsen da dag dagbladet dagen dagens dager daglig datter de debatt deg dei
        deira del delen dem den denne der dere deres derfor desember det dets dette din dine disse
        ditt domstol du dør eg ei ein eit eitt eller ellers elv en enda enn er et etter ettersom
        familie familien februar fem fikk film filmen fire fisk fjell flere flest folk folket for
        foran forandring fordi forrige fra fram framtid framtiden fred fredag fremtid fremtiden fri
        frihet få får først første ga gamle gammel gang ganger gikk gjennom gjerne gjør gjøre glede
        god gode godt gruppe grønn grønne gud gull går ha hadde ham han hans har hav havet hei hele
        heller helse henne hennes her hest himmel hit hjelp hjem hjemme hjerte hode hos hun hund
        hundre hus huset hva hvem hver hvilke hvilken hvis hvit hvite hvor hvordan hvorfor hvorvidt
        hånd håp høst høyre i idag idrett igjen igår ikke ikkje imot ingen ingenting inn inne innen
        ja januar jeg jern jo jord jorden jul juli juni kamp kan kjærlighet kom komme kommer
        korleis kraft krig krigen kun kunne kva kvar kveld kvelden kven kvinne kvinner lag laget
        landet langt lenge levende like likevel lille liten litt liv livet lov loven luft lørdag
        mai makt makten man mandag mange mann marked markedet mars me med meg meget melk mellom men
        mening menn menneske mennesker mens mer mest mi middag million millioner min mindre mine
        minutt minutter mitt mor morgen morgenen mot mye må mål måned måneder måtte nasjon nasjonen
        natt natten navn ned nede nei nemlig neste nesten ni no noe noen nok noko nokon norden
        november ny nye nyhet nyhetene nyheter nytt nå når nær nøkkel og også oktober om omkring
        onsdag opp oppe ord orden ordet oss over parti partiet penger plan plass plassen posten
        pris prisen problem punkt på raud regjering regjeringen rett retten rundt råd rådet rød
        røde rødt sa sak saken salt samme samt sang sannhet sannheten se seg seier seks selv senere
        sent senter sentrum september siden sier sin sine sist siste sitt sjel sju skal skogen
        skritt skulle slik slutt snart sol solen som sommer sommeren spill sport spørsmål stadig
        stat staten sted stemme stemmer sterk stjerne stjerner stor stort større største suksess
        svar svart syv sånn sølv søndag sønn søster takk ti tid tiden tidende tider tidlig
        tidligere til tilbake time timen timer ting tirsdag to torget torsdag tre tredje tro trygg
        tusen uke uken uker under ung unge union ut ute uten utenfor valg valget vann var ved vegen
        vei veien vel venn venner venstre verden vere vi vil ville vin vinteren vore våre vårt være
        vært ånd år årene året århundre årsak åtte ære øl øye øyne
    """,
}
