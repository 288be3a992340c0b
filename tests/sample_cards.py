"""Cards as the core would hand them over, to look at and to test with. People and figures are made up."""

from dataclasses import replace

from bot.cards import Ask, Bar, Button, Buttons, Card, Chart, Choice, Heading, Say
from bot.pages.rendering import Shell

SHELL = Shell(
    organisation="Solvik kommune",
    language="nb",
    languages=(("nb", "Bokmål", True), ("nn", "Nynorsk", False), ("en", "English", False)),
    csrf="made-up-csrf",
    words={
        "skip_to_content": "Hopp til innholdet",
        "language": "Språk",
        "footer": "Medvirk er et verktøy {organisation} bruker. Du velger selv om du svarer.",
        "problems": "Se over dette",
        "optional": "valgfritt",
        "at_most_characters": "Høyst {count} tegn.",
    },
)

HOW_OFTEN = tuple(
    Choice(point, label)
    for point, label in (
        ("nearly_every_shift", "Nesten hver vakt"),
        ("every_week", "Hver uke"),
        ("seldom", "Sjelden"),
        ("never", "Aldri"),
        ("no_occasion", "Har ikke hatt anledning"),
    )
)

PULSE = Card(
    title="Ett minutt om de siste 30 dagene",
    kicker="Pulsen · anonymt · 1 minutt",
    state="sealed-state",
    blocks=(
        Say(
            "Anonymt: vi lagrer ikke hvem som svarte hva. Kari, tillitsvalgt og verneombud får de samme tallene, bare "
            "når minst 5 har svart.",
            "note",
            begins="Hvem ser det?",
        ),
        Say(
            "Svarene brukes til å gjøre arbeidsdagen bedre, ikke til lønn eller vurdering av deg.",
            "note",
            begins="Hva er det til?",
        ),
        Say("Hvor ofte …", "lead"),
        Ask("looked_forward", "scale", "hadde du oppgaver du gledet deg til?", choices=HOW_OFTEN),
        Ask("found_way", "scale", "fant du en god løsning når jobben var vanskelig?", choices=HOW_OFTEN),
        Ask(
            "used_strength",
            "scale",
            "fikk du bruke det du er god på?",
            choices=HOW_OFTEN,
            written=("every_week",),
        ),
        Ask("learned", "scale", "lærte du noe du trenger i jobben?", choices=HOW_OFTEN),
        Buttons((Button("Send anonymt", "answer", style="primary"), Button("Ikke nå", "later", style="quiet"))),
    ),
)

UNUSED_COMPETENCE = Card(
    title="Hva kan du som vi bør bruke mer?",
    kicker="Med navn · 2 minutter",
    state="sealed-state",
    blocks=(
        Say(
            "Bare lederen din, Kari Lie, ser svaret. Det brukes til å fordele oppgaver, ikke til lønn eller "
            "nedbemanning. Får du ny leder, spør vi deg først. Slettes etter 12 måneder.",
            "note",
        ),
        Ask(
            "has_unused",
            "choose",
            "Kan du noe nyttig som du sjelden får bruke?",
            required=True,
            choices=(Choice("yes", "Ja"), Choice("no", "Nei"), Choice("unsure", "Vet ikke")),
        ),
        Ask(
            "what",
            "text",
            "Fortell kort: språk, kurs, tidligere jobb …",
            hint="Ikke skriv om pasienter eller kolleger.",
            max_length=1000,
            rows=4,
        ),
        Ask(
            "tasks",
            "choose_several",
            "Hvilke oppgaver har du ekstra lyst på?",
            hint="Velg så mange du vil.",
            choices=(
                Choice("train", "Lære opp nye"),
                Choice("lead_meeting", "Lede fagmøter"),
                Choice("music", "Musikk og aktiviteter"),
            ),
        ),
        Ask("hours", "number", "Hvor mange timer i måneden?", written=("4",)),
        Ask("from_date", "date", "Fra når?", written=("2026-05-04",)),
        Ask("who_knows", "text", "Hvem vet at du kan det?", max_length=120),
        Buttons(
            (
                Button("Send til Kari", "answer", style="primary"),
                Button("Ikke nå", "later"),
                Button("Ikke spør meg", "stop", style="quiet"),
            )
        ),
    ),
)

TOO_LONG = "Jeg har kjørt buss i ni år og kan snakke tigrinja med beboere og pårørende. ".ljust(1001, "a")

WITH_PROBLEMS = replace(
    UNUSED_COMPETENCE,
    blocks=(
        UNUSED_COMPETENCE.blocks[0],
        replace(UNUSED_COMPETENCE.asks[0], problem="Velg ett svar."),
        replace(
            UNUSED_COMPETENCE.asks[1],
            written=(TOO_LONG,),
            problem="Teksten er på 1 001 tegn. Gjør den 1 tegn kortere.",
        ),
        replace(UNUSED_COMPETENCE.asks[2], written=("music", "train"), problem="Velg høyst ett."),
        replace(UNUSED_COMPETENCE.asks[3], written=("mange",), problem="Skriv et tall, for eksempel 4."),
        replace(UNUSED_COMPETENCE.asks[4], written=("4. mai",), problem="Skriv datoen slik: 2026-05-04."),
        *UNUSED_COMPETENCE.blocks[6:],
    ),
)

