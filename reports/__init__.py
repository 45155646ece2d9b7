"""What it adds up to: facts, desk, briefings, documents."""
