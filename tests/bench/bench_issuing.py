"""50 weekly briefings issued by processes of which 20 are killed (R2): one issue a week, its mails, its bytes."""

import tempfile

from tests.reports.issue_trial import READERS, killed_issuing

WEEKS, KILLS = 50, 20


def run(report):
    with tempfile.TemporaryDirectory() as folder:
        outcome = killed_issuing(folder, weeks=WEEKS, kills=KILLS)
    issued = {week for week, *_ in outcome.issues}
    report("issuing_interrupted", outcome.interrupted, f"of_{KILLS}_kills")
    report("issuing_weeks_without_issue", WEEKS - len(issued), f"of_{WEEKS}")
    report("issuing_weeks_issued_twice", len(outcome.issues) - len(issued), f"of_{WEEKS}")
    report("issuing_mails_lost_or_doubled", abs(outcome.mails - WEEKS * READERS), f"of_{WEEKS * READERS}")
    report("issuing_papers_changed_when_set_again", sum(not same for *_, same in outcome.issues), f"of_{WEEKS}")
