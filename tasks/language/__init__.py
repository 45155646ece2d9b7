"""The language of plans: one small grammar for each thing a plan says of a task.

`text` makes writing even; `rhythms`, `deadlines` and `quantities` each read one thing and give it with its place in the
text; `strength` and `units` read the commitment and the names; `phrase` puts the readings of one phrase together. A
grammar knows forms (N月底前, 每季度N次, 不少于N场), never a particular plan's words.
"""
