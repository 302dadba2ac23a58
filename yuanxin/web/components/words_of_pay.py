"""Words for the codes of inspection and of why pay changed."""

from __future__ import annotations

from django.utils.translation import gettext_noop

PAY: dict[str, dict[str, str]] = {
    "finding": {
        "photo_missing": gettext_noop("Photo missing"),
        "photo_of_other_place": gettext_noop("Photo of another place"),
        "test_missing": gettext_noop("Test values missing"),
        "test_implausible": gettext_noop("Test values not plausible"),
        "wrong_cause": gettext_noop("Wrong fault cause"),
        "cabling_untidy": gettext_noop("Cabling untidy"),
        "site_not_clean": gettext_noop("Site left dirty"),
        "not_repaired": gettext_noop("Not repaired"),
        "false_record": gettext_noop("False record"),
    },
    "inspection_reason": {
        "mismatch": gettext_noop("The customer denies the work"),
        "low_score": gettext_noop("Low score"),
        "repeat": gettext_noop("Repeated fault"),
        "very_late": gettext_noop("Very late"),
        "close_type": gettext_noop("Kind of result"),
        "sample": gettext_noop("Sample"),
    },
    "inspection": {
        "open": gettext_noop("To inspect"),
        "passed": gettext_noop("Good"),
        "found": gettext_noop("With findings"),
        "lapsed": gettext_noop("Not inspected in time"),
    },
    "pay_reason": {
        "finished": gettext_noop("Work finished"),
        "finished.again": gettext_noop("Finished again after rework"),
        "callback": gettext_noop("Call-back"),
        "callback.mismatch": gettext_noop("The customer denies the work"),
        "rating": gettext_noop("Rating"),
        "repeat_fault": gettext_noop("Repeated fault"),
        "repeated": gettext_noop("Somebody else had to repair it again"),
        "repriced": gettext_noop("Reckoned anew by the scheme"),
        "check.found": gettext_noop("Findings of the inspection"),
        "check.passed": gettext_noop("Inspection without findings"),
        "correction.damage": gettext_noop("Damage at the customer's"),
        "correction.private_fee": gettext_noop("Private fee taken"),
        "correction.merit": gettext_noop("Special merit"),
        "correction.mistake": gettext_noop("Mistake in the reckoning"),
    },
    "evidence_kind": {
        "photo": gettext_noop("Photo of the work"),
        "arrival": gettext_noop("Photo at arrival"),
        "hold": gettext_noop("Evidence of the hold"),
        "signature": gettext_noop("The customer's signature"),
    },
    "pay_correction": {
        "damage": gettext_noop("Damage at the customer's"),
        "private_fee": gettext_noop("Private fee taken"),
        "merit": gettext_noop("Special merit"),
        "mistake": gettext_noop("Mistake in the reckoning"),
    },
}
