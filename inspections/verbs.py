"""What the log says of deeds of field work."""

WORDS: dict[str, str] = {
    # places, checklists, rounds
    # visits
    # findings and orders
}
