"""Copy the built front-end files that pages need from ``node_modules`` into ``static/vendor``.

Run by ``make setup`` as ``python -m kizuna.web.vendor`` after ``npm ci --ignore-scripts``. The copies are
ignored by git and travel in the wheel, so a running shop needs neither Node nor another host.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(__file__).resolve().parent / "static" / "vendor"

FILES: dict[str, str] = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "@tabler/icons-webfont/dist/tabler-icons.min.css": "tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2": "fonts/tabler-icons.woff2",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
"""File in ``node_modules`` → name in ``static/vendor``."""

# A map comment would make the manifest storage look for a file that is not shipped.
_MAP_COMMENT = re.compile(r"/[*/][#@]\s*sourceMappingURL=[^\s*]*(?:\s*\*/)?")
# Only woff2 is shipped: every browser that runs the pages reads it.
_OLDER_FONT = re.compile(r',\s*url\("[^"]*\.(?:woff|ttf)[^"]*"\)\s*format\("[^"]*"\)')


def copy_built_files(*, packages: Path, target: Path) -> list[Path]:
    """Copy every file of ``FILES``, without source-map comments; raises FileNotFoundError when one is missing."""
    shutil.rmtree(target, ignore_errors=True)
    copied = []
    for source, name in FILES.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in {".css", ".js"}:
            text = (packages / source).read_text(encoding="utf-8")
            path.write_text(_OLDER_FONT.sub("", _MAP_COMMENT.sub("", text)), encoding="utf-8")
        else:
            shutil.copyfile(packages / source, path)
        copied.append(path)
    return copied


if __name__ == "__main__":
    try:
        paths = copy_built_files(packages=ROOT / "node_modules", target=TARGET)
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is missing: run `npm ci --ignore-scripts` first")
    sys.stdout.write(f"{len(paths)} files, {sum(path.stat().st_size for path in paths) / 1e6:.1f} MB in {TARGET}\n")
