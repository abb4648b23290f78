"""The small words of a language, and the letters that few others write: they tell the language and no story."""

from __future__ import annotations

from functools import cache

#: As people write them; of each language the commonest of running news.
_SMALL = {
    "en": """
        the of and to in a is for on that with as at by from it he she they was are be has have had will his her its
        their after over an or but not who which this we you more than been were says said about into out up new
    """,
    "de": """
        der die das den dem des ein eine einer einem einen eines und oder aber auch auf aus an am als bei beim bis da
        damit dann dass daß denn doch durch er es sie wir ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner für
        gegen hat haben hatte hatten ich im in ins ist sind war waren wird werden wurde wurden worden kann können könnte
        soll sollen sollte will wollen muss müssen mehr mit nach nicht noch nun nur ob ohne schon seit sich so über um
        unter vom von vor was weil wenn wer wie wieder wo zu zum zur zwischen kein keine keinen man hier jetzt
    """,
    "fr": """
        le la les l un une des du de d en au aux à dans sur sous par pour avec sans après avant selon il elle ils elles
        on ce cet cette ces son sa ses leur leurs mon ma nos notre plus tous tout toute deux mais et ou où quand si qui
        que qu quoi dont ne n pas est sont a ont été être avoir avait était sera se s y c j m t nous vous je comme entre
        contre vers chez depuis pendant aussi encore moins très
    """,
    "es": """
        el la los las un una unos unas lo al del de en a y e o u que con sin por para tras según sobre entre hasta desde
        es son fue ser está están ha han había hay su sus se le les me nos este esta estos estas ese esa más menos muy
        ya no ni si como cuando quien donde pero porque también todo todos toda dos ante contra bajo durante tiene
    """,
    "it": """
        il lo la i gli le l un uno una di del dello della dei degli delle d da dal dalla dai dalle in nel nella nei
        nelle su sul sulla sui sulle con per tra fra a al allo alla ai agli alle e ed o ma se che chi non è sono ha
        hanno era erano sarà si ci ne suo sua suoi sue loro più meno dopo prima contro senza come quando dove anche
        ancora questo questa questi cosa perché
    """,
    "pt": """
        o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo pela pelos pelas para com sem
        e ou mas que se não é são foi ser está estão ha há tem têm ter seu sua seus suas mais menos muito após sobre
        entre até desde como quando quem onde também já todos este esta isso ele ela eles dois diz contra
    """,
    "nl": """
        de het een en of maar ook op uit aan als bij tot dat die dit deze door er hij zij ze we haar zijn hun voor tegen
        heeft hebben had in is was waren wordt worden werd werden kan kunnen moet moeten wil willen meer met na naar
        niet nog nu om onder over te van wat wie zich zo geen tussen zonder sinds volgens wel naast al
    """,
    "pl": """
        i w we z ze na do od o u po za pod nad przy przez dla bez oraz albo lub ale a że żeby czy się nie to ten ta te
        tego tej tym tych jest są był była było były będzie być ma mają może jak jako kto co gdy gdzie już jeszcze tylko
        także też który która które których którego jego jej ich im on ona oni przed między więcej mniej bardzo został
        została zostały swoje
    """,
    "cs": """
        a v ve z ze na do od o u po za pod nad při přes pro bez nebo ale že aby se si ne to ten ta tento tato toho je
        jsou byl byla bylo byli bude být má mají může jak jako kdo co když kde už ještě jen také který která které
        kterou jeho její jejich před mezi více podle kvůli
    """,
    "ru": """
        и в во на с со к ко о об от до из за по под при про для без над у не ни но а или что чтобы как так это этот эта
        эти этого того том тем он она оно они его ее ей их ему им мы вы я был была было были быть будет будут есть уже
        еще же ли бы то все всех после перед между через более менее кто где когда если также который которая которые
        которых которого свой свои своей своего стал стала стали
    """,
    "uk": """
        і й в у та на з зі до від із за по під при про для без над не ні але або що щоб як так це цей ця ці цього того
        він вона воно вони його її їх йому їм ми ви я був була було були бути буде будуть є вже ще же чи б то все всіх
        після перед між через більше хто де коли якщо також який яка яке які яких свій свою своїх
    """,
    "tr": """
        ve ile bir bu şu o da de ki mi mı mu mü için gibi kadar daha en çok az ama veya ya ne nasıl neden olan olarak
        oldu olduğu olacak etti edildi eden var yok sonra önce göre karşı üzere her hem ise bile değil dedi
    """,
    "ar": """
        في من على إلى عن مع بعد قبل بين حتى منذ خلال ضد أن إن أنه أنها التي الذي الذين هذا هذه ذلك تلك هو هي هم كان
        كانت يكون تكون قد لا لم لن ما ثم أو أم و كل بعض غير عند عبر دون أي كما إذا حول تحت فوق نحو قال قالت وقال
    """,
    "sv": """
        och att det som en ett på är av för med till den de i om har inte var han hon kan så men från vid ska efter när
        nu under också mot sig sin sitt sina över ut in än eller hade blir blev vill får vad mer
    """,
    "da": """
        og at det som en et på er af for med til den de i om har ikke var han hun kan så men fra ved skal efter når nu
        under også mod sig sin sit sine over ud ind end eller havde bliver blev vil får hvad mere
    """,
    "no": """
        og at det som en et på er av for med til den de i om har ikke var han hun kan så men fra ved skal etter når nå
        under også mot seg sin sitt sine over ut inn enn eller hadde blir ble vil får hva mer
    """,
    "fi": """
        ja on ei se että oli ovat hän he mutta myös kun jos niin kuin tai joka jotka mitä mikä nyt vielä jo ole olla sen
        sitä tämä tämän hänen heidän mukaan jälkeen ennen yli noin vain voi pitää sekä kanssa saa
    """,
    "hu": """
        a az és is nem hogy egy ez azt van volt meg de már csak mint vagy ha még el ki be fel lesz lett szerint után
        között több minden aki ami akik nagyon itt most pedig miatt ellen lehet kell
    """,
    "ro": """
        și în de la cu pe din nu a au al ale ai o un unei unui este sunt fost că să se mai pentru care prin după până ce
        sau dar fi va vor sa lui ei lor între spre fără despre când unde cum
    """,
}
#: Letters that one or two of the languages written in Latin letters have.
_LETTERS = {
    "de": "ßäöü",
    "fr": "œçèêùûàâîë",
    "es": "ñ¿¡áíóú",
    "it": "èìòàù",
    "pt": "ãõçáêâ",
    "pl": "ąęłńśźżćó",
    "cs": "ěřůčšžýťď",
    "tr": "ğışöüç",
    "sv": "åäö",
    "da": "æøå",
    "no": "æøå",
    "fi": "äö",
    "hu": "őűöüáé",
    "ro": "ăâțțşșî",
}
#: What is written in a script, most often.
_OF_SCRIPT = {"cyrillic": ("ru", "uk"), "arabic": ("ar",)}


@cache
def small_words(language: str) -> frozenset[str]:
    """Return the small words of a language or a script as they are written, in lower case; none where not known."""
    return frozenset(word for name in _OF_SCRIPT.get(language, (language,)) for word in _SMALL.get(name, "").split())


@cache
def latin_words() -> dict[str, tuple[str, ...]]:
    """Return for each small word of the languages in Latin letters those that have it."""
    names = ["en", *_LETTERS]
    words = {word for name in names for word in small_words(name)}
    return {word: tuple(name for name in names if word in small_words(name)) for word in words}


@cache
def latin_letters() -> dict[str, tuple[str, ...]]:
    """Return for each letter that English lacks the languages that write it."""
    letters = set("".join(_LETTERS.values()))
    return {letter: tuple(name for name in _LETTERS if letter in _LETTERS[name]) for letter in letters}


@cache
def foreign_words() -> frozenset[str]:
    """Return the small words of the languages in Latin letters that are none in English."""
    return frozenset(latin_words()) - small_words("en")
