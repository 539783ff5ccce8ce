"""``python -m bench.django_mailer``: the peer, django-mailer, in an environment of its own.

The application renders each letter with Django's templates and hands it to the queue, which is one
commit; everything is delivered by what its command ``send_mail`` runs.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from importlib.metadata import version

import django
from django.conf import settings

from bench import short_letter
from bench.peers.django_side import database
from bench.post_office import ACCOUNT, mailbox


def set_up(url: str, port: int, lock: str) -> None:
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        DATABASES={"default": database(url)},
        INSTALLED_APPS=["mailer"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="mailer.backend.DbBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        MAILER_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        MAILER_LOCK_PATH=lock,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    logging.disable(logging.CRITICAL)  # what it would tell of every letter is not waited for
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - not before it is set up

    call_command("migrate", verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("port", type=int)
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--warm-up", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up(options.url, options.port, f"{folder}/lock")
        measure(options.warm_up, options.letters)


def measure(warm_up: int, letters: int) -> None:
    from django.core.mail import EmailMultiAlternatives  # noqa: PLC0415 - not before it is set up
    from django.template import Context, Template  # noqa: PLC0415 - not before it is set up
    from mailer.engine import send_all  # noqa: PLC0415 - not before it is set up
    from mailer.models import Message, MessageLog  # noqa: PLC0415 - not before it is set up

    subject, text, html = map(
        Template, (short_letter.SUBJECT, short_letter.TEXT, short_letter.HTML)
    )

    def play(first: int, end: int) -> tuple[float, float]:
        started, cpu = time.perf_counter(), time.process_time()
        for i in range(first, end):
            values = short_letter.values(i)
            plain = Context(values, autoescape=False)
            letter = EmailMultiAlternatives(
                subject.render(plain),
                text.render(plain),
                mailbox(short_letter.requester(i)),
                [mailbox(short_letter.approver(i))],
                headers={"Sender": ACCOUNT},
            )
            letter.attach_alternative(html.render(Context(values)), "text/html")
            letter.send()
        send_all()
        return time.perf_counter() - started, time.process_time() - cpu

    total = warm_up + letters
    play(0, warm_up)
    seconds, cpu = play(warm_up, total)
    sent = MessageLog.objects.filter(result="1").count()
    if sent != total or Message.objects.exists():
        sys.exit(f"{sent} letters of {total} were sent.")
    versions = f"django-mailer {version('django-mailer')}, Django {django.__version__}"
    print(json.dumps({"seconds": seconds, "cpu": cpu, "versions": versions}))


if __name__ == "__main__":
    main()
