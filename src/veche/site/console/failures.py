"""What goes wrong on the console, said in one clear sentence."""

import errno
import os
import sys
from collections.abc import Callable

from pydantic import ValidationError

from veche.kernel.refusals import Refused
from veche.site.console.tongue import in_tongue
from veche.site.failure import Failure

_NAMES = ("DATABASE_URL", "VECHE_")


def say(sentence: str) -> int:
    """Write a sentence to stderr; answers the exit code 1."""
    sys.stderr.write(f"veche: {sentence}\n")
    return 1


def guarded(run: Callable[[], int]) -> int:
    """Run a command; known failures end with a sentence and 1. `VECHE_TRACEBACK=1` shows where they came from."""
    if os.environ.get("VECHE_TRACEBACK"):
        return run()
    try:
        return run()
    except KeyboardInterrupt:
        return 130
    except Exception as failed:
        sentences = _sentences_for(failed)
        if not sentences:
            raise
        for sentence in sentences:
            say(sentence)
        return 1


def _sentences_for(failed: Exception) -> list[str]:
    if isinstance(failed, Refused):
        return _refused(failed)
    if isinstance(failed, ValidationError):
        return _settings(failed)
    sentence = _sentence_for(failed)
    return [sentence] if sentence else []


def _sentence_for(failed: Exception) -> str | None:
    if isinstance(failed, Failure):
        return str(failed)
    if isinstance(failed, OSError) and failed.filename is not None:
        return _os_error(failed)
    if isinstance(failed, ValueError) and str(failed).startswith(_NAMES):
        return f"{failed}."
    if type(failed).__name__ == "SettingsError":  # pydantic-settings: a list that is no JSON
        name = str(failed).partition('"')[2].partition('"')[0]
        return f'VECHE_{name.upper()} must be a JSON list, like ["veche.example.org"].'
    return _database_error(failed)


def _os_error(failed: OSError) -> str:
    if failed.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"“{failed.filename}” cannot be written or read. Choose another folder with VECHE_DATA_DIR."
    if failed.errno == errno.ENOENT:
        return f"there is no file “{failed.filename}”."
    return f"“{failed.filename}”: {failed.strerror}."


def _database_error(failed: Exception) -> str | None:
    from django.db import DatabaseError

    if not isinstance(failed, DatabaseError):
        return None
    first = str(failed).strip().partition("\n")[0]
    if "no such table" in first or "does not exist" in first:
        return f"the database lacks its tables ({first}). Run `veche migrate`."
    return f"the database does not answer as it should: {first}."


def _refused(refused: Refused) -> list[str]:
    from veche.site.wiring import sentence

    with in_tongue():
        return [sentence(refusal) for refusal in refused.refusals]


def _settings(wrong: ValidationError) -> list[str]:
    return [_setting(str(one["loc"][0]) if one["loc"] else "", one["msg"]) for one in wrong.errors()]


def _setting(field: str, text: str) -> str:
    text = text.removeprefix("Value error, ")
    if not field:
        return f"{text}."
    name = field.upper() if field == "DATABASE_URL" else f"VECHE_{field.upper()}"
    return f"{name}: {text}."
