"""Which fonts of this machine show a letter: none prints an empty box where a sign should be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from linewatch.errors import NotFound

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts",
)  # fmt: skip
LATIN = (
    "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Carlito-Regular.ttf",
    "DejaVuSans.ttf",
)  # fmt: skip
CHINESE = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf", "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf",
    "SourceHanSans-Regular.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf",
    "NotoSerifCJK-Regular.ttc", "STHeiti Light.ttc", "Arial Unicode.ttf",
)  # fmt: skip
ORDER = {"en": (*LATIN, *CHINESE), "zh": (*CHINESE, *LATIN)}
SIMPLIFIED = " SC"
"""In the name of a font among several of a collection that draws signs as they are written in China."""


@dataclass(frozen=True)
class Face:
    """A font of a file, and the signs that it has, by number."""

    path: Path
    number: int
    signs: frozenset[int]


def faces_for(text: str, language: str, named: Path | None = None) -> list[Face]:
    """As few fonts as show every sign of a text, the one for its language first; `named` before all.

    Raises NotFound where a sign is in none.
    """
    missing = {ord(sign) for sign in text if not sign.isspace()}
    chosen = []
    for path in (*([named] if named else ()), *_found(language)):
        face = face_of(path)
        if missing & face.signs:
            chosen.append(face)
            missing -= face.signs
        if not missing:
            return chosen
    some = ", ".join(f"{chr(sign)} (U+{sign:04X})" for sign in sorted(missing)[:5])
    raise NotFound(
        f"No font was found that has {len(missing):,} of the signs of a letter in the language {language}:"
        " it would be printed with empty boxes.",
        where=f"Looked for {', '.join(dict.fromkeys(ORDER[language]))} under {', '.join(FOLDERS)}.",
        with_keys=f"Missing are {some}.",
        what_now="Install fonts (Debian: apt-get install fonts-noto-cjk fonts-dejavu), or name one that has"
        " them: --font FILE.",
    )


@cache
def face_of(path: Path) -> Face:
    """The font of a file; of a collection that for Chinese as written in China, else the first.

    Raises NotFound for a file that is no font.
    """
    try:
        with path.open("rb") as file:
            if path.suffix.lower() not in (".ttc", ".otc"):
                return Face(path, 0, frozenset(TTFont(file, lazy=True).getBestCmap() or ()))
            fonts = TTCollection(file, lazy=True).fonts
            names = [str(font["name"].getDebugName(4)) for font in fonts]
            number = next((at for at, name in enumerate(names) if SIMPLIFIED in name), 0)
            return Face(path, number, frozenset(fonts[number].getBestCmap() or ()))
    except (OSError, TTLibError) as error:
        raise NotFound(f"{path} is no font: {error}", what_now="Name another: --font FILE.") from None


def _found(language: str) -> Iterator[Path]:
    """The fonts of this machine that we know, in the order in which they suit a language."""
    installed = _installed()
    yield from (installed[name] for name in ORDER[language] if name in installed)


@cache
def _installed() -> dict[str, Path]:
    """Files of fonts by their name; of two of a name, the first in the order of FOLDERS and paths."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for at, folders, names in os.walk(Path(folder).expanduser()):
            folders.sort()
            for name in sorted(names):
                found.setdefault(name, Path(at) / name)
    return found
