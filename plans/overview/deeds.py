"""What every action of the record is called in Vietnamese, as the words after a person's name."""

from plans.followups.states import MOVES as FOLLOW_UP_MOVES
from plans.inspections.states import MOVES as VISIT_MOVES
from plans.planning.saving import REFUSED
from plans.planning.states import MOVES
from plans.together.log import DEEDS, WHOLE

# Actions whose words say everything, or end before the name of the thing.
WORDS: dict[str, str] = {
    **WHOLE,
    "account.open": "mở tài khoản",
    "account.close": "khóa tài khoản",
    "account.reopen": "mở lại tài khoản",
    "account.password": "đổi mật khẩu",
    "account.login": "đăng nhập",
    "account.logout": "đăng xuất",
    "account.logout_everywhere": "đăng xuất khỏi mọi thiết bị",
    "account.reset_mail": "xin đặt lại mật khẩu qua thư",
    "role.grant": "giao vai trò",
    "role.revoke": "thôi giao vai trò",
    "school.register": "ghi trường vào chương trình",
    "school.change": "sửa thông tin của trường",
    "school.rename": "ghi tên mới của trường",
    "school.put_under": "ghi cơ quan quản lý của trường",
    "council.add": "thêm thành viên hội đồng, tổ",
    "council.change": "sửa thành viên hội đồng, tổ",
    "council.remove": "bỏ thành viên hội đồng, tổ",
    "council.restore": "đưa lại thành viên hội đồng, tổ",
    "council.move": "chuyển chỗ thành viên hội đồng, tổ",
    "council.copy": "chép hội đồng, tổ của năm trước",
    "legal.add": "thêm vào tủ văn bản",
    "legal.change": "sửa trong tủ văn bản",
    "comment.write": "viết trao đổi",
    "comment.solve": "đánh dấu đã giải quyết trao đổi",
    "assignment.give": "giao phần viết",
    "assignment.take_back": "thôi giao phần viết",
    "layout.set": "đặt thể thức văn bản",
    "form.copy": "chép mẫu kế hoạch",
    "form.freeze": "chốt mẫu kế hoạch",
    "form.in_force": "cho áp dụng mẫu kế hoạch",
    "form.drop": "bỏ bản đang sửa của mẫu",
    "campaign.open": "mở đợt nộp",
    "campaign.change": "sửa đợt nộp",
    "campaign.close": "đóng đợt nộp",
    "campaign.add_schools": "thêm trường vào đợt nộp",
    "campaign.remove_schools": "bỏ trường khỏi đợt nộp",
    "campaign.extend": "gia hạn nộp",
    "office_rule.set": "đặt quy định của cơ quan về kế hoạch",
    "register.outside": "ghi vào sổ số văn bản đã dùng ngoài chương trình",
    "register.void": "ghi vào sổ số văn bản bỏ",
    "opinion.give": "cho ý kiến về bản thảo",
    "remark.write": "ghi ý kiến khi xem kế hoạch",
    "remark.drop": "bỏ ý kiến khi xem kế hoạch",
    "remark.change": "trả lời ý kiến của cơ quan",
    "document.issue": "ban hành văn bản",
    "document.replace": "thay văn bản bằng bản mới",
    "document.withdraw": "thu hồi văn bản",
    "document.sign": "ký số văn bản",
    "document.scan": "thêm bản quét văn bản giấy",
    "document.publish": "công khai văn bản",
    "document.unpublish": "thôi công khai văn bản",
    "hand_signature.keep": "lưu ảnh chữ ký tay",
    "hand_signature.drop": "xóa ảnh chữ ký tay",
    "seal_image.keep": "lưu ảnh con dấu",
    "seal_image.drop": "xóa ảnh con dấu",
    "paper.send": "phát hành giấy tờ kiểm tra",
    "paper.make": "lập giấy tờ kiểm tra",
    "paper.replace": "thay giấy tờ kiểm tra bằng bản mới",
    "paper.withdraw": "hủy giấy tờ kiểm tra",
    "job.start": "yêu cầu việc chạy nền",
    REFUSED: DEEDS["refused"].rstrip(","),
    **{f"inspection.{move.name}": move.done for move in VISIT_MOVES},
    "paper.sign": "ký số biên bản kiểm tra",
    "paper.scan": "thêm bản quét biên bản kiểm tra đã ký trên giấy",
    "official.sign": "ký số, phát hành văn bản kiểm tra của cơ quan",
    "official.scan": "thêm bản quét văn bản kiểm tra của cơ quan đã ký trên giấy",
    **{f"follow_up.{move.name}": move.done for move in FOLLOW_UP_MOVES},
    "follow_up.note": "ghi tiến độ thực hiện kiến nghị",
    "follow_up.change": "đổi người thực hiện hoặc hạn của kiến nghị",
    "follow_up.carry": "đưa kiến nghị vào kế hoạch",
    "inspection.follow_ups": "lập danh sách kiến nghị phải theo dõi của",
    "inspection.drop_follow_ups": "bỏ danh sách kiến nghị để lập lại biên bản",
    "inspection.write": "ghi vào biên bản kiểm tra",
    "inspection.photo": "thêm ảnh vào biên bản kiểm tra",
    "inspection.schedule": "lên lịch kiểm tra",
    "inspection.reschedule": "đổi lịch kiểm tra",
    "team.add": "thêm người vào tổ kiểm tra",
    "team.remove": "rút người khỏi tổ kiểm tra",
    "team.lead": "giao tổ trưởng tổ kiểm tra",
    "visits.open": "mở đợt kiểm tra",
    "inspectioncampaign.change": "sửa đợt kiểm tra",
    "visits.checklists": "chọn phiếu kiểm tra của đợt",
    "visits.add_member": "ghi thành viên của đợt kiểm tra",
    "visits.remove_member": "bỏ thành viên của đợt kiểm tra",
    "visits.add_schools": "thêm trường vào đợt kiểm tra",
    "visits.remove_schools": "bỏ trường khỏi đợt kiểm tra",
    "visits.draw": "rút thăm chọn trường kiểm tra",
    "visits.start": "bắt đầu đợt kiểm tra",
    "visits.close": "kết thúc đợt kiểm tra",
    "checklist.create": "lập phiếu kiểm tra",
    "checklist.rename": "sửa tên phiếu kiểm tra",
    "checklist.add_question": "thêm câu hỏi vào phiếu kiểm tra",
    "checklist.change_question": "sửa câu hỏi của phiếu kiểm tra",
    "checklist.move_question": "chuyển chỗ câu hỏi của phiếu kiểm tra",
    "checklist.remove_question": "bỏ câu hỏi khỏi phiếu kiểm tra",
    "checklist.bring_back": "đưa lại câu hỏi đã bỏ của phiếu kiểm tra",
    "checklist.publish": "ban hành phiếu kiểm tra",
    "checklist.new_version": "lập phiên bản mới của phiếu kiểm tra",
    "checklist.drop": "bỏ bản đang soạn của phiếu kiểm tra",
    "inspection.extend_reply": "gia hạn cho nhà trường phản hồi",
    "inspection.finish_replies": "gửi phản hồi cho tổ kiểm tra",
    "reply.write": "ghi phản hồi nhận xét",
    "reply.change": "sửa phản hồi nhận xét",
    "reply.take_back": "bỏ phản hồi nhận xét",
    "reply.add_file": "kèm tệp vào phản hồi",
    "reply.remove_file": "bỏ tệp khỏi phản hồi",
    "reply.decide": "quyết định về phản hồi của nhà trường",
}
# The words of what was done to a row of a plan, told by the part of the action after its dot.
VERBS: dict[str, str] = {
    **DEEDS,
    "delete": "xóa",
    "refused": WORDS[REFUSED],
}
# Fields that the record names and no model has.
FIELD_WORDS: dict[str, str] = {
    "reason": "lý do",
    "schools": "các trường",
    "order": "thứ tự",
    "from": "lấy từ",
    "items": "kiến nghị",
    "plan_action": "việc của kế hoạch",
    "saved": "số ô đã ghi",
    "conflict": "số ô khác với điều người khác đã ghi",
    "refused": "số ô không ghi được",
    "sha256": "mã SHA-256",
    "when": "lịch",
    "team": "tổ kiểm tra",
    "drawn_from": "danh sách rút thăm",
    "checklists": "phiếu kiểm tra",
    "finding": "nhận xét",
    "answers": "số phản hồi",
}
# Of these actions the words say all: naming the thing again would only repeat them.
ALONE = frozenset(
    {
        *WHOLE,
        *(f"plan.{move.name}" for move in MOVES),
        *(f"inspection.{move.name}" for move in VISIT_MOVES),
        "inspection.extend_reply",
        "inspection.finish_replies",
    }
)


def deed_words(action: str) -> str:
    """Return what `action` is called; "thay đổi" for a name from a program older or newer than this one."""
    return WORDS.get(action) or VERBS.get(action.rpartition(".")[2]) or "thay đổi"


def is_known(action: str) -> bool:
    """Say whether the house has words for `action`."""
    return action in WORDS or action.rpartition(".")[2] in VERBS
