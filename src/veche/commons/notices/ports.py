"""The post: what notices need of the outside world, and what is in use of it in this process."""

from dataclasses import dataclass
from typing import Protocol, Self
from uuid import UUID

from veche.commons.notices.terms import Mail


class PostClosed(Exception):  # noqa: N818 - not our mistake: the post does not answer
    """No mail can be sent now."""


class PutOff(Exception):  # noqa: N818 - the post asks to come again
    """One mail could not be taken now; others may."""


class Undeliverable(Exception):  # noqa: N818 - the post says no for good
    """One mail that will never be taken."""


class Mailer(Protocol):
    """Sends mail. Use it as a context: one connection for many mails."""

    def __enter__(self) -> Self:
        """Open. Raises PostClosed."""

    def __exit__(self, *_: object) -> None:
        """Close; never raises."""

    def send(self, mail: Mail) -> None:
        """Hand over one mail. Raises PostClosed, PutOff or Undeliverable."""


class SmsGateway(Protocol):
    """Sends text messages."""

    def send(self, key: UUID, number: str, text: str) -> None:
        """Hand over one message; the same key again is the same message. Raises as a Mailer does."""


@dataclass(slots=True)
class Equipment:
    """The posts of this process; `apps.py` sets them, tests may change them."""

    mailer: Mailer | None = None
    sms: SmsGateway | None = None

    def need_mailer(self) -> Mailer:
        """The mailer, which must have been set."""
        if self.mailer is None:
            raise RuntimeError("notices has no mailer: is veche.commons.notices in INSTALLED_APPS?")
        return self.mailer

    def need_sms(self) -> SmsGateway:
        """The gateway for text messages, which must have been set."""
        if self.sms is None:
            raise RuntimeError("notices has no SMS gateway: is veche.commons.notices in INSTALLED_APPS?")
        return self.sms


EQUIPMENT = Equipment()
