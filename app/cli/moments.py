"""Moments as the company's clock shows them."""

from datetime import datetime

from app.bootstrap import Application


def local(app: Application, moment: datetime | None) -> datetime | None:
    return moment.astimezone(app.settings.timezone) if moment else None
