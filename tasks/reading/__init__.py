"""Going through a document with the office: its text becomes drafted rows, each row is taken, mended or dropped, and what is taken becomes tasks."""
