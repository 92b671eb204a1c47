from django.apps import AppConfig


class TreeConfig(AppConfig):
    name = "workplace.tree"
    label = "tree"
    verbose_name = "The tree of units"
