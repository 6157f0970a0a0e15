"""A letter on paper: A4 as PDF, with the words of its page and its fonts in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos

from tasks.letters.blocks import Block, Facts, Heading, Listed, Paragraph, blocks_of
from tasks.letters.code import BORDER, DARK, SIZE, rows_of
from tasks.letters.fonts import Face, faces_for
from tasks.letters.letter import Letter
from tasks.letters.lines import wrapped
from tasks.letters.page import WORDS

LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 25.0, 20.0, 24.0, 22.0
BODY_PT, HEAD_PT, TITLE_PT, FOOT_PT = 10.5, 11.5, 15.0, 8.5
LINE = 1.55
"""Height of a line, in that of its signs."""
GAP_MM = 3.2
INDENT_MM = 7.0
CODE_MM = 22.0
MM_OF_PT = 25.4 / 72
INK, QUIET, RULE = (27, 37, 48), (70, 84, 95), (195, 204, 212)
STROKE_MM = 0.18
"""What is drawn round a sign to make it bold: not every font has a bold one beside it."""


def paper_of(letter: Letter, font: Path | None = None) -> bytes:
    """The letter as PDF; with the same fonts, the same bytes. `font` is tried before those of the machine.

    Raises NotFound where no font has all of its signs.
    """
    words = WORDS[letter.language]
    foot = [f"{words['reference']} {letter.change_id}", words["purpose"]] if letter.change_id else []
    signs = "".join((letter.subject, letter.text, *foot, "0123456789/"))
    sheet = _Sheet(letter, faces_for(signs, letter.language, font))
    sheet.words(letter.subject, TITLE_PT, bold=True)
    sheet.ln(1.5 * GAP_MM)
    for block in blocks_of(letter.text):
        sheet.block(block)
    if letter.change_id:
        sheet.reference(letter.change_id, foot)
    return bytes(sheet.output())


class _Sheet(FPDF):
    """The paper of one letter, written from top to bottom."""

    def __init__(self, letter: Letter, faces: Sequence[Face]) -> None:
        super().__init__(format="A4")
        self.set_creation_date(datetime.combine(letter.as_of, time(), UTC))
        self.set_title(letter.subject)
        self.set_lang(letter.language)
        self.set_producer("Linewatch")
        self.set_margins(LEFT_MM, TOP_MM, RIGHT_MM)
        self.c_margin = 0
        self.set_auto_page_break(True, BOTTOM_MM)
        for at, face in enumerate(faces):
            self.add_font(f"f{at}", "", face.path, collection_font_number=face.number)
        self.set_font("f0", size=BODY_PT)
        self.set_fallback_fonts([f"f{at}" for at in range(1, len(faces))], exact_match=False)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        with self._colour(QUIET):
            self.set_font_size(FOOT_PT)
            self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def block(self, block: Block) -> None:
        match block:
            case Heading(text):
                self.ln(GAP_MM / 2)
                self._keep(4 * _height(HEAD_PT))
                self.words(text, HEAD_PT, bold=True)
                self.ln(GAP_MM / 3)
                return
            case Facts(pairs):
                self._facts([(label, value) for label, _, value in pairs])
            case Listed(items):
                for mark, text in items:
                    self._keep(_height(BODY_PT))
                    y = self.get_y()
                    self.words(mark.strip(), BODY_PT, indent=INDENT_MM - 5)
                    self.set_y(y)
                    self.words(text, BODY_PT, indent=INDENT_MM)
            case Paragraph(lines):
                for line in lines:
                    self.words(line, BODY_PT)
        self.ln(GAP_MM)

    def words(self, text: str, size_pt: float, *, indent: float = 0, bold: bool = False) -> None:
        """A text over the lines that it needs."""
        self.set_font_size(size_pt)
        for line in self._wrapped(text, self.epw - indent):
            self._line(line, size_pt, LEFT_MM + indent, bold=bold)

    def reference(self, reference: str, foot: Sequence[str]) -> None:
        """Below the letter: what names its change in the log, as a code and in words."""
        self._keep(CODE_MM + 3 * GAP_MM)
        self.ln(GAP_MM)
        self.line(LEFT_MM, self.get_y(), self.w - RIGHT_MM, self.get_y())
        top = self.get_y() + GAP_MM
        self._code(reference, LEFT_MM, top)
        self.set_y(top + CODE_MM / 5)
        with self._colour(QUIET):
            for text in foot:
                self.words(text, FOOT_PT, indent=CODE_MM + 5)
        self.set_y(max(self.get_y(), top + CODE_MM))

    def _facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Labels and values side by side in a box that no page end cuts, unless it is longer than a page."""
        self.set_font_size(BODY_PT)
        wide = min(max(34.0, *(self.get_string_width(label) + 6 for label, _ in pairs)), self.epw / 2)
        pad = 4.0
        widths = (wide - 4, self.epw - wide - 2 * pad)
        rows = [
            [self._wrapped(text, most) for text, most in zip(pair, widths, strict=True)] for pair in pairs
        ]
        height = sum(max(map(len, row)) for row in rows) * _height(BODY_PT) + pad
        self._keep(height)
        top, page = self.get_y(), self.page
        self.set_y(top + pad / 2)
        for labels, values in rows:
            y = self.get_y()
            with self._colour(QUIET):
                for line in labels:
                    self._line(line, BODY_PT, LEFT_MM + pad)
            below = self.get_y()
            self.set_y(y)
            for line in values:
                self._line(line, BODY_PT, LEFT_MM + pad + wide, bold=True)
            self.set_y(max(below, self.get_y()))
        self.set_y(self.get_y() + pad / 2)
        if page == self.page:
            self.rect(LEFT_MM, top, self.epw, self.get_y() - top)

    def _wrapped(self, text: str, width: float) -> list[str]:
        return list(wrapped(text, width - 0.1, self.get_string_width))

    def _line(self, line: str, size_pt: float, x: float, *, bold: bool = False) -> None:
        self.set_x(x)
        mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        with self.local_context(text_mode=mode, line_width=STROKE_MM, draw_color=INK):
            self.cell(0, _height(size_pt), line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _code(self, reference: str, x: float, y: float) -> None:
        module = CODE_MM / (SIZE + 2 * BORDER)
        self.set_fill_color(0)
        for at, row in enumerate(rows_of(reference)):
            for run in DARK.finditer(row):
                top = y + (BORDER + at) * module
                self.rect(x + run.start() * module, top, len(run[0]) * module, module, "F")

    def _keep(self, height: float) -> None:
        """Begin a new page where so much has no room on this one, and would have on an empty one."""
        if self.will_page_break(height) and height < self.eph:
            self.add_page()

    @contextmanager
    def _colour(self, colour: tuple[int, int, int]) -> Iterator[None]:
        self.set_text_color(*colour)
        yield
        self.set_text_color(*INK)


def _height(size_pt: float) -> float:
    return size_pt * MM_OF_PT * LINE
