"""The product's settings with a data folder of the tests' own and a broker that stays inside the process."""

import os
import tempfile

os.environ.setdefault("CCGZT_DATA", tempfile.mkdtemp(prefix="ccgzt-tests-"))
os.environ.setdefault("BROKER_URL", "memory://")

from campaign.settings import *  # noqa: F403

# In memory, the threads of a live server share one page cache, whose table locks know no waiting: a page that reads
# while another saves its session fails. In a file, as in production, it waits.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['CCGZT_DATA']}/test.sqlite3"}  # noqa: F405

STATIC_ROOT = DATA_DIR / "static"  # noqa: F405 - one test collects the real ones while others run
STATIC_ROOT.mkdir(exist_ok=True)
