"""Signing in with Microsoft, as the settings have it."""

from pathlib import Path

from app.settings import PREFIX, Settings, WrongSettings
from web.entra import Entra
from web.paths import ENTRA_DONE

LOOPBACK = ("http://localhost", "http://127.0.0.1")


def entra_of(settings: Settings) -> Entra | None:
    """None where it is not set up.

    Raises:
        WrongSettings: half of it is, or nobody could sign in at all.
    """
    given = {
        "ENTRA_TENANT": settings.entra_tenants,
        "ENTRA_CLIENT_ID": settings.entra_client_id,
        "ENTRA_CLIENT_SECRET": settings.entra_client_secret or settings.entra_client_secret_file,
    }
    if not any(given.values()):
        if not settings.local_passwords:
            raise WrongSettings(
                f"{PREFIX}LOCAL_PASSWORDS: off, and there is no other way to sign in"
            )
        return None
    for name, value in {**given, "BASE_URL": settings.base_url}.items():
        if not value:
            raise WrongSettings(f"{PREFIX}{name}: is needed to sign in with Microsoft Entra")
    if not settings.base_url.startswith(("https://", *LOOPBACK)):
        raise WrongSettings(f"{PREFIX}BASE_URL: Microsoft Entra sends people to https only")
    return Entra(
        tenants=settings.entra_tenants,
        client_id=settings.entra_client_id,
        client_secret=_secret(settings),
        authority=settings.entra_authority,
        redirect_uri=settings.base_url + ENTRA_DONE,
        ca_file=str(settings.entra_ca_file or ""),
    )


def _secret(settings: Settings) -> str:
    if settings.entra_client_secret is not None:
        return settings.entra_client_secret.get_secret_value()
    file = settings.entra_client_secret_file or Path()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{PREFIX}ENTRA_CLIENT_SECRET_FILE: {error}") from None
