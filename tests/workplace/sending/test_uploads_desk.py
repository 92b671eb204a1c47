"""The desk reminds of workbooks that were read and wait for a decision."""

from django.urls import reverse

from sending.sending_workbooks import BAD, GOOD, workbook


def desk(client_of, name: str) -> str:
    return client_of(name).get(reverse("desk:home")).content.decode()


def test_a_workbook_to_look_at_stands_on_the_desk_of_those_who_enter(send, client_of):
    upload = send(workbook(GOOD, BAD))
    address = reverse("sending:uploaded", args=[upload.pk])
    assert address in desk(client_of, "clerk1")
    for name in ("clerk2", "head1", "auditor", "nobody"):
        assert address not in desk(client_of, name)
    client_of("clerk1").post(reverse("sending:set_aside", args=[upload.pk]))
    assert address not in desk(client_of, "clerk1")
