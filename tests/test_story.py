"""A spring in a made-up office: what each person sees, from the first morning to the second pulse.

Everything really runs; only time is moved by hand. The story is told in chapters, in the order in which they happen.
"""

from datetime import datetime, timedelta

from bot.words import words_in
from flows.hours import WorkingHours
from flows.schedule import SATURDAY
from flows.text import LANGUAGES
from storage.log import entries_of, find_break
from storage.tables.sending import DeliveryKind
from tests.office import NIGHT, OSLO, OTHER_WARD, PEOPLE, WARD, MakeOffice, Office, Post, crowd, line, oslo, plain, said

# Linn is on leave in January. Siv is the safety representative of the ward, and Marit stands over all of it.
CAST = (
    *(one for one in PEOPLE if "Linn" not in one),
    line(108, "Linn Moen", WARD, leave="2027-01-01/2027-01-31"),
    line(109, "Siv Moen", WARD, "safety", membership=""),
    *crowd(120, WARD, "Odd Per Kari Arne Tor Ulla"),
    *crowd(220, OTHER_WARD, "Ole Rune"),
    *crowd(260, NIGHT, "Åse", hours="mon-sun 21:00-07:00"),
    line(2, "Marit Sand", "Solvik"),
    line(2, "Marit Sand", "Solvik", "superior", membership=""),
)
GRADES = ("looked_forward", "found_solution", "used_strengths", "learnt_needed")


def test_a_spring_in_an_office(make_office: MakeOffice) -> None:
    office = make_office(people=CAST, post=Post())

    first_contact(office)
    the_first_themes(office)
    the_leaders_first_week(office)
    a_decision_is_told(office)
    what_came_of_the_themes(office)
    the_pulse_and_its_reminder(office)
    what_came_of_the_pulse(office)
    offers_by_name(office)
    a_week_with_figures(office)
    february_begins(office)
    the_second_pulse(office)
    all_the_while(office)


def first_contact(office: Office) -> None:
    """Monday 4 January, eight o'clock: everybody hears who this is, before anything is asked."""
    office.pass_time("2027-01-04 08:30")

    ada = office.latest("Ada")
    assert "Hei, Ada!" in ada
    assert "Solvik kommune" in ada
    assert said("welcome.stop") in ada
    assert "Grace Lie (leder)" in ada
    assert "Jonas Vik (tillitsvalgt)" in ada
    assert said("welcome.stop", "nn") in office.latest("Eldbjørg")
    assert said("welcome.stop", "en") in office.latest("Pawel")
    assert office.inbox("Vera") == []  # she sleeps; her shift begins at nine in the evening
    assert office.inbox("Linn") == []  # on leave

    office.home("Petra").tap("pause")
    office.home("Dag").tap("decline")
    assert said("home.declined") in office.home("Dag").text


def the_first_themes(office: Office) -> None:
    """Nine o'clock: what do you want to learn? Some say it in their own words, some stand behind others'."""
    office.pass_time("2027-01-04 12:00")
    nynorsk, english = office.open("Eldbjørg", "theme_suggestion").text, office.open("Pawel", "theme_suggestion").text

    receipt = office.answer("Ada", "theme_suggestion", {"suggestion": "Hvordan roe beboere som er redde om kvelden"})
    asked = office.open("Jonas", "theme_suggestion").tap("send", {"suggestion": "Kveldsuro hos redde beboere"})
    supported = asked.tap("send", {"nearest": asked.card.asks[0].choices[0].id})
    office.answer("Eldbjørg", "theme_suggestion", {"suggestion": "Munnstell", "nearest": "mine"})
    for name in ("Unni", "Odd", "Per", "Kari"):
        page = office.open(name, "theme_suggestion").tap("send", {"suggestion": "redde beboere på kvelden"})
        page.tap("send", {"nearest": page.card.asks[0].choices[0].id})

    assert said("promise.contribution", "nn") in nynorsk
    assert "What do you want to learn more about?" in english
    assert "Avdeling 1" in receipt.text
    assert said("receipt.supported", text="Hvordan roe beboere som er redde om kvelden") in supported.text
    for name in ("Petra", "Dag", "Linn"):
        assert not any("12 måneder" in letter for letter in office.letters(name))
    office.pass_time("2027-01-04 22:00")
    assert office.flows["theme_suggestion"].title.to("nb") in "".join(office.inbox("Vera"))  # on her shift


