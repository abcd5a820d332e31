"""`veche` ends with 0, 1 or 2 and says why in one sentence."""

import errno
import socket

import pytest
from pydantic import ValidationError

from veche.kernel.refusals import Refusal, Refused
from veche.site import server
from veche.site.config import Config
from veche.site.console import failures, main
from veche.site.console.table import COMMANDS, find, rooms_commands
from veche.site.failure import Failure


def raising(error):
    def run():
        raise error

    return run


@pytest.fixture(autouse=True)
def _sentences_not_tracebacks(monkeypatch):
    monkeypatch.delenv("VECHE_TRACEBACK", raising=False)


def test_help_lists_every_command_and_ends_well(capsys):
    assert main([]) == main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert " ".join(command.words) in shown
    assert "reports import" in shown


def test_an_unknown_command_is_wrong_usage(capsys):
    assert main(["fly", "away"]) == 2
    assert "there is no command “fly away”" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.words))
def test_every_command_has_help_and_refuses_strange_options(command, capsys):
    with pytest.raises(SystemExit) as shown:
        main([*command.words, "--help"])
    assert shown.value.code == 0
    with pytest.raises(SystemExit) as wrong:
        main([*command.words, "--no-such-option"])
    assert wrong.value.code == 2


def test_two_words_are_found_before_one():
    assert find(["city", "load", "perm"])[1] == ["perm"]
    assert find(["city"]) is None


def test_commands_of_rooms_come_with_their_help():
    assert rooms_commands()["reports import"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Failure("the bell is cracked."), "the bell is cracked."),
        (PermissionError(errno.EACCES, "Permission denied", "/root/x"), "VECHE_DATA_DIR"),
        (FileNotFoundError(errno.ENOENT, "No such file", "map.geojson"), "there is no file “map.geojson”"),
        (ValueError("DATABASE_URL must begin with sqlite:///"), "DATABASE_URL must begin"),
    ],
)
def test_known_failures_are_one_sentence(error, words, capsys):
    assert failures.guarded(raising(error)) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_a_mistake_of_the_program_is_not_hidden():
    with pytest.raises(KeyError):
        failures.guarded(raising(KeyError("x")))


def test_every_refusal_is_said(capsys):
    refused = Refused(
        Refusal("pack.no-folder", "", {"file": "nowhere", "place": ""}), Refusal("ids.not-a-number")
    )
    assert failures.guarded(raising(refused)) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_a_wrong_setting_is_named_as_it_is_written(capsys):
    with pytest.raises(ValidationError) as wrong:
        Config(port=0, _env_file=None)
    assert failures.guarded(raising(wrong.value)) == 1
    assert "VECHE_PORT" in capsys.readouterr().err


def test_a_taken_port_is_one_sentence_that_offers_another(settings, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(settings.CONFIG, "port", port)
        with pytest.raises(Failure, match=f"VECHE_PORT={port + 1}"):
            server.check_port()


def test_a_folder_that_cannot_be_written_is_one_sentence(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "folder"
    with pytest.raises(Failure, match="VECHE_DATA_DIR"):
        server.ensure_data_dir()


def test_sqlite_is_served_by_one_process_only(settings, monkeypatch):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL may be written by many")
    monkeypatch.setattr(settings.CONFIG, "web_workers", 2)
    with pytest.raises(Failure, match="VECHE_WEB_WORKERS"):
        server.check()
