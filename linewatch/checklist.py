"""What is asked or looked at in a case, by its kind, in Chinese and English.

The items of a site visit are by the five slotting factors of a project (linewatch/project.py), after the
components that the Basel Framework's slotting criteria for project finance name (CRE33). An interview asks
openly: no item tells a borrower that a fraud is suspected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from linewatch.case import KINDS, kind_of


@dataclass(frozen=True)
class Item:
    """Something to be asked or seen."""

    kind: str
    """Of the case: one of linewatch.case.KINDS."""
    topic: str
    """One of TOPICS, for a site visit a slotting factor or `visit`."""
    zh: str
    en: str
    triggers: frozenset[str] = frozenset()
    """Asked where the case has one of them; empty: always."""


TOPICS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "identity": ("身份", "Identity"),
        "income": ("收入与支出", "Income and spending"),
        "arrears": ("逾期与还款安排", "Arrears and the plan for them"),
        "dispute": ("异议与投诉", "What is disputed or complained about"),
        "fraud": ("可疑情况", "What may be somebody else's doing"),
        "closing": ("结束", "At the end"),
        "visit": ("走访情况", "The visit itself"),
        "financial_strength": ("财务实力", "Financial strength"),
        "political_legal": ("政治与法律环境", "Political and legal environment"),
        "transaction": ("交易特征", "Characteristics of the transaction"),
        "sponsor": ("发起人实力", "Strength of the sponsor"),
        "security": ("担保安排", "Security package"),
        "proposal": ("系统建议", "The proposal"),
        "ability": ("还款能力", "Ability to repay"),
        "exposure": ("敞口与关联方", "Exposure and group"),
        "cover": ("担保与估值", "Security and its value"),
        "rights": ("借款人权利", "The borrower's rights"),
        "ours": ("我方数据与差错", "Our own data and faults"),
    }
)
"""What the items are about, in Chinese and English, in the order of a checklist."""

_LISTS: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "interview": {
        "identity": {
            "ask_identity_confirmed": (
                "请核实对方身份：姓名、出生日期、证件末四位及预留手机号；企业还须核实对方职务与授权。",
                "Confirm who is speaking: name, date of birth, last four digits of the document, "
                "registered number; for a firm also office and authority.",
            ),
            "ask_consent_to_record": (
                "告知来意及通话将被记录，并征得同意。",
                "Say what the call is about and that it is recorded, and have their consent.",
            ),
            "ask_contact_current": (
                "住址、工作单位和联系方式有无变化？",
                "Are the address, the employer and the ways to reach them still right?",
            ),
        },
        "income": {
            "ask_income_changed": (
                "近一年收入或营业额有何变化？从何时起，因何原因，是否持续？",
                "What changed in income or revenue within a year: since when, why, and will it last?",
            ),
            "ask_income_proof": (
                "能提供哪些证明（工资流水、纳税记录、发票、合同）？",
                "What shows it: payslips, tax records, invoices, contracts?",
            ),
            "ask_other_debts": (
                "目前还有哪些其他债务和固定支出？每月多少？",
                "What other debts and fixed expenses are there, and how much a month?",
            ),
            "ask_use_of_money": ("已提用的资金用于何处？", "What was the money that is drawn used for?"),
        },
        "arrears": {
            "ask_arrears_cause": (
                "未能按期还款的原因是什么？是否一次性？",
                "Why was a payment missed, and is that over?",
            ),
            "ask_arrears_plan": (
                "打算如何还清：每期金额、日期、资金来源？",
                "How is it to be paid: how much, on which days, out of what?",
            ),
            "ask_hardship": (
                "有无疾病、失业、灾害等特殊困难，需要怎样的协助？",
                "Is there illness, loss of work, a disaster or another hardship, and what would help?",
            ),
        },
        "dispute": {
            "ask_dispute_what": (
                "对哪一笔、哪一项有异议或投诉？金额、日期、希望的结果？",
                "What is disputed or complained about: which item, amount and day, and what do they want?",
                "complaint_open",
            ),
            "ask_dispute_where": (
                "是否已向监管机构、法院或其他机构反映？编号是多少？",
                "Has it gone to a regulator, a court or another body, and under which number?",
                "complaint_open",
            ),
        },
        "fraud": {
            "ask_own_transactions": (
                "请对方逐笔说明近期的申请和提款，不作提示：哪些不是本人所为？",
                "Let them go through the recent applications and drawings unprompted: which are not theirs?",
                "fraud_suspected",
            ),
            "ask_who_has_access": (
                "手机、银行卡、密码由谁保管？有无中介或他人代办？",
                "Who has the telephone, cards and passwords? Did an agent or anybody else act for them?",
                "fraud_suspected",
            ),
            "ask_shared_device": (
                "还有谁使用同一部手机或电脑？",
                "Who else uses the same telephone or computer?",
                "shared_device",
            ),
            "ask_reported_to_police": (
                "如非本人所为，是否已报案？回执编号？",
                "If it was not them: was it reported to the police, and what is the number?",
                "fraud_suspected",
            ),
        },
        "closing": {
            "ask_what_happens_next": (
                "告知后续步骤、时间以及申诉渠道。",
                "Say what happens next, by when, and where to complain.",
            ),
            "ask_read_back": (
                "向对方复述记录要点并确认。",
                "Read the main points back and have them confirmed.",
            ),
        },
    },
    "site_visit": {
        "visit": {
            "see_who_when_whom": (
                "走访人、日期、地点及会见的人员与职务。",
                "Who went, on which day, where, and whom they met in which office.",
            ),
            "see_photographs": (
                "带时间和位置的照片：全景、施工面、主要设备、现场告示。",
                "Photographs with time and place: the whole, the works, main equipment, notices on site.",
            ),
        },
        "financial_strength": {
            "see_cash_flow": (
                "项目收入、成本与预算的差异；偿债备付率的依据。",
                "Revenue and cost against the budget; what the debt service cover rests on.",
            ),
            "see_cost_to_complete": (
                "完工尚需成本与未提款额度、自有资金是否相符。",
                "Cost to complete against what is undrawn and the sponsor's own money.",
            ),
            "see_stress": (
                "价格、销量下降或工期延误时能否承受。",
                "Whether it bears lower prices and volumes, or a delay.",
            ),
            "see_market": ("市场供求、竞争与成本地位。", "Supply and demand, competitors, position in cost."),
        },
        "political_legal": {
            "see_permits": (
                "土地、规划、施工、环评等许可是否齐全有效。",
                "Whether permits of land, planning, building and environment are complete and valid.",
            ),
            "see_legal_disputes": (
                "有无诉讼、查封、欠薪、征收或政策变化。",
                "Lawsuits, seizures, unpaid wages, expropriation, changes of policy.",
            ),
            "see_government_support": (
                "政府支持或承诺是否仍然有效。",
                "Whether support or promises of a public body still stand.",
            ),
            "see_contracts_enforceable": (
                "主要合同是否有效、可执行。",
                "Whether the main contracts are valid and can be enforced.",
            ),
        },
        "transaction": {
            "see_works_progress": (
                "实际进度与项目报告、提款进度是否一致。",
                "Works as built against the project report and against what is drawn.",
            ),
            "see_contractor": (
                "承包商在场人数、设备、履约能力与合同类型。",
                "The contractor's people and equipment on site, ability, and kind of contract.",
            ),
            "see_design_technology": ("设计变更与技术风险。", "Changes of design; risk of the technology."),
            "see_offtake_supply": (
                "产品销售与原料供应合同及对方情况。",
                "Contracts for sale and supply, and who stands behind them.",
            ),
            "see_operation": ("运营方经验及运维合同。", "The operator's experience, and its contract."),
        },
        "sponsor": {
            "see_sponsor_money": (
                "发起人资本金是否按期到位。",
                "Whether the sponsor's equity came in when due.",
            ),
            "see_sponsor_state": (
                "发起人近期财务与其他项目情况。",
                "The sponsor's own finances and other projects of late.",
            ),
            "see_sponsor_support": (
                "发起人追加支持的意愿与记录。",
                "Whether the sponsor will stand by it, and did so before.",
            ),
        },
        "security": {
            "see_security_seen": (
                "抵质押物是否在场、完好、登记有效。",
                "Whether what is pledged is there, sound, and registered.",
            ),
            "see_cash_control": (
                "收入是否进入监管账户，储备账户余额。",
                "Whether revenue runs through the controlled account; balances of reserves.",
            ),
            "see_covenants": (
                "约定条款的履行情况，有无违约。",
                "How covenants are kept, and which are broken.",
            ),
            "see_insurance": (
                "保险是否有效、足额，我方是否为受益人。",
                "Whether insurance is in force and enough, and we are its beneficiary.",
            ),
        },
    },
    "desk_review": {
        "proposal": {
            "check_receipt_read": (
                "阅读 linewatch explain：哪一步、哪个数字决定了结果，是否合理？",
                "Read linewatch explain: which step and which number made the result, and is it sound?",
            ),
            "check_newer_documents": (
                "有无比系统更新的材料？",
                "Is there anything newer than what the data shows?",
            ),
            "check_policy_rule": (
                "触发的内部规则及其理由是否适用于此户。",
                "Whether the rule that is met, and its reason, fit this borrower.",
                "policy_rule",
            ),
            "check_grade_move": (
                "评分变化由哪些指标引起，是否为一次性。",
                "Which characteristics moved the score, and whether that is passing.",
                "grade_worsened",
                "pd_near_edge",
            ),
            "check_large_change": (
                "大额敞口或大幅下调：借款人能否承受，有无更温和的办法。",
                "A large exposure or cut: whether the borrower can bear it, and what would be milder.",
                "large_decrease",
                "large_exposure",
            ),
            "check_commitment_terms": (
                "承诺额度的合同条款允许做什么。",
                "What the contract of the commitment allows.",
                "committed_line",
            ),
        },
        "ability": {
            "check_proof_of_income": (
                "收入与支出的证明材料。",
                "What proves income and spending.",
                "affordability_unverified",
                "unknown_share",
            ),
            "check_statement": (
                "取得最新财务报表；报表过旧或显示困境时说明原因。",
                "The newest financial statement; why it is old, or shows distress.",
                "statement_stale",
                "statement_expiring",
                "altman_distress",
            ),
            "check_assessment": ("评估意见的依据。", "What the assessment rests on.", "assessment_poor"),
            "check_loss_expected": (
                "已用部分的预期损失如何降低。",
                "How the expected loss of what is drawn comes down.",
                "expected_loss_exceeded",
            ),
        },
        "exposure": {
            "check_group_members": (
                "集团成员及其违约、担保情况。",
                "The members of the group, their defaults and guarantees.",
                "group_default",
                "exposure_breach",
            ),
            "check_device_shared_with": (
                "共用设备的另一户是否为同一人或关联方。",
                "Whether who shares the device is the same person, or of the group.",
                "shared_device",
            ),
            "check_public_registers": (
                "查询工商、司法、执行信息。",
                "Registers of firms, courts and enforcement.",
            ),
        },
        "cover": {
            "check_security_renewal": (
                "担保到期后的续作安排。",
                "What stands in when the security ends.",
                "security_expiring",
            ),
            "check_valuation": ("取得最新估值。", "A new valuation.", "valuation_stale"),
        },
        "rights": {
            "check_objection": (
                "借款人对自动化决定的意见，以及由人复核的结论。",
                "What the borrower says against a decision by machine, and what a person finds.",
                "automation_objection",
                "human_review",
            ),
        },
        "ours": {
            "check_letter": (
                "信函或理由为何未能生成；如何告知借款人。",
                "Why a reason or a letter could not be made, and how the borrower is told.",
                "no_reason",
                "draft_failed",
            ),
            "check_rows_set_aside": (
                "数据多次被隔离的原因及更正。",
                "Why the borrower's rows were set aside again and again, and what puts them right.",
                "quarantined_repeat",
            ),
            "check_not_shown": (
                "核心系统为何未显示已生效的额度。",
                "Why the system of record does not show what is in force.",
                "publication_overdue",
            ),
        },
    },
}
"""By kind and topic: each item's words in Chinese and English, then the triggers that ask for it."""


