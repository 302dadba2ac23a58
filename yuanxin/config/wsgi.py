"""WSGI entry point; refuses to serve as a role that could bypass isolation."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuanxin.config.settings")
application = get_wsgi_application()

from yuanxin.kernel.patience import once_there  # noqa: E402 - the applications must be loaded first
from yuanxin.kernel.serving import check_serving_role  # noqa: E402 - the applications must be loaded first
from yuanxin.kernel.starting import warm_up  # noqa: E402 - the applications must be loaded first

once_there(check_serving_role)
warm_up()
