"""A demo in the middle of its half-year, to look at and to test with. People and figures are made up."""

from bot.pages.demo_rendering import DemoGroup, DemoPerson, DemoView, Done, LeftAlone
from tests.sample_cards import SHELL

ADA = DemoPerson("ada", "Ada Solberg", "sykepleier, Avdeling 2")
GRACE = DemoPerson("grace", "Grace Lunde", "leder, Avdeling 2")
UNITS = ("Avdeling 1", "Avdeling 2", "Nattvakta", "Hjemmetjenesten")

DEMO = DemoView(
    shell=SHELL,
    words={
        "title": "Prøv Medvirk",
        "made_up": "Alle mennesker her er oppdiktet. Kollegene svarer av seg selv.",
        "move_time": "Flytt tida",
        "to_next": "Til det neste",
        "day": "Én dag",
        "week": "Én uke",
        "who": "Hvem vil du være?",
        "everybody": "Eller velg blant alle",
        "show": "Vis",
        "page_of": "Siden til {name}",
        "choose_somebody": "Velg hvem du vil være, så ser du siden her",
        "open_full": "Åpne i ny fane",
        "done": "Dette gjorde Medvirk",
        "nothing_done": "Ingenting ennå. Flytt tida fram.",
        "earlier": "Tidligere ({count})",
        "left_alone": "Latt i fred, og hvorfor ({count})",
        "nobody_left_alone": "Ingen ble latt i fred denne gangen.",
    },
    now="Mandag 27. april 2026 kl. 09.00",
    what_is_next="Neste: Pulsen går til 32 i Avdeling 2 tirsdag 28. april kl. 09.00.",
    by_role=(
        DemoGroup("Ansatt", (ADA, DemoPerson("amina", "Amina Haile", "helsefagarbeider, Nattvakta"))),
        DemoGroup("Leder", (GRACE,)),
        DemoGroup("Tillitsvalgt", (DemoPerson("jonas", "Jonas Berg", "Fagforbundet"),)),
        DemoGroup("Koordinator", (DemoPerson("siri", "Siri Moen", "fagutvikling"),)),
    ),
    by_unit=tuple(
        DemoGroup(unit, tuple(DemoPerson(f"{n}-{unit}", f"Oppdiktet Person {n}", "pleier") for n in range(1, 31)))
        for unit in UNITS
    ),
    chosen=ADA,
    frame_url="/home",
    done=tuple(
        Done(f"{day}. april kl. 09.00", sentence)
        for day in (27, 24, 17)
        for sentence in (
            "Sendte ukas skjermbilde til Grace Lunde. Tre ting venter på henne.",
            "Stengte Pulsen i Avdeling 2, åpnet de forseglede svarene og fortalte alle som var spurt.",
            "Spurte 32 personer i Avdeling 2. 6 ble latt i fred.",
        )
    ),
    left_alone=(
        *(LeftAlone(f"Oppdiktet Person {n}", "Avdeling 2", "Har fri i dag") for n in range(1, 5)),
        LeftAlone("Amina Haile", "Nattvakta", "Får spørsmålet på neste vakt"),
        LeftAlone("Oppdiktet Person 9", "Nattvakta", "Har sagt «ikke spør meg»"),
    ),
)
