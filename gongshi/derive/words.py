"""Chinese names of the model's fixed choices, as pages print them."""

KINDS = {"rectification": "整改通报", "plan": "方案", "announcement": "公告"}
TEXTS = {"verbatim": "全文", "digest": "摘要"}
REASONS = {
    "secret": "涉及国家秘密",
    "case": "涉及正在查办的案件",
    "privacy": "涉及个人隐私",
    "sensitive": "涉及重大敏感事项",
    "stability": "涉及上访或群体性事件",
    "publicity": "可能引发负面炒作",
}
PHASE_STATES = {"past": "已结束", "now": "进行中", "ahead": "未开始", "unknown": "时间未注明"}
