"""A speech, a plan document or a meeting's minutes becomes drafted rows of the ledger. Pure: nothing is written.

`opening` takes the text out of a file; `outline` finds the body and its headings; `clauses` parts the paragraphs;
`subjects` says who is to do it; `reading` puts the rows together; `totals` finds the totals that a text states of itself.
"""

from tasks.extraction.drafts import DraftRow, Plan, StatedTotal
from tasks.extraction.opening import read_document
from tasks.extraction.reading import read_plan

__all__ = ["DraftRow", "Plan", "StatedTotal", "read_document", "read_plan"]
