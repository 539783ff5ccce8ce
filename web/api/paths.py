"""Where the API is."""

from typing import Final

API: Final = "/api"
V1: Final = "/v1"
OPENAPI: Final = f"{V1}/openapi.json"  # within the API
DOCS: Final = f"{V1}/docs"
REFERENCE: Final = f"{API}{DOCS}"
