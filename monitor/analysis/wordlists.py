"""Common words by language: function words and everyday words, made for this project.

Among them are those that are also names (Shell, May, Reading, Orange) or acronyms (US, WHO, IT).
Family names are left out even if they mean something: they would need a second mention. So are
words that fold to a name in the news (Romanian "puțin", little). Scripts without capitals have no
list: an alias could never fulfil the rule.
"""

from typing import Final

from monitor.analysis.english import ENGLISH
from monitor.analysis.wordlists_cyrillic import CYRILLIC
from monitor.analysis.wordlists_northern import NORTHERN
from monitor.analysis.wordlists_slavic import SLAVIC
from monitor.analysis.wordlists_southern import SOUTHERN

WORDS: Final = {
    **CYRILLIC,
    **NORTHERN,
    **SLAVIC,
    **SOUTHERN,
    "en": ENGLISH,
    "de": """
        ab aber acht alle allem allen aller alles als also alt am amt an andere anderen art auch
        auf aus ausser bad bahn bald ball bank bauer bei beide beim berg besser bild bin bis bist
        bitte brand brief brot bruder buch bund burg da dabei dach dafür dagegen damals damit dann
        daran darauf daraus darf darin darum das dass dein deine dem den denn der deren des deshalb
        dessen dich die dies diese diesem diesen dieser dieses dir doch dort drei du durch eben ein
        eine einem einen einer eines einfach einmal ende er erde erst erste ersten es etwa etwas
        euch euer fall fast feld feuer fisch fischer frage frau frei frieden fuchs fünf für ganz
        gar gast gegen geht geld gemeinsam gern gesetz gibt glas gold gott gross grosse grün gut
        guten haben haft hand hat hatte haus heer heim her herr herz heute hier himmel hin hinter
        hirsch hoch hof höhe ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja
        jahr jahre je jede jedem jeden jeder jemand jetzt jung kaiser kalt kam kann kaum kein keine
        keinen kind kirche klar klein koch kraft krieg kurz könig können land lang lange lauf leben
        leicht letzte leute licht liebe linke linken los luft macht mai mal man mann markt mehr
        mein meine mensch messe mich milch mit morgen muss mut mutter mögen nach nacht nah name
        nein neu neue neun nicht nichts nie noch nord nun nur ob oben oder ohne ost papst partei
        post prinz punkt rat raum recht rede reich rein richter ring rot ruf sache sagt schade
        schlecht schnell schon schule schwarz sechs see sehen sehr sein seine seinem seinen seiner
        seit seite selbst sich sie sieben sieg sind so sogar soll sommer sonne sonst spiegel spiel
        staat stadt stand stark stein stern stimme söhne süd tag tage tat teil tief tier tor tot
        treu tun tür uhr um und uns unser unsere unten unter vater viel viele vier vogel volk voll
        vom von vor wagen wahl wald wand wann war warum was wasser weg weil wein weiss weit welche
        welt wem wen wenig wenn wer werden werk west wie wieder wind winter wir wird wirtschaft wo
        woche wohl wolf wollen wort wurde wären zahl zehn zeit zu zug zum zur zwar zwei zwischen
        über
    """,
    "fr": """
        a abord accord affaire afin ai aime ainsi air alors ami an ancien ans appel apres arme
        armée art as assez au aucun aujourd auprès aura aussi autant autour autre autres aux avait
        avant avec avez avoir avons avril barrage bas bataille beau beaucoup belle besoin bien
        blanc bleu boire bois bon bonne bout bras bureau but calme car cas ce ceci cela celle celui
        cent centre ces cet cette ceux champ champagne chance chaque charge charme chef chemin cher
        chevalier chez chose château ciel cinq cité clé coeur coin comme comment compte contre
        corps coup cour cours court croix côté dans de demain depuis dernier derrière des deux
        devant devoir dieu dire dit dix doit donc donner dont droit du dur dès début déjà eau effet
        elle elles en encore enfant enfin ensemble entre es est et eu eux faire fait famille faut
        femme fer feu fils fin fleur foi fois font force fort forêt froid front futur gare gauche
        gens grand grande gros guerre général haut heure hier histoire hiver homme hors huit héros
        ici idée il ils jamais janvier jaune je jeu jeune joie jour journal juge juillet juin
        jusque juste la laisser le leur leurs liberté libération lieu ligne livre loi loin lors lui
        lumière là léger ma main maire mais maison mal marchand marche matin mauvais me mer mes
        mieux mille mini mode moi moins mois mon monde mort mot moulin mur mère même ne nice noir
        nom non nord nos notre nous nouveau nouvelle nuit nul on ont or ordre ou ouest oui où page
        paix palais par parce pari parmi parole part parti pas passe pays peine pendant personne
        petit peu peuple peur peut place plein plus poids point pont porte pour pourquoi premier
        prince prix près puis père quand quatre que quel quelle qui quoi raison renard rien rire
        roi rose rouge route rue rêve sa sable saint sans sauf se sel selon semaine sera ses seul
        si soir soleil son sont sous sport sud suis sur ta tant tard te tel temps terre tes toi
        tombe ton toujours tour tous tout toute toutes travail trois trop très tu tête un une unes
        union va vent vers vert veut vie vieux ville vin vite vivre voici voie voir voix vont vos
        votre vous vrai vu y yeux ça école église étoile été être île
    """,
    "es": """
        a abajo abril acto acuerdo agua ahora ahí aire al algo alguien algún alta alto amigo amor
        ante antes apenas aquel aquí arriba arte así aunque ayer azul año años aún baja bajo banco
        barco bien blanca blanco bueno cabeza cada calle calor cama cambio camino campo capital
        cara carta casa casi caso castillo causa centro cerca cielo cien cierto cinco ciudad claro
        clase color comer como con contra cosa cruz cuando cuanto cuatro cuenta cuerpo culpa cuál
        da dado de debe decir del delgado dentro derecho desde después dice dicho diez dinero dios
        doce donde dos dulce duro día días e edad ejemplo el ella ellas ellos en encima entonces
        entre era eres es esa ese eso esos espacio esta estado estar este esto estos estrella está
        están falta familia favor fe feliz fin flor forma fuego fuera fuerte fuerza gente gloria
        gobierno golpe gran grande guapo guerra guerrero ha haber había hace hacer hacia han hasta
        hay hecho hermano hija hijo historia hombre hora hoy idea iglesia ir isla jamás joven juego
        juez justicia la lado lago largo las le lejos les letra ley leyes león libertad libre libro
        lo loco los lucha luego lugar luna luz madre mal malo mano mar marca mayor mañana me medio
        mejor menor menos mesa mi mientras mil mina molina moral morales mucho muerte mujer mundo
        muy más mía nada nadie negro ni niño no noche nombre nos nosotros nuestra nuestro nueva
        nuevo nunca o obra ocho oeste ojo ojos once orden oro os otra otro padre palabra palacio
        pan para parte partido pasado paso paz país pensar peor pequeño pero pie piedra plata plaza
        poco poder por porque precio presa primera primero pronto príncipe pueblo puede puente
        puerta pues punto que quien quiere quién qué real reina rey reyes rico rojo rosa río sala
        salud san santo santos se sea segura seguro según seis ser si siempre siete sin sino sobre
        sol solo somos son su suerte sur sus sí sólo tal también tampoco tan tarde te tema tener
        tengo ti tiempo tiene tierra toda todo todos toma torre torres trabajo tres tu tus tú un
        una unas uno unos usted va valle vamos veces ver verano verdad verde vez vida viejo viento
        voz vuelta vía y ya yo él última último
    """,
    "it": """
        a accordo acqua adesso agli ai aiuto al alcuni alla alle allo allora alta alto altra altre
        altri amico amore anche ancora andare anni anno appena aria arma arte assai atto attraverso
        avanti avere aveva azione banca basso bella bello bene bianca bianchi bianco bisogno bosco
        bruno buona buono cada caldo cambio campo cane capo cara casa caso causa cento centro che
        chi chiaro chiesa ci cielo cinque città ciò coi col colpa come con conte conti contro corpo
        corte cosa cose costa così croce cui cuore da dagli dai dal dalla dalle dare davanti degli
        dei del della delle dello dentro deve di dice dieci dietro dio dire diritto dopo dove
        dovere due dunque e ecco ed era erano esempio esse essere essi est età fa fare fatto fede
        felice ferro festa figlia figlio fine fino fiore fiume fontana forse forte forza fra freddo
        fu fuoco fuori futuro gallo gente giorni giorno giovane giudice giusto già gli gloria
        governo grande grandi grasso gruppo guerra ha hanno ho i ieri il in inizio insieme invece
        io isola la lago lato lavoro le lega legge lei leone leoni li libero libro lo loro lui luna
        lunga lungo luogo là ma madre maggio maggiore mai male mano mar mare marzo me meglio meno
        mente mercato mese messa mezzo mi mia miei mila mille mio modo moglie molti molto momento
        mondo monte monti morte moto musica nei nel nella nelle nero nessuno niente no noi nome non
        nord nostra nostro notte nove nulla numero nuova nuovo o occhi oggi ogni oltre ombra onda
        opera ora ordine oro otto pace padre paese palazzo pane papa parola parte partito passo per
        perché perciò perdere perso persona pesce pezzo piano piazza piccolo piede pietra più poche
        poco poi ponte popolo porta porto possono posto potere pranzo prendere presto prezzo prima
        primo principe pronto proprio punto può qua quale quali quando quanto quarto quattro quella
        quelle quelli quello questa queste questi questo qui quindi ragione re regina ricco riso
        rosa rossi rosso russo sale santi santo scala se sei sempre sensi sera serra sette si sia
        siamo sindaco sole solo sono sopra soprattutto sorella sotto spesa stata stati stato stella
        storia strada su sua sud sue sui sul sulla suo suoi sì tale tanto tardi te tempo terra
        testa tra tre troppo tu tutta tutte tutti tutto ultimo un una uno uomini uomo va vale vari
        vedere veloce vento verde vero vi via vicino vino vista vita viva voce voglia voi volta
        vuole è
    """,
    "nl": """
        aan acht achter af al alle alleen alles als altijd ander andere arm baan bakker bank beeld
        been begin bent berg best beter bij bijna blauw blij boek boer bom boom boot bos brand
        brief broek broer brood brug buiten burg daar dag dagen dan dank dat de deel den deur deze
        dicht die dijk dik ding dit doch doen dood door dorp drie droom druk duif dus echt een eer
        eerst eerste eeuw eigen eind einde elk elke en er erg ergens even familie feest fijn ga
        gaan gaat gast gat geen gegeven geld geloof geluk genoeg gezin god goed goede gold gouden
        graaf graag groen groep grond groot grote haan haar had half hals hand hard hart haven heb
        hebben heeft heel heer hek held hele hem hen het hier hij hoe hoek hoge hond hoofd hoog
        hoop huid huis hun ieder iemand iets ijs ik in is ja jaar jager je jij jong jonge jou jouw
        kaas kamer kamp kan kant keer keizer kerk kind klein kleine koe kok komen komt koning kort
        kosten kracht kroon kruis kunnen kunst kwam laat land lang lange leeuw leven licht lid lief
        liefde lijn links loon lucht maan maar maart macht mag mailen man markt mee meer mei meisje
        melk men mens mensen met mijn min minder moeder moest moet molen mond mooi morgen muur na
        naam naar nacht nee negen net niemand niet niets nieuw nieuwe nog nood nooit noord nu of om
        omdat onder ons onze ook oost op open orde oud oude over paard pad partij pas plaats plan
        post prijs prins punt raad recht rechts rijk rond rood ruim rust samen schip school sinds
        slot spel staat stad steen stem ster sterk stuk te tegen tien tijd tijdens toch toe toen
        tot trots trouw tuin tussen twee uit uur vaak vader van vandaag vast veel veld ver verder
        vier vijf vis visser vlag voet vogel vol volk voor vos vraag vrede vriend vrij vrouw vuur
        waar waarom wacht wagen wal wanneer want waren was wat water we weer weg weinig wel werd
        wereld werk west wet wie wij wil wilde willen wind winter wit wolf woord worden wordt zaak
        zag zal zand ze zee zeer zeg zegt zei zelf zes zeven zich zij zijn zo zoals zoen zon zonder
        zoon zou zuid zwart één
    """,
    "pt": """
        a abril acordo agora agosto ainda algo algum alguma alguém alta alto além amanhã amigo amor
        andar ano anos antes ao aos apenas apesar após aquela aquele aqui ar areia arma arte as
        através atrás até azul aí baixa baixo banco barco bela bem boa bola bom branco brasa brava
        cabeça cada cadeira calor cama caminho campo campos capital cara carta carvalho casa casas
        caso castelo causa cedo cem centro certo chefe chão cidade cinco claro coelho coisa com
        como conta contra corpo corte costa cruz cuja cujo câmara céu da dado das data de debaixo
        deixar dela dele demais dentro depois desde dessa desse desta deste deus dever dez dia dias
        direito diz do dois dos doze duas durante dão e ela elas ele eles em embora enquanto entre
        então era eram escola esperança essa esse esta estado estar este estrela está estão eu
        exemplo faculdade faixa falta família faria fato favor faz fazer feira feliz ferro festa
        ficar filha filho fim flor floresta fogo foi folha fonte fora foram forma forte força
        frente frio futuro fé galo gente geral globo golpe governo grande graça guerra havia
        história hoje homem hora horas há igreja ilha isso isto jogo jovem juiz julho junho junto
        justa justiça já lado lago lei leite leste leão lhe liberdade linha livre livro lobo logo
        longe longo lua lugar luta luz lá machado madeira maio maior mais mal mar março mas me medo
        meia meio melhor melo menor menos mesa mesma mesmo meu meus mil minha modo moeda morte moço
        muita muito mulher mundo má mãe mão mês na nada nas nascimento nem nenhum nesta neves
        ninguém no noite nome norte nos nossa nosso nova nove novo nunca não nós o obra oeste oito
        olho olhos onda onde ontem ordem os ouro outra outro outubro padre pai palavra papa para
        parte partido passado passo paz país pedra pela pelo pequeno perto pessoa pinheiro pinto
        pior plano pode poder pois ponte ponto por porque porta porto pouco povo praia prata prato
        praça presente preto preço primeira primeiro problema príncipe pão pé público qual qualquer
        quando quanto quarta quatro que quem quer questão quinta rainha ramos real rei reis rico
        rio rocha rosa rua saber sala salgado samba santa santo santos saúde se seca segunda
        segundo sei seis seja sem semana sempre sendo senhor ser sete seu seus sexta si sido sim
        sob sobre sol somos sua sul são só tal também tanto tarde te tem tema tempo ter terra teu
        teve texto tinha toda todo todos torre trabalho trigo três tu tua tudo tão têm um uma vai
        vale valente vamos veja velho vento ver verdade verde verão vez vezes via vida vidas vila
        vinho vinte você volta voz vão zero à água é última último
    """,
    "pl": """
        a aby albo ale ani bank baran bardzo bać bez biały biedny blisko bo brat broń bym być był
        była było były bóg ból cały cel cena chce chcieć chleb choć chwila ciało cicho ciebie
        ciężki co coś cud czarny czas czy czyli często człowiek córka dach daleko dawno dać dał
        deszcz dla dlaczego do dobra dobry dobrze dom droga drugi drzewo duch duży dwa dwaj dwie
        dziadek dziecko dziesięć dziewięć dzień dzisiaj dziś długi gazeta gdy gdyby gdzie gorąco
        gość granica grupa grzyb góra góral górski głos głowa i ich idea idzie ile im imię inny
        iskra iść ja jak jaki jako jaśniej jeden jednak jego jej jemu jest jestem jesteś jeszcze
        jeśli jeż już kaczor każdy kiedy kilka kobieta kolej koniec kosa kot kowal koło koń kraj
        krok krzyż król krótki książka książę kto ktoś która które którego który kwiat las lata
        lato lecz lekarz lepiej lew lewica lewy licz lis list lub lud ludzie ma macie maj mają mam
        mama mamy marzec matka mało miasto miał miejsce miesiąc mieć mimo minister między mnie
        mniej mną moc mogą moja moje morze most może można mróz mu musi my myśl mógł mój mówi mąż
        na nad nadzieja nagle nam nami naród nas nasz nasza natura nawet niby nic nich nie niebo
        niech niego niej nigdy nikt nim nią noc noga nowa nowe nowy numer o obok od ogień oko on
        ona one oni ono oraz orzeł osiem ostatni oto pan pani papież para park państwo pewien
        pieniądze pierwszy pies pis pić pięknie pięć po pod podczas pogoda pokój pole policja pomoc
        ponad ponieważ pora potem potrzeba powód praca prawda prawo prawy prezes prosto prosty
        proszę przeciw przed przez przy przyjaciel ptak pytanie raz razem rok roku rolnik rosa ruch
        ryba rzecz rzeka rząd rój równo róża ręka sam samo serce siedem siostra się siła skarb skąd
        sobie sobą sokół solidarność stal stanie stary stać sto strona stół sum swój syn szef sześć
        szkoła szybko sól są sąd słowo słońce ta tak taka taki także tam tamten te tego tej ten
        teraz też to tobie trochę trudny trzeba trzy tu tutaj twarz twój ty tylko tym tysiąc u
        uwaga w wam wasz wciąż we wiatr wieczór wiek wiele wielki wiem wieś wilk wino wiosna więc
        więcej woda wojna wolność wolny wróbel wszystkie wszystko wtedy wtorek wujek wy wybory
        wysoki wóz z za zając zamek zaraz zawsze zbyt ze zero zima znowu znów zostać został złoto
        śmierć śnieg świat światło żaden żeby żona życie żółty
    """,
    "ru": """
        а август апрель армия баран без белый берег близко бог больше большой борьба брат будет
        будто буду буква была были было быть в вам вами вас ваш ведь век великий вера верность
        весна весы весь ветер вечер вид видеть власть вместе вне внук во вода воздух война волк
        волков волна волос ворон вот впрочем враг время все всегда всего всем всех всю всякий
        второй вы выбор высокий газ где герой глава глаз год года голос гора город господин гость
        граница гром группа да давай давно даже далеко дата дать два две дверь двор девять дело
        день деньги деревня дерево десять дети для до добро добрый дождь долг долго должен дом
        дорога дочь друг другой дума думать дух душа ее если есть еще ещё ею её жар ждать же жена
        женщина жизнь жить журавль за завтра закон замок заря зачем звезда звук здесь земля зима
        знак знать значит золото зуб и игра идея из известия или им имени имя иногда иной искать
        искра их июль июнь к каждый как какой камень кино книга князь ко когда коммерсант конец
        конечно конь кот который край красный кто куда культура лебедь лев левый лед лес лет лето
        ли лисица лист лицо лишь лодка лук лучше любовь любой люди май мал маленький мало март мать
        медведь между место месяц мечта министр мир мне много мной могу может можно мой молодой
        молоко море мороз мост моя муж мы на над надежда надо назад наконец нам нами народ нас
        наука начало наш не небо него нее ней некоторый нельзя нет неужели ни нибудь никогда ними
        них ничего но новая новость новый нога ночь ну нужно о об область огонь один одна однако
        озеро октябрь он она они оно опять орел осень от ответ отец очень пара партия первый перед
        песня план площадь победа под пока пол поле политика половина получить помощь пора порт
        после последний потом потому почему почти правда право правый президент при про проблема
        просто против процесс птица пусть путь пять работа раз разве рай рано ребенок река речь
        решение роза роль рост рука русский рыба ряд с сад сам самый свет свобода свой своя север
        сегодня сейчас село семья сердце сестра сила синий сказал сквозь сколько скоро слава слеза
        слово слон случай смерть смысл снег снова со собака собой соболь совет совсем сокол солнце
        соловей соль сон состав спасибо стал старый стена стол сторона страна стрелец суд судья сын
        так такая также такие такой там твой те тебе тебя тем теперь тихий то тобой тогда того тоже
        той только том тот точка три труд ты тысяча у уже улица ум уметь успех утро учитель факт
        февраль фонд хлеб ход холод хорошо хотел хоть храм цвет целый цель цена церковь час часто
        часть чего человек чем через черный честь число член чтение что чтоб чтобы чуть шаг шесть
        школа щит щука эта эти это этого этой этом этот эту юг я язык январь яркий ясно
    """,
    "sv": """
        alla allt alltid and andra av bara barn berg bil björk blev bli blir bo bok bra bror brun
        by bäst dag dagar de del dem den denna deras dess det detta dig din dit där då efter ej ek
        eld eller en enda ett fem fick film fin finns flera folk fram fred fri frihet från full få
        fågel får för före först första ger glad god gott grön guld gå går gör ha hade hall han har
        hav hej hela hem henne hennes herr hit hjälp hon honom hos hur hus här hög i idag igen in
        inga ingen inte is ja jag jord ju jul just kallt kan kanske klar kom kommer krig kronan
        kunde kung kvar kvinna kväll lag land lilla lite ljus lund länge lång låt maj makt man mat
        med mellan men mer mest mig min mitt mor mot mycket många måste namn natt nej ner ni nio
        nog nord nu ny nya när någon något några och också om ord oss ost parti plats på rik ringa
        ros ruta rätt råd röd rött sa samma se sedan ser sex sig sin sist sitt sju själv ska skog
        skola sol som stad stark stat sten stor stora ström större svart syd säger säker sätt så
        söder tack tal tid till tills tio tog tre tro tror tungt två under upp ut utan vad val vara
        varför varg varit varje vart vatten vem vi vid vilja vilken vill vind vinter väg väl värld
        väst vår än åka år åt åtta öst över
    """,
    "tr": """
        acaba aile ak akşam alan alt altı ama ana anne ara arkadaş artık asker aslan at ateş ay az
        baba bahar bana barış batı bazı baş başka ben beni benim beyaz beş bile bilgi bin bir biraz
        biri birkaç birlikte biz bize bizim biçim bu bugün bulut bunu burada böyle büyük can cevap
        da daha dağ dede demir deniz dere devlet değil dil diye diğer dokuz dost doğa doğan doğru
        duru dört dün dünya dış ekim el en er ev eve evet ey eğer fakat gece gel genel genç gibi
        göl göre göz gül gün güney güneş güzel güç hak hala halk hangi hava hayat hem henüz hep
        hepsi her hilal hiç hükümet iki il ile ilk inci insan ise iyi için iş kadar kadın kale kan
        kapı kar kara kardeş karşı kaya kaynak kez kim kimse kitap konu koç kral kurt kuzey kuş köy
        küçük kılıç kır kırmızı kış mavi meclis mu mı nasıl ne neden nerede o ok olan oldu olur on
        ona onlar onun orada ordu orman orta oy oysa oyun oğul para parti rağmen resim saat sabah
        sadece savaş sağ sekiz selam sen sene ses sevgi siyah siz sol son sonra su sultan söz tarih
        taş tek top toprak tüm umut uzun uçar var ve veya ya yan yani yaz yağmur yaş yedi yeni yer
        yeşil yine yok yol yüksek yüz yıl yıldız zaman zor çam çağ çelik çiçek çocuk çok çünkü ölüm
        ön önce öyle öz özel özgür öğretmen üst üzere üç şahin şehir şey şimdi şu
    """,
}
