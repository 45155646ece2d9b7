"""The ledger: what has to be done, by whom, until when; and the readers that fill it."""
