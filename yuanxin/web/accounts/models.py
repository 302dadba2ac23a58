"""Failed sign-ins. They belong to no tenant: nobody is known yet when they happen."""

from django.db import models


class SignInFailure(models.Model):
    """One failed sign-in 登录失败 of one account from one address; the account only as a keyed hash."""

    account = models.CharField(max_length=64)
    address = models.GenericIPAddressField()
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "address", "failed_at"], name="failure_by_pair")]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.address} {self.failed_at:%Y-%m-%d %H:%M:%S}"
