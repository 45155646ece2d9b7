"""Pages of the briefings: translate, call one deed, render."""
