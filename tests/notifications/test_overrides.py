"""A company's own templates: in the mail when they work, and never in its way when they do not."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import open_database
from db.queries import SqlQueries
from db.tables import mail_overrides
from db.unit_of_work import SqlUnitOfWork
from db.wordings import SqlWordings
from example_events import ANN, BOB, CID, COMPANY, requested
from mail_post import DOMAIN, Post
from notifications import override_running
from notifications.examples import examples_of
from notifications.messages import MERGED
from notifications.outbox import bundle_notifications, expand_events
from notifications.override_process import CHARACTERS, FILTERS, MEMORY, OPEN_FILES, READY
from notifications.override_running import PROGRAM, RENDERS_WITHIN, BrokenOverride, rendered
from notifications.override_trials import OverrideRefused, try_override
from notifications.rendering import message_names
from notifications.wording import BUILT_IN, FAILURES_ALLOWED, CustomWording
from workflow.wording import Override

NEEDED = "{{ event.document.title }} {{ event.document.amount }} {{ sent_by }}"
LISTENS = "import sys; print('ready', flush=True); sys.stdin.read();"
BOMBS = {
    "class of a text": "{{ ''.__class__ }}",
    "class by a filter": "{{ ''|attr('__class__') }}",
    "method of a text": "{{ '%s'.format(1) }}",
    "the template itself": "{{ self.__init__.__globals__ }}",
    "the library's helpers": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "a file": "{% include '/etc/passwd' %}",
    "an import": "{% import 'os' as os %}",
    "a long range": "{% for one in range(10**9) %}{% endfor %}",
    "an endless loop": "{% for a in 'x' * 9**6 %}{% for b in 'x' * 9**6 %}{% endfor %}{% endfor %}",
    "a number without an end": "{{ 9 ** (9 ** 8) }}",
    "much memory": "{{ 'x' * 900000000 }}",
    "much memory by a filter": "{{ 'x'|indent(900000000, true) }}",
    "much output": "{% for a in 'x' * 99999 %}{{ 'y' * 9999 }}{% endfor %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "brackets without an end": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "a name that is not there": "{{ colour }}",
    "half a tag": "{% if event %}",
}
HOSTILE_PAGES = {
    "script": "<script>1</script>",
    "image": '<img src="https://tracker.example/x.gif" alt="">',
    "form": "<form action='https://evil.example'></form>",
    "style from elsewhere": "<style>@import 'https://evil.example';</style>",
    "picture in a style": "<p style=\"background: url('https://evil.example')\">a</p>",
    "handler": "<p onclick='a()'>a</p>",
    "link to a script": "<a href='javascript:alert(1)'>a</a>",
    "link without encryption": "<a href='http://example.com'>a</a>",
    "link to something": "<link rel='preload' href='https://evil.example/a.css'>",
    "refresh": "<meta http-equiv='refresh' content='0; url=https://evil.example'>",
    "conditional comment": "<!--[if mso]><b>a</b><![endif]-->",
    "no escaping": "{% autoescape false %}{{ event.document.description }}{% endautoescape %}",
    "attribute without quotes": "<p title={{ event.document.description }}>a</p>",
    "link of a stranger": '<a href="https://{{ event.document.description }}">a</a>',
}


def override(**parts) -> Override:
    return Override(message="approval_requested", language="en", **parts)


# --- the process -----------------------------------------------------------------------------


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_template_that_does_harm_is_ended_within_seconds(source):
    began = time.monotonic()
    with pytest.raises(BrokenOverride):
        rendered({"body.txt": source}, {"event": {}})

    assert time.monotonic() - began < RENDERS_WITHIN + 8  # with the time a busy machine takes


@pytest.mark.parametrize("name", ["much memory", "much memory by a filter"])
def test_memory_is_refused_before_the_machine_runs_out_of_it(name):
    with pytest.raises(BrokenOverride, match="too much memory"):
        rendered({"body.txt": BOMBS[name]}, {})


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="only Linux tells them")
def test_the_limits_are_in_force_before_a_template_is_read(monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "geheim")
    with override_running._started() as process:
        assert process.stdout.readline() == READY
        limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="utf-8")
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()

    found = {
        name: [int(number) for number in numbers]
        for name, *numbers in re.findall(r"^Max (.+?) {2,}(\d+) +(\d+) ", limits, re.MULTILINE)
    }
    assert found["address space"] == [MEMORY, MEMORY]
    assert found["open files"] == [OPEN_FILES, OPEN_FILES]
    assert found["file size"] == found["core file size"] == [0, 0]
    assert max(found["cpu time"]) <= 4
    assert b"COUNTERSIGN" not in environment


def test_the_words_are_rendered_with_the_given_names_and_nothing_else():
    words = rendered(
        {"subject.txt": "{{ a.b }}\n", "body.html": "<p>{{ subject }} {{ c|lines }}</p>"},
        {"a": {"b": "R&D"}, "c": "1 <\n2"},
    )

    assert words["subject.txt"] == "R&D"
    assert "<p>R&amp;D 1 &lt;<br>2</p>" in words["body.html"]


def test_a_style_sheet_from_elsewhere_is_neither_fetched_nor_kept():
    sheet = "<link rel='stylesheet' href='https://evil.example/a.css'>"
    words = rendered({"body.html": f"<html><head>{sheet}</head><body>a</body></html>"}, {})

    assert "evil.example" not in words["body.html"]


def test_the_line_that_is_broken_is_named():
    with pytest.raises(BrokenOverride, match=r"^body\.txt line 3: 'colour' is undefined"):
        rendered({"body.txt": "one\ntwo\n{{ colour }}\n"}, {})
    with pytest.raises(BrokenOverride, match=r"^body\.txt line 2: "):
        rendered({"body.txt": "one\n{% endif %}\n"}, {})


def test_the_process_gets_none_of_our_settings_and_imports_nothing_of_ours():
    source = PROGRAM.read_text(encoding="utf-8")

    for package in ("workflow", "notifications", "db", "app"):
        assert f"import {package}" not in source
        assert f"from {package}" not in source


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize("part", ["body.txt", "body.html"])
def test_every_filter_works_where_no_file_can_be_opened(part, name):
    arguments = "('o', 'é')" if name == "replace" else ""
    words = rendered({part: "{{ ('one' ~ '\\n' ~ 2)|" + name + arguments + " }}"}, {})

    assert words[part].strip()


def test_a_part_may_not_be_longer_than_a_letter_can_be():
    with pytest.raises(BrokenOverride, match=f"more than {CHARACTERS} characters"):
        rendered({"body.txt": "{{ a }}"}, {"a": "x" * (CHARACTERS + 1)})


# --- trying before storing -------------------------------------------------------------------


@pytest.mark.parametrize("source", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES)
def test_a_page_that_is_no_letter_is_refused(source):
    with pytest.raises(OverrideRefused, match=r"body\.html"):
        try_override(override(html=f"<p>{NEEDED}</p>{source}"), BUILT_IN, COMPANY)


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ({"subject": "Please decide"}, r"subject\.txt: the document's number"),
        (
            {"text": "{{ event.document.amount }} {{ sent_by }}"},
            r"body\.txt: the document's number",
        ),
        ({"text": "{{ event.document.title }} {{ sent_by }}"}, r"body\.txt: the amount"),
        ({"html": "{{ event.document.title }} {{ event.document.amount }}"}, r"\{\{ sent_by \}\}"),
        ({"subject": "PO\n{{ event.document.title }}"}, "one line"),
        ({"html": f"<style>{NEEDED}</style>"}, r"body\.html"),
    ],
)
def test_a_template_that_leaves_out_what_a_reader_needs_is_refused(parts, missing):
    with pytest.raises(OverrideRefused, match=missing):
        try_override(override(**parts), BUILT_IN, COMPANY)


@pytest.mark.parametrize("message", sorted(message_names()))
def test_every_letter_can_have_a_template(message):
    about = "" if message in MERGED else "{{ event.document.title }} "
    shown = "{{ one.document.title }} {{ one.document.amount }}"
    text = f"{about}{{% for one in events %}}{shown}{{% endfor %}} {{{{ sent_by }}}}"
    given = Override(message=message, language="nl", text=text)

    try_override(given, CustomWording(message=message), COMPANY)
    assert examples_of(message)


# --- in the mail -----------------------------------------------------------------------------


@pytest.fixture
def post(database_url):
    engine = open_database(database_url)
    with SqlUnitOfWork(engine) as work:
        for person in (ANN, BOB, replace(CID, administrator=True)):
            work.users.save(person)
        work.commit()
    yield Post(engine)
    engine.dispose()


@pytest.fixture
def server(mail_server):
    return mail_server(tls=False, sign_in=False)


@pytest.fixture
def setup(server):
    return server.setup(send_as="noreply@contoso.com")


def store(post, **parts) -> Override:
    """Past the trial, as a template that broke later."""
    with SqlUnitOfWork(post.engine) as work:
        stored = work.wordings.save_override(override(**parts))
        work.commit()
    return stored


def stored(post):
    with post.engine.connect() as connection:
        return connection.execute(sa.select(mail_overrides)).one()


def warnings(post):
    return [one.event for one in SqlQueries(post.engine).events_about("approval_requested/en")]


def text_of(received) -> str:
    letter = message_from_bytes(received.raw, policy=modern)
    return letter.get_body(("plain",)).get_content()


def test_a_letter_goes_out_in_the_words_of_the_template(post, server, setup):
    store(
        post,
        subject="Yes? {{ event.document.title }}",
        text=f"Hello {NEEDED}",
        html=f"<p>{NEEDED}</p>",
    )
    post.queue(requested())
    post.deliver(setup)

    (received,) = server.received
    letter = message_from_bytes(received.raw, policy=modern)
    assert letter["Subject"] == "Yes? purchase order 106001"
    assert text_of(received).startswith("Hello purchase order 106001 €12,450.50 Sent by")
    assert "<p>purchase order 106001" in letter.get_body(("html",)).get_content()
    assert warnings(post) == []


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_broken_template_does_not_keep_a_mail_from_being_sent(post, server, setup, source):
    store(post, text=NEEDED + source)
    post.queue(requested())
    report = post.deliver(setup)

    assert report.sent == 1
    (received,) = server.received
    assert text_of(received).startswith("Ann Lee asks for your approval")
    (warning,) = warnings(post)
    assert warning.tell == ("CID",)
    assert stored(post).problem == warning.text != ""


def test_administrators_are_told_once_of_a_version_and_it_is_set_aside(post, server, setup):
    first = store(post, text="{{ colour }}")
    for _ in range(FAILURES_ALLOWED + 2):
        post.queue(requested())
    report = post.deliver(setup)
    expand_events(post.outbox, now=post.now)
    bundle_notifications(post.outbox, now=post.now, domain=DOMAIN)
    post.deliver(setup)

    assert report.sent == FAILURES_ALLOWED + 2
    assert (stored(post).failures, stored(post).set_aside) == (FAILURES_ALLOWED, True)
    assert [(one.tell, one.set_aside, one.version) for one in warnings(post)] == [
        (("CID",), False, first.version),
        ((), True, first.version),
    ]
    told = [text_of(one) for one in server.received if one.recipients == ["cid@contoso.com"]]
    assert len(told) == 1
    assert "approval_requested/en does not work" in told[0]
    assert "'colour' is undefined" in told[0]

    again = store(post, text="{{ colour }}")
    post.queue(requested())
    post.deliver(setup)
    assert again.version > first.version
    assert [one.version for one in warnings(post)] == [first.version, first.version, again.version]


def test_failures_count_although_the_mail_cannot_go_out_yet(post, server):
    store(post, text="{{ colour }}")
    post.queue(requested())
    nobody = server.setup()  # no address to send from
    for _ in range(FAILURES_ALLOWED):
        post.deliver(nobody)
        post.now += timedelta(days=1)

    assert server.received == []
    assert stored(post).set_aside


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("raise SystemExit", "did not start"),
        ("print('ready')", "ended before it was done"),
        (LISTENS + "print('{\"words\"')", "middle of its answer"),
        (LISTENS + "print('[1]')", "AttributeError"),
        (LISTENS + "print('x' * 2_000_000)", "more than any letter can carry"),
    ],
)
def test_a_process_that_goes_wrong_does_not_keep_a_mail_from_being_sent(
    post, server, setup, tmp_path, monkeypatch, program, problem
):
    file = tmp_path / "program.py"
    file.write_text(program, encoding="utf-8")
    monkeypatch.setattr(override_running, "PROGRAM", file)
    store(post, text=NEEDED)
    post.queue(requested())
    post.deliver(setup)

    assert text_of(server.received[0]).startswith("Ann Lee asks for your approval")
    assert problem in stored(post).problem


def test_what_was_written_before_the_template_changed_is_sent_again_as_it_was(post, server, setup):
    store(post, text=f"Hello {NEEDED}")
    post.queue(requested())
    server.replies["MAIL"] = ["451 4.3.0 later"]
    post.deliver(setup)
    before = post.rows()[0].raw
    store(post, text=f"Goodbye {NEEDED}")
    post.now = post.rows()[0].next_attempt_at
    post.deliver(setup)

    assert post.rows()[0].raw == before
    assert text_of(server.received[0]).startswith("Hello ")


def test_a_failure_of_a_version_that_is_gone_is_nobodys(post, server, setup):
    gone = store(post, text="{{ colour }}")
    post.queue(requested())
    post.deliver(setup)
    store(post, text=f"Hello {NEEDED}")
    SqlWordings(post.engine).failed(replace(warnings(post)[0], version=gone.version))

    assert stored(post).failures == 0
    assert len(warnings(post)) == 1