THEME_SUGGESTION = Card(
    title="Er det noe av dette du mener?",
    kicker="Forslag til tema",
    state="sealed-state",
    blocks=(
        Say("Du skrev:"),
        Say("hvordan roe beboere\nsom er redde om kvelden", "quote"),
        Ask(
            "nearest",
            "choose",
            "Noen har foreslått noe som ligner. Støtt et av dem, eller behold ditt eget.",
            choices=(
                Choice("1", "Kveldsuro ved demens"),
                Choice("2", "Trygghet om natta"),
                Choice("3", "العناية بالمسنين في المساء"),
                Choice("own", "Nei, lagre mitt"),
            ),
        ),
        Say("Uten navn, men kollegaer ser teksten. Noen kan kjenne igjen måten du skriver på.", "note"),
        Buttons((Button("Gå videre", "answer", style="primary"), Button("Avbryt", "stop", style="quiet"))),
    ),
)

NEAREST_AS_ITEMS = Card(
    title="Er det noe av dette du mener?",
    kicker="Forslag til tema",
    blocks=(
        Say("hvordan roe beboere som er redde om kvelden", "quote"),
        Say("Kveldsuro ved demens"),
        Buttons((Button("Støtt", "support:1"),)),
        Say("Trygghet om natta"),
        Buttons((Button("Støtt", "support:2"),)),
        Say("Snakke med redde pasienter"),
        Buttons((Button("Støtt", "support:3"),)),
        Say("Uten navn, men kollegaer ser teksten. Noen kan kjenne igjen måten du skriver på.", "note"),
        Buttons((Button("Nei, lagre mitt", "keep", style="primary"),)),
    ),
)

RECEIPT = Card(
    title="Takk! Fire svar er lagret uten navn.",
    kicker="Kvittering",
    state="sealed-state",
    blocks=(
        Say("Kari og tillitsvalgt ser samlede tall etter 24. april, hvis nok svarer. Svarene slettes 1. mai 2027."),
        Say("Angrer du? Slett før 24. april med koden:"),
        Say("MÅKE-4127-FJORD-EIK", "code"),
        Say("SOLSIKKE-4127-KATTUGLE-BLÅKLOKKE", "code"),  # about as long as a code can be
        Say("Koden vises bare her. Skriv den ned hvis du vil kunne slette.", "warning"),
        Buttons((Button("Ferdig", url="/", style="primary"), Button("Slett svarene nå", "delete"))),
    ),
)

DIGEST = Card(
    title="Avdeling 2",
    kicker="Mandag 27. april · 2 minutter",
    blocks=(
        Heading("Bestem"),
        Say("1 «Kveldsuro ved demens» har ventet 19 dager."),
        Buttons((Button("Ta inn", "accept:4", style="primary"), Button("Ikke nå, fordi …", "decline:4"))),
        Say("2 Nytt tilbud om kompetanse."),
        Buttons((Button("Se hvem", url="/competences/12"),)),
        Say("3 Fagmøtet 12. mai mangler innleder."),
        Buttons((Button("Spør ressursgruppa", "ask_group:7"),)),
        Heading("Pulsen"),
        Chart(
            "Minst ukentlig (20–49 spurt, 60 % svarte)",
            (
                Bar("brukte det de er gode på", "70 %", 70, "før: 40 %, 60 %, 50 %", (40, 60, 50)),
                Bar("lærte noe de trenger", "50 %", 50, "sist 50 %"),
                Bar("gledet seg til oppgaver", "70 %", 70, "sist 70 %"),
                Bar("fant gode løsninger", "60 %", 60, "sist 60 %"),
            ),
        ),
        Say("Få svar: se på retningen.", "note"),
        Heading("Legemiddelkurset, etter 30 dager"),
        Chart("", (Bar("har brukt det flere ganger", "60 % av 10–19", 60), Bar("vanligste hinder", "tid"))),
        Heading("Si på morgenmøtet"),
        Say("Takk for forslagene. Onsdag får dere vite hva vi velger.", "quote"),
        Say("Tillitsvalgt og verneombud ser de samme tallene, ikke navn.", "note"),
    ),
)

FIRST_MESSAGE = Card(
    title="Hei, Amina! Dette er Medvirk.",
    blocks=(
        Say(
            "Vi spør hva du vil lære, og hva du kan som vi bør bruke mer. Slik får du være med og bestemme "
            "opplæringen. Høyst tre korte spørsmål i måneden, i arbeidstida. Du velger selv om du svarer."
        ),
        Say("Lurer du på noe? Spør Kari Lie (leder) eller Jonas Berg (tillitsvalgt).", "note"),
        Buttons((Button("Ta pause", "pause"), Button("Ikke spør meg", "stop", style="quiet"))),
    ),
)

