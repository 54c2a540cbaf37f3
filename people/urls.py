"""Sign-in, second factors, invitations and the own account, all under ``/admin/account/``."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path
from django.views.generic import RedirectView

from people import account_pages
from people.screens import tokens

_home = RedirectView.as_view(pattern_name="account_home")

urlpatterns = [
    path("", account_pages.home, name="account_home"),
    path("secure/", account_pages.secure, name="account_secure"),
    path("sessions/others/end/", account_pages.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/<int:pk>/end/", account_pages.end_session, name="account_end_session"),
    path("tokens/", tokens.own, name="account_tokens"),
    path("tokens/all/", tokens.everybody, name="account_all_tokens"),
    path("tokens/<int:pk>/revocation/", tokens.revocation, name="account_token_revocation"),
    path("invitation/<str:secret>/", account_pages.join, name="account_invitation"),
    path("login/", views.login, name="account_login"),
    path("login/passkey/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("login/second/", factors.authenticate, name="mfa_authenticate"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factors/", _home, name="mfa_index"),
    path("factors/app/", apps.activate_totp, name="mfa_activate_totp"),
    path("factors/app/remove/", apps.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("factors/passkeys/", _home, name="mfa_list_webauthn"),
    path("factors/passkeys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", account_pages.remove_key, name="mfa_remove_webauthn"),
    path("factors/passkeys/<int:pk>/name/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
