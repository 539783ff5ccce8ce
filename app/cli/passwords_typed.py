"""A new password, as a person types it twice or a program sends it once."""

import sys

import typer

from app.cli.values import NotUnderstood


def new_password() -> str:
    """
    Raises:
        NotUnderstood: nothing came in.
    """
    if sys.stdin.isatty():
        typed: str = typer.prompt(
            "New password", hide_input=True, confirmation_prompt=True, err=True
        )
        return typed
    password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    if not password:
        raise NotUnderstood("The new password is read from standard input, which is empty")
    return password
