"""Signed notes as the Go checksum database and C2SP write them."""

import contextlib
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.journal.rules import notes
from veche.commons.journal.rules.notes import COSIGNING, Checkpoint, Note, Verifier

# golang.org/x/mod/sumdb/note: the key and the note of its documentation.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNED = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The public log of Go modules, as it was read on its address.
GO_SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def a_key(name="example.org/journal", kind=notes.PLAIN, seed=1):
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Verifier(name, private.public_key().public_bytes_raw(), kind), private


def test_the_note_of_peter_neumann_is_signed_by_him():
    note, key = Note.parse(SIGNED), Verifier.parse(PETER)
    assert note.signed_by(key)
    assert (key.name, key.id.hex()) == ("PeterNeumann", "c74f20a3")
    assert str(note) == SIGNED
    assert str(key) == PETER


def test_one_letter_more_and_his_signature_is_false():
    with pytest.raises(ValueError, match="false"):
        Note.parse(SIGNED.replace("answer", "answers")).signed_by(Verifier.parse(PETER))


def test_the_key_of_the_go_checksum_database_is_read():
    assert Verifier.parse(GO_SUMDB).id.hex() == "033de0ae"


@pytest.mark.parametrize(
    "text",
    [
        "", "PeterNeumann", PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("ARpc", "AhpC"), PETER[:-4], PETER.replace("+c74f20a3", ""), PETER + "AA",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match="key"):
        Verifier.parse(text)


@pytest.mark.parametrize(
    "content",
    [
        "", "a\n", "a\n\n", "a\n\n— x\n", "a\n\n— x AAAA\n", "a\n\nx AAAAAAAA\n", "a\n\n— a b AAAAAAAA\n",
        "a\r\n\n— x AAAAAAAA\n", SIGNED.rstrip("\n"), SIGNED + "\n", "a\0\n\n— x AAAAAAAA\n",
        "a\n\n" + "— x AAAAAAAAAA==\n" * 65,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(content):
    with pytest.raises(ValueError, match=r"note|signature"):
        Note.parse(content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "\n1\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "a\n1x\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(ValueError, match=r"checkpoint|hash"):
        Checkpoint.parse(text)


def test_a_checkpoint_keeps_its_lines_and_extensions_change_nothing():
    root = b64encode(bytes(32)).decode()
    text = f"go.sum database tree\n20\n{root}\n"
    assert (
        Checkpoint.parse(text)
        == Checkpoint.parse(text + "extension\n")
        == Checkpoint("go.sum database tree", 20, bytes(32))
    )
    assert Checkpoint.parse(text).text == text


def test_a_root_has_one_spelling_only():
    good = b64encode(bytes(31) + b"\1").decode()
    with pytest.raises(ValueError, match="hash"):
        notes.hash_of(good[:-2] + chr(ord(good[-2]) + 1) + "=")


def test_a_cosignature_binds_its_time_and_the_text():
    key, private = a_key("witness.example.org", COSIGNING)
    text = f"example.org/journal\n3\n{b64encode(bytes(32)).decode()}\n"
    signature = notes.cosigned(text, key, private, at=1_700_000_000)
    note = Note(text, (signature,))
    assert note.signed_by(key).signed_at == 1_700_000_000
    later = notes.Signature(
        signature.name, signature.id, (1_700_000_001).to_bytes(8, "big") + signature.content[8:]
    )
    with pytest.raises(ValueError, match="false"):
        Note(text, (later,)).signed_by(key)
    assert notes.cosigners(Note(text, (later,)), [key]) == []
    # The same key used for logs is another key: its signatures are not taken for those of a witness.
    assert note.signed_by(a_key("witness.example.org")[0]) is None


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1), st.data())
def test_no_letter_of_a_signed_note_may_change(text, data):
    key, private = a_key()
    note = Note.parse(notes.signed_text(text + "\n", key, private))
    assert note == notes.signed(text + "\n", key, private)
    assert note.signed_by(key)
    content = str(note).encode()
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(ValueError):
        assert not Note.parse(changed.decode()).signed_by(key)


def test_a_short_signature_or_key_is_false_and_breaks_nothing():
    key, _ = a_key("w", COSIGNING)
    for content in (b"\0", bytes(8), bytes(71), bytes(73)):
        with pytest.raises(ValueError, match="false"):
            Note("a\n", (notes.Signature("w", key.id, content),)).signed_by(key)
