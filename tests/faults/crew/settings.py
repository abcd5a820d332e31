"""The settings of the house with one more room, and a queue whose claims end after seconds instead of minutes."""

import os

from veche.site.settings import *  # noqa: F403
from veche.site.settings import INSTALLED_APPS, Q_CLUSTER, VECHE_MODULES

VECHE_MODULES.append("tests.faults.crew")
INSTALLED_APPS.append("tests.faults.crew")
if hurry_s := int(os.environ.get("CREW_HURRY_S", "0")):
    # A job may take so long, and a claim on it ends so soon after; in the house it is five minutes and six.
    Q_CLUSTER |= {"timeout": hurry_s, "retry": hurry_s + 1}
