"""How far a long piece of work has come, said on a terminal at once and elsewhere only where it takes long."""

from io import StringIO

from bot.commands.long_work import CLEAR, LongWork


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_share_and_is_left_clean() -> None:
    terminal = Terminal()
    watch = LongWork(terminal, clock=lambda: 0.0)

    watch.begin("Reading")
    watch.reach(0.42)
    watch.end()

    assert terminal.getvalue() == f"{CLEAR}Reading …{CLEAR}Reading 42 % …{CLEAR}"


def test_elsewhere_nothing_is_said_of_what_takes_no_time() -> None:
    stream = StringIO()
    watch = LongWork(stream, clock=lambda: 0.0)

    watch.begin("Reading")
    watch.reach(0.5)
    watch.end()

    assert stream.getvalue() == ""


def test_elsewhere_each_part_is_said_once_when_it_takes_long() -> None:
    stream, seconds = StringIO(), iter([0.0, 0.5, 1.5, 2.0, 2.5])
    watch = LongWork(stream, clock=lambda: next(seconds))

    watch.begin("Reading")
    watch.reach(0.3)
    watch.reach(0.6)
    watch.begin("Storing")
    watch.end()

    assert stream.getvalue() == "Reading …\nStoring …\n"