def the_leaders_first_week(office: Office) -> None:
    """Monday 11 January: what Grace decides, and what those who represent the others see of it."""
    office.pass_time("2027-01-11 08:30")

    letter, page = office.letters("Grace")[-1], office.week("Grace")
    assert "Uka i Avdeling 1" in letter
    assert "«Hvordan roe beboere som er redde om kvelden» har ventet 7 dager." in letter
    assert "«Munnstell» har ventet 7 dager." in letter
    assert "står bak" not in letter  # how many is not told while the round is open
    assert said("digest.say_themes") in letter
    assert page.actions == ["taken_in", "not_now"] * 2 + ["slips"]

    for name in ("Jonas", "Siv"):
        theirs = office.week(name)
        assert said("digest.themes_wait", count=2) in theirs.text
        assert "Munnstell" not in theirs.text
        assert said("digest.figures_only") in theirs.text
        assert theirs.actions == []
    for name in ("Turid", "Nils", "Ada", "Mallory"):
        assert not any("Uka i" in letter for letter in office.letters(name))  # nothing to say to them


def a_decision_is_told(office: Office) -> None:
    """Grace says yes to one and no to the other. The whole ward hears it, in each one's language."""
    page = office.week("Grace")
    yes, no = (button.action.partition(":")[2] for button in page.card.buttons if button.action.startswith("taken_in"))
    page.tap(f"taken_in:{yes}").tap(f"save_taken_in:{yes}", {"own": "Fagmøte onsdag 27. januar kl. 14.15."})
    refused = office.week("Grace").tap(f"save_not_now:{no}", {"reason": "reason_covered"})

    office.pass_time("2027-01-11 08:31")

    assert said("decision.done_saved", text="Munnstell", unit="Avdeling 1") in refused.text
    told = "\n".join(office.letters("Unni")[-2:])
    assert said("decision.told_taken_in", text="Hvordan roe beboere som er redde om kvelden") in told
    assert "Fagmøte onsdag 27. januar kl. 14.15." in told
    assert said("decision.reason_covered") in told
    assert said("decision.reason_covered", "nn") in "\n".join(office.letters("Eldbjørg")[-2:])
    assert said("decision.reason_covered", "en") in "\n".join(office.letters("Pawel")[-2:])
    assert not any("Munnstell" in letter for letter in office.letters("Bente"))  # another ward


def what_came_of_the_themes(office: Office) -> None:
    """Friday 15 January: the round closes, and whoever was asked reads what waits."""
    office.answer("Arne", "theme_suggestion", {"suggestion": "Løfteteknikk", "nearest": "mine"})
    office.pass_time("2027-01-15 12:00")

    for name in ("Ada", "Arne", "Siv"):
        assert "«Løfteteknikk»" in office.letters(name)[-1]
        assert "Arne" not in office.letters(name)[-1]
    assert said("result.no_themes") in office.letters("Bente")[-1]
    assert not any("Løfteteknikk" in letter for letter in office.letters("Dag"))


