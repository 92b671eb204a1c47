"""Addresses of the pages on accounts, roles and one's own account."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from workplace.people.views import accounts, entrance, holdings, own, roles

app_name = "accounts"
urlpatterns = [
    path("", accounts.Accounts.as_view(), name="list"),
    path("new/", accounts.NewAccount.as_view(), name="new"),
    path("me/", own.Me.as_view(), name="me"),
    path("second-factor/", entrance.SecondFactorNeeded.as_view(), name="second_factor"),
    path(
        "welcome/<uidb64>/<token>/",
        login_not_required(entrance.Welcome.as_view()),
        name="welcome",
    ),
    path("roles/", roles.Roles.as_view(), name="roles"),
    path("roles/new/", roles.NewRole.as_view(), name="new_role"),
    path("roles/<slug:code>/", roles.ChangeRole.as_view(), name="role"),
    path("roles/changes/<int:pk>/", roles.DecideRoleChange.as_view(), name="role_change"),
    path("held/<int:pk>/end/", holdings.EndRole.as_view(), name="end_role"),
    path("held/<int:pk>/deputy/", holdings.NameDeputy.as_view(), name="deputy"),
    path("<int:pk>/", accounts.Account.as_view(), name="account"),
    path("<int:pk>/change/", accounts.ChangeAccount.as_view(), name="change"),
    path("<int:pk>/role/", holdings.GiveRole.as_view(), name="give_role"),
    path("<int:pk>/close/", accounts.CloseAccount.as_view(), name="close"),
    path("<int:pk>/open/", accounts.OpenAccount.as_view(), name="open"),
    path("<int:pk>/reset/", accounts.ResetPassword.as_view(), name="reset"),
    path("<int:pk>/unlock/", accounts.Unlock.as_view(), name="unlock"),
    path(
        "<int:pk>/second-factor/",
        accounts.ForgetSecondFactor.as_view(),
        name="forget_second_factor",
    ),
]
