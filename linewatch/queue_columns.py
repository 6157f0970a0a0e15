"""What a reviewer sees in the queue, column by column, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Look = Literal["text", "codes", "words", "number", "points", "percent", "money", "date", "chart"]


@dataclass(frozen=True)
class Column:
    """A column of the queue: `name` is its key in the CSV, the rest is for people."""

    name: str
    en: str
    zh: str
    look: Look
    width: int
    says_en: str
    says_zh: str
    answer: bool = False
    """Whether a reviewer writes in it; every other cell is locked."""


COLUMNS: tuple[Column, ...] = (
    Column(
        "priority",
        "Order",
        "次序",
        "number",
        10,
        "Look at 1 first: most harm at stake, then the oldest.",
        "从 1 开始处理：影响最大者在前，其次为最早者。",
    ),
    Column(
        "due_on",
        "Due",
        "到期日",
        "date",
        12,
        "Decide by this day. A case that is late changes nothing by itself.",
        "请在此日前作出决定；逾期不会自动改变额度。",
    ),
    Column("facility_id", "Line", "额度编号", "text", 20, "Key of the credit line.", "额度的编号。"),
    Column("borrower_id", "Borrower", "借款人编号", "text", 20, "Key of the borrower.", "借款人的编号。"),
    Column(
        "stage",
        "Stage",
        "阶段",
        "text",
        12,
        "waiting: for somebody to decide. second_look: one person has decided, and somebody else is to decide"
        " again by themselves; what the first decided is shown nowhere.",
        "waiting 等待处理；second_look 已由一人处理，须由另一人独立复核，不显示前一人的决定。",
    ),
    Column(
        "holder",
        "Taken by",
        "处理人",
        "text",
        13,
        "Who has taken the case: nobody else decides it until they give it back.",
        "已认领该审核的人员；退回之前其他人不得处理。",
    ),
    Column(
        "why",
        "Why a person is asked",
        "转人工原因",
        "words",
        60,
        "What made the night leave this line to a person; where it did not tonight, what opened the case.",
        "系统将该额度转交人工的原因；今晚未转交的额度显示其案件的原因。",
    ),
    Column("segment", "Segment", "客群", "text", 20, "The policy's segment.", "政策中的客群。"),
    Column("currency", "Currency", "币种", "text", 12, "Of all amounts in the row.", "本行所有金额的币种。"),
    Column("limit", "Limit", "当前额度", "money", 16, "In force today.", "目前有效的额度。"),
    Column(
        "owed",
        "Owed",
        "欠款",
        "money",
        16,
        "Drawn and pending. The limit never falls below it.",
        "已用及在途金额；额度不会低于欠款。",
    ),
    Column(
        "temporary",
        "For a time",
        "临时额度",
        "money",
        14,
        "What a temporary limit adds tonight; no part of the limit.",
        "今晚临时额度所增加的金额，不计入当前额度。",
    ),
    Column(
        "customer_limit",
        "Own ceiling",
        "客户自设上限",
        "money",
        16,
        "The borrower asked for no more; nothing goes over it without a consent.",
        "借款人自行要求的上限；未经同意不得超过。",
    ),
    Column(
        "offer",
        "Offer",
        "待接受的提额",
        "money",
        16,
        "Offered and not yet accepted.",
        "已提出但借款人尚未接受的额度。",
    ),
    Column(
        "offer_until",
        "Offer until",
        "提额有效期",
        "date",
        12,
        "The last day of the offer.",
        "该提额的最后有效日。",
    ),
    Column(
        "expected_on",
        "On its way",
        "系统应反映日",
        "date",
        12,
        "From this day the system of record should show what is in force; empty where it does.",
        "自该日起业务系统应反映已生效的额度；已反映则为空。",
    ),
    Column(
        "proposed_limit",
        "Proposed",
        "建议额度",
        "money",
        16,
        "What the walk proposes; nothing moves until you answer.",
        "系统建议的额度；在您答复之前不会变动。",
    ),
    Column("change", "Change", "变动", "money", 16, "Proposed less limit.", "建议额度减当前额度。"),
    Column(
        "law_limit",
        "Law alone",
        "法定额度",
        "money",
        16,
        "Where the law alone brings the limit, whatever you answer; only the rest waits.",
        "仅依法规应降至的额度：与您的答复无关，均会执行；等待答复的只是其余部分。",
    ),
    Column("action", "Proposal", "建议", "text", 11, "What the walk would do.", "系统建议采取的行动。"),
    Column(
        "recommendation",
        "Advice",
        "处置建议",
        "text",
        16,
        "On a committed or project line: hold, reduce_undrawn (take back what is undrawn, down to the limit"
        " proposed) or draw_stop. Nothing of it is done by itself.",
        "针对承诺或项目额度：hold 维持、reduce_undrawn 收回未用部分至建议额度、"
        "draw_stop 停止提款；不会自动执行。",
    ),
    Column(
        "binding_step",
        "Step",
        "决定步骤",
        "text",
        14,
        "The last step of the walk that moved the limit.",
        "最后改变额度的步骤。",
    ),
    Column(
        "reasons",
        "Reasons",
        "理由",
        "words",
        66,
        "Why it would fall, strongest first, as the borrower would read it.",
        "下调的理由，按重要性排序，与借款人将看到的文字一致。",
    ),
    Column("grade", "Grade", "评级", "text", 10, "A is best, G is worst.", "A 最好，G 最差。"),
    Column(
        "slot",
        "Slot",
        "项目分档",
        "text",
        12,
        "Of a project line: strong, good, satisfactory, weak or default.",
        "项目额度的分档：strong、good、satisfactory、weak 或 default。",
    ),
    Column("score", "Score", "评分", "points", 10, "Higher is safer.", "分数越高越安全。"),
    Column(
        "pd",
        "PD",
        "违约概率",
        "percent",
        12,
        "Probability of default within twelve months.",
        "未来十二个月的违约概率。",
    ),
    Column(
        "days_past_due",
        "Days late",
        "逾期天数",
        "number",
        13,
        "On this line, tonight.",
        "该额度目前的逾期天数。",
    ),
    Column(
        "utilisation",
        "In use",
        "使用率",
        "percent",
        11,
        "Mean of the last three statement balances over the limit last set.",
        "近三期账单余额的平均值与上次核定额度之比。",
    ),
    Column(
        "utilisation_after_cut",
        "Used after",
        "下调后使用率",
        "percent",
        12,
        "What of the proposed limit would be owed, if it is a cut.",
        "如按建议下调，欠款占新额度的比例。",
    ),
    Column(
        "grade_after_cut",
        "Grade after",
        "下调后评级",
        "text",
        12,
        "The grade that our own score would give for the cut alone: what the cut by itself does to them.",
        "仅因额度下调，我方评分会给出的评级；与当前评级相比可见下调对借款人的影响。",
    ),
    Column(
        "months",
        "Twelve months",
        "近十二个月",
        "chart",
        18,
        "Share of the limit in use at each month's end, on the case's main line.",
        "该审核主要额度在近十二个月各月末的使用率。",
    ),
    Column(
        "outcome",
        "Outcome",
        "处理结果",
        "text",
        16,
        "Your answer: choose from the list.",
        "您的决定：请从列表中选择。",
        answer=True,
    ),
    Column(
        "new_limit",
        "New limit",
        "新额度",
        "money",
        16,
        "Only with the outcome another_limit; in the row's currency.",
        "仅在选择 another_limit 时填写，币种与本行一致。",
        answer=True,
    ),
    Column(
        "outcome_reason",
        "Reason",
        "处理理由",
        "text",
        22,
        "Why: choose from the list. Required with every outcome.",
        "理由：请从列表中选择，每个结果都必须填写。",
        answer=True,
    ),
    Column(
        "note",
        "Note",
        "备注",
        "text",
        40,
        "What the next reader should know.",
        "需要后续人员了解的情况。",
        answer=True,
    ),
    Column("reviewer", "Reviewer", "审核人", "text", 15, "Your id.", "您的工号。", answer=True),
    Column("opened_on", "Opened", "建立日期", "date", 12, "When the case was opened.", "审核建立的日期。"),
    Column(
        "kind",
        "Kind",
        "方式",
        "text",
        13,
        "How the case is to be looked at: desk_review, interview or site_visit.",
        "审核方式：书面审核、访谈或现场走访。",
    ),
    Column("case_id", "Case", "审核编号", "text", 36, "Key of the case.", "审核的编号。"),
    Column(
        "triggers",
        "Trigger codes",
        "触发代码",
        "codes",
        30,
        "The codes behind the words above.",
        "转人工原因的代码。",
    ),
    Column(
        "rules",
        "Rules",
        "自定规则",
        "codes",
        20,
        "The policy's own rules that the line meets.",
        "该额度符合的政策自定规则。",
    ),
    Column(
        "fingerprint",
        "Fingerprint",
        "校验码",
        "text",
        20,
        "Shows on return whether the row is the one that was sent. Leave it as it is.",
        "用于核对本行是否被改动，请勿修改。",
    ),
)

RARE = frozenset(
    "holder temporary customer_limit offer offer_until expected_on law_limit recommendation slot"
    " rules".split()
)
"""The columns that say something of few lines: hidden on a sheet of which they say nothing."""
COLUMN_OF = {column.name: number for number, column in enumerate(COLUMNS)}
