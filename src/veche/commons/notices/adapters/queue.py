"""Django's mail, put into our queue of letters: whoever sends by Django waits for no mail server."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from veche.commons.notices import services
from veche.commons.notices.terms import LETTER_USEFUL, Mail
from veche.kernel.ids import new_id


class LetterBackend(BaseEmailBackend):
    """`EMAIL_BACKEND` of the house. Plain text only; a message may say `useful_minutes`, how long it is good."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put each message into the queue, once for each of its receivers."""
        now = timezone.now()
        for message in email_messages:
            minutes = getattr(message, "useful_minutes", None)
            useful = timedelta(minutes=minutes) if minutes else LETTER_USEFUL
            headers = {name: str(value) for name, value in message.extra_headers.items()}
            for receiver in message.recipients():
                mail = Mail(
                    new_id(), parseaddr(receiver)[1], str(message.subject), str(message.body), headers
                )
                services.post_letter(mail, now=now, useful=useful)
        return len(email_messages)
