"""Who signs in, and how. Security figures: docs of reliability, fixed."""

from yuanxin.config.settings.database import YUANXIN_HOME

AUTH_USER_MODEL = "org.Staff"
AUTHENTICATION_BACKENDS = ["yuanxin.web.accounts.people.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "yuanxin.web.accounts.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_RATE_LIMITS = False  # ours count per account-and-address pair: yuanxin/web/accounts/lockout.py
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "yuanxin.web.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Yuanxin"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10

# Shared by all workers of the machine: a code of the second factor counts once, whoever answers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": YUANXIN_HOME / "cache",
    },
    "limits": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": YUANXIN_HOME / "limits",  # apart: strangers fill it, and it forgets the oldest
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

YUANXIN_SIGN_IN_FAILURES = 5
"""Failed sign-ins after which one account-and-address pair is locked; never the account alone."""

YUANXIN_SIGN_IN_LOCK_MINUTES = 15
"""For how long failures count."""

YUANXIN_SESSION_IDLE_S = 30 * 60
"""Idle seconds that end a session."""

YUANXIN_SESSION_IDLE_ADMIN_S = 15 * 60
"""Idle seconds that end an administrator's session."""

YUANXIN_SESSION_WHOLE_S = 12 * 3600
"""Seconds after which a session ends in any case."""

YUANXIN_LINK_REQUESTS = 120
"""Requests to customers' links that one address may make in a window of time."""

YUANXIN_LINK_SECONDS = 600
"""Seconds of that window."""

YUANXIN_MACHINE_TOKEN_S = 365 * 24 * 3600
"""Seconds for which a machine's token is valid."""
