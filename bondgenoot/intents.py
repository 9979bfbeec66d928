"""Names of intents, in the groups that turn-taking, the judges and the safety net tell apart (dialogue contract)."""

from __future__ import annotations

ANSWER = "answer"
FALLBACK = "nlu_fallback"

CONTROL = frozenset({
    "greet", "goodbye", "thank", "ask_help", "ask_clarification", "skip", "dont_know", "go_back", "stop",
    "start_over", "human_handoff", "resume", "ask_progress", "keep_commitment",
})  # fmt: skip
ASKING = frozenset({
    "faq", "chitchat", "ask_privacy", "export_data", "delete_data", "list_commitments", "show_progress",
    "pause_follow_ups", "resume_follow_ups", "change_ask_time", "email_nudges_on", "email_nudges_off",
})  # fmt: skip
STARTING = frozenset({
    "start_scan", "start_dilemma", "share_dilemma", "ask_practice", "plan_moment", "make_commitment",
    "repair_trust", "postpone_commitment", "cancel_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
ABOUT_COMMITMENTS = frozenset({
    "postpone_commitment", "cancel_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
CHANGE = "change_commitment"
# 'Dat bedoel ik niet': the person was misread.
PROTEST = "protest"
# What a no goes on to ask for, is what is meant: 'nee, ik wil een mens spreken'.
ASKED_FOR = frozenset({"human_handoff", "delete_data", "export_data", "ask_privacy"})
YES_OR_NO = ("affirm", "deny")
# What a person means who tells of themselves instead of asking.
TELLING = ("share_dilemma", "repair_trust")
# Between these two the judge of asides decides (components.intent_model): a message about the conversation itself, or
# one that tells of work.
ABOUT_CONVERSATION = frozenset({
    "ask_help", "ask_clarification", "skip", "dont_know", "go_back", "stop", "start_over", "human_handoff",
    "ask_privacy", "goodbye", "export_data", "delete_data",
})  # fmt: skip
ABOUT_WORK = frozenset({
    ANSWER, "share_dilemma", "repair_trust", "make_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
SAFETY = frozenset({
    "crisis", "harassment", "burnout", "report_wrongdoing", "safety_check",
})  # fmt: skip
# What the net makes of an answer to its question or card; the texts of these, too, are kept nowhere.
CLEARED, SPENT = "safety_cleared", "safety_spent"
SPOKEN_ON = SAFETY | {CLEARED, SPENT}