DOOR = Card(
    title="Ett minutt om de siste 30 dagene",
    kicker="Anonymt · 1 minutt",
    blocks=(
        Say("Fire korte spørsmål. Åpent til fredag 24. april."),
        Buttons((Button("Svar", url="/answer/1", style="primary"),)),
    ),
)

YOU_SAID = Card(
    title="Dere sa – vi gjorde",
    kicker="Avdeling 2",
    blocks=(
        Say("Dere sa: Kveldsuro er vanskelig."),
        Say("Vi gjorde: Fagmøte 12. mai kl. 14.15 og 21.15, så nattvakta også får være med."),
        Say("Vi sa nei: Kurs i Oslo. For dyrt i år. Vi ser på det igjen i september."),
    ),
)

TOO_SMALL = Card(
    title="Vi viser ikke tall for nattvakta",
    kicker="Pulsen",
    blocks=(
        Say("Gruppa er liten, eller tallet kunne vært regnet ut fra andre tall. Da kan noen bli gjenkjent."),
        Buttons((Button("Åpne møtekort", url="/meeting/3"),)),
    ),
)

GREETING = Card("Hei, Amina!", (Say("Takk. Nå kan Kari Lie se det, til 4. mai 2028.", "lead"),))
CONSENT = Card(
    title="Kan Kari Lie se det du har svart?",
    blocks=(
        Say("Du har fått ny leder, Kari Lie. Vil du at Kari Lie skal se det? Ellers ser ingen det."),
        Say("Fortell kort: språk, kurs, tidligere jobb …", "note"),
        Say("Tigrinja og buss", "quote"),
        Buttons((Button("Ja", "consent_yes:3-1", style="primary"), Button("Nei", "consent_no:3-1"))),
    ),
)
SAID = Card(
    title="Hva kan du som vi bør bruke mer?",
    kicker="Svarte 4. mai 2026",
    blocks=(
        Say("Fortell kort: språk, kurs, tidligere jobb …", "note"),
        Say("Tigrinja og buss", "quote"),
        Say("Bare Kari Lie kan se dette, til 4. mai 2027.", "note"),
        Buttons((Button("Slett det nå", "offer_end:3"),)),
    ),
)
STORED = Card(
    title="Alt som er knyttet til deg",
    blocks=(
        Say("Du er Amina Yusuf, nummer 101."),
        Say("17 meldinger er sendt eller venter. Teksten er ikke lagret."),
        Heading("Dette kan ingen finne igjen"),
        Say("Hva du har svart anonymt."),
        Buttons((Button("Last ned alt som en fil", url="/l/made-up/medvirk.json"),)),
    ),
)
LANGUAGE = Card("Språk", (Say("Alt kommer på det språket du velger."), Buttons((Button("Nynorsk", "language:nn"),))))
STOP = Card(
    title="Pause, eller slutte",
    blocks=(
        Say("I en pause hører du ikke fra oss. Etter en måned begynner vi igjen av oss selv."),
        Buttons((Button("Ta pause i en måned", "pause"),)),
        Say("Vil du slutte, spør vi deg ikke mer, og du får ingen meldinger."),
        Buttons((Button("Ikke spør meg", "decline"),)),
    ),
)
OLDER = tuple(replace(TOO_SMALL, title=f"Møtekort {number}", kicker=f"{number}. mars") for number in (9, 2))


def under(section: str, *cards: Card, is_folded: bool = False) -> list[Card]:
    return [replace(card, section=section, is_folded=is_folded) for card in cards]


HOME = (
    GREETING,
    *under("Venter på deg", replace(DOOR, kicker="1 minutt"), CONSENT),
    *under("Meldinger til deg", replace(YOU_SAID, kicker="onsdag 22. april")),
    *under("Eldre meldinger (2)", *OLDER, is_folded=True),
    *under("Dette har du svart med navn", SAID, is_folded=True),
    *under("Dette er lagret om deg", STORED, is_folded=True),
    *under("Innstillinger", LANGUAGE, STOP),
)

LONG_WORD = "kompetanseutviklingsplanleggingsarbeidsgruppemedlemmer" * 2
LONG_WORDS = Card(
    title=LONG_WORD,
    kicker=LONG_WORD,
    blocks=(
        Say(LONG_WORD, "quote"),
        Ask("a", "scale", LONG_WORD, choices=tuple(Choice(str(n), LONG_WORD[: n * 12]) for n in range(1, 6))),
        Chart(LONG_WORD, (Bar(LONG_WORD, "70 %", 70, "sist 50 %"),)),
        Buttons((Button(LONG_WORD, "answer", style="primary"),)),
    ),
)
