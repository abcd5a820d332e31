"""Implementations of `ports.Mailer`, and the choice between them by address (`VECHE_MAIL_URL`)."""

import smtplib
import sys
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Any, Self, TextIO
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError

from veche.commons.notices.ports import Mailer, PostClosed, PutOff, Undeliverable
from veche.commons.notices.terms import Mail

_TIMEOUT_S = 10
_SUBMISSION_PORT, _SMTPS_PORT, _SMTP_PORT = 587, 465, 25
_TRANSIENT = range(400, 500)


def mailer_from(url: str, sender: str) -> Mailer:
    """Choose a mailer: `console:`, `memory:`, `file:///folder`, `smtp://user:word@host:port?tls=1`, `smtps://...`.

    Refuses: a ValueError with a sentence when the address is none of these.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "console":
            return ConsoleMailer(sender)
        case "memory":
            return MemoryMailer(sender)
        case "file":
            folder = Path(unquote(parts.path))
            return DjangoMailer(sender, "django.core.mail.backends.filebased.EmailBackend", file_path=folder)
        case "smtp" | "smtps":
            return _smtp(url, sender)
    raise ValueError(
        f"VECHE_MAIL_URL must begin with console:, file://, smtp:// or smtps://, not {parts.scheme}:"
    )


class DjangoMailer:
    """Sends through one of Django's own backends: a mail server or a folder."""

    def __init__(self, sender: str, backend: str, **options: Any) -> None:
        self._sender, self._backend, self._options = sender, backend, options
        self._connection: Any = None

    def __enter__(self) -> Self:
        """Open one connection for many mails."""
        self._connection = get_connection(self._backend, **self._options)
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise PostClosed(type(error).__name__) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Close quietly: the mails are gone already."""
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            return
        finally:
            self._connection = None

    def send(self, mail: Mail) -> None:
        """Hand over one mail. Raises PostClosed, PutOff or Undeliverable."""
        message = message_of(mail, self._sender)
        try:
            self._connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _by_code(max(codes, default=550)) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _by_code(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            raise PostClosed(type(error).__name__) from error


class ConsoleMailer:
    """Prints mails so that a person can read them in the terminal."""

    def __init__(self, sender: str, stream: TextIO | None = None) -> None:
        self._sender, self._stream = sender, stream

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def send(self, mail: Mail) -> None:
        """Print one mail."""
        message = message_of(mail, self._sender)
        rim = "─" * 72
        head = f"✉  {message.to[0]}\n   {message.subject}"
        stream = self._stream or sys.stdout
        stream.write(f"\n{rim}\n{head}\n{rim}\n{message.body}\n{rim}\n\n")
        stream.flush()


class MemoryMailer:
    """Keeps mails in a list: for tests."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self.sent: list[EmailMessage] = []

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def send(self, mail: Mail) -> None:
        """Keep one mail."""
        self.sent.append(message_of(mail, self._sender))


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Write a mail as Django knows it, with a Message-ID that is the same at every attempt.

    Raises Undeliverable when its headers hold what no header may.
    """
    domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{mail.id}@{domain}>", "Date": formatdate(), **mail.headers}
    message = EmailMessage(mail.subject, mail.body, sender, [mail.to], headers=headers)
    try:
        message.message()
    except (BadHeaderError, ValueError) as error:
        raise Undeliverable(type(error).__name__) from error
    return message


def _by_code(code: int) -> PutOff | Undeliverable:
    return PutOff(str(code)) if code in _TRANSIENT else Undeliverable(str(code))


def _smtp(url: str, sender: str) -> DjangoMailer:
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["0"])[0] not in {"0", "no", "false"}
    ssl = parts.scheme == "smtps"
    usual = _SMTPS_PORT if ssl else _SUBMISSION_PORT if tls else _SMTP_PORT
    return DjangoMailer(
        sender,
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "localhost",
        port=parts.port or usual,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=tls and not ssl,
        use_ssl=ssl,
        timeout=_TIMEOUT_S,
    )
