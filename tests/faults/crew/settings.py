"""The settings of the house with one more room, and a queue whose claims end after seconds instead of minutes."""

import os

from veche.site.settings import *  # noqa: F403
from veche.site.settings import INSTALLED_APPS, Q_CLUSTER, VECHE_MODULES

VECHE_MODULES.append("tests.faults.crew")
INSTALLED_APPS.append("tests.faults.crew")
if os.environ.get("CREW_IN_A_HURRY"):
    # A job may take so long, and a claim on it ends so soon after; in the house it is five minutes and six.
    Q_CLUSTER |= {"timeout": 4, "retry": 5}
