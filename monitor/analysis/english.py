"""Common English words; see ``wordlists``."""

from typing import Final

ENGLISH: Final = """
    a able about above academy accept across act action active actor acts add admit advice afraid
    after again against age agency agent ago agree aid aids aim air airport album alert alive all
    allow ally almost alone along already also always am among an and angel anger animal another
    answer any anyone anything apple arch archer are area arm armed arms army around arrow art
    article as ash ask asset at atlas attack attention august aunt author autumn award away axe
    baby back bad badge bag baker balance ball ban band bank banks bar bare bark barrel base basic
    bat bath battle bay be beach bean bear beat beautiful because become bed bee beer before began
    begin behind being believe bell below belt bend berry beside best bet better between beyond big
    bike bill billion bills bird birth bishop bit black blast blessing blind block blood blow blue
    board boat body bomb bond bone book boom boost boot border born boss both bottle bottom box boy
    brain branch brand brave bread break breeze bridge bright bring broad broke brook brooks
    brother brown brush budget bug build building bull burn bush business busy but butcher butler
    buy buyer by cab cabinet cable cake call calm came camp campaign can canal cancel canon cap
    capital captain car card care career carry cart case cash cast castle cat catch cause cave
    ceasefire cell center central century chain chair chamber chance change channel charge charity
    charm chart chase check chef chess chicken chief child children chip choice choose church
    circle citizen city civil claim class clay clean clear clerk climate clock close cloth cloud
    club coach coal coast coat code coffee cold collar college colour come comedy comes command
    comment common community company compass concert contact control cook cool cop cope copper copy
    core cork corn corner corps cost cottage couch could council count country county couple course
    court cover cow craft crane crash cream create credit crest crew crime crisis cross crown cry
    crystal culture cup cure current curve customer customs cut cycle dad daily daisy dance danger
    dark dart dash data date daughter dawn day days dead deal dean dear death deck declare deep
    defence defend defense democrat desert design desk did die diet digital direct director
    discover discovery dish do doctor does dog dollar dolphin dome done dont door dot double dove
    down draft drama draw dream dress drew drink drive driver drone drop drug due duke during dust
    duty each eagle ear early earn earth east easy eat echo eclipse edit editor education effect
    egg eight either elect election electric element eleven else embassy emerald emergency emperor
    empire encore end energy engine engineer enjoy enter entire envoy equal era error escape
    essential estate eve even evening event ever every everyone evil except exchange explorer
    export express extra eye face fact fail fair faith fall false fame family fan far farm farmer
    fast fat fate father favour fear feature fed federal feed feet fell felt few field fields fight
    figure file fill film final find fine finger fire firm first fish fisher fit five fix flag
    flash fleet flight floor flow flower fly focus follow food foot football for force forces
    forest forge former fortune forum forward found foundation four fox frame frank free freedom
    freeze fresh friend friends frog from front frost fuel full fun fund funds future gala galaxy
    game games gang gap garden gardener gas gate gates gave gem gene general generation get giant
    gift girl give given glass global globe go goal goat god going gold golden gone good got
    government grace grade grand grant graph grass gravity gray great green greens grew grey grid
    ground group grow growth guard guardian guess guest guide guinea gulf gun guy had hail half
    hall hammer hand hang happy harbour hard hardy harvest has hat have haven hawk he head health
    hear heart heaven heavy heir held hell hello help her here heritage hero herself high hill
    hills him himself his history hit hold hole holly holy home honey hood hope horizon horse
    hospital host hot hotel hour house how however hub human hundred hunt hunter ice icon id idea
    ideal if ill image impact in independence independent index industry infant influence inside
    inspire insurance intelligence interest into iron is island issue issues it item its itself
    ivory ivy jack jade jail jam jersey jet job join joint journal journey joy judge jump junior
    just justice keep kept key kick kill kind king kingdom knew knight know knows labor labour lady
    lake lamb lamp lance land lane language large laser last late later laugh launch laurel law
    laws lawyer lay lead leader leaders league leak leave led left leg legal legend less let letter
    level levy liberal liberty library lie life lift light like lily limit line link lion list
    little live load lobby local lock long look lord lost lot loud love low loyal luna made magic
    magnet mail main major make male mall man manage manager mansion many map marathon marble march
    margin marine mark market marsh martial mask mass master match mate matter max may maybe mayor
    me mean means media meet meeting member men merchant mercury mercy merit met metal method metro
    might mile military milk mill miller million mind mine mini minister minor mint miracle mirror
    miss missile mission mix mobile mode model modern mom moment monarch money monitor month moon
    moral more morning most mother motion motor mount mountain mouse mouth move movement movie much
    museum music must my mystery nail name nation national natural nature navy near neck need net
    network never new news next nice night nine no nobody north nose not note nothing nova novel
    now nuclear number nurse oak object observer ocean of off office officer official oil old olive
    olympic on once one online only onto open opera operation opposition or oracle orange orbit
    order original other others our out outside oval over own pace pack pact page pair palace pale
    palm panel paper parade paradise parent parents park parker part partner parts party pass past
    path patient patriot patrol pay peace peak pearl pen penny pension people pepper per period
    person pet phase phoenix phone photo piano pick picture piece pig pilot pine pink pit place
    plain plan plane planet plant platform play player plaza please plot plus pm pocket poet point
    pole police policy political poll pool pop pope popular port porter position post pot potter
    pound power powers practice premier present president press pressure price pride priest prime
    prince princess print prison private prize product progress promise protect protest provide
    public pull purple purpose push put queen quest question quick race radar radio rail rain raise
    rally ram ranch range ranger rank rap rate raven ray read reader reading real record red reed
    region report republic republican reserve respect rest restaurant revenge revolution rice rich
    ride right rights ring rise river rivers road robin rock rocket rogue role roll roof room root
    rope rose route royal ruby rugby rule run rush safe safety said sail saint sale salmon salt
    same sanction sand sands sandwich sap sat satellite save saw say says scale school science
    scout screen sea seal second secret section security see seed sell senior sense serve service
    session set settle seven shadow shale shall share she shell shepherd shield shift ship ships
    short shot should show side siege sight sign signal silence silk silver since sing singer
    single sir sister sit site six size skill sky slack small smart snake snap snow so soap social
    soft soldier some son song soon sound source south space spare spark sparrow speak special
    speech spirit split sport spot spring sprint square stable staff stage stand standard star
    stark start state states station status stay steal steam steel stem step stick still stock
    stone stop store storm story straight street string strong student success sue sugar summer
    summit sun sunny super supply support sure swift sword system table take tall tank tap target
    task tea teach teacher team tech technology telegraph television tell temple ten test text than
    thank thanks that the theatre their them then theory there these they thing think third this
    those though thousand threads threat three through thunder ticket tide tie tiger tile time
    times tin title to today together toll tomorrow tonight too took tool top total touch tour
    tower town track trade traffic trail train travel treasury treaty tree tribe tribune trigger
    trip triumph troop troops true trust truth try turkey turn turner twelve twenty twist two type
    ultra un uncle under union unique unit united unity universal university until up upon us use
    used user vale van vault version very veteran via victory video village violet virgin virtue
    visa vision vital voice volt vote voter voters vulture wake walk walker wall want war ward warm
    warn was wash watch water waters wave way we weather web wed wedding week weekend weeks weight
    welcome well wells went were west western what when where whether which while white who whom
    whose why wild will win wind window wine wing winter wire wise wish with within without wolf
    woman women won wonder wood wooden woods word words work worker workers world worth would write
    writer yard yeah year years yellow yes yesterday yet you young your youth zero zoom
"""
