"""The words of care's codes and errors; ``codes`` and ``words`` speak them beside the others."""

from django.utils.translation import gettext_noop

FAMILIES: dict[str, dict[str, str]] = {
    "author": {
        "staff": gettext_noop("Staff"),
        "customer": gettext_noop("Customer"),
        "partner": gettext_noop("Partner system"),
        "system": gettext_noop("System"),
    },
    "thread_system": {
        "merged_from": gettext_noop("Merged into this ticket:"),
        "triage_hint": gettext_noop("From the questions:"),
    },
    "triage_result": {
        "solved": gettext_noop("Solved on the telephone"),
        "fault": gettext_noop("Needs a visit"),
        "not_ours": gettext_noop("Not our network"),
    },
    "ticket_next": {
        "assign": gettext_noop("Dispatch assigns a technician."),
        "assign_late": gettext_noop("Overdue without a technician: call the dispatcher."),
        "wait_for_visit": gettext_noop("The technician has it; nothing to do here."),
        "hurry": gettext_noop("Overdue or chased again: write to dispatch in the thread."),
        "call_back": gettext_noop("Call the customer back now."),
        "call_back_later": gettext_noop("Call the customer back from"),
        "ended": gettext_noop("Nothing: the matter is closed."),
    },
    "withdraw": {
        "customer": gettext_noop("The customer takes it back"),
        "mistake": gettext_noop("Taken down by mistake"),
        "recovered": gettext_noop("It works again by itself"),
    },
    "decision": {
        "none_seen": gettext_noop("No earlier report"),
        "same_fault": gettext_noop("The same fault"),
        "repeat": gettext_noop("A repeat of the repaired fault"),
        "other_fault": gettext_noop("Another fault"),
    },
    "other_reason": {
        "other_service": gettext_noop("Another service"),
        "other_symptom": gettext_noop("Another symptom"),
        "other_room": gettext_noop("Another room or device"),
        "repaired": gettext_noop("Repaired meanwhile, broken anew"),
    },
    "node": {
        "optical_node": gettext_noop("Optical node"),
        "amplifier": gettext_noop("Amplifier"),
    },
    "complaint_step": {
        "first_reply": gettext_noop("First reply"),
        "check": gettext_noop("Check the facts"),
        "handle": gettext_noop("Handle"),
        "answer": gettext_noop("Answer"),
        "call_back": gettext_noop("Call back about the answer"),
        "reject_answer": gettext_noop("Customer rejects the answer"),
        "conclude": gettext_noop("Conclude"),
        "escalate": gettext_noop("Escalate inside the company"),
        "go_over": gettext_noop("Went over us"),
        "mark_duplicate": gettext_noop("Duplicate of another complaint"),
        "withdraw": gettext_noop("Withdrawn by the customer"),
        "sign_off": gettext_noop("Sign the answer"),
        "reopen": gettext_noop("Open again"),
    },
    "complaint_level": {
        "0": gettext_noop("Not escalated"),
        "1": gettext_noop("Escalated inside the company"),
        "2": gettext_noop("With an authority"),
    },
    "complaint_source": {
        "own": gettext_noop("Our own channels"),
        "12345": gettext_noop("12345 government hotline"),
        "12315": gettext_noop("12315 consumer hotline"),
        "12300": gettext_noop("12300 telecom authority"),
        "10099": gettext_noop("10099 headquarters"),
        "nrta": gettext_noop("NRTA complaint centre"),
        "petition": gettext_noop("Petition office"),
        "manager": gettext_noop("General manager's mailbox"),
    },
    "differs": {
        "cause": gettext_noop("Another cause than in the close-out"),
        "materials": gettext_noop("Other materials than in the close-out"),
        "visit": gettext_noop("Nobody came"),
    },
    "red_line": {
        "private_fee": gettext_noop("Private fee"),
        "begged_score": gettext_noop("Score begged"),
        "false_close": gettext_noop("False close-out"),
    },
    "part": {
        "connector": gettext_noop("connector"),
        "splitter": gettext_noop("splitter"),
        "set_top_box": gettext_noop("set-top box"),
        "power_adapter": gettext_noop("power adapter"),
        "smart_card": gettext_noop("smart card"),
        "hdmi_cable": gettext_noop("HDMI cable"),
        "remote_control": gettext_noop("remote control"),
        "drop_cable": gettext_noop("drop cable"),
        "fibre_connector": gettext_noop("fibre connector"),
        "onu": gettext_noop("optical modem"),
        "router": gettext_noop("router"),
        "sim_card": gettext_noop("SIM card"),
    },
}