def _items() -> dict[str, Item]:
    return {
        code: Item(kind, topic, zh, en, frozenset(triggers))
        for kind, topics in _LISTS.items()
        for topic, items in topics.items()
        for code, (zh, en, *triggers) in items.items()
    }


ITEMS: Mapping[str, Item] = MappingProxyType(_items())
"""Every item by its code, those of a kind in the order of its checklist."""


@dataclass(frozen=True)
class Asked:
    """What a case asks for: its kind, and why it was opened."""

    kind: str
    triggers: frozenset[str]


def asked(told: Collection[Mapping[str, object]], sent_on: str = "") -> Asked:
    """What a case asks for: the kind that a reviewer sent it on to, else the most thorough of those that
    nights wrote (`kind`, `triggers`) when they opened it and saw it again.
    """
    triggers = frozenset(str(each) for case in told for each in _listed(case.get("triggers")))
    kinds = {str(case.get("kind") or "") for case in told} | {kind_of(triggers)}
    thorough = next(kind for kind in KINDS if kind in kinds)
    return Asked(sent_on if sent_on in KINDS else thorough, triggers)


def items_of(kind: str, triggers: Collection[str] | None = None) -> dict[str, Item]:
    """The items of a kind of case; with triggers, those that are asked for by one of them, or always."""
    return {
        code: item
        for code, item in ITEMS.items()
        if item.kind == kind
        and (triggers is None or not item.triggers or not item.triggers.isdisjoint(triggers))
    }


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
