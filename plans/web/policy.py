"""Who may open which page: one table, asked by the guard of every URL, by the buttons and by the matrix test.

A page without a row is refused. A row names the permission for reading and for writing, and the thing in the
address that the permission is asked about.
"""

from dataclasses import dataclass
from enum import Enum


class Anyone(Enum):
    """Rows that ask for no permission."""

    PUBLIC = "public"  # without logging in
    SIGNED_IN = "signed_in"  # every person who is logged in


PUBLIC, SIGNED_IN = Anyone.PUBLIC, Anyone.SIGNED_IN
Need = str | Anyone


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what GET needs, what POST needs (None: there is no such method), about which thing."""

    get: Need | None
    post: Need | None = None
    about: str = ""


POLICY: dict[str, Row] = {
    # the house itself
    "health": Row(get=PUBLIC),
    "ready": Row(get=PUBLIC),
    # people
    "accounts:login": Row(get=PUBLIC, post=PUBLIC),
    "accounts:logout": Row(get=None, post=SIGNED_IN),
    "accounts:password_change": Row(get=SIGNED_IN, post=SIGNED_IN),
    "accounts:password_reset": Row(get=PUBLIC, post=PUBLIC),
    "accounts:password_reset_sent": Row(get=PUBLIC),
    "accounts:password_reset_confirm": Row(get=PUBLIC, post=PUBLIC),
    "accounts:sessions": Row(get=SIGNED_IN),
    "accounts:logout_everywhere": Row(get=None, post=SIGNED_IN),
    # what is to be done
    "overview:home": Row(get=SIGNED_IN),
    "overview:help": Row(get=PUBLIC),
    "overview:accessibility": Row(get=PUBLIC),
    "overview:catalogue": Row(get="plans.view_catalogue"),
    # schools
    "schools:list": Row(get="plans.view_school"),
    "schools:school": Row(get="plans.view_school", about="school"),
    "history:school": Row(get="plans.view_record", about="school"),
    # an office's campaigns and rules
    "campaigns:list": Row(get="plans.manage_campaigns"),
    "campaigns:add": Row(get="plans.manage_campaigns", post="plans.manage_campaigns", about="body"),
    "campaigns:campaign": Row(get="plans.manage_campaigns", about="campaign"),
    "campaigns:change": Row(
        get="plans.manage_campaigns", post="plans.manage_campaigns", about="campaign"
    ),
    "campaigns:schools": Row(
        get="plans.manage_campaigns", post="plans.manage_campaigns", about="campaign"
    ),
    "campaigns:extend": Row(get=None, post="plans.manage_campaigns", about="campaign"),
    "campaigns:close": Row(get=None, post="plans.manage_campaigns", about="campaign"),
    "campaigns:workbook": Row(get="plans.manage_campaigns", about="campaign"),
    "campaigns:office_rule": Row(
        get="plans.manage_office_rules", post="plans.manage_office_rules", about="body"
    ),
    # forms and layouts
    "formats:forms": Row(get="plans.manage_forms"),
    "formats:form": Row(get="plans.manage_forms", about="plan_form"),
    "formats:form_copy": Row(get=None, post="plans.copy_form", about="plan_form"),
    "formats:form_edit": Row(get="plans.change_form", post="plans.change_form", about="plan_form"),
    "formats:form_preview": Row(get="plans.manage_forms", about="plan_form"),
    "formats:form_screen": Row(get="plans.manage_forms", about="plan_form"),
    "formats:form_put": Row(get=None, post="plans.manage_forms", about="plan_form"),
    "formats:form_drop": Row(get=None, post="plans.change_form", about="plan_form"),
    "formats:layouts": Row(get="plans.manage_forms"),
    "formats:layout": Row(get="plans.manage_forms", post="plans.manage_forms", about="body"),
    "formats:layout_preview": Row(get=None, post="plans.manage_forms", about="body"),
    "formats:layout_general": Row(get="plans.manage_all_forms", post="plans.manage_all_forms"),
    "formats:layout_general_preview": Row(get=None, post="plans.manage_all_forms"),
    # plans
    "planning:list": Row(get="plans.view_plan"),
    "planning:add": Row(get="plans.add_plan", post="plans.add_plan", about="school"),
    "planning:plan": Row(get="plans.view_plan", about="plan"),
    "planning:section": Row(get="plans.view_plan", post="plans.change_plan", about="plan"),
    "planning:checks": Row(get="plans.view_plan", about="plan"),
    "planning:result": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action_add": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action": Row(get="plans.change_plan", post="plans.change_plan", about="plan"),
    "planning:reading": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action_copy": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action_move": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action_remove": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action_confirm": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:action_restore": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:row_add": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:row": Row(get="plans.change_plan", post="plans.change_plan", about="plan"),
    "planning:row_move": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:row_remove": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:row_restore": Row(get=None, post="plans.change_plan", about="plan"),
    "planning:heading": Row(get="plans.view_plan", post="plans.change_plan", about="plan"),
    "planning:totals": Row(get="plans.view_plan", about="plan"),
    "planning:review": Row(get="plans.view_plan", about="plan"),
    "planning:finish": Row(get=None, post="plans.finish_plan", about="plan"),
    "planning:reopen": Row(get=None, post="plans.reopen_plan", about="plan"),
    "planning:preview": Row(get="plans.view_plan", about="plan"),
    "planning:paper_css": Row(get=PUBLIC),
    "planning:download": Row(get="plans.download_plan", about="plan"),
    # what was issued
    "issuing:issue": Row(get="plans.issue_plan", post="plans.issue_plan", about="plan"),
    "issuing:documents": Row(get="plans.view_plan", about="plan"),
    "issuing:of_school": Row(get="plans.view_plan", about="school"),
    "issuing:register": Row(get="plans.keep_register", post="plans.keep_register", about="school"),
    "issuing:document": Row(get="plans.view_plan", about="issued"),
    "issuing:file": Row(get="plans.download_plan", about="issued"),
    # last year as the starting point
    "starting:begin": Row(get="plans.add_plan", post="plans.add_plan", about="school"),
    "starting:years": Row(get="plans.view_plan", post="plans.change_plan", about="plan"),
    "starting:history": Row(get="plans.view_plan", about="plan"),
    "starting:duties": Row(get=None, post="plans.change_plan", about="plan"),
    # the council and the monitoring team
    "council:year": Row(get="plans.view_school", post="plans.change_council", about="school"),
    "council:copy": Row(get=None, post="plans.change_council", about="school"),
    "council:member": Row(get="plans.change_council", post="plans.change_council", about="school"),
    "council:move": Row(get=None, post="plans.change_council", about="school"),
    "council:remove": Row(get=None, post="plans.change_council", about="school"),
    "council:restore": Row(get=None, post="plans.change_council", about="school"),
    # documents that plans name as their grounds
    "legal:shelf": Row(get="plans.manage_library"),
    "legal:add": Row(get="plans.manage_library", post="plans.manage_library"),
    "legal:document": Row(
        get="plans.manage_library", post="plans.manage_library", about="document"
    ),
    "legal:pick": Row(get="plans.change_plan", post="plans.change_plan", about="plan"),
    "legal:add_for_school": Row(get="plans.change_plan", post="plans.change_plan", about="plan"),
    # self-assessment
    "assessing:matrix": Row(get="plans.view_plan", about="plan"),
    "assessing:all_sheets": Row(get="plans.download_plan", about="plan"),
    "assessing:sheet": Row(get="plans.view_plan", post="plans.change_plan", about="plan"),
    "assessing:level": Row(get=None, post="plans.change_plan", about="plan"),
    "assessing:indicator": Row(get=None, post="plans.change_plan", about="plan"),
    "assessing:whole_level": Row(get=None, post="plans.change_plan", about="plan"),
    "assessing:description": Row(get=None, post="plans.change_plan", about="plan"),
    "assessing:propose": Row(get=None, post="plans.change_plan", about="plan"),
    "assessing:one_sheet": Row(get="plans.download_plan", about="plan"),
    # writing together
    "together:history": Row(get="plans.view_history", about="plan"),
    "together:compare": Row(get="plans.view_history", about="plan"),
    "together:bring_back": Row(get=None, post="plans.change_plan", about="plan"),
    "together:trash": Row(get="plans.view_history", post="plans.change_plan", about="plan"),
    "together:comments": Row(get="plans.comment_plan", post="plans.comment_plan", about="plan"),
    "together:comment_solve": Row(get=None, post="plans.comment_plan", about="plan"),
    "together:assignments": Row(get="plans.assign_plan", post="plans.assign_plan", about="plan"),
    "together:assignment_take_back": Row(get=None, post="plans.assign_plan", about="plan"),
    "together:my_part": Row(get="plans.comment_plan", about="plan"),
    "together:news": Row(get="plans.comment_plan", about="plan"),
    # packages, scans, the copy for the public
    "handover:document": Row(get="plans.download_plan", about="issued"),
    "handover:office": Row(get="plans.download_plan"),
    "handover:scans": Row(
        get="plans.publish_document", post="plans.publish_document", about="issued"
    ),
    "handover:publish": Row(
        get="plans.publish_document", post="plans.publish_document", about="issued"
    ),
    "handover:unpublish": Row(get=None, post="plans.publish_document", about="issued"),
    # for everybody: is this paper true
    "public:look_up": Row(get=PUBLIC),
    "public:check": Row(get=PUBLIC, post=PUBLIC),
    # notices, and work in the background
    "notices:inbox": Row(get=SIGNED_IN),
    "notices:read": Row(get=None, post=SIGNED_IN, about="notice"),
    "notices:read_all": Row(get=None, post=SIGNED_IN),
    "notices:choices": Row(get=SIGNED_IN, post=SIGNED_IN),
    "jobs:list": Row(get=SIGNED_IN),
    "jobs:job": Row(get=SIGNED_IN, about="job"),
    "jobs:result": Row(get=SIGNED_IN, about="job"),
    "jobs:plan_files": Row(get=None, post="plans.download_plan", about="body"),
    "public:copy": Row(get=PUBLIC),
    "public:copy_embed": Row(get=PUBLIC),
    "public:copy_pdf": Row(get=PUBLIC),
    # signatures on issued documents, the pictures for them, verifying
    "signing:sign": Row(get="plans.view_plan", about="issued"),
    "signing:as_signer": Row(get=None, post="plans.sign_document", about="issued"),
    "signing:as_seal": Row(get=None, post="plans.seal_document", about="issued"),
    "signing:current": Row(get="plans.download_plan", about="issued"),
    # Whoever signs documents signs minutes, too; people of a team sign those alone.
    "signing:my_signature": Row(get="plans.sign_minutes", post="plans.sign_minutes"),
    "signing:seal": Row(get="plans.seal_document", post="plans.seal_document", about="school"),
    "signing:seal_remove": Row(get=None, post="plans.seal_document", about="school"),
    "signing:verify": Row(get=SIGNED_IN, post=SIGNED_IN),
    # the way through the council, the office and back
    "submitting:way": Row(get="plans.view_plan", about="plan"),
    "submitting:opinion": Row(get=None, post="plans.review_plan", about="plan"),
    "submitting:answer": Row(get=None, post="plans.answer_remarks", about="plan"),
    "submitting:submission": Row(get="plans.view_plan", about="plan"),
    "submitting:remark": Row(get=None, post="plans.return_plan", about="plan"),
    "submitting:remark_drop": Row(get=None, post="plans.return_plan", about="plan"),
    "submitting:send": Row(get=None, post="plans.send_plan", about="plan"),
    "submitting:receive": Row(get=None, post="plans.receive_plan", about="plan"),
    "submitting:return": Row(get=None, post="plans.return_plan", about="plan"),
    "submitting:approve": Row(get=None, post="plans.approve_plan", about="plan"),
    "submitting:start": Row(get=None, post="plans.start_plan", about="plan"),
    "submitting:close": Row(get=None, post="plans.close_plan", about="plan"),
    "submitting:revise": Row(get=None, post="plans.revise_plan", about="plan"),
    "submitting:withdraw": Row(get=None, post="plans.withdraw_plan", about="plan"),
    # --- inspections
    "visits:list": Row(get="plans.view_inspection"),
    "visits:visit": Row(get="plans.view_inspection", about="inspection"),
    "visits:open": Row(get="plans.open_visit", post="plans.open_visit", about="inspection"),
    "visits:record": Row(get="plans.send_entries", about="inspection"),
    "visits:save": Row(get=None, post="plans.send_entries", about="inspection"),
    "visits:bundle": Row(get="plans.send_entries", about="inspection"),
    "visits:sync": Row(get=None, post="plans.send_entries", about="inspection"),
    "visits:photo_add": Row(get=None, post="plans.send_entries", about="inspection"),
    "visits:photo": Row(get="plans.read_record", about="inspection"),
    "visits:entries": Row(get="plans.read_entries", about="inspection"),
    "visits:settle": Row(get=None, post="plans.record_visit", about="inspection"),
    "visits:worker": Row(get=PUBLIC),
    # planning of visits
    "inspecting:single": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="school"
    ),
    "inspecting:campaigns": Row(get="plans.plan_inspections"),
    "inspecting:add": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="body"
    ),
    "inspecting:campaign": Row(get="plans.plan_inspections", about="visits"),
    "inspecting:change": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="visits"
    ),
    "inspecting:start": Row(get=None, post="plans.plan_inspections", about="visits"),
    "inspecting:close": Row(get=None, post="plans.plan_inspections", about="visits"),
    "inspecting:members": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="visits"
    ),
    "inspecting:member_remove": Row(get=None, post="plans.plan_inspections", about="visits"),
    "inspecting:schools": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="visits"
    ),
    "inspecting:draw": Row(get="plans.plan_inspections", about="visits"),
    "inspecting:calendar": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="visits"
    ),
    "inspecting:day": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="visits"
    ),
    "inspecting:reschedule": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="inspection"
    ),
    "inspecting:cancel": Row(
        get="plans.cancel_visit", post="plans.cancel_visit", about="inspection"
    ),
    "inspecting:team": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="inspection"
    ),
    "inspecting:team_remove": Row(get=None, post="plans.plan_inspections", about="inspection"),
    "inspecting:team_lead": Row(get=None, post="plans.plan_inspections", about="inspection"),
    # --- checklists
    "checklists:list": Row(get="plans.manage_checklists"),
    "checklists:add": Row(
        get="plans.manage_checklists", post="plans.manage_checklists", about="body"
    ),
    "checklists:checklist": Row(get="plans.manage_checklists", about="checklist"),
    "checklists:rename": Row(
        get="plans.change_checklist", post="plans.change_checklist", about="checklist"
    ),
    "checklists:publish": Row(get=None, post="plans.change_checklist", about="checklist"),
    "checklists:version": Row(get=None, post="plans.manage_checklists", about="checklist"),
    "checklists:drop": Row(get=None, post="plans.change_checklist", about="checklist"),
    "checklists:download": Row(get="plans.manage_checklists", about="checklist"),
    "checklists:question_add": Row(
        get="plans.change_checklist", post="plans.change_checklist", about="checklist"
    ),
    "checklists:question": Row(
        get="plans.change_checklist", post="plans.change_checklist", about="checklist"
    ),
    "checklists:question_move": Row(get=None, post="plans.change_checklist", about="checklist"),
    "checklists:question_remove": Row(get=None, post="plans.change_checklist", about="checklist"),
    "checklists:bring_back": Row(get=None, post="plans.change_checklist", about="checklist"),
    # --- right of reply
    "replies:replies": Row(get="plans.read_record", about="inspection"),
    "replies:answer": Row(get="plans.reply_visit", post="plans.reply_visit", about="inspection"),
    "replies:finish": Row(get="plans.reply_visit", post="plans.reply_visit", about="inspection"),
    "replies:file": Row(get="plans.read_replies", about="inspection"),
    "replies:decide": Row(
        get="plans.decide_replies", post="plans.decide_replies", about="inspection"
    ),
    "replies:extend": Row(
        get="plans.decide_replies", post="plans.decide_replies", about="inspection"
    ),
    "replies:conclude": Row(
        get="plans.conclude_visit", post="plans.conclude_visit", about="inspection"
    ),
    "replies:resume": Row(get="plans.resume_visit", post="plans.resume_visit", about="inspection"),
    # --- minutes and other papers of a visit
    "minutes:sign": Row(get="plans.read_paper", post="plans.sign_minutes", about="paper"),
    "minutes:sign_current": Row(get="plans.read_paper", about="paper"),
    "minutes:scan": Row(get="plans.scan_minutes", post="plans.scan_minutes", about="paper"),
    "minutes:complete_on_paper": Row(get=None, post="plans.complete_visit", about="paper"),
    "minutes:complete_without_school": Row(get=None, post="plans.complete_visit", about="paper"),
    "minutes:preview": Row(get="plans.read_record", about="inspection"),
    "minutes:make": Row(get="plans.make_minutes", post="plans.make_minutes", about="inspection"),
    "minutes:redo": Row(get="plans.redo_minutes", post="plans.redo_minutes", about="inspection"),
    "minutes:blank": Row(get="plans.view_inspection", about="inspection"),
    "minutes:blank_word": Row(get="plans.view_inspection", about="inspection"),
    "minutes:notice": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="inspection"
    ),
    "minutes:of_visit": Row(get="plans.view_inspection", about="inspection"),
    "minutes:report": Row(
        get="plans.plan_inspections", post="plans.plan_inspections", about="visits"
    ),
    "minutes:official": Row(get="plans.scan_official", about="paper"),
    "minutes:official_sign": Row(get=None, post="plans.sign_official", about="paper"),
    "minutes:official_current": Row(get="plans.scan_official", about="paper"),
    "minutes:official_scan": Row(get=None, post="plans.scan_official", about="paper"),
    "minutes:paper": Row(get="plans.read_paper", about="paper"),
    "minutes:file": Row(get="plans.read_paper", about="paper"),
    # --- follow-up
    "followups:list": Row(get="plans.view_follow_up"),
    "followups:overview": Row(get="plans.oversee_visits"),
    "followups:of_school": Row(get="plans.view_follow_up", about="school"),
    "followups:of_visit": Row(get="plans.view_inspection", about="inspection"),
    "followups:item": Row(get="plans.view_follow_up", about="follow_up"),
    "followups:note": Row(get=None, post="plans.report_follow_up", about="follow_up"),
    "followups:report": Row(get=None, post="plans.report_follow_up", about="follow_up"),
    "followups:verify": Row(get=None, post="plans.verify_follow_up", about="follow_up"),
    "followups:reopen": Row(get=None, post="plans.reopen_follow_up", about="follow_up"),
    "followups:change": Row(get=None, post="plans.assign_follow_up", about="follow_up"),
    "followups:carry": Row(get=None, post="plans.carry_follow_up", about="follow_up"),
    "followups:proof": Row(get="plans.view_follow_up", about="follow_up"),
    "followups:plan": Row(get="plans.view_plan", post="plans.carry_follow_up", about="plan"),
}
