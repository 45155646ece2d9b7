"""The ledger over the API: the same access, the same filters, the same deeds as the pages."""
