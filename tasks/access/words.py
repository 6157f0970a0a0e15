"""The headings of what a borrower is given, in the two languages of letters."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

EN: Words = {
    "title": "What we hold about you",
    "borrower": "Your number",
    "lines": "Your credit lines",
    "made_at": "Made at (UTC)",
    "complaints": "Complaints",
    "regulator": "Regulator",
    "intro": "Every row that is held of you, as it stands in our files, with where it lies. Amounts end in"
    " _cents and are in the smallest unit of the currency, shares end in _bp and are in hundredths of a per"
    " cent.",
    "others": "Rows of other people that name you",
    "others_note": "What such a row says of you is shown; who the other person is, is not ours to tell.",
    "counted": "{rows} rows about other people's credit mention you. They are other people's data and are"
    " left out.",
    "unreadable": "These files could not be read, and may hold more of you:",
    "where": "Where",
    "more": "and {count} more files",
    "nights": "Under which rules you were decided on",
    "pruned": "What we no longer keep",
    "pruned_note": "Files of these nights were deleted because their time had passed. They may have held"
    " something of you.",
    "pruned_on": "deleted on {on}: {what}",
    "snapshots": "What we were told about you",
    "decisions": "What was decided",
    "drafts": "Letters",
    "exports": "Lists that people work from",
    "record": "What people did",
    "case_files": "Files laid beside your cases",
    "evidence": "Proofs",
}
ZH: Words = {
    "title": "我们持有的关于您的信息",
    "borrower": "您的编号",
    "lines": "您的授信额度",
    "made_at": "生成时间（UTC）",
    "complaints": "投诉",
    "regulator": "监管机构",
    "intro": "以下为我们文件中关于您的每一条记录及其存放位置。以 _cents 结尾的金额以货币的最小单位计，"
    "以 _bp 结尾的比例以万分之一计。",
    "others": "提及您的他人记录",
    "others_note": "仅显示其中与您有关的内容；对方是谁，我们不便告知。",
    "counted": "另有 {rows} 条关于他人授信的记录提及您。这些属于他人信息，未列出。",
    "unreadable": "以下文件无法读取，其中可能还有关于您的信息：",
    "where": "位置",
    "more": "另有 {count} 个文件",
    "nights": "对您作出决定时所依据的规则",
    "pruned": "我们不再保存的内容",
    "pruned_note": "以下各次审查的文件因保存期限已满而被删除，其中可能有关于您的信息。",
    "pruned_on": "于 {on} 删除：{what}",
    "snapshots": "我们收到的关于您的信息",
    "decisions": "所作决定",
    "drafts": "信函",
    "exports": "工作人员使用的清单",
    "record": "人工处理记录",
    "case_files": "个案所附材料",
    "evidence": "证明",
}
WORDS: Mapping[str, Words] = {"en": EN, "zh": ZH}
