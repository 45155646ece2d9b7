"""How a yes-or-no column is compared."""

from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact


@models.BooleanField.register_lookup
class FlagIs(Exact):
    """`is_held = 0` where Django would write `NOT is_held`: SQLite looks only the first up in an index."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not (isinstance(self.rhs, bool) and isinstance(self.lhs, Col)):
            return super().as_sql(compiler, connection)
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = {int(self.rhs)}", params
