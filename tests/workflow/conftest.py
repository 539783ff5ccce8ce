"""The cast's papers as fixtures, for tests that want a fresh story."""

import pytest

from people import CAST, Setup, Story


@pytest.fixture
def setup() -> Setup:
    return Setup(*CAST)


@pytest.fixture
def story() -> Story:
    """Ann's order of 500, which her own approver Bob can approve."""
    return Story()
