"""Addresses of accounts: the pages of django-allauth that this house uses, under their own names, and ours."""

from allauth.account import views as allauth
from django.urls import include, path

from veche.commons.accounts import views

_sign_in = [
    path("accounts/login/", views.RequestLoginCodeView.as_view(), name="account_login"),
    path("accounts/login/code/", views.RequestLoginCodeView.as_view(), name="account_request_login_code"),
    path(
        "accounts/login/code/confirm/",
        views.ConfirmLoginCodeView.as_view(),
        name="account_confirm_login_code",
    ),
    path("accounts/login/password/", allauth.login, name="account_password_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/inactive/", allauth.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", allauth.password_change, name="account_change_password"),
    path("accounts/password/set/", allauth.password_set, name="account_set_password"),
    path("accounts/password/reset/", views.to_code, name="account_reset_password"),
    path("accounts/signup/", views.to_code, name="account_signup"),
]
_own = [
    path("accounts/demo/", views.demo, name="demo"),
    path("cabinet/profile/", views.profile, name="profile"),
]
urlpatterns = [*_sign_in, path("", include((_own, "accounts")))]
