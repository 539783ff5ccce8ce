"""``countersign parties``: vendors and customers."""

from typing import Annotated, Final

import typer

from app.cli import names, options, output, values
from app.cli.bounced_mail import told_of
from app.cli.options import AsMe, Json, Pairs, example
from notifications.addresses import normalised, valid_address
from notifications.translations import LANGUAGES
from workflow.counterparties import Counterparty
from workflow.interchange.errors import NotReadable
from workflow.phrases import phrase as _
from workflow.service import parties
from workflow.statuses import Area

commands = options.group("Vendors and customers: where their documents go, credit, restrictions.")


def _address(text: str) -> str:
    if text and not valid_address(text):
        raise NotReadable(_("is no email address"))
    return normalised(text)


def _language(text: str) -> str:
    if text not in {"", *LANGUAGES}:
        raise NotReadable(_("is not one of {value}", value=", ".join(LANGUAGES)))
    return text


def _area(text: str) -> Area:
    found = AREAS.get(text.casefold())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(AREAS)}.")
    return found


AREAS: Final = {
    **{area.value: area for area in Area},
    "vendor": Area.PURCHASE,
    "customer": Area.SALES,
}
READERS: Final = values.readers_of(Counterparty, without=["area", "number"]) | {
    "email": _address,
    "language": _language,
}


@commands.command("list", **example("countersign parties list"))
def list_parties(as_json: Json = False) -> None:
    """List the vendors and customers that something is known of."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        stored = uow.parties.counterparties()
        bounces = app.read.bounces(app.clock())
    rows = [
        vars(one) | {"last_email": "; ".join(told_of(app, one.email, bounces))} for one in stored
    ]
    output.show_rows(rows, as_json=as_json, empty="There are no vendors or customers yet.")


@commands.command(
    "set",
    **example(
        "countersign parties set purchase V100 name='Desks Ltd' email=orders@desks.nl",
        "countersign parties set customer C20 language=nl credit_limit_lcy=5000",
    ),
)
def set_fields(
    area: Annotated[
        Area,
        typer.Argument(
            metavar="purchase|sales",
            parser=_area,
            help="purchase or vendor: a vendor; sales or customer: a customer.",
        ),
    ],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="As in the documents.")],
    fields: Pairs,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Add a vendor or customer, or change fields of one."""
    changes = values.read_values(values.pairs(fields), READERS)
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        changed = parties.set_counterparty(app.uow(), area, number, changes, actor)
    output.show_result(vars(changed), f"{changed.title} is set up.", as_json=as_json)
