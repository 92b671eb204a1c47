"""What approval puts on the desk."""

from workplace.approval.actions import give_back, sign


def _desk(client):
    return client.get("/").text


def test_heads_counties_and_clerks_each_find_their_own(client_of, people, returned_by):
    answer = returned_by()
    assert "/approval/sign/?round=" in _desk(client_of("head1"))
    assert "/approval/" not in _desk(client_of("head2")).split("<main", 1)[1]
    sign(by=people["head1"], answer=answer, version=answer.version)
    answer.refresh_from_db()
    assert "/approval/sign/?round=" not in _desk(client_of("head1"))
    assert "/approval/accept/?round=" in _desk(client_of("county"))
    give_back(by=people["county"], answer=answer, version=answer.version, reason="人数不符")
    clerk = _desk(client_of("clerk1"))
    assert f"/approval/{answer.pk}/remarks/" in clerk and "人数不符" in clerk
    assert "人数不符" not in _desk(client_of("clerk2"))
