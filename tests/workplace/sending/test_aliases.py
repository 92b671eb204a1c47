"""What a spelling means: suggested, confirmed once by a person, known to every workbook after."""

from django.urls import reverse

from sending.sending_workbooks import DAY, GOOD, HEADER, TITLE, workbook
from workplace.events.models import Event
from workplace.jobs.worker import work_off
from workplace.sending.models import Alias, ProblemRow


def confirm(client, upload, kind: str, spelling: str, target: str):
    data = {"kind": kind, "spelling": spelling, "target": target}
    return client.post(reverse("sending:alias", args=[upload.pk]), data)


def test_a_unit_is_confirmed_and_its_rows_are_read(send, client_of):
    upload = send(workbook(["青石镇人民政府", DAY, "中心组学习", "读书会", 12, 11], GOOD))
    client = client_of("clerk1")
    assert ["unit", "青石镇人民政府", "T1", 1] in upload.plan["suggestions"]
    page = client.get(reverse("sending:uploaded", args=[upload.pk])).content.decode()
    assert "青石镇人民政府" in page
    assert confirm(client, upload, "unit", "青石镇人民政府", "T1").status_code == 302
    work_off()
    upload.refresh_from_db()
    assert upload.account[0]["kept"] == 2
    assert not ProblemRow.objects.exists()
    assert upload.plan["suggestions"] == []
    alias = Alias.objects.get()
    assert (alias.confirmed_by.username, alias.target) == ("clerk1", "T1")
    assert Event.objects.filter(action="sending.alias_confirmed").count() == 1


def test_a_header_is_confirmed(send, client_of):
    rows = [TITLE, [*HEADER[:4], "学习的时长"], ["青石镇", DAY, "中心组学习", "读书会", 90]]
    upload = send(workbook(GOOD, 学习二=rows))
    target = "study_sessions.minutes_total"
    assert ["header", "学习的时长", target, 1] in upload.plan["suggestions"]
    confirm(client_of("clerk1"), upload, "header", "学习的时长", target)
    work_off()
    upload.refresh_from_db()
    assert not any(p["code"] == "header_unknown" for p in upload.problems)


def test_only_what_is_suggested_can_be_confirmed(send, client_of):
    upload = send(workbook(["青石镇人民政府", DAY, "中心组学习", "读书会", 12, 11]))
    client = client_of("clerk1")
    for kind, spelling, target in (
        ("unit", "青石镇人民政府", "T2"),
        ("unit", "青石镇", "T2"),
        ("header", "实到人数", "study_sessions.expected"),
        ("", "", ""),
    ):
        assert confirm(client, upload, kind, spelling, target).status_code == 404
    assert not Alias.objects.exists()


def test_confirmed_twice_is_confirmed_once(send, client_of):
    upload = send(workbook(["青石镇人民政府", DAY, "中心组学习", "读书会", 12, 11]))
    for _ in range(2):
        confirm(client_of("clerk1"), upload, "unit", "青石镇人民政府", "T1")
    assert Alias.objects.count() == 1
