"""What a contact's short title is about, and where it belongs: a readable table, first match wins.

The table was written for titles of a few English words, as people type them into a complaint form. It knows no
operator by name. A title that matches nothing is kept as "other" and goes to a person on the complaint path.
Order is meaning: a data cap is a tariff matter although it is about the internet, a bill for a service that does not
work is a matter of money although a fault stands behind it, and an outage is a fault of many homes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from yuanxin.published.codes import Service


class Reason(StrEnum):
    """来电原因: what a contact is about."""

    DATA_CAP = "data_cap"
    PHONE_FAULT = "phone_fault"
    BILLING = "billing"
    PRICE = "price"
    CONTRACT = "contract"
    INSTALL_MOVE = "install_move"
    CONTENT = "content"
    EMAIL_ACCOUNT = "email_account"
    OUTAGE = "outage"
    NO_INTERNET = "no_internet"
    INTERMITTENT = "intermittent"
    SLOW_SPEED = "slow_speed"
    TV_FAULT = "tv_fault"
    EQUIPMENT = "equipment"
    SERVICE_ATTITUDE = "service_attitude"
    SALES_PRACTICE = "sales_practice"
    NOT_OURS = "not_ours"
    OTHER = "other"


class Route(StrEnum):
    """去向: where a contact goes."""

    FIELD = "field"
    COMPLAINT = "complaint"
    NO_VISIT = "no_visit"


@dataclass(frozen=True)
class TitleRule:
    """One line of the table: lower-case titles in which `pattern` is found are about `reason`."""

    reason: Reason
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Reading:
    """What the table says about one title."""

    reason: Reason
    route: Route
    service: Service
    fault_code: str  # a code of care's fault list; empty when no technician goes


_TABLE: tuple[tuple[Reason, str], ...] = (
    (
        Reason.NOT_OURS,
        r"\bmagazine|\bcyber|^at&t$|\bmicrosoft|\byahoo|^spam$|^dsl$|\bpop.?up scam|\bfcc\.gov|\bpostal mail"
        r"|\bfacebook",
    ),
    (
        Reason.DATA_CAP,
        r"\bcap(s|ped|ping)?\b|\bdatacap|\busage (data|limit|meter)|\boverages?\b|\buasge|\b\d+ ?gb?\b|\bmetered\b"
        r"|\bdata.(usage|use|useage|internet usage|limits?|allowance|thresholds?|meter|plan|policy|charges|billing)\b"
        r"|\bmonthly allowance|\bburning data|\bover the limit|\badditional usage|\bdata not|\bmeasuring bandwidth",
    ),
    (
        Reason.BILLING,
        r"bill(s|ed|ing|ings)?\b|\becobill|over ?-?charg|\bcharg(e[ds]?|ing)\b|\brefund|\breimburse|\bfees?\b"
        r"|\bpayments?\b|\bpmts\b|\bcramming\b|\bslamming\b|\bcollections?\b|\bcredit|\bdeposit\b|\bowes? me\b"
        r"|\bpromise to pay\b|\bbank account|\bhard inquiries|\bsent out a check|\bover paying|\bstealing"
        r"|\brental\b|\bmodem rent\b|\bextort|\breturn\w* equipment",
    ),
    (
        Reason.PRICE,
        r"pric(e[sd]?|ing)\b|\brates?\b|\bexpensive\b|\bcosts?\b|\bbundl|\bpackag|\bpromotions?\b|\bpromo\b"
        r"|\bdiscount|\boffer(s|ed)?\b|\bdeals?\b|\bincentives?\b|\blow.?income|\bessentials?\b|\bgoug"
        r"|\btriple play|\bmoney grab|\binternet only|\bonly want internet|\bwhy am i paying",
    ),
    (
        Reason.CONTRACT,
        r"\bcontract|\bcancel|\bterminat|\bclosed? (my )?account|\baccount is closed|\bagreement\b|\bshut.?off"
        r"|\bshut down|\bdisconnect (my )?service|\bdiscontinu|\bservice stoppage|\bdisconnection of service"
        r"|\bshutting off|\bservice levels|\bdisconnect\w* (service before|my account)"
        r"|\bunauthorized .*(account|username)|\b(loss of|fraudulent) account|\bdidn't order|\bnever agreed"
        r"|\badded services|\bretaliation",
    ),
    (
        Reason.INSTALL_MOVE,
        r"\bi[mn]stall|\bavailab|\bset ?up\b|\btransfer\w* of service|\bservice transferred"
        r"|\bnew (subdivision|location|address)|\brefus\w+ (to )?serv|\bservice refusal|\bservice area|\bhook.?up"
        r"|\bconnect\w* (the )?service|\border status|\bservice (to my address|in (my portion|neighborhood))"
        r"|\bobtain residential|\binternet needed|\bdenial of .*service\b.|\brequest for internet"
        r"|\bproperty access|\btrespass|\bexclusivity|\baccess to service|\bcable line\b|\badd service"
        r"|\binfrastructure close|\bwillingness to pay|\bchange my service|\bservice changes|\bdenies providing"
        r"|\bnot complete",
    ),
    (
        Reason.CONTENT,
        r"\bhbo|\bblocking\b(?!.*port)|\bps[34]\b|\bplaystation|\bdirectv|\bonline (content|videos|streaming)"
        r"|\bcaptioning|\bopen internet|\bneutrality|\bfire tv|\bapple tv|\bwebsites|\btethering|\bcode injection"
        r"|\boio violation",
    ),
    (
        Reason.EMAIL_ACCOUNT,
        r"\be-?mail|\bonline ?access|\brenew ip address|\.net$|\bport \d|\btech\w* sup",
    ),
    (
        Reason.OUTAGE,
        r"\boutages?\b",
    ),
    (
        Reason.PHONE_FAULT,
        r"\b(phone|telephone) (service|line)|\btelephone, tv service|\bdial tone|\bdrop calls|\bland ?line|\b911\b",
    ),
    (
        Reason.TV_FAULT,
        r"\b(tv|television|picture|channels?)\b.*\b(not|no|freez|problem|issue|fault|signal|blank)"
        r"|\bno (picture|channels)|^locals$",
    ),
    (
        Reason.INTERMITTENT,
        r"\bintermit|\bdisconnect(s|ions?|ing)?\b|\bdrop(s|ped|ping)?\b|\binterr?up|\bfreez"
        r"|\bloss\b.*\b(internet|signal|conn)|\blosing connection|\bloses signal|\bspotty|\b(un)?reliab"
        r"|\bconsistent service|\bpacket loss|\bping\b|\bdisrupt|\bconnect(ion|ivity) (issue|problem)"
        r"|\bconnectivity\b|\breception\b|\bjamming|\bpoor internet connection"
        r"|\binternet (is |system )?(problems?|issues?|help)|\b(issues?|problems) with (\w+ )*internet"
        r"|\bconstant internet",
    ),
    (
        Reason.NO_INTERNET,
        r"\bno (internet|service|seevice|broadband|cable|signal|wifi)|\b(not|non.?) ?work|\bnot receiving internet"
        r"|n't work|\binternet (is )?(down|not)\b|\bservice (is )?(down|out)\b|\bwithout (internet|service)"
        r"|\blost internet|\bnot have internet|\bfailure (of|to (provide|deliver|supply|connect))"
        r"|\bcannot access .*service|\bservice failure|\black of service|\bfix (my )?internet|\bnever able to use"
        r"|\bgoing down|\bservices? turned off|\bnot available|\bunable to fully use|\bnot fixed home",
    ),
    (
        Reason.SLOW_SPEED,
        r"\bspeeds?\b|\bslow|throttl|\d ?mb|\bmb(p|/)?s\b|\bbandwidth|\blow (internet|wifi|wireless)|\bdegraded"
        r"|\bdownload|\blatency|\bquality\b.*\binternet|\binternet\b.*\bquality"
        r"|\b(poor|bad|awful|terrible|horrible) inter?net|\bperformance|\binternet (is )?(awful|atrocious|bad)"
        r"|\bwi-?fi issues|\bwireless signal|\bquality loss|\bbarely ever works",
    ),
    (
        Reason.SERVICE_ATTITUDE,
        r"\bcustomer (service|care|treatment)|\brude\b|\bcust svc|\bservice\b.*\b(awful|horrible|bad|terrible)"
        r"|\battitude"
        r"|\b(poor|bad|terrible|horrible|awful|abysmal|worst|shitty|unacceptable|substandard)\b.*\bservice"
        r"|\brun ?-?around|\bno.?show|\bappointments?\b|\bhang-?ups?\b|\bhung up|\bharass|\btreatment|\bignor"
        r"|\brespon[ds]|\bsupport\b|\bnever resolved|\b(no|with no) resolution|\bsupervisor"
        r"|\bunable to (correct|reach|get in touch)|\bunwilling|\brefus\w+ (to )?(help|fix|rectify|resolve)"
        r"|\bcommunicat|\bissues don't get|\bnot (fixed|resolved)|\bchat agent|\bincompeten|\bphone calls"
        r"|\bcontinued calls|\bwait(s|ing times)\b|\bvisit|\bexperience\b|\bnightmare|\bracism|\bthreat"
        r"|\btechnician|\brepresentative|\bbully|\bdisrespect|\bhassle|\bticket #|\bescalation|\bno assistance",
    ),
    (
        Reason.EQUIPMENT,
        r"\b(modem|router|box|equipment|splitter|remote|electronics|alarm)s?\b|\b(home )?security (system|service)",
    ),
    (
        Reason.SALES_PRACTICE,
        r"\bbait\b|\bfals|\bdecept|\bdeceit|\bmisle[ad]|\bmiss? ?represent|\bl(ie|ies|ied|iked|ying)\b|\bfraud"
        r"|\bfrad|\bscam|\bthie|\btheft|\bcheat|\bdishonest|\bunethical|\bmonopol|\bcompetit|\bunfair|\badvertis"
        r"|\bpromis|\btrick|\bpractices?\b|\bmerger|\bforc(ed|ing|es)\b|\bunclear|\bripping|\bcrooks|\bcorrupt"
        r"|\bviolat|\bhonor|\billegal|\bchoice\b|\btactics|\btechniques|\bpolic(y|ies)\b|\bscrewed|\bshady"
        r"|\bmanipul|\bbogus|\bunauthorized|\bsales\b|\bdisclos|\babuse",
    ),
)
RULES: tuple[TitleRule, ...] = tuple(TitleRule(reason, re.compile(pattern)) for reason, pattern in _TABLE)
ROUTES: dict[Reason, Route] = {
    Reason.NO_INTERNET: Route.FIELD,
    Reason.OUTAGE: Route.FIELD,
    Reason.INTERMITTENT: Route.FIELD,
    Reason.SLOW_SPEED: Route.FIELD,
    Reason.TV_FAULT: Route.FIELD,
    Reason.PHONE_FAULT: Route.FIELD,
    Reason.EQUIPMENT: Route.FIELD,
    Reason.CONTENT: Route.NO_VISIT,
    Reason.EMAIL_ACCOUNT: Route.NO_VISIT,
    Reason.NOT_OURS: Route.NO_VISIT,
}


def read_title(title: str) -> Reading:
    """Return what `title` is about and where it goes; never fails, the unknown is "other"."""
    plain = title.lower()
    reason = next((rule.reason for rule in RULES if rule.pattern.search(plain)), Reason.OTHER)
    route = ROUTES.get(reason, Route.COMPLAINT)
    service = Service.TV if reason is Reason.TV_FAULT else Service.BROADBAND
    return Reading(reason, route, service, reason.value if route is Route.FIELD else "")
