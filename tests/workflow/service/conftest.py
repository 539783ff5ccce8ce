"""Ann's company: the cast, one workflow for purchase orders, and her order PO-1."""

import pytest

from memory_store import MemoryUnitOfWork, office
from people import CAST, order, workflow
from workflow.documents import DocumentKey


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return office(workflow(), people=CAST, documents=[order()])


@pytest.fixture
def key() -> DocumentKey:
    return order().key