ERRORS: dict[str, str] = {
    "care.message_unknown": gettext_noop("There is no such message here."),
    "care.one_attachment_only": gettext_noop("Send the picture and the recording as two messages."),
    "care.thread_unknown": gettext_noop("A thread belongs to a ticket or a work order."),
    "care.voice_refused": gettext_noop("Send a recording as m4a, mp3, ogg, webm or amr."),
    "care.voice_too_heavy": gettext_noop("The recording is too large."),
    "care.voice_type_differs": gettext_noop("The recording is of another type than its name."),
    "care.callback_outside_hours": gettext_noop(
        "Call between %(from_time)s and %(to_time)s: a try at another hour does not count."
    ),
    "care.callback_too_soon": gettext_noop(
        "The last try was less than %(minutes)s minutes ago. Try again from %(next_time)s."
    ),
    "care.complaint_source_missing": gettext_noop("Say who took it over, and its number there."),
    "care.duplicate_decision_missing": gettext_noop(
        "This home has reported before (%(number)s). Decide: the same fault, a repeat, or another one."
    ),
    "care.external_due_past": gettext_noop("The deadline of the authority lies in the past."),
    "care.nothing_to_repeat": gettext_noop("There is no repair of which this could be a repeat."),
    "care.other_fault_reason_missing": gettext_noop("Say why it is another fault."),
    "care.pasted_nothing": gettext_noop(
        "The message holds neither a phone number nor an address. Ask for one of them."
    ),
    "care.pasted_too_long": gettext_noop("The message is too long: paste at most %(longest)s characters."),
    "care.reopen_reason_missing": gettext_noop("Say why it is opened again."),
    "care.sign_off_missing": gettext_noop(
        "An escalated complaint is concluded after somebody above has signed the answer."
    ),
    "care.signed_by_answerer": gettext_noop("Who wrote the answer does not sign it."),
    "care.triage_path_unknown": gettext_noop("These answers do not fit the questions. Please start again."),
    "care.triage_run_unfit": gettext_noop("These answers belong to another customer or ticket."),
    "care.triage_run_unknown": gettext_noop("There are no such answers here."),
    "care.triage_too_early": gettext_noop("A new version takes effect today or later, not on %(day)s."),
    "care.triage_tree_invalid": gettext_noop("The questions cannot be used (%(place)s)."),
    "care.triage_tree_invalid.answers": gettext_noop("%(place)s needs two to nine answers."),
    "care.triage_tree_invalid.dangling": gettext_noop("%(place)s leads to a question that is not there."),
    "care.triage_tree_invalid.fault": gettext_noop("%(place)s names a fault that this service does not have."),
    "care.triage_tree_invalid.loop": gettext_noop("The questions come back to %(place)s."),
    "care.triage_tree_invalid.no_end": gettext_noop(
        "%(place)s needs exactly one way on: next, solved, fault or not_ours."
    ),
    "care.triage_tree_invalid.shape": gettext_noop("Something is missing or misplaced: %(place)s."),
    "care.triage_tree_invalid.unreachable": gettext_noop("No answer leads to %(place)s."),
    "care.triage_tree_invalid.words": gettext_noop("%(place)s needs words in Chinese and in English."),
    "care.triage_tree_invalid.yaml": gettext_noop("Line %(place)s cannot be read."),
    "care.triage_tree_unknown": gettext_noop("There is no such version of the questions."),
}
