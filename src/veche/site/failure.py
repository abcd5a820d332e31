"""What an operator can mend."""


class Failure(Exception):  # noqa: N818 - a sentence for the operator, not an error of the program
    """Something an operator can mend; its text is one clear sentence, shown without a traceback."""
