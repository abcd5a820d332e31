import os
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from veche.commons.search import queries, rules, services, tasks
from veche.commons.search.adapters.on_disk import IndexOnDisk
from veche.commons.search.models import Document
from veche.commons.search.ports import EQUIPMENT
from veche.commons.search.terms import NewDocument
from veche.commons.search.tests.conftest import CITY, KIND, NOON
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

pytestmark = pytest.mark.django_db


def found(text: str) -> set[UUID]:
    return {hit.subject_id for hit in queries.find(CITY, text)}


def now() -> datetime:
    return datetime.now(UTC)


def settle() -> None:
    """Build, and read the last minute once more: what a new index cannot know to be settled."""
    tasks.follow_documents()
    tasks.follow_documents()


def test_the_first_follower_builds_the_index(put):
    ref = put("Яма")
    assert tasks.follow_documents() == 1
    assert found("яма") == {ref.id}


def test_new_words_replace_the_old(put):
    ref = put("Яма")
    tasks.follow_documents()
    put("Фонарь", ref=ref)
    assert tasks.follow_documents() == 1
    assert found("яма") == set()
    assert found("фонарь") == {ref.id}
    assert EQUIPMENT.need_index().size() == 1


def test_hidden_and_forgotten_documents_are_found_no_more(put):
    kept, hidden, forgotten = put("Яма"), put("Яма"), put("Яма")
    tasks.follow_documents()
    services.hide_document(hidden)
    services.forget_document(forgotten)
    tasks.follow_documents()
    assert found("яма") == {kept.id}
    assert Document.objects.get(subject_id=forgotten.id).title == ""


def test_a_hidden_document_is_found_again_once_it_is_put_again(put):
    ref = put("Яма")
    services.hide_document(ref)
    tasks.follow_documents()
    assert found("яма") == set()
    put("Яма", ref=ref)
    tasks.follow_documents()
    assert found("яма") == {ref.id}


def test_when_nothing_changed_following_costs_one_query(put, django_assert_num_queries):
    put("Яма")
    tasks.follow_documents()
    tasks.follow_documents(now() + timedelta(minutes=5))
    with django_assert_num_queries(1 if _is_sqlite() else 2):
        assert tasks.follow_documents(now() + timedelta(minutes=6)) == 0


def test_following_twice_changes_nothing(put):
    put("Яма")
    put("Фонарь")
    settle()
    put("Свалка")
    assert tasks.follow_documents() == 1
    assert tasks.follow_documents() == 0
    assert EQUIPMENT.need_index().size() == 3


def test_a_transaction_that_commits_late_is_not_overlooked(put):
    put("Первая")
    settle()
    late = put("Поздняя яма")
    put("Вторая")
    row = Document.objects.get(subject_id=late.id)
    Document.objects.filter(subject_id=late.id).delete()  # its transaction is not committed yet
    assert tasks.follow_documents() == 1
    row.save(force_insert=True)  # now it is, with a revision that lies behind us
    assert tasks.follow_documents() == 1
    assert found("поздняя") == {late.id}


def test_what_is_settled_is_not_read_again(put, index):
    for n in range(5):
        put(f"Яма {n}")
    tasks.follow_documents()
    put("Ещё яма")
    tasks.follow_documents()
    assert index.followed().seen
    tasks.follow_documents(now() + timedelta(minutes=2))
    followed = index.followed()
    assert not followed.seen
    assert followed.read_on == queries.latest_revision()


def test_a_clock_that_was_set_back_hides_nothing(put):
    first = put("Яма")
    future = UUID(int=rules.first_revision_of(now() + timedelta(days=400)).int)
    Document.objects.filter(subject_id=first.id).update(revision=future)
    tasks.follow_documents()
    second = put("Яма")
    tasks.follow_documents()
    assert found("яма") == {first.id, second.id}


