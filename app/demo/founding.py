"""Founding the company of the demo, through the same services as a company of one's own."""

from dataclasses import dataclass

from app.bootstrap import Application
from app.demo.company import DemoCompany
from db import schema
from notifications.mail_setup import MailSetup
from notifications.setup_changes import changed
from workflow.service.importing import import_documents, import_users
from workflow.service.setting_up import enable_workflow, save_workflow, set_group
from workflow.user_accounts import UserAccount

FOUNDER = "DEMO"  # nobody of the company, so that nobody raises his own authority


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where the company's account signs in."""

    host: str
    port: int
    password: str


def found(application: Application, company: DemoCompany, server: MailServer) -> None:
    """Fill a new database."""
    schema.upgrade(application.settings.database_url)
    _set_up_mail(application, company, server)
    _set_up_approvals(application, company)
    _take_in_documents(application, company)


def _set_up_mail(application: Application, company: DemoCompany, server: MailServer) -> None:
    typed = {
        "server": server.host,
        "port": str(server.port),
        "password": server.password,
        **company.mail,
    }
    setup, _ = changed(MailSetup(), typed)
    application.mail_setups.save(setup)


def _set_up_approvals(application: Application, company: DemoCompany) -> None:
    uow, founder = application.uow(), application.actor(FOUNDER)
    import_users(uow, company.users, founder)
    for user in company.users:  # nobody needs a password there: the demo lets you be anybody
        application.user_accounts.save(UserAccount(user_id=user.user_id))
    for group, members in company.groups.items():
        set_group(uow, group, members, founder)
    for workflow in company.workflows:
        save_workflow(uow, workflow, founder)
        enable_workflow(uow, workflow.code, founder)


def _take_in_documents(application: Application, company: DemoCompany) -> None:
    uow = application.uow()
    with uow:
        for counterparty in company.counterparties:
            uow.parties.save_counterparty(counterparty)
        uow.commit()
    import_documents(uow, company.documents, application.actor(FOUNDER))
