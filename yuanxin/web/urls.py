"""Addresses of everything people and machines open."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path

from yuanxin.web.accounts import views as accounts
from yuanxin.web.http import evidence, home, language, live, saved_filters, thread

web = (
    [
        path("", home.home, name="home"),
        path("favicon.ico", home.icon, name="icon"),
        path("live/", live.version, name="live"),
        path("lists/", saved_filters.saved, name="saved_filters"),
        path("lists/save/", saved_filters.save, name="save_filter"),
        path("lists/<uuid:filter_id>/", saved_filters.change, name="change_filter"),
        path("lists/<uuid:filter_id>/delete/", saved_filters.delete, name="delete_filter"),
        path("evidence/<uuid:evidence_id>/", evidence.evidence, name="evidence"),
        path("language/", language.choose_language, name="language"),
        path("thread/attachments/<uuid:message_id>/", thread.attachment, name="thread_attachment"),
        path("thread/<str:subject>/", thread.thread, name="thread"),
        path("thread/<str:subject>/post/", thread.post, name="thread_post"),
    ],
    "web",
)

# allauth finds its pages by these names; only what staff need is mounted.
sign_in = [
    path("login/", accounts.sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("", include(web)),
    path("accounts/", include(sign_in)),
    path("accounts/", include("yuanxin.web.accounts.urls")),
    path("service/", include("yuanxin.web.desks.service_desk.urls")),
    path("dispatch/", include("yuanxin.web.desks.dispatch_desk.urls")),
    path("t/", include("yuanxin.web.technician.urls")),
    path("control/", include("yuanxin.web.desks.control_room.urls")),
    path("quality/", include("yuanxin.web.desks.quality_desk.urls")),
    path("standards/", include("yuanxin.web.desks.standards_desk.urls")),
    path("import/addresses/", include("yuanxin.web.desks.admin_desk.urls")),
    path("c/", include("yuanxin.web.self_service.urls")),
    path("api/", include("yuanxin.web.machines.urls")),
    path("simulator/", include("yuanxin.web.desks.simulator_desk.urls")),
]
