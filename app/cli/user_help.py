"""The help of ``countersign users set``: every field with what it is for, in our language."""

from typing import Any

from typer.core import TyperCommand

from app.cli.mail_help import language
from notifications.user_words import described_fields
from workflow.approval_users import FIELDS


class DescribedFields(TyperCommand):
    """A command whose help describes the fields it takes."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as declared there
        about = described_fields(language())
        lines = [f"{name}: {about[name]}" for name in FIELDS]
        first = (self.help or "").partition("\n")[0]
        self.help = "\n\n".join([first, *lines])
        super().format_help(ctx, formatter)