def the_pulse_and_its_reminder(office: Office) -> None:
    """From Monday 11 January: one anonymous minute. A reminder comes on Monday, to those who have not answered."""
    page = office.open("Ada", "pulse")
    assert said("promise.anonymous") in page.text
    assert "Grace Lie" in page.text
    assert not any("Pulsen" in letter for letter in office.letters("Mallory"))  # her employer has discussed nothing
    assert said("left_alone.not_discussed") in office.home("Mallory").text

    receipt = page.fill_in({"learnt_needed": "weekly", "used_strengths": "weekly", "looked_forward": "rarely"})
    for name in ("Jonas", "Eldbjørg", "Siv", "Unni", "Odd", "Per"):
        office.answer(name, "pulse", {"learnt_needed": "weekly", "used_strengths": "weekly", "looked_forward": "never"})
    for name in ("Kari", "Arne", "Pawel"):
        office.answer(name, "pulse", {"learnt_needed": "never", "used_strengths": "rarely", "looked_forward": "weekly"})
    for name in office.staff(OTHER_WARD)[:9]:
        office.answer(name, "pulse", dict.fromkeys(GRADES, "weekly"))
    office.pass_time("2027-01-17 20:00")  # a Sunday
    assert not any(reminders(office, name) for name in ("Grace", "Ada", "Vera"))

    office.pass_time("2027-01-18 22:00")

    assert said("receipt.sealed", count=3) in receipt.text
    assert [reminders(office, name) for name in ("Grace", "Rune", "Vera", "Nils")] == [1, 1, 1, 1]
    assert [reminders(office, name) for name in ("Ada", "Pawel", "Petra", "Dag", "Linn", "Mallory")] == [0] * 6
    office.answer("Vera", "pulse", {"learnt_needed": "rarely"})


def reminders(office: Office, name: str) -> int:
    sentences = {words_in(language)("question.reminder") for language in LANGUAGES}
    return sum(any(one in letter for one in sentences) for letter in office.letters(name))


def what_came_of_the_pulse(office: Office) -> None:
    """Friday 22 January: the same figures for everybody in the ward, whether they answered or not."""
    office.pass_time("2027-01-22 23:00")

    ada, grace = office.letters("Ada")[-1], office.letters("Grace")[-1]
    assert ada == grace
    assert "Dette kom ut av «Pulsen»" in ada
    assert "lærte noe de trenger: 70 %" in ada
    assert "brukte det de er gode på: 70 %" in ada
    assert said("result.next", "nn") in office.letters("Eldbjørg")[-1]
    assert "learnt something they need: 70%" in office.letters("Pawel")[-1]
    assert said("result.pooled", units="Solvik, Avdeling 2 og Nattvakta") in office.letters("Vera")[-1]
    assert "samlet" not in ada
    for name in ("Petra", "Dag", "Linn", "Mallory"):
        assert not any("Dette kom ut av «Pulsen»" in letter for letter in office.letters(name))


def offers_by_name(office: Office) -> None:
    """From Wednesday 20 January: what can you do that we should use more? Only the own leader reads the answer."""
    page = office.open("Ada", "unused_competence")
    assert said("promise.named") in page.text
    assert "Grace Lie" in page.text
    receipt = page.fill_in({"has_more": "yes", "competence": "Litauisk", "tasks": "Være med på turer"})
    office.answer("Pawel", "unused_competence", {"has_more": "yes", "competence": "Polish and Ukrainian"})
    office.answer("Jonas", "unused_competence", {"has_more": "no"})

    assert "Grace Lie" in receipt.text
    assert "Sverre Dalhaug" in office.open("Grace", "unused_competence").text


def a_week_with_figures(office: Office) -> None:
    """Monday 25 January: figures in the letter, names only behind a page whose opening is logged."""
    office.pass_time("2027-01-25 12:00")

    letter = office.letters("Grace")[-1]
    assert said("digest.offers", count=2) in letter
    assert "«Løfteteknikk» har ventet 14 dager." in letter
    assert "lærte noe de trenger: 70 %" in letter
    assert said("digest.same_figures") in letter
    for secret in ("Litauisk", "Ada", "Pawel", "Ukrainian"):
        assert secret not in letter

    names = office.week("Grace").tap("names").text
    assert "ADA BERG" in names
    assert "Litauisk" in names
    assert "Polish and Ukrainian" in names
    with office.reading() as session:
        assert [one.action for one in entries_of(session)].count("named answers opened") == 1

    for name in ("Jonas", "Siv", "Marit"):
        theirs = office.week(name)
        assert "Litauisk" not in theirs.text + theirs.tap("names").text
    assert "lærte noe de trenger: 70 %" in office.week("Siv").text
    assert "Uka i Avdeling 2" in office.letters("Turid")[-1]


