from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "workplace.accounts"
    label = "accounts"
    verbose_name = "Accounts and roles"
