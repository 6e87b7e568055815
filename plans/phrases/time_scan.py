"""The vocabulary of time: one expression that cuts a phrase into its tokens, each tried at one place once.

Every alternative has bounded repetitions only, so the work grows with the length of the text and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.phrases.words import Typed

_Y = r"(?:19|20)[0-9]{2}(?![0-9])"
_D = r"(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
_M = r"(?:0?[1-9]|1[0-2])(?![0-9])"
_S = r" ?[/.\-] ?"
_YEAR = rf"(?:{_S}| ?, ?nam | ?nam ?| )"  # what stands between a month and its year
_NOT_A_DATE = rf"(?! ?[/.] ?{_M})"
_NEXT = r" ?(?:,|va|\+|&|;|-) ?"
_QUARTER = r"(?:iv|i{1,3}|[1-4])(?![0-9a-z])"
_PAIR = rf"(?P<%s>{_Y}) ?[-/] ?(?P<%s>{_Y}|[0-9]{{2}}(?![0-9/]))"
_UNIT = r"(?P<%s>ngay lam viec|ngay|tuan|thang|quy|nam hoc|nam|hoc ky|hoc ki|ky|hk)(?![0-9a-z])"
_END = r"(?![a-z0-9])"

_ALTERNATIVES = (
    # Blanks to be filled in by hand.
    r"(?P<blank>(?:ngay ?)?…(?: ?,? ?(?:gio|phut|ngay|thang|nam|/|-|…)){0,12}(?: ?(?:19|20)?[0-9]? ?…)?"
    r"|(?:nam ?)?(?:19|20)[0-9]? ?…|ngay thang nam" + _END + ")",
    # Clock times and weekdays: read so that their figures are taken for no date.
    r"(?P<clock>(?:[01]?[0-9]|2[0-4]) ?(?::|h|gio) ?[0-5][0-9](?![0-9])(?: ?(?:phut|p)"
    + _END
    + ")?"
    r"|(?:[01]?[0-9]|2[0-4]) ?(?:h|gio)" + _END + ")",
    r"(?P<weekday>thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])" + _END + r"|chu nhat)",
    rf"(?P<iso>(?P<iso_y>{_Y})-(?P<iso_m>[0-9]{{2}})-(?P<iso_d>[0-9]{{2}})(?![0-9])(?:t[0-9:.]{{0,12}}z?)?)",
    rf"(?P<days>(?:ngay ?)?(?P<days_a>{_D}) ?(?:-|den|,|va) ?(?P<days_b>{_D})(?: ?[/.] ?| ?thang ?)(?P<days_m>{_M})"
    rf"(?:(?: ?[/.] ?| ?nam ?)(?P<days_y>{_Y}))?(?![0-9]))",
    rf"(?P<dmy>(?:ngay ?)?(?P<dmy_d>{_D}){_S}(?P<dmy_m>{_M}){_S}(?P<dmy_y>{_Y}|[0-9]{{2}}(?![0-9])))",
    rf"(?P<long>(?:ngay ?)?(?:(?P<long_d>{_D})|…) ?(?:thang ?|/ ?thang ?)(?P<long_m>{_M})"
    rf"(?:{_YEAR}(?P<long_y>{_Y}))?)",
    r"(?P<months>(?:ngay )?(?:thang ?|thg ?|t)\.? ?"
    rf"(?P<month_list>{_M}(?:{_NEXT}(?:thang ?|t)?{_M}{_NOT_A_DATE}){{0,11}})"
    rf"(?:{_YEAR}(?P<months_y>{_Y}))?)",
    rf"(?P<mrange>(?P<mrange_a>{_M}) ?- ?(?P<mrange_b>{_M}) ?/ ?(?P<mrange_y>{_Y}))",
    rf"(?P<my>(?P<my_m>{_M}){_S}(?P<my_y>{_Y}))",
    rf"(?P<dm>(?:ngay ?)?(?P<dm_d>{_D}) ?/ ?(?P<dm_m>{_M})(?! ?/))",
    rf"(?P<shorty>(?P<shorty_m>{_M}) ?/ ?(?P<shorty_y>[1-4][0-9])(?![0-9/]))",
    rf"(?P<day_no>ngay ?(?P<day_no_d>{_D})(?! ?[/.]))",
    r"(?P<quarters>(?P<quarter_word>quy) ?(?:thu )?"
    rf"(?P<quarter_list>{_QUARTER}(?:{_NEXT}(?:quy ?)?{_QUARTER}){{0,3}})(?:{_YEAR}(?P<quarters_y>{_Y}))?)",
    # Terms, school years, periods, years.
    r"(?P<term>(?:hoc ky|hoc ki|hocky|hk|ky|ki) ?(?:thu )?(?P<term_no>iii?|ii|i|1|2|mot|hai|nhat)"
    + _END
    + rf"(?: ?,? ?(?:cua )?(?:nam hoc |nh ?)?{_PAIR % ('term_a', 'term_b')})?)",
    rf"(?P<school>(?:nam ?hoc|nh) ?:? ?{_PAIR % ('school_a', 'school_b')})",
    rf"(?P<school_one>nam ?hoc ?:? ?(?P<school_one_y>{_Y}))",
    rf"(?P<period>(?:giai doan|nhiem ky|thoi ky) ?:? ?(?:tu )?(?:nam )?(?P<period_a>{_Y}) ?(?:-|/|den|toi) ?(?:het )?"
    rf"(?:nam )?(?P<period_b>{_Y}))",
    rf"(?P<pair>(?:nam )?{_PAIR % ('pair_a', 'pair_b')})",
    rf"(?P<year>(?P<year_word>nam ?)?(?P<year_y>{_Y})(?! ?[/.]))",
    rf"(?P<summer>(?:nghi |dip |mua |ky nghi )?(?P<summer_word>he){_END}(?! thong)"
    rf"(?: ?(?:nam )?(?:(?:hoc )?{_PAIR % ('summer_a', 'summer_b')}|(?P<summer_y>{_Y})))?)",
    # Things that come again.
    r"(?P<every_n>(?P<every_count>[0-9]{1,2}) ?"
    + _UNIT % "every_unit"
    + r" ?(?:/ ?|mot |1 ){1,2}lan)",
    r"(?P<per>(?P<per_count>[0-9]{1,2}) ?lan ?(?:/ ?|moi |mot |trong |tren |1 ){1,2}"
    + _UNIT % "per_unit"
    + ")",
    r"(?P<each>(?P<each_word>hang|moi|tung|cac|theo) ?(?:tung )?"
    + _UNIT % "each_unit"
    + r"(?: (?:mot|1) lan|(?! ?[0-9])))",
    r"(?P<always>thuong xuyen|lien tuc|quanh nam)",
    r"(?P<periodic>dinh ky)",
    r"(?P<vague>(?P<vague_edge>cuoi|dau|giua|trong|ca|het|suot|toan) (?P<vague_word>nam)"
    + _END
    + "(?! hoc| ?[0-9]))",
    r"(?P<school_bare>nam ?hoc" + _END + r"(?: (?P<which>nay|moi|toi|sau|truoc|ke tiep))?)",
    r"(?P<terms>(?:(?:2|hai|ca hai|ca 2|moi|cac|tung) )?(?:hoc ky|hoc ki|hk)" + _END + ")",
    r"(?P<duration>(?P<duration_count>[0-9]{1,3}|mot|hai|ba|bon|nam|bay|tam|chin|muoi) ?"
    r"(?P<duration_unit>ngay lam viec|ngay|tuan|thang|nam hoc|nam)(?![0-9a-z]))",
    # What ties times together.
    r"(?P<until>cham nhat|muon nhat|tre nhat|khong qua|han chot|han cuoi|thoi han|han)" + _END,
    r"(?P<before>truoc)" + _END,
    r"(?P<after>sau)" + _END,
    r"(?P<from>bat dau tu|bat dau|ke tu|tu)" + _END,
    r"(?P<to>den|toi|cho den|->|→|=>)(?![a-z])",
    r"(?P<edge>cuoi|dau|giua|het|ket thuc|ngay cuoi|ngay dau)" + _END,
    r"(?P<status>(?:da|dang|chua) (?:hoan thanh|thuc hien|xong|lam|bat dau|trien khai)|hoan thanh)"
    + _END,
    r"(?P<filler>vao|trong|luc|hoi|ngay|thang|nam|khoang|cho|thoi gian|thoi diem|thuc hien|moc|ca|suot|cua|la"
    r"|tuan|quy|buoi|lan|theo|den nay)" + _END,
    r"(?P<dash>-|~)",
    r"(?P<sep>va" + _END + r"|[,;\n/+&])",
    r"(?P<figures>[0-9]+(?: ?[/.\-] ?[0-9]+)+)",
    r"(?P<word>[^\W_]+)",
    r"(?P<sign>\S)",
)
_TOKEN = re.compile("|".join(f"(?:{one})" for one in _ALTERNATIVES))

# Where letters without their marks say two things, the marks decide: "tư" is no "từ", "quỹ" no "quý".
_MUST_BE_SPELT = {
    "from": ("tu", ("từ", "kể từ", "bắt đầu từ", "bắt đầu", "tù")),
    "quarters": ("quarter_word", ("quý", "qúy")),
    "summer": ("summer_word", ("hè",)),
    "vague": ("vague_word", ("năm",)),
    "before": ("before", ("trước",)),
    "after": ("after", ("sau",)),
    "to": ("to", ("đến", "tới", "cho đến", "dến", "->", "→", "=>")),
    "until": (
        "until",
        ("chậm nhất", "muộn nhất", "trễ nhất", "không quá", "hạn chót", "hạn cuối", "thời hạn", "hạn"),
    ),
    "edge": (
        "edge",
        ("cuối", "đầu", "giữa", "hết", "kết thúc", "ngày cuối", "ngày đầu"),
    ),
    "always": ("always", ("thường xuyên", "liên tục", "quanh năm")),
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """One piece of a phrase: its kind, which is the name of its alternative, and the alternative's parts."""

    kind: str
    text: str
    match: re.Match[str]

    def part(self, name: str) -> str:
        """Return a named part, "" when it is not there."""
        return self.match[name] or ""


def _kind(match: re.Match[str], phrase: Typed) -> str:
    # Alternatives are named groups that hold the whole match; their parts lie inside and closed before.
    kind = match.lastgroup or "sign"
    rule = _MUST_BE_SPELT.get(kind)
    if rule is None:
        return kind
    group, words = (kind, rule[1]) if kind == "from" else rule
    return kind if phrase.spelt(*match.span(group), *words) else "word"


def tokens(phrase: Typed) -> Iterator[Token]:
    """Yield the phrase's tokens in order; every character but spaces belongs to one."""
    for match in _TOKEN.finditer(phrase.plain):
        yield Token(_kind(match, phrase), match[0], match)