def february_begins(office: Office) -> None:
    """Those who were asked three times in January are left alone until there is room again. Linn is back."""
    office.pass_time("2027-02-02 12:00")
    assert "Hei, Linn!" in "\n".join(office.letters("Linn"))
    asked = office.got(DeliveryKind.question, about=f"run:{office.runs('theme_suggestion')[1].id}")
    assert "Linn" in asked
    assert "Ada" not in asked

    office.pass_time("2027-02-05 12:00")
    asked = office.got(DeliveryKind.question, about=f"run:{office.runs('theme_suggestion')[1].id}")
    assert {"Ada", "Petra"} <= asked  # thirty days have passed, and Petra's pause is over
    assert "Dag" not in asked


def the_second_pulse(office: Office) -> None:
    """February: figures beside those of last time."""
    office.pass_time("2027-02-11 12:00")
    for name in ("Ada", "Jonas", "Eldbjørg", "Siv", "Unni", "Linn"):
        office.answer(name, "pulse", {"learnt_needed": "weekly", "used_strengths": "never", "looked_forward": "weekly"})
    for name in ("Arne", "Pawel", "Odd", "Per"):
        office.answer(name, "pulse", {"learnt_needed": "never", "used_strengths": "weekly", "looked_forward": "weekly"})
    for name in office.staff(OTHER_WARD)[:9]:
        office.answer(name, "pulse", dict.fromkeys(GRADES, "rarely"))

    office.pass_time("2027-02-22 12:00")

    ada = next(letter for letter in reversed(office.letters("Ada")) if "Dette kom ut av «Pulsen»" in letter)
    assert "lærte noe de trenger: 60 % (sist 70 %)" in ada
    week = office.letters("Grace")[-1]
    assert "lærte noe de trenger: 60 % (sist 70 %)" in week
    assert "brukte det de er gode på: 40 % (sist 70 %)" in week
    assert said("digest.offers", count=1) not in week  # nothing new by name


def all_the_while(office: Office) -> None:
    """Nobody was written to outside the own hours, asked too often, or asked after saying no; and the log holds."""
    assert office.post is not None
    hours = {one.split(";")[0]: WorkingHours.parse(one.split(";")[3]) for one in CAST if one.split(";")[3]}
    asked: dict[str, list[datetime]] = {}
    dag = next(one.split(";")[0] for one in CAST if "Dag Moen" in one)
    questions = {flow.title.to(language) for flow in office.flows.values() for language in LANGUAGES}
    for letter in office.post.sent:
        theirs = hours.get(letter.address, WorkingHours())
        assert theirs.contains(letter.at, "Europe/Oslo"), letter
        is_reminder = any(words_in(language)("question.reminder") in plain(letter.card) for language in LANGUAGES)
        if letter.card.title in questions and not is_reminder:
            asked.setdefault(letter.address, []).append(letter.at)
        if is_reminder:
            assert letter.at.astimezone(OSLO).weekday() < SATURDAY
    for moments in asked.values():
        for at in moments:
            lately = [one for one in moments if at - timedelta(days=30) < one <= at]
            assert len(lately) <= 3
    assert not any(letter.card.title in questions for letter in office.post.sent if letter.address == dag)
    with office.reading() as session:
        assert find_break(entries_of(session)) is None
    assert [run.state for run in office.runs() if run.closes_at < oslo("2027-02-22 09:00")].count("open") == 0
