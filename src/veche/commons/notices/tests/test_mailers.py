"""One contract for every mailer: a server, a folder, the terminal, memory."""

import email
import io
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from veche.commons.notices.adapters.mailers import ConsoleMailer, MemoryMailer, mailer_from
from veche.commons.notices.ports import Mailer, PostClosed, PutOff, Undeliverable
from veche.commons.notices.terms import Mail
from veche.commons.notices.tests.sink import sink
from veche.kernel.ids import new_id

SENDER = "Вече <veche@example.org>"
Read = Callable[[], list[str]]


@pytest.fixture(params=["smtp", "file", "console", "memory"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Mailer, Read]]:
    if request.param == "smtp":
        with sink() as server:
            port = server.server_address[1]
            yield (
                mailer_from(f"smtp://127.0.0.1:{port}", SENDER),
                lambda: [_text(raw) for raw in server.letters],
            )
    elif request.param == "file":
        yield (
            mailer_from(f"file://{tmp_path}", SENDER),
            lambda: [
                _text(part)
                for path in tmp_path.iterdir()
                for part in path.read_bytes().split(b"-" * 79 + b"\n")[:-1]
            ],
        )
    elif request.param == "console":
        stream = io.StringIO()
        yield ConsoleMailer(SENDER, stream), lambda: stream.getvalue().split("✉")[1:]
    else:
        memory = MemoryMailer(SENDER)
        yield memory, lambda: [f"{sent.to[0]}\n{sent.subject}\n{sent.body}" for sent in memory.sent]


def _text(raw: bytes) -> str:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=default)
    return f"{message['To']}\n{message['Subject']}\n{message.get_content()}"


def a_mail(to: str = "anna@example.org", subject: str = "Вам ответили") -> Mail:
    return Mail(new_id(), to, subject, "Здравствуйте!\n\n.точка в начале строки\nhttp://localhost/перейти")


def test_every_mailer_hands_over_what_was_written(post: tuple[Mailer, Read]) -> None:
    mailer, read = post
    with mailer:
        mailer.send(a_mail())
        mailer.send(a_mail("boris@example.org", "Ещё одно"))
    first, second = read()
    assert "anna@example.org" in first
    assert "Вам ответили" in first
    assert "Здравствуйте!" in first
    assert "http://localhost/перейти" in first
    assert "boris@example.org" in second
    assert "Ещё одно" in second


def test_every_mailer_can_be_opened_again(post: tuple[Mailer, Read]) -> None:
    mailer, read = post
    for _ in range(2):
        with mailer:
            mailer.send(a_mail())
    assert len(read()) == 2


def test_no_mailer_lets_a_subject_smuggle_headers(post: tuple[Mailer, Read]) -> None:
    mailer, read = post
    with mailer, pytest.raises(Undeliverable):
        mailer.send(a_mail(subject="Hello\nBcc: everybody@example.org"))
    assert read() == []


def test_a_server_says_no_for_good_or_for_now_and_the_next_mail_goes() -> None:
    with sink() as server, mailer_from(f"smtp://127.0.0.1:{server.server_address[1]}", SENDER) as mailer:
        with pytest.raises(Undeliverable):
            mailer.send(a_mail("nobody@example.org"))
        with pytest.raises(PutOff):
            mailer.send(a_mail("later@example.org"))
        mailer.send(a_mail())
        assert len(server.letters) == 1


def test_a_server_that_does_not_answer_is_a_closed_post() -> None:
    with sink() as server:
        port = server.server_address[1]
    with pytest.raises(PostClosed), mailer_from(f"smtp://127.0.0.1:{port}", SENDER):
        pass


def test_a_letter_that_was_cut_after_it_was_taken_goes_again_under_the_same_id() -> None:
    """What SMTP cannot tell us. Whoever keeps ids, as providers do, shows it once; `docs/operations.md` says so."""
    with sink() as server:
        mailer, mail = mailer_from(f"smtp://127.0.0.1:{server.server_address[1]}", SENDER), a_mail()
        server.cut = 1
        with mailer, pytest.raises(PostClosed):
            mailer.send(mail)
        with mailer:
            mailer.send(mail)
        assert server.ids() == [f"<{mail.id}@example.org>"] * 2


def test_the_message_id_is_the_same_at_every_attempt() -> None:
    mail, memory = a_mail(), MemoryMailer(SENDER)
    memory.send(mail)
    memory.send(mail)
    assert {sent.extra_headers["Message-ID"] for sent in memory.sent} == {f"<{mail.id}@example.org>"}


def test_another_scheme_gets_a_clear_sentence() -> None:
    with pytest.raises(ValueError, match="VECHE_MAIL_URL must begin with"):
        mailer_from("pigeon://loft", SENDER)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://post.example.org", 25, False, False),
        ("smtp://u:p%40ss@post.example.org?tls=1", 587, True, False),
        ("smtps://post.example.org", 465, False, True),
    ],
)
def test_the_usual_ports_go_without_saying(url: str, port: int, tls: bool, ssl: bool) -> None:
    from django.core.mail import get_connection

    mailer = mailer_from(url, SENDER)
    connection = get_connection(mailer._backend, **mailer._options)  # type: ignore[attr-defined]
    assert (connection.port, connection.use_tls, connection.use_ssl) == (port, tls, ssl)
    assert connection.password in {"", "p@ss"}
