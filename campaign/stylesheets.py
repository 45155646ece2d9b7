"""How the product's own stylesheets leave for the browser: named by their hash, packed, without comments and blanks."""

from pathlib import Path
from typing import Any

import rcssmin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackedStaticFiles(CompressedManifestStaticFilesStorage):
    """A page may weigh 60 KB; half of a stylesheet as we write it is for its readers."""

    def post_process(self, paths: dict[str, Any], *, dry_run: bool = False, **options: Any) -> Any:
        ours = [name for name in paths if name.startswith("css/") and name.endswith(".css")]
        if not dry_run:
            for name in ours:
                self._strip(Path(self.path(name)))
            paths = paths | {name: (self, name) for name in ours}  # what is hashed is what was collected
        yield from super().post_process(paths, dry_run=dry_run, **options)

    @staticmethod
    def _strip(path: Path) -> None:
        written = path.read_text(encoding="utf-8")
        path.write_text(rcssmin.cssmin(written), encoding="utf-8")
