"""名册: units and their people from a table of texts. Read whole with every problem, written whole or not at all."""
