"""All settings; one file per concern."""

from yuanxin.config.settings.accounts import *
from yuanxin.config.settings.apps import *
from yuanxin.config.settings.database import *
from yuanxin.config.settings.exchange import *
from yuanxin.config.settings.files import *
from yuanxin.config.settings.history import *
from yuanxin.config.settings.house import *
from yuanxin.config.settings.languages import *
from yuanxin.config.settings.logs import *
from yuanxin.config.settings.messaging import *
from yuanxin.config.settings.pages import *
from yuanxin.config.settings.security import *
