"""Tables of the company's own words in mails."""

import sqlalchemy as sa

from db.metadata import METADATA, new_id, number, one_of, only, text, yes_or_no
from workflow.wording import WordingPart

mail_wordings = sa.Table(
    "mail_wordings",
    METADATA,
    text("message", primary_key=True),  # *: every message
    text("language", primary_key=True),
    one_of("part", WordingPart, primary_key=True),
    text("text"),
    only("part", WordingPart),
)

# Templates of the company; an empty one leaves the built-in one in its place.
mail_overrides = sa.Table(
    "mail_overrides",
    METADATA,
    new_id(),  # the version: every change is a new row
    text("message"),
    text("language"),
    text("subject"),
    text("text"),
    text("html"),
    number("failures"),
    yes_or_no("set_aside"),
    text("problem"),  # the latest
    sa.UniqueConstraint("message", "language"),
    sqlite_autoincrement=True,
)
