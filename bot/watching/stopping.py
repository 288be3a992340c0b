"""Whether this process is about to end: whoever would take more into the hand asks first."""


class Stopping:
    """Once asked to stop, what is in the hand is finished and nothing more is taken."""

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self) -> None:
        self.is_asked = True
