"""All the texts, for what is held against every one of them."""

from tests.tasks.plans.battle import BATTLE
from tests.tasks.plans.brackets import BRACKETS
from tests.tasks.plans.campaign import CAMPAIGN
from tests.tasks.plans.city import CITY
from tests.tasks.plans.county import COUNTY
from tests.tasks.plans.decisions import DECISIONS
from tests.tasks.plans.hundred_days import HUNDRED_DAYS
from tests.tasks.plans.hygiene import HYGIENE
from tests.tasks.plans.inspection import INSPECTION
from tests.tasks.plans.labels import LABELS
from tests.tasks.plans.mayor import MAYOR
from tests.tasks.plans.minutes import MINUTES
from tests.tasks.plans.mobilised import MOBILISED
from tests.tasks.plans.notice import NOTICE
from tests.tasks.plans.numbered import NUMBERED
from tests.tasks.plans.phases import PHASES
from tests.tasks.plans.remedies import REMEDIES
from tests.tasks.plans.session import SESSION
from tests.tasks.plans.town import TOWN
from tests.tasks.plans.yearplan import YEARPLAN
from tests.tasks.plans.zone import ZONE

PLANS = (
    NUMBERED,
    CAMPAIGN,
    COUNTY,
    BATTLE,
    TOWN,
    MINUTES,
    NOTICE,
    BRACKETS,
    DECISIONS,
    LABELS,
    PHASES,
    ZONE,
    YEARPLAN,
    HYGIENE,
    MOBILISED,
    CITY,
    HUNDRED_DAYS,
    INSPECTION,
    MAYOR,
    REMEDIES,
    SESSION,
)
