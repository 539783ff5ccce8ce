"""Tables of the company's own words in mails."""

import sqlalchemy as sa

from db.metadata import METADATA, one_of, only, text
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
