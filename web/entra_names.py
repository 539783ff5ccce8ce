"""Who somebody is at Microsoft Entra, as administrators write it: TENANT/OBJECT."""

from workflow.errors import BadValue
from workflow.phrases import phrase as _


def entra_names(text: str) -> dict[str, str]:
    """The fields of an account; both empty for nobody there.

    Raises:
        BadValue
    """
    tenant, between, object_id = text.strip().casefold().partition("/")
    if text.strip() and not (tenant and between and object_id):
        raise BadValue("entra", text, _("is not two identifiers with a slash: tenant and object"))
    return {"entra_tenant": tenant, "entra_object": object_id}
