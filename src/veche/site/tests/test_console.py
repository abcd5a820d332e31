"""`veche` ends with 0, 1 or 2 and says why in one sentence."""

import errno
import io
import json
import socket

import pytest
from pydantic import ValidationError

from veche.commons.places.queries import places_of
from veche.kernel.refusals import Refusal, Refused
from veche.site import server
from veche.site.config import Config
from veche.site.console import failures, main
from veche.site.console.table import COMMANDS, find, rooms_commands
from veche.site.console.waking import wake
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


def test_a_terminal_without_our_letters_is_still_told(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", terminal)
    assert main(["лети"]) == 2
    terminal.flush()
    assert b"there is no command" in terminal.buffer.getvalue()


def test_an_unknown_command_is_wrong_usage(capsys):
    assert main(["fly", "away"]) == 2
    assert "there is no command “fly away”" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("city laod", "city load"),
        ("migrat", "migrate"),
        ("report import", "reports import"),
        ("wroker x", "worker"),
    ],
)
def test_a_slip_of_the_keys_is_answered_with_the_command_that_was_meant(typed, meant, capsys):
    assert main(typed.split()) == 2
    assert f"Did you mean `veche {meant}`?" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_border_of_a_misspelt_place_is_told_with_the_name_that_is_closest(
    perm, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("LANG", "C.UTF-8")
    west = next(one for one in places_of(perm.id).values() if one.code == "west")
    name = west.names["ru"]
    square = {
        "type": "Polygon",
        "coordinates": [[[56.05, 57.95], [56.15, 57.95], [56.15, 58.05], [56.05, 57.95]]],
    }
    features = [
        {"type": "Feature", "properties": {"place": called}, "geometry": square}
        for called in ("west", f"{name}ъ", "Атлантида")
    ]
    file = tmp_path / "borders.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert main(["boundaries", "load", str(file), "--city", "perm"]) == 1
    misspelt, strange = capsys.readouterr().err.strip().splitlines()[-2:]
    assert misspelt.endswith(f"(“{name}”?)")
    assert "?" not in strange


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.words))
def test_every_command_has_help_and_refuses_strange_options(command, capsys):
    with pytest.raises(SystemExit) as shown:
        main([*command.words, "--help"])
    assert shown.value.code == 0
    with pytest.raises(SystemExit) as wrong:
        main([*command.words, "--no-such-option"])
    assert wrong.value.code == 2


@pytest.mark.parametrize("group", ["city", "boundaries", "reports", "search", "translations"])
def test_the_first_word_of_several_commands_tells_which_they_are(group, capsys):
    assert main([group, "--help"]) == 0
    helped = capsys.readouterr()
    assert main([group]) == 2
    assert capsys.readouterr().err == helped.out
    assert f"  {group} " in helped.out
    assert helped.err == ""


def test_two_words_are_found_before_one():
    assert find(["city", "load", "perm"])[1] == ["perm"]
    assert find(["city"]) is None


def test_commands_of_rooms_come_with_their_help(capsys):
    assert rooms_commands()["reports import"] == "Take over a file of reports from another system"
    assert main(["reports", "import", "--help"]) == 0
    assert "--pythonpath" not in capsys.readouterr().out


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


def test_a_list_that_is_no_list_is_named_with_an_example(monkeypatch, capsys):
    monkeypatch.setenv("VECHE_ALLOWED_HOSTS", "veche.example.org")
    assert failures.guarded(lambda: bool(Config())) == 1
    assert (
        capsys.readouterr().err
        == 'veche: VECHE_ALLOWED_HOSTS must be a JSON list, like ["veche.example.org"].\n'
    )


@pytest.mark.parametrize(("terminal", "words"), [("ru_RU.UTF-8", "нет пакета"), ("C.UTF-8", "no city pack")])
def test_the_console_speaks_as_the_terminal_does(terminal, words, monkeypatch, capsys):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", terminal)
    assert main(["city", "check", "/nowhere"]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--city", "atlantis", "--mapping", "no.toml"), "atlantis"),
        (("--city", "perm", "--mapping", "no.toml"), "there is no file “no.toml”"),
    ],
)
def test_what_a_room_refuses_is_one_sentence(perm, words, said, capsys):
    assert main(["reports", "import", "no.csv", *words]) == 1
    err = capsys.readouterr().err
    assert err.startswith("veche: ")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_one_sentence_said_soon(monkeypatch):
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file")
    nobody_there = connection.get_connection_params() | {"host": "127.0.0.1", "port": 1}
    monkeypatch.setattr(connection, "get_connection_params", lambda: nobody_there)
    with pytest.raises(Failure, match=r"does not answer: .*refused"):
        wake()


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
