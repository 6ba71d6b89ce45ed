"""The settings of the processes that system tests start: the real ones and an app with slow cycles."""

from stockhub.config.settings import *  # noqa: F403
from stockhub.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "slow_app.SlowConfig"]
