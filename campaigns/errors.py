"""What can stop a piece of work before it has changed anything."""


class WorkRefused(Exception):  # noqa: N818 - it is no fault of the program
    """Nothing was changed. `code` is one of the contract's error codes (section 1), `message` one Vietnamese sentence
    that says what was read, what was expected and what to do. Pages show the message, commands exit with 2."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
