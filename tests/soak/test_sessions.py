"""A quick form of the sessions of `make soak`."""

import pytest

from tests.soak.sessions import run

COUNT, KILLS = 10_000, 8


@pytest.mark.parametrize("qos", [1, 2])
def test_no_number_is_lost_over_kills(qos: int) -> None:
    result = run(COUNT, qos, KILLS)
    assert result.connects > KILLS
    assert result.faults(qos, COUNT) == []
    # Nothing is known to double numbers before packet ids repeat.
    assert qos == 1 or result.again == []
