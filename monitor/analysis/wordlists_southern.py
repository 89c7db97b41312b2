"""Common words of Greek, Hungarian and Romanian; see ``wordlists``."""

from typing import Final

SOUTHERN: Final = {
    "el": """
        άλλα άλλη άλλο άλλοι άλλος άλογο άλφα άμα άνδρας άνθρωποι άνθρωπος άνοιξη άποψη άρα άσπρο
        άστρο έθνος έκανε έλα ένα έναν ένας ένωση έξι έξω έπειτα έτη έτος έτσι έχει έχουμε έχουν
        έχω ήδη ήθελε ήλιος ήμουν ήρθε ήσαν ήταν ίδια ίδιο ίδιος ίσως α αέρας αίμα αγάπη αγορά
        αγώνας αδελφή αδελφός αιτία αιώνας αλάτι αλήθεια αλλαγή αλλιώς αν ανά ανάμεσα αντένα αντί
        αντίθετα απάντηση απέναντι απλώς απρίλιος από απόγευμα αργά αργότερα αριστερά αρκετά αρχή
        ασήμι αστέρι αυγή αυτά αυτές αυτή αυτής αυτοί αυτού αυτό αυτόν αυτός αυτών αύγουστος αύριο
        βέβαια βήμα βιβλίο βοήθεια βουλή βουνό βράδυ βρίσκεται γάλα γέφυρα γαλάζιο γη για γιατί
        γιος γνώμη γυναίκα γύρω δάσος δέκα δέντρο δίκαιο δίπλα δε δεκέμβριος δεν δεξιά δευτέρα
        δεύτερη δεύτερο δηλαδή δημοκρατία δική δικαστήριο δικό δικός δουλειά δρόμο δρόμος δυνατός
        δυστυχώς δόξα δύναμη δύο εάν είδηση είμαι είμαστε είναι είσαι είτε είχα είχαν είχε εβδομάδα
        εβδομάδες εγώ εδώ ειδήσεις εικόνα ειρήνη εκατό εκεί εκείνη εκείνο εκείνος εκλογές εκτός
        ελευθερία ελεύθερος ελπίδα εμένα εμείς εμπρός εναντίον εννέα εντός ενός ενώ εξαιτίας
        εξουσία επί επίσης επειδή επιτυχία επομένως επτά εργασία ερώτηση εσείς εστία εσύ ευκολότερα
        εφημερίδα ζωή ζωντανός η ημέρα ημέρας ημέρες ημερησία θάλασσα θέμα θέση θα θεός ιανουάριος
        ιούλιος ιούνιος κάθε κάνει κάνουν κάποια κάποιο κάποιοι κάποιος κάπου κάπως κάτι κάτω
        κέντρο κίνημα καθένας καθημερινή καθώς και κακό καλά καλή καλοκαίρι καλό καλός καμία κανείς
        καρδιά κατά κεφάλι κι κλειδί κοντά κράτος κρασί κυβέρνηση κυριακή κόκκινο κόμμα κόρη κόσμο
        κόσμος λέει λένε λέξη λίγα λίγο λίγοι λαού λαός λεπτά λεπτό λευκό λεφτά λοιπόν λουλούδι
        λόγια λόγος λύση μάιος μάλιστα μάλλον μάρτιος μάτι μάτια μέλλον μένα μέρα μέρες μέρος μέσα
        μέχρι μήνα μήνας μήνες μήπως μία μα μαζί μακριά μας μαύρο με μεγάλη μεγάλο μεγάλος μεσημέρι
        μετά μεταξύ μη μην μητέρα μιας μικρή μικρό μου μπάλα μπορεί μπορούν μπροστά μόλις μόνο νέα
        νέες νέο νέοι νέος νίκη να ναι νερό νοέμβριος νωρίς νόμος νύχτα ξανά ο οι οικογένεια οκτώ
        οκτώβριος ομάδα οπότε ουρανός ούτε πάλι πάντα πάνω πάρα πέμπτη πέντε πέρα πέτρα πίστη πίσω
        παιδί παιδιά παιχνίδι παλιός παρασκευή πατέρας περί περίπου περισσότερο πια πιο πλάι
        πλατεία πλεύση πνεύμα ποια ποιο ποιοι ποιος πολλά πολλές πολλοί πολλούς πολύ ποτάμι ποτέ
        που πουλί πράγμα πράγματι πράσινο πράσινοι πρέπει πριν προς προτού πρωί πρωινό πρόβλημα
        πρόταση πρώτη πρώτο πρώτος πως πόλεμος πόλη πόρτα πόσο σάββατο σένα σήμερα σίδερο σαν σας
        σε σεπτέμβριος σημείο σκηνή σκύλος σου σπίτι σπαρτιάτες στα στη στην στης στις στο στον
        στου στους στων στόχος συμβούλιο συνέχεια σχέδιο σχεδόν σύντομα τάχα τέλος τέσσερα τέσσερις
        τέτοια τέτοιο τέτοιος τίποτα τα ταινία τελευταία τελευταίος τελικά τετάρτη τη την της τι
        τιμές τιμή τις το τον του τουλάχιστον τους τράπεζα τρία τρίτη τρίτο τραγούδι τρεις
        τριαντάφυλλο των τόσο τότε τύπος τώρα υγεία υπάρχει υπάρχουν υπέρ υπό φίλος φεβρουάριος
        φθινόπωρο φωνή φωτιά χέρι χίλια χαρά χειμώνας χθες χρήμα χρυσός χρόνια χρόνο χρόνος χτες
        χωρίς χωριό χώρα χώρες ψάρι ψυχή ψωμί ως ωστόσο όλα όλες όλη όλο όλοι όλος όλων όμως όνομα
        όπου όπως όσα όσο όσοι όταν ότι όχι ώρα ώρες
    """,
    "hu": """
        a abban ablak ahhoz ahogy ahol ajtó aki akik akinek akit akkor alatt ali amely amelyek
        amelyet ami amikor amit amíg anya apa arra arról augusztus az azok azon azonban azt aztán
        azzal azért bank barátság be becsület bele belül benne bizony bár béke bíróság csak család
        csapat csoport csütörtök cél dal de december demokrata dolog dél délelőtt délután e egy
        egyik egyre egység egyéb együtt egész egészség el ellen első elé elég előtt ember emberek
        ennek erre erről erő este esti ez ezek ezen ezer ezt ezzel ezért ezüst fa falu február fej
        fel felé fiatal figyelő film fiú folyó forrás férfi fókusz föl föld gyerek gyermek győzelem
        ha hal hanem hang harmadik hatalom haza hazánk hegy hely hete heti hiszen hit hitel hogy
        hogyan hol holnap honnan hova hozzá háború három hát ház hét hétfő híd hír hírek hírlap
        hónap ide idő igaz igazság igen ill illetve ilyen index inkább is ismét isten itt január
        jegy jelen jelenkor jobb jobban jobbik jog játék jó jól jövő jövőnk július június kedd kell
        kellett kenyér kettő kezdet ki kik kilenc kinek kisebb kit kormány korán kulcs kutya kék
        kép kérdés későn két kéz kívül könnyen könyv köszönöm közben közel között különösen kő
        labda lap lehet lehetett lendület lenne lenni lesz lett levegő lány lélek lépés ló ma madár
        magazin mai majd meccs meg megint megoldás mellett mely melyik mert mi millió mind minden
        mindenki mindenkit mindig mint mintha mit mivel miért momentum most mozgalom munka május
        már március más másik második mérce mögött múlt na nagyobb nagyon nap napi napló napok
        naponta ne nehéz nekem neki nem nemzet nincs nincsen november nyolc nyár négy néha néhány
        nélkül nép név nő oda október olyan ország ott otthon pedig perc persze piac piros polgári
        pont posta párbeszéd párt péntek pénz rajta reggel remény rend rossz rá régi rész rögtön s
        saját se segítség sem semmi senki siker soha sok sokan sokkal sport szabad szabadság szava
        szem szeptember szerda szeretet szerint szinte szombat számára száz század színpad szív szó
        szövetség só talán tanács tavasz te tegnap tehát tej telex teljes tenger terv testvér
        tovább távol tél tény tér tíz több többen többet törvény túl tükör tűz ugyan ugyanis utca
        utolsó után utána vagy vagyis vagyok valaki valami való van vannak vasárnap vasárnapi vele
        velük világ vissza viszont volna volt voltak válasz választás választások változás város
        vég vélemény vér víz zöld zöldek állam által általában április ár át ég éjjel éjszaka élet
        élő én és év éve évek éves így ó óra órakor öröm össze összefogás öt úgy új újabb újra
        újság út ők őket ősz
    """,
    "ro": """
        a abia acasă acea aceasta aceea acei aceia acel acela acele acest acesta aceste acestea
        acestei acestor acestui acolo acum adevăr adevărul adică aer ai aici ajutor al alb albastru
        albă ale alegeri alianță alt alta alte altfel alți am amiază an ani anul anului anume apoi
        aprilie aproape aproximativ apă ar arată are argint asemenea asta astfel astăzi asupra
        atunci atât au august aur avea aveau avem aveți avut azi aș așa așadar bancă bani bine
        bucurie bun bună bărbat ca cal cap capital capitalul care carte cartea casă cauză ce cea
        cei cel cele celor cer ceva cheie chiar ci cinci cine cineva consiliu copac copii copil
        cotidianul credință cronica cu cui cum cumva curentul cuvinte cuvânt când cântec cât câte
        câteva câți căci cărei căror căruia către da dacă dar de deasupra decembrie deci decât deja
        deoarece departe desigur despre devreme deși dimineață din dincolo dintre doar doi doilea
        două dragoste dreapta drept dreptate dreptatea drepturi drum duminică dumnezeu după e ea
        echipă ei el ele era erau este eu evenimentul exact familie februarie fel femeie fi fie
        fiecare fier fiică fiind fiindcă film financiar fiu floare foarte foc forța fost frate fără
        glorie grup guvern gând gândul ia ianuarie iar iarnă ieri imagine inimă instanță iulie
        iunie joc joi jurnal jurnalul la lapte le lege li liber libertate libertatea loc lor lucru
        lui lume lumea luni lună lângă mai mamă mare marea mari martie marți mea meci mei mele
        mereu meu mi mic mică mie miercuri mii mine minge minut minute mod mult multe multă mulți
        muncă munte mâine mână mă na națiune ne nevoie nici nicio niciodată nimeni nimic niște
        noapte noaptea noastre noastră noi noiembrie nostru nou noul nouă noștri nu numai nume o
        oameni oamenii observator observatorul ochi octombrie om omul onoare opinia opinie opt oraș
        ore ori oricare orice oricine oricum oricând oră pace parte partid pas pasăre patru pe
        pentru peste piatră piață plan poate pod podul popor poporul pot poștă prea preț prieten
        prim prima primul primăvară prin printre problemă profit prânz punct putere puterea pâine
        până pădure pământ repede roșie răspuns rău război sa sale salvați sare sat sau scenă
        schimbare scop se seara secol septembrie sfârșit sine singur soare soră speranță spirit
        sport spre stat statul stea stradă stânga sub succes suflet sunt suntem sunteți sută
        sâmbătă sânge săi sănătate săptămână ta tale tată te timp timpul toamnă toate toată tocmai
        tot totul totuși toți trandafir trei treia tu tuturor tânăr târziu tău ultim ultima ultimul
        un una unde undeva unei unele uneori unii unire uniune uniunea unor unui unul va vai vară
        vechi verde verzi viață victoria victorie viitor viitorul vin vineri viu voastră voce vocea
        voi vom vor vostru vrea vreo vreun zece zi ziar ziarul zile zilei zilele zilnic ziua îi îl
        îmi împotriva în înainte înaintea înapoi început încât încă îndată întotdeauna într între
        întrebare își îți șapte șase știre știri știrile țară țări
    """,
}
