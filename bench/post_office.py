"""``python -m bench.post_office``: the peer, django-post_office, in an environment of its own.

Its templates are in the database, a letter is queued by ``mail.send`` with one commit each, and
everything is delivered by what its command ``send_queued_mail`` runs.
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

ACCOUNT = "countersign@example.com"


def mailbox(user: str) -> str:
    return f'"{user}" <{user.lower()}@example.com>'


def set_up(url: str, port: int, threads: int) -> None:
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        DATABASES={"default": database(url)},
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "THREADS_PER_PROCESS": threads,
        },
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
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
    parser.add_argument("--threads", type=int, default=5)
    options = parser.parse_args()
    set_up(options.url, options.port, options.threads)
    from post_office import mail  # noqa: PLC0415 - not before it is set up
    from post_office.models import STATUS, Email, EmailTemplate  # noqa: PLC0415 - not before it is set up

    EmailTemplate.objects.create(
        name="request",
        subject=short_letter.SUBJECT,
        content=short_letter.TEXT,
        html_content=short_letter.HTML,
    )

    def play(first: int, end: int) -> tuple[float, float]:
        started, cpu = time.perf_counter(), time.process_time()
        for i in range(first, end):
            mail.send(
                mailbox(short_letter.approver(i)),
                mailbox(short_letter.requester(i)),
                template="request",
                context=short_letter.values(i),
                headers={"Sender": ACCOUNT},
            )
        mail.send_queued_mail_until_done(lockfile=lock, processes=1)
        return time.perf_counter() - started, time.process_time() - cpu

    total = options.warm_up + options.letters
    with tempfile.TemporaryDirectory() as folder:
        lock = f"{folder}/lock"
        play(0, options.warm_up)
        seconds, cpu = play(options.warm_up, total)
    sent = Email.objects.filter(status=STATUS.sent).count()
    if sent != total:
        sys.exit(f"{sent} letters of {total} were sent.")
    versions = f"django-post_office {version('django-post-office')}, Django {django.__version__}"
    print(json.dumps({"seconds": seconds, "cpu": cpu, "versions": versions}))


if __name__ == "__main__":
    main()
