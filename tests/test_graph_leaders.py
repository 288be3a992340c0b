"""Who leads a unit, from who is whose manager."""

from bot.directory.graph.leaders import find_leaders

WARD_PATH, HOME_PATH, TOP = "Solvik / Sykehjem / Avdeling 2", "Solvik / Sykehjem", "Solvik"
TREE = (TOP, HOME_PATH, WARD_PATH)


def test_the_manager_of_most_leads_and_one_who_manages_few_does_not() -> None:
    homes = {WARD_PATH: ["ada", "eirik", "siv", "grace"]}
    managers = {"ada": "grace", "eirik": "grace", "siv": "eirik", "grace": "kari"}

    leaders, tied = find_leaders(homes, managers, TREE, {})

    assert leaders == {WARD_PATH: "grace", HOME_PATH: "kari"}
    assert tied == []


def test_where_two_are_as_near_whoever_leads_now_goes_on_or_else_nobody_does() -> None:
    homes = {WARD_PATH: ["ada", "eirik"]}
    managers = {"ada": "grace", "eirik": "siv"}

    assert find_leaders(homes, managers, TREE, {}) == ({}, [WARD_PATH])
    assert find_leaders(homes, managers, TREE, {WARD_PATH: ["siv"]}) == ({WARD_PATH: "siv"}, [])


def test_circles_and_people_without_a_manager_make_no_leader() -> None:
    homes = {WARD_PATH: ["ada", "grace", "siv"], TOP: ["kari"]}

    assert find_leaders(homes, {"ada": "grace", "grace": "ada", "siv": "siv"}, TREE, {}) == ({}, [])


def test_in_a_unit_of_a_leader_and_one_more_the_leaders_own_manager_does_not_lead() -> None:
    homes = {WARD_PATH: ["ada", "grace"]}

    leaders, _ = find_leaders(homes, {"ada": "grace", "grace": "kari"}, TREE, {})

    assert leaders == {WARD_PATH: "grace", HOME_PATH: "kari"}
