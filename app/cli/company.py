"""``countersign company``: the choices that no single workflow can make."""

from dataclasses import replace
from typing import Any, Final

from app.cli import names, options, output, values
from app.cli.options import AsMe, Json, Pairs, example
from app.public_holidays import public_holidays
from workflow.options import CompanyOptions
from workflow.service import setting_up

commands = options.group("Choices for the whole company.")

READERS: Final = values.readers_of(CompanyOptions)


@commands.command(**example("countersign company show"))
def show(as_json: Json = False) -> None:
    """Show the company's choices."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        company = uow.company()
    output.show_facts(vars(company), as_json=as_json)


@commands.command("set", **example("countersign company set selection=all_or_nothing"))
def set_choices(choices: Pairs, by: AsMe = "", as_json: Json = False) -> None:
    """Change the company's choices."""
    changes: dict[str, Any] = values.read_values(values.pairs(choices), READERS)
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        with app.uow() as uow:
            uow.lock_setup()
            company = replace(uow.company(), **changes)
            if company.holidays:
                public_holidays(company.holidays)  # refuses a country that nobody knows
            setting_up.set_company(uow, company, actor)
            uow.commit()
    output.show_result(vars(company), "The company's choices are changed.", as_json=as_json)
