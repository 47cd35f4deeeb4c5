"""Problems at a value of the model: the words that all rules share."""

from gongshi.model import Located
from gongshi.problems import Problem, Severity, Span


def error(path: str, value: Located, key: str, code: str, message: str) -> Problem:
    """An error at a key of a value, or at the value itself if the key is not in the file."""
    return Problem(_span(path, value, key), Severity.ERROR, code, message)


def warning(path: str, value: Located, key: str, code: str, message: str) -> Problem:
    """A warning, placed like an error."""
    return Problem(_span(path, value, key), Severity.WARNING, code, message)


def _span(path: str, value: Located, key: str) -> Span:
    line, column = value.at.get(key) or value.at.get("") or (0, 0)
    return Span(path, line, column)
