"""What the log says of briefings and documents."""

WORDS: dict[str, str] = {}
