"""Why a file as a whole could not be read."""

CODES = ("unreadable_file", "encrypted", "empty", "too_large", "no_heading", "wrong_register")


class ReadingError(Exception):
    """Nothing of the file may be used. `code` is one of CODES; `message` is one Vietnamese sentence or two
    that say what was read, what was expected and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
