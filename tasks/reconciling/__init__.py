"""A document beside the ledger: what both say, what only one says, and where they differ; settled with the document as basis."""