def test_many_documents_are_put_at_once_and_each_has_its_own_revision():
    refs = [SubjectRef(KIND, new_id()) for _ in range(1200)]
    assert services.put_documents(NewDocument(ref, CITY, "", "Яма", "", NOON) for ref in refs) == 1200
    assert Document.objects.values("revision").distinct().count() == 1200
    assert tasks.follow_documents() == 1200
    settle()
    services.put_documents(NewDocument(ref, CITY, "", "Фонарь", "", NOON) for ref in refs[:700])
    assert tasks.follow_documents() == 700
    assert len(queries.find(CITY, "фонари", limit=2000)) == 700


def test_only_one_process_of_a_node_writes(put, index, tmp_path):
    put("Яма")
    with index.alone() as first, IndexOnDisk(tmp_path / "search").alone() as second:
        assert (first, second) == (True, False)
        assert services.rebuild(now()) is None
        assert tasks.follow_documents() == 0
        with pytest.raises(CommandError):
            call_command("search_rebuild", stdout=StringIO())


def test_a_reader_sees_what_another_process_wrote(put, tmp_path, monkeypatch):
    put("Яма")
    tasks.follow_documents()
    reader, writer = IndexOnDisk(tmp_path / "search"), EQUIPMENT.index
    monkeypatch.setattr(EQUIPMENT, "index", reader)
    assert len(found("яма")) == 1
    monkeypatch.setattr(EQUIPMENT, "index", writer)
    put("Яма")
    tasks.follow_documents()
    services.rebuild(now())
    put("Яма")
    tasks.follow_documents()
    monkeypatch.setattr(EQUIPMENT, "index", reader)
    assert len(found("яма")) == 3


def _spoil_state(home):
    (home / "followed.json").write_text("{")


def _lose_state(home):
    (home / "followed.json").unlink()


def _spoil_meta(home):
    (home / "meta.json").write_text("not json")


def _lose_meta(home):
    (home / "meta.json").unlink()


def _lose_segments(home):
    for path in home.iterdir():
        if path.suffix in {".idx", ".term", ".store", ".fast"}:
            path.unlink()


def _cut_segments(home):
    for path in home.iterdir():
        if path.suffix in {".idx", ".term", ".store", ".fast", ".fieldnorm"}:
            os.truncate(path, path.stat().st_size // 2)


def _lose_all(home):
    for path in list(home.iterdir()):
        path.unlink()
    home.rmdir()


def _point_astray(home):
    (home.parent / "current").write_text("../../etc")


@pytest.mark.parametrize(
    "harm",
    [
        _spoil_state,
        _lose_state,
        _spoil_meta,
        _lose_meta,
        _lose_segments,
        _cut_segments,
        _lose_all,
        _point_astray,
    ],
)
def test_a_damaged_or_lost_index_builds_itself_anew(put, harm, tmp_path, monkeypatch):
    ref = put("Яма")
    tasks.follow_documents()
    home = tmp_path / "search" / (tmp_path / "search" / "current").read_text()
    harm(home)
    monkeypatch.setattr(EQUIPMENT, "index", IndexOnDisk(tmp_path / "search"))  # a process that starts now
    assert found("яма") in (set(), {ref.id})
    tasks.follow_documents()
    assert found("яма") == {ref.id}
    assert len(list((tmp_path / "search").glob("v*"))) == 1


def test_the_command_builds_anew_and_says_how_many(put):
    put("Яма")
    services.hide_document(put("Тайна"))
    out = StringIO()
    call_command("search_rebuild", stdout=out)
    assert "1 documents can be found" in out.getvalue()


def test_people_search_while_the_index_changes(put, index):
    put("Яма")
    services.follow(NOON)
    answers: list[int] = []

    def ask():
        answers.extend(len(queries.find(CITY, "яма")) for _ in range(200))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(5):
        put("Яма")
        tasks.follow_documents()
    for asker in askers:
        asker.join()
    assert len(answers) == 600
    assert min(answers) >= 1


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"
