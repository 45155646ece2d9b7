"""Bringing a year plan in: open the workbook safely, read it, review it, commit it whole or not at all."""
