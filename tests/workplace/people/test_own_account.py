"""My account: what everybody sees and changes of his own."""

from datetime import timedelta

from django.urls import reverse

from workplace.accounts.models import User
from workplace.events.models import Event
from workplace.people.actions.holdings import name_deputy
from workplace.units.tree import today

ME = reverse("accounts:me")


def test_everybody_has_one_and_sees_the_own_only(client_of, people):
    for name in ("clerk1", "nobody"):
        page = client_of(name).get(ME).content.decode()
        assert name in page
        assert "head2" not in page


def test_a_changed_name_is_saved_and_which_field_is_on_record(client_of, people):
    client_of("clerk1").post(ME, {"display_name": "李红", "email": "", "language": "en"})
    user = User.objects.get(username="clerk1")
    assert (user.display_name, user.language) == ("李红", "en")
    event = Event.objects.get(action="accounts.changed")
    assert event.facts == {"fields": ["display_name", "language"]}


def test_a_name_cannot_be_empty(client_of, people):
    assert client_of("clerk1").post(ME, {"display_name": ""}).status_code == 200
    assert User.objects.get(username="clerk1").display_name == "clerk1"


def test_my_deputies_stand_there(client_of, people):
    name_deputy(
        by=people["head1"], holding=people["head1"].holdings.get(), account=people["clerk1"],
        valid_from=today(), valid_to=today() + timedelta(days=3),
    )  # fmt: skip
    assert "clerk1" in client_of("head1").get(ME).content.decode()


def test_the_page_asks_the_database_little(client_of, people, django_assert_max_num_queries):
    client = client_of("head1")
    with django_assert_max_num_queries(14):
        client.get(ME)


def test_a_stranger_is_sent_to_sign_in(client_of):
    assert reverse("account_login") in client_of("").get(ME).url
