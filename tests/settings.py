"""The product's settings with a data folder of the tests' own and a broker that stays inside the process."""

import os
import tempfile

os.environ.setdefault("CCGZT_DATA", tempfile.mkdtemp(prefix="ccgzt-tests-"))
os.environ.setdefault("BROKER_URL", "memory://")

from campaign.settings import *  # noqa: F403
