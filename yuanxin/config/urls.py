"""All URLs."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("yuanxin.web.urls")),
]

handler400 = "yuanxin.web.http.errors.bad_request"
handler403 = "yuanxin.web.http.errors.forbidden"
handler404 = "yuanxin.web.http.errors.not_found"
handler500 = "yuanxin.web.http.errors.broken"
