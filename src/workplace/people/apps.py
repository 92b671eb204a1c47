from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "workplace.people"
    label = "people"
    verbose_name = "Signing in, accounts, roles"

    def ready(self) -> None:
        from workplace.events.actions import register_actions
        from workplace.jobs.schedule import every_night
        from workplace.people import on_record
        from workplace.people.nightly import check_record
        from workplace.people.sentences import MENU, SENTENCES
        from workplace.web.registry import register_menu

        assert on_record  # its receivers are connected by being loaded
        register_actions(SENTENCES)
        every_night(check_record)
        for entry in MENU:
            register_menu(entry)
        # an app without models of its own is never told of a migration
        post_migrate.connect(_make_cache_table, sender=apps.get_app_config("accounts"))


def _make_cache_table(using: str, **_said: object) -> None:
    """Limits on signing in are counted in the shared cache; without its table nobody gets in."""
    call_command("createcachetable", database=using, verbosity=0)
