"""All rules, in the order in which the page that explains them lists them."""

from plans.checking import heading, levels, table, texts
from plans.checking.enums import Grade
from plans.checking.findings import Rule

_E, _W, _H = Grade.ERROR, Grade.WARNING, Grade.HINT

RULES: tuple[Rule, ...] = (
    # what keeps a plan from being finished
    Rule("missing", _E, "Mọi mục và ô mà mẫu yêu cầu đã có nội dung chưa?", table.missing),
    Rule(
        "unconfirmed", _E, "Dòng nào chương trình đề xuất mà chưa ai xác nhận?", table.unconfirmed
    ),
    Rule(
        "level_absent", _E, "Có việc nào hướng tới mức mà tiêu chí không có?", levels.level_absent
    ),
    # results and rows
    Rule(
        "not_met_without_action",
        _W,
        "Tiêu chí không đạt nào chưa có việc cải tiến?",
        levels.not_met_without_action,
    ),
    Rule(
        "below_aim_without_action",
        _W,
        "Tiêu chí nào dưới mức hướng tới mà chưa có việc cải tiến?",
        levels.below_aim_without_action,
    ),
    Rule(
        "already_reached",
        _W,
        "Có việc nào hướng tới mức mà tiêu chí đã đạt?",
        levels.already_reached,
    ),
    Rule("aims_too_high", _H, "Có việc nào bỏ qua một mức ở giữa?", levels.aims_too_high),
    Rule(
        "mixed_bands",
        _H,
        "Có dòng nào chưa chọn mức hướng tới trong khi các dòng khác đã chọn?",
        table.mixed_bands,
    ),
    # rows of the table
    Rule(
        "target_is_weakness",
        _W,
        "Ô “Kết quả cần đạt” có đang ghi một điểm yếu không?",
        table.target_is_weakness,
    ),
    Rule(
        "target_is_state",
        _W,
        "Ô “Kết quả cần đạt” có giống hệt ô hiện trạng không?",
        table.target_is_state,
    ),
    Rule("duplicates", _W, "Có hai dòng nào cùng tiêu chí, cùng việc làm?", table.duplicates),
    Rule("no_lead", _W, "Việc nào chưa có người chủ trì?", table.no_lead),
    Rule(
        "role_nobody_holds",
        _H,
        "Việc nào giao cho vai trò chưa ai trong trường giữ?",
        table.role_nobody_holds,
    ),
    Rule("no_time", _W, "Việc nào chưa có thời gian thực hiện?", table.no_time),
    Rule(
        "outside_year",
        _W,
        "Thời gian của việc nào nằm ngoài năm học của kế hoạch?",
        table.outside_year,
    ),
    Rule("time_reversed", _W, "Có việc nào hoàn thành trước khi bắt đầu?", table.time_reversed),
    Rule("time_unread", _H, "Thời gian của việc nào chưa rõ mốc?", table.time_unread),
    Rule("money_reversed", _W, "Khoảng kinh phí nào ghi ngược?", table.money_reversed),
    Rule("money_unread", _W, "Kinh phí nào chưa đọc được số tiền?", table.money_unread),
    Rule("money_blank", _H, "Việc nào chưa ghi kinh phí?", table.money_blank),
    # words
    Rule(
        "other_school_year",
        _W,
        "Có chỗ nào nhắc năm học khác không đúng chỗ?",
        texts.other_school_year,
    ),
    Rule("other_school_name", _W, "Có chỗ nào nhắc tên trường khác?", texts.other_school_name),
    Rule("numbers_jump", _W, "Số thứ tự gõ trong mục có liền nhau không?", texts.numbers_jump),
    Rule(
        "title_typed_again",
        _W,
        "Có mục nào gõ lại tên mục mà bản in đã có?",
        texts.title_typed_again,
    ),
    Rule(
        "letterhead_typed",
        _W,
        "Có mục nào gõ lại quốc hiệu, tiêu ngữ, hoặc gõ sai?",
        texts.letterhead_typed,
    ),
    Rule(
        "spelling_variants",
        _H,
        "Có chữ nào viết khác với đầu văn bản (Uỷ, Ủy)?",
        texts.spelling_variants,
    ),
    Rule("leftovers", _W, "Có chỗ trống nào chưa điền (…, xxx)?", texts.leftovers),
    Rule(
        "personal_numbers",
        _H,
        "Có số điện thoại hoặc số định danh cá nhân trong văn bản?",
        texts.personal_numbers,
    ),
    Rule(
        "ended_body_typed", _W, "Có chỗ nào ghi cơ quan đã ngừng hoạt động?", texts.ended_body_typed
    ),
    Rule(
        "out_of_force",
        _W,
        "Căn cứ nào đã bị thay thế hoặc chưa ban hành vào ngày của kế hoạch?",
        texts.out_of_force,
    ),
    Rule("recipients", _W, "Nơi nhận có dòng lưu đúng cách ở cuối không?", texts.recipients),
    # the year before
    Rule("text_of_last_year", _H, "Mục nào giống hệt kế hoạch năm trước?", texts.text_of_last_year),
    Rule("rows_of_last_year", _H, "Việc nào ghi giống hệt năm trước?", texts.rows_of_last_year),
    # head and foot of the document
    Rule(
        "names_in_force",
        _W,
        "Tên trường, cơ quan chủ quản, địa danh có hiệu lực vào ngày của văn bản không?",
        heading.names_in_force,
    ),
    Rule("form_of_year", _W, "Mẫu kế hoạch có dành cho năm học này không?", heading.form_of_year),
    Rule(
        "given_words",
        _W,
        "Hồ sơ trường có đủ những điều mà mẫu in ra không?",
        heading.given_words,
    ),
    Rule(
        "date_outside_year",
        _W,
        "Ngày, tháng của văn bản có nằm trong năm học không?",
        heading.date_outside_year,
    ),
    Rule(
        "date_against_month",
        _W,
        "Ngày ban hành và tháng trên văn bản có khớp nhau không?",
        heading.date_against_month,
    ),
    Rule(
        "number_without_date",
        _H,
        "Số và ngày ban hành có đi cùng nhau không?",
        heading.number_without_date,
    ),
    Rule(
        "capacity_against_signer",
        _W,
        "Chức vụ ký có đúng với người ký không?",
        heading.capacity_against_signer,
    ),
    Rule(
        "signer_not_in_office",
        _W,
        "Người ký có đang là lãnh đạo trường không?",
        heading.signer_not_in_office,
    ),
)
