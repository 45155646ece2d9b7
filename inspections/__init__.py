"""What was found: places, visits, findings, and the orders that put things right."""
