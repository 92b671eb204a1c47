"""T1 is asked for something in an open round."""

import pytest

from made_returns import make_return, make_round


@pytest.fixture
def asked(people):
    """T1 is asked for the activities of the third quarter."""
    return make_return(make_round())
