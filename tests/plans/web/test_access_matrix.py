"""Who gets in where: every address × method × role × relation, against a table written for reading.

The addresses come from the resolver, so a new page fails here until somebody has said who may open it. What a
school's data say carries a canary of that school; no answer may hold one that its reader must not see.
"""

import ast
import importlib
import inspect
import io
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image

import plans.web
from criteria.enums import SchoolKind
from criteria.models import Criterion, Framework, Indicator
from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.checklists.models import Checklist, Question
from plans.council.models import CouncilMember
from plans.documents.style import DEFAULT_LAYOUT
from plans.followups.models import FollowUp, FollowUpFile, FollowUpStep
from plans.history.models import Event
from plans.inspections.enums import Outcome
from plans.inspections.models import (
    Attendee,
    CampaignMember,
    ChecklistAnswer,
    ChosenSchool,
    Entry,
    Finding,
    Inspection,
    InspectionCampaign,
    Photo,
    Recommendation,
    Reply,
    ReplyFile,
    TeamMember,
)
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.issuing.excerpt import parts_of
from plans.issuing.models import DocumentFile, IssuedDocument, NumberEntry, SealImage
from plans.legal.models import LegalDocument
from plans.minutes.models import Paper, PaperFile, PaperSigner
from plans.notices.actions import tell
from plans.notices.choices import ways_of
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice
from plans.overview.plan_files import ask_plan_files
from plans.planning.models import (
    CriterionResult,
    FormInForce,
    Plan,
    PlanAction,
    PlanForm,
    PlanRow,
    PlanText,
)
from plans.schools.models import ManagingBody, School, SchoolQuerySet, SchoolYear
from plans.submitting.models import Campaign, CampaignSchool, CouncilOpinion, Remark, Submission
from plans.together.actions import assign_part, write_comment
from plans.together.models import Assignment, Comment
from plans.web import access, errors
from plans.web.policy import POLICY
from plans.web.things import THINGS, Thing
from tests.factories import (
    accounts,
    assessment,
    campaigns,
    checklists,
    council,
    criteria,
    followups,
    inspections,
    issuing,
    legal,
    minutes,
    planning,
    schools,
)

pytestmark = pytest.mark.django_db

# --- what is expected, said by hand -----------------------------------------------------------------------

# One line a page: name, what GET asks, what POST asks. "-" is no such method, "all" needs no log-in,
# "made_up" neither, but the code in the address belongs to nothing; "in" needs one; the rest are the words of
# MAY below.
PAGES = """
    health                            all    -
    ready                             all    -
    accounts:login                    all    all
    accounts:logout                   -      in
    accounts:password_change          in     in
    accounts:password_reset           all    all
    accounts:password_reset_sent      all    -
    accounts:password_reset_confirm   all    all
    accounts:sessions                 in     -
    accounts:logout_everywhere        -      in
    overview:home                     in     -
    overview:help                     all    -
    overview:accessibility            all    -
    overview:catalogue                site   -
    schools:list                      read   -
    schools:school                    read   -
    history:school                    record -
    campaigns:list                    campaign -
    campaigns:add                     campaign campaign
    campaigns:campaign                campaign -
    campaigns:change                  campaign campaign
    campaigns:schools                 campaign campaign
    campaigns:extend                  -      campaign
    campaigns:close                   -      campaign
    campaigns:workbook                campaign -
    campaigns:office_rule             office_rule office_rule
    formats:forms                     format -
    formats:form                      format -
    formats:form_copy                 -      copy_form
    formats:form_edit                 change_form change_form
    formats:form_preview              format -
    formats:form_screen               format -
    formats:form_put                  -      format
    formats:form_drop                 -      change_form
    formats:layouts                   format -
    formats:layout                    format format
    formats:layout_preview            -      format
    formats:layout_general            site   site
    formats:layout_general_preview    -      site
    planning:list                     read   -
    planning:add                      begin  begin
    planning:plan                     read   -
    planning:section                  read   write
    planning:checks                   read   -
    planning:result                   -      write
    planning:action_add               -      write
    planning:action                   write  write
    planning:reading                  -      write
    planning:action_copy              -      write
    planning:action_move              -      write
    planning:action_remove            -      write
    planning:action_confirm           -      write
    planning:action_restore           -      write
    planning:row_add                  -      write
    planning:row                      write  write
    planning:row_move                 -      write
    planning:row_remove               -      write
    planning:row_restore              -      write
    planning:heading                  read   write
    planning:totals                   read   -
    planning:review                   read   -
    planning:finish                   -      finish
    planning:reopen                   -      reopen
    planning:preview                  read   -
    planning:paper_css                all    -
    planning:download                 read   -
    issuing:issue                     issue  issue
    issuing:documents                 read   -
    issuing:of_school                 read   -
    issuing:register                  register register
    issuing:document                  read   -
    issuing:file                      read   -
    starting:begin                    begin  begin
    starting:years                    read   write
    starting:history                  read   -
    starting:duties                   -      write
    council:year                      read   council
    council:copy                      -      council
    council:member                    council council
    council:move                      -      council
    council:remove                    -      council
    council:restore                   -      council
    legal:shelf                       library -
    legal:add                         library library
    legal:document                    shelf  shelf
    legal:pick                        write  write
    legal:add_for_school              write  write
    assessing:matrix                  read   -
    assessing:all_sheets              read   -
    assessing:sheet                   read   write
    assessing:level                   -      write
    assessing:indicator               -      write
    assessing:whole_level             -      write
    assessing:description             -      write
    assessing:propose                 -      write
    assessing:one_sheet               read   -
    together:history                  look_back -
    together:compare                  look_back -
    together:bring_back               -      write
    together:trash                    look_back write
    together:comments                 talk   talk
    together:comment_solve            -      talk
    together:assignments              assign assign
    together:assignment_take_back     -      assign
    together:my_part                  talk   -
    together:news                     talk   -
    handover:document                 read   -
    handover:office                   read   -
    handover:scans                    publish publish
    handover:publish                  publish publish
    handover:unpublish                -      publish
    public:look_up                    all    -
    public:check                      made_up made_up
    notices:inbox                     in     -
    notices:read                      -      in
    notices:read_all                  -      in
    notices:choices                   in     in
    jobs:list                         in     -
    jobs:job                          in     -
    jobs:result                       in     -
    jobs:plan_files                   -      read
    public:copy                       made_up -
    public:copy_embed                 made_up -
    public:copy_pdf                   made_up -
    signing:sign                      read   -
    signing:as_signer                 -      sign
    signing:as_seal                   -      seal
    signing:current                   read   -
    signing:my_signature              my_picture my_picture
    signing:seal                      seal   seal
    signing:seal_remove               -      seal
    signing:verify                    in     in
    submitting:way                    read   -
    submitting:opinion                -      review
    submitting:answer                 -      answer
    submitting:submission             read   -
    submitting:remark                 -      return
    submitting:remark_drop            -      return
    submitting:send                   -      send
    submitting:receive                -      receive
    submitting:return                 -      return
    submitting:approve                -      approve
    submitting:start                  -      start
    submitting:close                  -      start
    submitting:revise                 -      revise
    submitting:withdraw               -      start
    visits:list                       visits -
    visits:visit                      visits -
    visits:open                       open_visit open_visit
    visits:record                     in_team -
    visits:save                       -      in_team
    visits:bundle                     in_team -
    visits:sync                       -      in_team
    visits:photo_add                  -      in_team
    visits:photo                      read_record -
    visits:entries                    read_entries -
    visits:settle                     -      record_visit
    visits:worker                     all    -
    checklists:list                   checklists -
    checklists:add                    checklists checklists
    checklists:checklist              checklists -
    checklists:rename                 change_checklist change_checklist
    checklists:publish                -      change_checklist
    checklists:version                -      checklists
    checklists:drop                   -      change_checklist
    checklists:download               checklists -
    checklists:question_add           change_checklist change_checklist
    checklists:question               change_checklist change_checklist
    checklists:question_move          -      change_checklist
    checklists:question_remove        -      change_checklist
    checklists:bring_back             -      change_checklist
    replies:replies                   read_record -
    replies:answer                    reply  reply
    replies:finish                    reply  reply
    replies:file                      read_replies -
    replies:decide                    decide decide
    replies:extend                    decide decide
    replies:conclude                  conclude conclude
    replies:resume                    resume resume
    minutes:sign                      read_paper sign_minutes
    minutes:sign_current              read_paper -
    minutes:scan                      scan_minutes scan_minutes
    minutes:complete_on_paper         -      complete
    minutes:complete_without_school   -      complete
    minutes:preview                   read_record -
    minutes:make                      make_minutes make_minutes
    minutes:redo                      redo_minutes redo_minutes
    minutes:blank                     visits -
    minutes:blank_word                visits -
    minutes:notice                    plan_visits plan_visits
    minutes:of_visit                  visits -
    minutes:report                    plan_visits plan_visits
    minutes:official                  scan_official -
    minutes:official_sign             -      sign_official
    minutes:official_current          scan_official -
    minutes:official_scan             -      scan_official
    minutes:paper                     read_record -
    minutes:file                      read_record -
    followups:list                    read   -
    followups:overview                oversee -
    followups:of_school               read   -
    followups:of_visit                visits -
    followups:item                    read   -
    followups:note                    -      report_item
    followups:report                  -      report_item
    followups:verify                  -      verify_item
    followups:reopen                  -      verify_item
    followups:change                  -      assign_item
    followups:carry                   -      carry_item
    followups:proof                   read   -
    followups:plan                    read   carry_plan
    inspecting:single                 plan_visits plan_visits
    inspecting:campaigns              plan_visits -
    inspecting:add                    plan_visits plan_visits
    inspecting:campaign               plan_visits -
    inspecting:change                 plan_visits plan_visits
    inspecting:start                  -      plan_visits
    inspecting:close                  -      plan_visits
    inspecting:members                plan_visits plan_visits
    inspecting:member_remove          -      plan_visits
    inspecting:schools                plan_visits plan_visits
    inspecting:draw                   plan_visits -
    inspecting:calendar               plan_visits plan_visits
    inspecting:day                    plan_visits plan_visits
    inspecting:reschedule             move_visit move_visit
    inspecting:cancel                 cancel_visit cancel_visit
    inspecting:team                   plan_visits plan_visits
    inspecting:team_remove            -      plan_visits
    inspecting:team_lead              -      plan_visits
"""
EXPECTED = {name: (get, post) for name, get, post in map(str.split, PAGES.split("\n")[1:-1])}

MAY = {
    "principal": {
        "publish",
        "sign",
        "read",
        "issue",
        "write",
        "begin",
        "finish",
        "reopen",
        "council",
        "library",
        "shelf",
        "look_back",
        "talk",
        "assign",
        "record",
        "revise",
        "answer",
        "review",
        "send",
        "start",
    },
    "vice_principal": {
        "publish",
        "sign",
        "read",
        "issue",
        "write",
        "begin",
        "finish",
        "reopen",
        "council",
        "library",
        "shelf",
        "look_back",
        "talk",
        "assign",
        "record",
        "revise",
        "answer",
        "review",
        "send",
        "start",
    },
    "council_secretary": {
        "read",
        "write",
        "begin",
        "finish",
        "reopen",
        "council",
        "library",
        "shelf",
        "look_back",
        "talk",
        "assign",
        "record",
        "revise",
        "answer",
        "review",
    },
    "council_member": {"read", "write", "look_back", "talk", "review"},
    "staff": {"read", "talk"},
    "clerk": {"read", "talk", "publish", "register", "seal", "record", "send"},
    # The document of the world is a school's own, which its office sees and does not keep.
    "officer": {"read", "library", "campaign", "receive", "return"},
    "body_lead": {
        "read",
        "library",
        "format",
        "change_form",
        "copy_form",
        "campaign",
        "office_rule",
        "receive",
        "return",
        "approve",
    },
    "admin": {"read", "site", "library", "format", "change_form", "copy_form"},
    # No role: a seat in the team of both visits to the viewers' own school, as tổ trưởng.
    "team_lead": {"in_team"},
}
for _office in ("officer", "body_lead"):
    MAY[_office] |= {"checklists", "change_checklist"}
# Everybody who sees plans knows of visits; who sits in a team does of these.
for _words in MAY.values():
    _words |= {"visits"} if {"read", "in_team"} & _words else set()
# On the spot: who writes, and who reads what was written.
MAY["team_lead"] |= {"open_visit", "record_visit", "read_entries", "read_record"}
for _role in ("officer", "body_lead"):
    MAY[_role] |= {"open_visit", "read_entries"}
# The record of a visit and its papers: who sees plans, and the team.
for _words in MAY.values():
    if {"read", "in_team"} & _words:
        _words |= {"read_record", "read_paper"}
# A school reads what was found once the team has left.
AFTER_THE_VISIT = {"read_record", "read_paper"}
# Answers are the school's own until they are closed, which those of this world are not.
for _viewer in ("principal", "vice_principal", "council_secretary"):
    MAY[_viewer] |= {"reply", "read_replies"}
for _viewer in ("council_member", "staff", "clerk"):
    MAY[_viewer] |= {"read_replies"}
MAY["team_lead"] |= {"conclude", "resume", "decide"}
# Minutes: signed by the head of the school and the team, completed by the tổ trưởng or the office.
for _viewer in ("principal", "vice_principal", "team_lead"):
    MAY[_viewer] |= {"sign_minutes", "scan_minutes", "my_picture"}
for _viewer in ("officer", "body_lead", "team_lead"):
    MAY[_viewer] |= {"complete", "scan_minutes"}
MAY["clerk"] |= {"scan_minutes"}
# Minutes are made by the office and by who leads the team.
for _maker in ("officer", "body_lead", "team_lead"):
    MAY[_maker] |= {"make_minutes", "redo_minutes"}
for _office in ("officer", "body_lead"):
    MAY[_office] |= {"plan_visits"}
# What follows from a visit: the school does and carries, the office verifies.
for _viewer in ("principal", "vice_principal", "council_secretary"):
    MAY[_viewer] |= {"report_item", "assign_item", "carry_item", "carry_plan"}
MAY["council_member"] |= {"report_item"}
for _viewer in ("officer", "body_lead"):
    MAY[_viewer] |= {"verify_item", "assign_item", "oversee"}
MAY["admin"] |= {"oversee"}
# Planning of visits: the office; who leads the team may call it off.
for _role in ("officer", "body_lead"):
    MAY[_role] |= {"plan_visits", "move_visit", "cancel_visit"}
MAY["team_lead"] |= {"cancel_visit"}
# Which schools each kind of place shows: the viewer's school and its body, a school of another body.
SEES = {
    "school": {"own"},
    "body": {"own", "sibling"},
    "site": {"own", "sibling", "foreign"},
    "nowhere": set(),
}
PLACE = {
    "team_lead": "nowhere",
    **dict.fromkeys(["officer", "body_lead"], "body"),
    "admin": "site",
    **dict.fromkeys(["no_role", "expired", "not_yet", "other_door"], "nowhere"),
}
OUTSIDE = ["anonymous", "deactivated"]
# Roles of their own, none in force: they are logged in and see nothing.
WITHOUT_ROLE = ["no_role", "expired", "not_yet"]
VIEWERS = [*MAY, *WITHOUT_ROLE, *OUTSIDE, "must_change"]
# Pages about a managing body, not about its schools.
OF_BODIES = {
    "campaigns:add",
    "campaigns:campaign",
    "campaigns:change",
    "campaigns:schools",
    "campaigns:extend",
    "campaigns:close",
    "campaigns:workbook",
    "campaigns:office_rule",
    "formats:layout",
    "formats:layout_preview",
    "formats:form",
    "formats:form_copy",
    "formats:form_edit",
    "formats:form_preview",
    "formats:form_screen",
    "formats:form_put",
    "formats:form_drop",
    "jobs:plan_files",
    "checklists:add",
    "checklists:checklist",
    "checklists:rename",
    "checklists:publish",
    "checklists:version",
    "checklists:drop",
    "checklists:download",
    "checklists:question_add",
    "checklists:question",
    "checklists:question_move",
    "checklists:question_remove",
    "checklists:bring_back",
    "minutes:report",
    "inspecting:add",
    "inspecting:campaign",
    "inspecting:change",
    "inspecting:start",
    "inspecting:close",
    "inspecting:members",
    "inspecting:member_remove",
    "inspecting:schools",
    "inspecting:draw",
    "inspecting:calendar",
    "inspecting:day",
}
# Pages about a visit: the team of the own school's two visits sees those, whatever else it does not.
OF_VISITS = ("inspection", "paper")
# Pages about what is one person's alone; in the world that is the officer's.
OF_ONE_PERSON = {"notices:read": "officer", "jobs:job": "officer", "jobs:result": "officer"}
# Only in these states of the plan.
WANTS_STATE = {
    "write": "draft",
    "finish": "draft",
    "issue": "finished",
    "reopen": "finished",
    "change_form": "draft",
    "copy_form": "finished",
    "review": "finished",
    "send": "issued",
    "start": "issued",
    "revise": "issued",
    "receive": "sent",
    "return": "sent",
    "approve": "received",
    # A visit of a draft is open, one of a finished plan is concluded; the moves of other states never come.
    "open_visit": "planned",
    "move_visit": "planned",
    "cancel_visit": "draft",
    "conclude": "draft",
    "record_visit": "draft",
    "resume": "finished",
    "make_minutes": "finished",
    "decide": "finished",
    "reply": "finished",
    "read_replies": "finished",
    "redo_minutes": "minuted",
    "complete": "minuted",
    "sign_minutes": "minuted",
    "change_checklist": "draft",
    "scan_minutes": "minuted",
    # The item of a draft's visit is open, that of a finished plan's is reported.
    "report_item": "draft",
    "verify_item": "finished",
    "carry_plan": "draft",
}


def sees(viewer: str) -> set[str]:
    """Return the schools of the world that a viewer sees."""
    return SEES[PLACE.get(viewer, "school")] if viewer in MAY else set()


def shows(viewer: str, page: str) -> set[str]:
    """Return the schools whose things a page shows to a viewer; of bodies only those that it decides for."""
    if page in OF_ONE_PERSON:
        return {"own"} if viewer == OF_ONE_PERSON[page] else set()
    if viewer == "team_lead":
        told = page in {"visits:list", "overview:home"}
        return {"own"} if set(patterns()[page]) & set(OF_VISITS) or told else set()
    if page in OF_BODIES and PLACE.get(viewer) not in {"body", "site"}:
        return set()
    return sees(viewer)


def expected(viewer: str, page: str, method: str, target: "Target | None") -> str:
    """Return "ok", "login", "change", "404", "403" or "405"."""
    need = EXPECTED[page][method == "POST"]
    if need == "-":
        return "405"
    if need == "all":
        return "ok"
    if need == "made_up":
        return "404"
    if viewer in OUTSIDE:
        return "login"
    if viewer == "must_change":
        free = {"accounts:logout", "accounts:password_change"}
        return "ok" if page in free else "change"
    if target and target.where not in shows(viewer, page):
        return "404"
    if need == "in":
        return "ok"
    if need not in MAY.get(viewer, set()):
        return "403"
    if target and target.state and WANTS_STATE.get(need, target.state) != target.state:
        return "403"
    of_school = PLACE.get(viewer, "school") == "school"
    if need in AFTER_THE_VISIT and of_school and target and target.state == "draft":
        return "403"
    return "ok"


# --- the world --------------------------------------------------------------------------------------------


@dataclass
class Target:
    """A thing that an address may name: a school with one of its plans."""

    where: str
    state: str
    school: int
    plan: int
    action: int
    criterion: int
    row: int
    member: int
    document: int
    indicator: int
    body: int
    plan_form: int
    comment: int = 10**9
    assignment: int = 10**9
    notice: int = 10**9
    job: int = 10**9
    issued: int = 10**9
    file: int = 10**9
    seal: int = 10**9
    campaign: int = 10**9
    remark: int = 10**9
    inspection: int = 10**9
    visits: int = 10**9
    checklist: int = 10**9
    question: int = 10**9
    paper: int = 10**9
    paper_file: int = 10**9
    follow_up: int = 10**9
    finding: int = 10**9
    team_member: int = 10**9
    photo: int = 10**9
    entry: int = 10**9
    reply_file: int = 10**9
    proof: int = 10**9
    campaign_member: int = 10**9


@dataclass
class World:
    """Two schools of one body, one of another, their plans, and somebody of every kind."""

    targets: list[Target] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    other_criterion: int = 0
    old_form: int = 0
    year_in_use: int = 0

    def target(self, where: str, state: str = "draft") -> Target:
        """Return the school `where` with its plan in `state`."""
        return next(t for t in self.targets if (t.where, t.state) == (where, state))


def canary(where: str) -> str:
    """Return the word that all data of a school carry and nothing else does."""
    return f"chimyen{where}"


def _school(where: str, body: ManagingBody, form: PlanForm, framework: Framework) -> list[Target]:
    word = canary(where)
    school = schools.school(f"Trường {word}", address=word, code=word, parent=body, managed_by=body)
    schools.campus(school, f"Điểm {word}")
    schools.recognition_decision(school, number=word, issuer=word)
    writer = accounts.user(full_name=f"Cô {word}")
    accounts.membership(writer, school=school)
    member = council.member(school, full_name=word, position=word, duty=word)
    council.member(school, full_name=word, duty=word)
    document = legal.document(f"1/{word}", subject=word, school=school)
    if where != "sibling":  # whose body is the same, so its shelf is
        legal.document(f"2/{word}", body=body)
    targets = []
    for year, state in [(2024, "finished"), (2025, "draft")]:
        plan = planning.plan(
            school,
            year=schools.school_year(year),
            form=form,
            framework=framework,
            finished=state == "finished",
            signer_name=word,
        )
        for key in ("purpose", "grounds", "recipients"):
            planning.plan_text(plan, key, f"Lời của {word}.")
        first = Criterion.objects.of(framework)[0]
        planning.result(plan, first)
        action = planning.action(plan, criterion=first, measures=word, lead=word, remarks=word)
        row = planning.row(plan, topic=word)
        assessment.texts(plan, first, weaknesses=word, strengths=word)
        assessment.description(plan, first, body=word)
        assessment.mark(plan, first)
        indicator = first.indicators.order_by("level")[0].pk
        comment = write_comment(plan=plan, action=action, body=word, by=writer)
        assignment = assign_part(plan=plan, section="purpose", user=writer, by=writer)
        pks = (school.pk, plan.pk, action.pk, first.pk, row.pk, member.pk, document.pk, indicator)
        copied = _form_copy(form, body, word, state)
        others = (body.pk, copied, comment.pk, assignment.pk)
        issued, file = _issued(plan, writer)
        remark = _came_back(plan, body, word, writer)
        seal = SealImage.objects.create(school=school, image=b"", valid_from=date(year, 1, 1))
        asked = campaigns.campaign(body, school, title=word, note=word)
        papers = {"issued": issued, "file": file, "seal": seal.pk, "campaign": asked.pk}
        papers["remark"] = remark
        papers |= _visited(plan, body, word, writer)
        targets.append(Target(where, state, *pks, *others, **papers))
    return targets


def _visited(plan: Plan, body: ManagingBody, word: str, by: User) -> dict[str, int]:
    """Return what a visit of the body to the plan's school left: open where the plan is a draft, else concluded."""
    plan.refresh_from_db(fields=["state"])  # which issuing has changed in memory alone
    state = InspectionState.OPEN if plan.state == "draft" else InspectionState.CONCLUDED
    person = accounts.user(full_name=word)
    drawn = {"seed": word, "share": 50, "drawn_from": [plan.school_id]}
    asked = inspections.campaign(body, title=word, note=word, year=plan.school_year, **drawn)
    named = inspections.campaign_member(asked, full_name=word, unit=word)
    visit = inspections.inspection(
        plan, state, body=body, lead=person, by=by, campaign=asked, school_words=word, place=word
    )
    finding = visit.findings.order_by("position")[0]
    Finding.objects.filter(inspection=visit).update(seen=word, limits=word, title=word)
    recommendation = inspections.recommendation(finding, by, body=word, owner=word)
    reply = inspections.reply(finding, by, body=word)
    added = {"file": issuing.frozen(f"%PDF-{word}-{plan.pk}".encode()), "name": word}
    said = {} if plan.state == "draft" else {"reported_at": timezone.now(), "reported_by": by}
    where = "reported" if said else "open"
    item = followups.follow_up(recommendation, owner=word, about=word, state=where, **said)
    step = FollowUpStep.objects.create(follow_up=item, kind="note", note=word, by=by)
    picture = issuing.frozen(f"anh {word} {plan.pk}".encode(), "image/jpeg")
    photo = Photo.objects.create(
        finding=finding,
        client_id=uuid4(),
        file=picture,
        small=picture,
        width=1,
        height=1,
        caption=word,
        added_by=by,
    )
    entry = Entry.objects.create(
        inspection=visit,
        client_id=uuid4(),
        person=by,
        target=f"finding:{finding.key}",
        field="seen",
        value=word,
        base=0,
        outcome=Outcome.CONFLICT,
    )
    paper = minutes.paper(visit, by=by, title=word)
    asked_by_list = checklists.checklist(
        body, framework=plan.framework, published=plan.state != "draft", title=word
    )
    return {
        "inspection": visit.pk,
        "visits": asked.pk,
        "campaign_member": named.pk,
        "checklist": asked_by_list.pk,
        "question": asked_by_list.questions.get().pk,
        "paper": paper.pk,
        "paper_file": paper.files.get().pk,
        "follow_up": item.pk,
        "finding": finding.pk,
        "team_member": visit.members.get().pk,
        "photo": photo.pk,
        "entry": entry.pk,
        "reply_file": ReplyFile.objects.create(reply=reply, added_by=by, **added).pk,
        "proof": FollowUpFile.objects.create(step=step, **added).pk,
    }


def _issued(plan: Plan, by: User) -> tuple[int, int]:
    """Return a document of the plan, which has a scan, and its PDF.

    The plan stays in its state, as one that is being revised does.
    """
    state, finished_at = plan.state, plan.finished_at
    issued = issuing.issued_document(plan, by=by)
    issuing.add_file(issued, f"%PDF-{issued.pk}".encode(), FileRole.SCAN)
    Plan.objects.filter(pk=plan.pk).update(state=state, finished_at=finished_at)
    plan.state, plan.finished_at = state, finished_at  # for what is built on it after this
    plan.refresh_from_db()  # a visit is in the state that the plan's asks for
    return issued.pk, issued.files.get(role=FileRole.PDF).pk


def _came_back(plan: Plan, body: ManagingBody, word: str, by: User) -> int:
    """Send the plan's document and return it with a remark; the plan stays in its state."""
    sent = Submission.objects.create(
        plan=plan,
        document=plan.documents.get(),
        body=body,
        sequence=1,
        sent_by=by,
        note=word,
        returned_at=timezone.now(),
        returned_by=by,
        return_reason=word,
    )
    where = {"section": "purpose", "place": word, "body": word, "written_by": by}
    return Remark.objects.create(submission=sent, **where).pk


def _form_copy(form: PlanForm, body: ManagingBody, word: str, state: str) -> int:
    """Return a body's copy of a form: one being changed beside the draft, a frozen one beside the other."""
    copy = PlanForm(code=f"{word}-{state}", title=word, first_year=2018, data=form.data)
    copy.based_on, copy.body, copy.is_draft = form, body, state == "draft"
    copy.save()
    return copy.pk


def _tell_and_ask(target: Target, person: User) -> None:
    """Give a person a notice and a job about a school."""
    word = canary(target.where)
    about = {"key": f"{word}-{target.state}", "text": word, "path": "/"}
    tell([person], NoticeKind.RETURNED, **about)
    target.notice = Notice.objects.get(person=person, key=about["key"]).pk
    year = SchoolYear.objects.get(start_year=2024 if target.state == "finished" else 2025)
    body = ManagingBody.objects.get(pk=target.body)
    target.job = ask_plan_files(body=body, year=year, by=person).pk


def _people(own: School, body: ManagingBody) -> dict[str, User]:
    yesterday = timezone.localdate() - timedelta(days=1)
    tomorrow = timezone.localdate() + timedelta(days=1)
    people = {viewer: accounts.user(viewer) for viewer in VIEWERS if viewer != "anonymous"}
    for visit in Inspection.objects.filter(school=own):
        seat = visit.members.get()
        seat.user = people["team_lead"]
        seat.save()
    for role in set(MAY) & set(Role.values):
        place = PLACE.get(role, "school")
        accounts.membership(
            people[role],
            Role(role),
            school=own if place == "school" else None,
            body=body if place == "body" else None,
        )
    for viewer, period in [
        ("expired", {"valid_to": yesterday}),
        ("not_yet", {"valid_from": tomorrow}),
        ("deactivated", {}),
        ("must_change", {}),
    ]:
        accounts.membership(people[viewer], school=own, **period)  # type: ignore[arg-type]
    return people


def build_world() -> World:
    """Make the world and log everybody in; the account that is closed is closed afterwards."""
    world = World()
    own_body, other_body = (
        schools.body("UBND xã Đông"),
        schools.body(f"UBND xã {canary('foreign')}"),
    )
    form, framework = planning.plan_form("MAU"), criteria.framework("TT")
    for where, body in [("own", own_body), ("sibling", own_body), ("foreign", other_body)]:
        world.targets += _school(where, body, form, framework)
    people = _people(School.objects.get(pk=world.target("own").school), own_body)
    for target in world.targets:
        is_own = target.where == "own"
        _tell_and_ask(target, people["officer"] if is_own else accounts.user())
    for viewer, user in people.items():
        client = Client()
        client.force_login(user)
        world.cookies[viewer] = client.cookies[settings.SESSION_COOKIE_NAME].value
    User.objects.filter(username="deactivated").update(is_active=False)
    User.objects.filter(username="must_change").update(must_change_password=True)
    other = criteria.framework("KHAC", kind=SchoolKind.PRIMARY)
    world.other_criterion = Criterion.objects.of(other)[0].pk
    newest = PlanForm.objects.get(pk=form.pk)
    newest.pk, newest.revision = None, 2
    newest.save()
    world.old_form = form.pk
    world.year_in_use = SchoolYear.objects.get(start_year=2025).pk
    schools.school_year(2026)
    return world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, built once for the module; each request's changes are undone (see `ask`)."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


# --- asking -----------------------------------------------------------------------------------------------


def ask(world: World, viewer: str, method: str, url: str, data: Any = None) -> HttpResponse:
    """Return the answer to one request of a viewer, and undo whatever it wrote."""
    client = Client(raise_request_exception=False)
    if viewer in world.cookies:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[viewer]
    with transaction.atomic():
        answer = client.generic(method, url) if data is None else client.post(url, data)
        transaction.set_rollback(True)
    return answer


def words_of(answer: HttpResponse) -> str:
    """Return all words of an answer, those inside a zipped document too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    headers = " ".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{content.decode(errors='replace')}".lower()


def verdict(answer: HttpResponse) -> str:
    """Return how an answer reads in the terms of `expected`."""
    place = answer.headers.get("Location", "")
    # After a log-out there is no page to come back to.
    asks = answer.status_code == 302 and place.startswith(f"{reverse('accounts:login')}?next=")
    if asks or answer.status_code == 401:
        return "login"
    if answer.status_code == 302 and place == reverse("accounts:password_change"):
        return "change"
    if answer.status_code in {403, 404, 405}:
        return str(answer.status_code)
    # 409 and 422 are a page's own refusal of what was typed, 410 that of a made-up link, 400 that of a packet.
    known = {200, 302, 400, 409, 410, 422}
    return "ok" if answer.status_code in known else f"status {answer.status_code}"


def patterns() -> dict[str, list[str]]:
    """Return every address but the back office's: name → names of its arguments."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, list[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", list(entry.pattern.converters)
        elif entry.namespace != "admin":
            yield from _walk(entry, f"{entry.namespace}:" if entry.namespace else namespace)


# What may stand in an address beside the ids of a target.
OTHER_ARGUMENTS: dict[str, Any] = {
    "section": "purpose",
    "table": "follow_up",
    "field": "lead",
    "year": 2025,
    "file_format": "xlsx",
    "sheet_format": "docx",
    "level": 1,
    "sequence": 1,
    "uidb64": "MQ",
    "token": "abc-def",
    "code": "KHONGCO23456",
}


def address(page: str, arguments: list[str], target: Target | None) -> str:
    """Return the address of a page about a target. Raises LookupError for an argument nobody knows."""
    values = {}
    for name in arguments:
        if name in OTHER_ARGUMENTS:
            values[name] = OTHER_ARGUMENTS[name]
        elif target is not None and hasattr(target, name):
            values[name] = getattr(target, name)
        else:
            raise LookupError(f"{page}: add the argument {name} to Target or OTHER_ARGUMENTS")
    return reverse(page, kwargs=values)


PERSONAL = ("notice", "job")
VISITED = ("inspection", "visits", "checklist", "paper", "follow_up")


def targets_of(world: World, arguments: list[str]) -> list[Target | None]:
    """Return what a page is asked about: nothing, or every school (with both plans where it names a plan)."""
    things = {
        "school",
        "plan",
        "document",
        "body",
        "plan_form",
        "issued",
        "campaign",
        *PERSONAL,
        *VISITED,
    }
    if not things & set(arguments):
        return [None]
    both = {"plan", "plan_form", *VISITED} & set(arguments)
    states = {"draft", "finished"} if both else {"draft"}
    missing = Target("missing", "", *[10**9] * 10)
    asked = [t for t in world.targets if t.state in states]
    if set(VISITED) & set(
        arguments
    ):  # others' visits answer alike in every state; one of each will do
        asked = [t for t in asked if t.where == "own" or t.state == "draft"]
    return [*asked, missing]


def faults(world: World, viewer: str, pages: list[str] | None = None) -> list[str]:
    """Return every answer to a viewer that is not as the table says, or that tells too much; [] is right.

    What the viewer must not see has to answer with the very bytes of what does not exist. With `pages`, asks
    only those.
    """
    found = []
    for page, arguments in patterns().items():
        if pages and page not in pages:
            continue
        if page not in EXPECTED:
            found.append(f"{page}: no line in PAGES")
            continue
        for method in ("GET", "POST"):
            found += _faults_of(world, viewer, page, arguments, method)
    return found


def _faults_of(
    world: World, viewer: str, page: str, arguments: list[str], method: str
) -> Iterator[str]:
    hidden = {canary(where) for where in SEES["site"] - sees(viewer) - shows(viewer, page)}
    unseen = set()
    targets = targets_of(world, arguments)
    # A method that a page has not is refused before anybody looks at the thing.
    for target in targets[:1] if EXPECTED[page][method == "POST"] == "-" else targets:
        answer = ask(world, viewer, method, address(page, arguments, target))
        yield from _compared(viewer, page, method, target, answer, hidden)
        if expected(viewer, page, method, target) == "404":
            unseen.add(_scrubbed(answer))
    if len(unseen) > 1:
        yield f"{viewer} {method} {page}: a foreign thing does not answer like a missing one"


def _scrubbed(answer: HttpResponse) -> str:
    """Return an answer without the tokens that are new in each."""
    tokens = r"csrfmiddlewaretoken\" value=\"\w+|X-CSRFToken\": \"\w+"
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.items()))
    return f"{answer.status_code}\n{headers}\n{re.sub(tokens, '', answer.content.decode())}"


def _compared(
    viewer: str,
    page: str,
    method: str,
    target: Target | None,
    answer: HttpResponse,
    hidden: set[str],
) -> Iterator[str]:
    about = f"{viewer} {method} {page}" + (f" ({target.where}, {target.state})" if target else "")
    wanted, got = expected(viewer, page, method, target), verdict(answer)
    if page in REFUSES_EMPTY and method == "POST" and wanted == "ok":
        wanted = got if got in {"ok", "404"} else wanted
    if got != wanted:
        yield f"{about}: expected {wanted}, got {got}"
    words = words_of(answer)
    yield from (f"{about}: tells of {word}" for word in hidden if word in words)


# What was never removed cannot be restored: its own page says 404 to those who may. A picker that names no
# document finds none, and a section without seats draws no duties. A version
# that nobody named is not brought back, and a copy that never was public is not closed.
REFUSES_EMPTY = {
    "planning:action_restore",
    "planning:row_restore",
    "council:restore",
    "legal:pick",
    "starting:duties",
    "together:bring_back",
    "handover:unpublish",
}


# --- the matrix -------------------------------------------------------------------------------------------


def test_table_names_every_address_and_no_other() -> None:
    assert set(patterns()) == set(EXPECTED)


def test_table_names_every_role() -> None:
    assert set(MAY) == {*Role.values, "team_lead"}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_page_answers_as_the_table_says(world: World, viewer: str) -> None:
    assert faults(world, viewer) == []


def test_canaries_sing_where_they_may(world: World) -> None:
    """Otherwise their silence elsewhere would say nothing."""
    heard = set()
    for page, arguments in patterns().items():
        for target in targets_of(world, arguments):
            answer = ask(world, "admin", "GET", address(page, arguments, target))
            if target and canary(target.where) in words_of(answer):
                heard.add((page, target.where))

    for page in (
        *("schools:school", "planning:section", "planning:preview", "planning:download"),
        *("issuing:documents", "issuing:of_school", "issuing:document"),
        *("assessing:matrix", "assessing:sheet", "assessing:one_sheet", "assessing:all_sheets"),
        "handover:document",
    ):
        assert {(page, where) for where in SEES["site"]} <= heard


@pytest.mark.parametrize("viewer", ["principal", "admin"])
def test_every_page_keeps_to_the_content_policy(world: World, viewer: str) -> None:
    for page, arguments in patterns().items():
        target = world.target("own") if arguments else None
        answer = ask(world, viewer, "GET", address(page, arguments, target))
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], page
        assert "unsafe" not in answer.headers["Content-Security-Policy"], page
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            assert not re.search(r"<style|\sstyle=|<[^>]+\son\w+=|javascript:|hx-on", text), page
            assert not re.search(r"<script(?![^>]*\ssrc=)", text), page


# --- the checker itself -----------------------------------------------------------------------------------


def _any_school(self: SchoolQuerySet, user: Any, on: Any = None) -> SchoolQuerySet:
    return self


def _weaker_row(patch: pytest.MonkeyPatch) -> None:
    row = POLICY["planning:finish"]
    object.__setattr__(row, "post", "plans.view_plan")


def _without_sight(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SchoolQuerySet, "visible_to", _any_school)


def _fetched_anyhow(patch: pytest.MonkeyPatch) -> None:
    fetch = Thing(lambda user, pk: Plan.objects.filter(pk=pk).first())
    patch.setitem(THINGS, "plan", fetch)


def _everything_allowed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(User, "has_perm", lambda self, perm, obj=None: True)


def _roles_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        User, "memberships_on", lambda self, on: list(Membership.objects.filter(user=self))
    )


def _closed_accounts_enter(patch: pytest.MonkeyPatch) -> None:
    from plans.accounts.backend import MembershipBackend

    patch.setattr(MembershipBackend, "user_can_authenticate", lambda self, user: True)


def _foreign_things_told_apart(patch: pytest.MonkeyPatch) -> None:
    answer = errors._answer

    def telling(request: Any, *arguments: Any) -> HttpResponse:
        response = answer(request, *arguments)
        school = request.resolver_match.kwargs["school"]
        response["X-Why"] = "foreign" if School.objects.filter(pk=school).exists() else "missing"
        return response

    patch.setattr(errors, "_answer", telling)


def _nobody_asked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access, "_sign_in", lambda request, name: None)


@pytest.mark.parametrize(
    ("break_it", "viewer", "pages"),
    [
        (_weaker_row, "staff", ["planning:finish"]),
        (_without_sight, "officer", ["schools:list", "schools:school"]),
        (_without_sight, "principal", ["schools:list"]),
        (_fetched_anyhow, "principal", ["planning:section"]),
        (_everything_allowed, "clerk", ["planning:section"]),
        (_everything_allowed, "principal", ["overview:catalogue"]),
        (_roles_for_ever, "expired", ["schools:school"]),
        (_closed_accounts_enter, "deactivated", ["accounts:sessions"]),
        (_foreign_things_told_apart, "principal", ["schools:school"]),
        (_nobody_asked, "must_change", ["overview:home"]),
    ],
)
def test_checker_sees_a_door_left_open(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch], None],
    viewer: str,
    pages: list[str],
) -> None:
    row = POLICY["planning:finish"]
    before = row.post
    assert faults(world, viewer, pages) == []

    break_it(monkeypatch)
    try:
        assert faults(world, viewer, pages) != []
    finally:
        object.__setattr__(row, "post", before)


def test_pattern_without_a_row_does_not_start() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.urls import path

    with pytest.raises(ImproperlyConfigured, match="planning:new_page has no row"):
        access.guarded("planning", [path("x/", lambda request: HttpResponse(), name="new_page")])


# --- fields that name things ------------------------------------------------------------------------------

# Every choice a form offers: does it name a row that could be another school's? Those that do are replayed.
CHOICES = {
    ("PlanAddForm", "school_year"): "names a row",
    ("PlanAddForm", "form"): "names a row",
    ("BeginForm", "school_year"): "names a row",
    ("BeginForm", "form"): "names a row",
    ("MemberForm", "team"): "plain",
    ("MemberForm", "part"): "plain",
    ("MemberForm", "user"): "names a row",
    ("ShelfForm", "place"): "names a row",
    ("ActionForm", "criterion"): "names a row",
    ("ActionForm", "levels"): "plain",
    ("ActionForm", "progress"): "plain",
    ("ResultForm", "level"): "plain",
    ("MetForm", "met"): "plain",
    ("InForceForm", "body"): "names a row",
    ("HeadingForm", "signing_capacity"): "plain",
    ("IssueForm", "signer"): "names a row",
    ("RegisterForm", "kind"): "plain",
    ("MoneyReadingForm", "source"): "plain",
    ("CommentForm", "noi"): "names a row",
    ("CommentForm", "gui"): "names a row",
    ("AssignForm", "phan"): "names a row",
    ("AssignForm", "nguoi"): "names a row",
    **{("WaysForm", f"thu-{kind}"): "plain" for kind in NoticeKind},
    ("PublishForm", "parts"): "plain",
    ("CampaignForm", "form"): "names a row",
    ("CampaignForm", "school_year"): "names a row",
    ("CampaignForm", "kinds"): "plain",
    ("StandingForm", "tinh_trang"): "plain",
    ("RecordFilterForm", "thang"): "plain",
    ("RecordFilterForm", "nguoi"): "names a row",
    ("OpinionForm", "agrees"): "plain",
    ("SchoolFilterForm", "loai"): "plain",
    ("SchoolFilterForm", "trang_thai"): "plain",
    ("SchoolFilterForm", "nam"): "plain",
    ("ChecklistForm", "framework"): "names a row",
    ("QuestionForm", "kind"): "plain",
    ("DecisionForm", "decision"): "plain",
    ("CarryForm", "plan"): "names a row",
    **{("ItemFilterForm", name): "plain" for name in ("trang_thai", "han", "tieu_chuan", "tuoi")},
    **{("OverviewForm", name): "plain" for name in ("nam", "loai", "buoc")},
    ("VisitFilterForm", "tinh_trang"): "plain",
    ("VisitFilterForm", "nam"): "plain",
    ("VisitFilterForm", "dot"): "names a row",
    ("VisitFilterForm", "truong"): "names a row",
    ("SingleVisitForm", "body"): "names a row",
    ("SingleVisitForm", "lead"): "names a row",
    ("SingleVisitForm", "members"): "names a row",
    ("SingleVisitForm", "minutes_title"): "plain",
    ("SingleVisitForm", "checklists"): "names a row",
    ("VisitCampaignForm", "school_year"): "names a row",
    ("VisitCampaignForm", "minutes_title"): "plain",
    ("VisitCampaignForm", "checklists"): "names a row",
    ("AccountSeatForm", "user"): "names a row",
    ("AccountSeatForm", "role"): "plain",
    ("TypedSeatForm", "home_school"): "names a row",
    ("TypedSeatForm", "typed_role"): "plain",
    ("ChoosingForm", "loai"): "plain",
    ("ChoosingForm", "cap_do"): "plain",
    ("VisitDayForm", "members"): "names a row",
    ("VisitDayForm", "lead"): "names a row",
    ("ProposeForm", "parts"): "plain",
    ("ProposeForm", "members"): "names a row",
    ("ProposeForm", "lead"): "names a row",
}
# Every parameter that a view takes from the request by itself, likewise.
PARAMETERS = {
    "after": "names a row",
    "criterion": "names a row",
    "standard": "names a row",
    "mo": "names a row",
    "xoa": "names a row",
    "dong": "names a row",
    "bo": "names a row",
    "goes_on": "names a row",
    "places": "names a row",
    "document": "names a row",
    "only": "plain",
    "page": "plain",
    "tim": "plain",
    "sent": "plain",
    "again": "plain",
    "choice": "plain",
    "wrong": "plain",
    "level": "plain",
    "met": "plain",
    "weakness": "plain",
    "band": "plain",
    "up": "plain",
    "done": "plain",
    "down": "plain",
    "the_thuc": "plain",  # names measures, which are anybody's
    "body": "plain",
    "next": "plain",
    "trang": "plain",
    "newest": "plain",  # a number up to which one's own notices are marked
    "truong": "names a row",
    "viec": "plain",
    "truoc": "names a row",
    "cu": "names a row",
    "moi": "names a row",
    "cho": "names a row",
    "noi": "names a row",
    "gui": "plain",  # shown again with a refusal; the form itself takes it as CommentForm says
    "loi": "plain",
    "since": "plain",
    "ma": "plain",  # a code, which is anybody's who holds the paper
    "xem": "plain",
    "trinh_ky": "plain",  # which button
    "nam": "plain",
    "way": "plain",
    "remove": "plain",  # one's own picture, whose else
    "place": "plain",  # names the form's boxes; the action looks the place up in the plan itself
    "target": "names a row",
    "id": "names a row",  # a photo's own
    "caption": "plain",
    "taken_at": "plain",
    "chon": "plain",
    "base": "plain",  # after how many changes the page was made
    "co": "plain",  # which of the two sizes of a photo
    "seen": "plain",  # a mark of what the person saw
    "sure": "plain",
    "kien_nghi": "names a row",
    "all": "plain",
    "user": "names a row",  # who wrote what a device sends
}


def _web_modules() -> Iterator[Any]:
    for info in pkgutil.walk_packages(plans.web.__path__, "plans.web."):
        yield importlib.import_module(info.name)


def _form_classes() -> set[type[forms.BaseForm]]:
    return {
        value
        for module in _web_modules()
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, forms.BaseForm)
        and value.__module__.startswith("plans.web.")
    }


def _made(form: type[forms.BaseForm], world: World) -> forms.BaseForm:
    """Return the form over the world's own school. Fails for an argument nobody knows."""
    own = world.target("own")
    plan = Plan.objects.for_editing().get(pk=own.plan)
    known = {
        "plan": plan,
        "instance": plan,
        "school": plan.school,
        "section": plan.spec.actions(),
        "action": PlanAction.objects.get(pk=own.action),
        "table": plan.spec.section("follow_up"),
        "row": PlanRow.objects.get(pk=own.row),
        "criterion": Criterion.objects.get(pk=own.criterion),
        "request": RequestFactory().get("/"),
        "user": User.objects.get(username="principal"),
        "layout": DEFAULT_LAYOUT,
        "draft": PlanForm.objects.get(pk=own.plan_form),
        "bodies": ManagingBody.objects.filter(pk=own.body),
        "everybody": False,
        "years": list(SchoolYear.objects.all()),
        "campaign": None,
        "plan_forms": PlanForm.objects.all(),
        "kinds": ["preschool"],
        "months": [],
        "people": [],
        "member": CouncilMember.objects.get(pk=own.member),
        "name": "ten",
        "document": LegalDocument.objects.get(pk=own.document),
        "ways": ways_of(User.objects.get(username="principal")),
        "parts": parts_of(plan.spec),
        "checklist": Checklist.objects.get(pk=own.checklist),
        "question": Question.objects.get(pk=own.question),
        "may_complete": True,
        "item": FollowUp.objects.get(pk=own.follow_up),
        "standards": [0, 1],
        "of_one_school": False,
        "body": ManagingBody.objects.get(pk=own.body),
        "visits": InspectionCampaign.objects.get(pk=own.visits),
        "inspection": Inspection.objects.for_page().get(pk=own.inspection),
        "found": User.objects.all(),
        "campaigns": InspectionCampaign.objects.filter(pk=own.visits),
    }
    wanted = [
        name
        for name, parameter in inspect.signature(form.__init__).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    ]
    if issubclass(form, forms.ModelForm):
        wanted.append("instance")
    assert set(wanted) <= set(known), f"{form.__name__}: say in _made what {wanted} are"
    return form(**{name: known[name] for name in wanted})  # type: ignore[call-arg]


def test_every_choice_of_every_form_is_accounted_for(world: World) -> None:
    found = {
        (form.__name__, name)
        for form in _form_classes()
        for name, one in _made(form, world).fields.items()
        if isinstance(one, forms.ChoiceField | forms.ModelChoiceField)
    }

    assert found == set(CHOICES)


def test_no_choice_called_plain_names_a_row(world: World) -> None:
    for form in _form_classes():
        for name, one in _made(form, world).fields.items():
            if isinstance(one, forms.ModelChoiceField):
                assert CHOICES[form.__name__, name] == "names a row"


def _taken(source: str) -> Iterator[str]:
    """Yield the names that code takes from request.GET and request.POST: .get("x"), ["x"], "x" in …"""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="GET" | "POST"), attr=_),
                    args=[first, *_],
                )
                | ast.Subscript(value=ast.Attribute(attr="GET" | "POST"), slice=first)
            ):
                yield from _constants(first, tree)
            case ast.Compare(left=first, comparators=[ast.Attribute(attr="GET" | "POST")]):
                yield from _constants(first, tree)


def _constants(node: ast.expr, tree: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.Name):
        # A loop over a tuple of names, as in `for query, … in (("mo", …), ("xoa", …))`.
        for loop in ast.walk(tree):
            if isinstance(loop, ast.For) and node.id in ast.dump(loop.target):
                rows = getattr(loop.iter, "elts", [])
                yield from (str(row.elts[0].value) for row in rows if isinstance(row, ast.Tuple))


def test_every_parameter_that_a_view_takes_is_accounted_for() -> None:
    groups = Path(plans.web.__path__[0])
    sources = [path.read_text() for path in groups.rglob("*.py")]

    assert {name for source in sources for name in _taken(source)} == set(PARAMETERS)


def _replays(world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield (what is named, method, address, data): requests that name others' rows, of who might name own ones."""
    own = world.target("own")
    others = [world.target("sibling"), world.target("foreign")]
    plan = {"plan": own.plan}
    action_page = reverse("planning:action", kwargs=plan | {"action": own.action})
    add_page = reverse("planning:add", kwargs={"school": own.school})
    table_page = reverse("planning:action_add", kwargs=plan)
    free_year = SchoolYear.objects.get(start_year=2026).pk
    new_form = PlanForm.objects.get(revision=2).pk
    for year in (world.year_in_use, 10**9, "x"):
        yield "school_year", "POST", add_page, {"school_year": year, "form": new_form}
    copies = [other.plan_form for other in (world.target("foreign", "finished"), *others)]
    for form in (world.old_form, *copies, 10**9, "x"):
        yield "form", "POST", add_page, {"school_year": free_year, "form": form}
    for criterion in (world.other_criterion, 10**9):
        typed = {"version": 1, "criterion": criterion, "measures": "x", "lead": "", "partners": ""}
        yield "criterion", "POST", action_page, typed
        yield "criterion", "POST", table_page, {"criterion": criterion}
        page = reverse("planning:result", kwargs=plan | {"criterion": criterion})
        yield "criterion", "POST", page, {"version": 0, "level": 2}
        for name in ("sheet", "level", "propose"):
            page = reverse(f"assessing:{name}", kwargs=plan | {"criterion": criterion})
            yield "criterion", "POST", page, {"version": 0, "level": 2, "strengths": "x"}
        for name in ("whole_level", "description"):
            page = reverse(f"assessing:{name}", kwargs=plan | {"criterion": criterion, "level": 1})
            yield "criterion", "POST", page, {"version": 0, "met": 1, "body": "x"}
    strange = Indicator.objects.filter(criterion=world.other_criterion).order_by("pk")[0].pk
    for indicator in (strange, 10**9):
        page = reverse(
            "assessing:indicator",
            kwargs=plan | {"criterion": own.criterion, "indicator": indicator},
        )
        yield "indicator", "POST", page, {"version": 0, "met": 1}
    standard = Criterion.objects.get(pk=world.other_criterion).standard_id
    yield "standard", "POST", table_page, {"standard": standard}
    section = reverse("planning:section", kwargs=plan | {"section": "actions"})
    for other in others:
        yield "after", "POST", table_page, {"after": other.action}
        yield "mo", "GET", f"{section}?mo={other.action}", {}
        yield "xoa", "GET", f"{section}?xoa={other.action}", {}
        yield from _beginning_replays(own, other)
        for name in (
            "action",
            "action_copy",
            "action_move",
            "action_remove",
            "action_confirm",
            "action_restore",
        ):
            page = reverse(f"planning:{name}", kwargs=plan | {"action": other.action})
            yield name, "POST", page, {"version": 1}
        page = reverse("planning:action", kwargs=plan | {"action": other.action})
        yield "action", "GET", page, {}
        line = plan | {"action": other.action, "field": "lead"}
        yield "reading", "POST", reverse("planning:reading", kwargs=line), {"wrong": "1"}
        yield from _replays_of_rows(plan, other)
        yield from _replays_together(plan, other, standard)
    yield from _replays_of_issue(world)
    for other in others:
        seal = {"school": own.school, "seal": other.seal}
        yield "seal", "POST", reverse("signing:seal_remove", kwargs=seal), {}
    yield from _replays_record(own, world.target("foreign"))
    yield from _replays_campaign(own, world.target("foreign"))
    yield from _replays_checklists(world, own, world.target("foreign"))
    for other in others:
        yield from _replays_visit(own, other)
    yield from _replays_replies(world)
    for other in others:
        yield from _replays_followups(own, other)
    yield from _replays_inspecting(own, world.target("foreign"))
    yield from _replays_minutes(world)
    put = reverse("formats:form_put", kwargs={"plan_form": own.plan_form})
    for body in (world.target("foreign").body, 10**9, "x", ""):
        yield "body", "POST", put, {"body": body, "valid_from": "01/09/2026"}


def _replays_of_issue(world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield requests about issued documents that name a file or a person of another school."""
    own = world.target("own", "finished")
    for other in (world.target("sibling"), world.target("foreign")):
        file = {"issued": own.issued, "file": other.file}
        yield "file", "GET 404", reverse("issuing:file", kwargs=file), {}
        document = {"issued": other.issued}
        yield "issued", "GET 404", reverse("issuing:document", kwargs=document), {}
        person = Membership.objects.filter(school=other.school).earliest("pk").user_id
        page = reverse("issuing:issue", kwargs={"plan": own.plan})
        typed = {"issued_on": "05/09/2025", "signer": person}
        yield "signer", "POST", page, typed


def _replays_of_rows(
    plan: dict[str, Any], other: Target
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    section = reverse("planning:section", kwargs=plan | {"section": "follow_up"})
    yield "dong", "GET", f"{section}?dong={other.row}", {}
    yield "bo", "GET", f"{section}?bo={other.row}", {}
    small_table = reverse("planning:row_add", kwargs=plan | {"table": "follow_up"})
    yield "after", "POST", small_table, {"after": other.row}
    for name in ("row", "row_move", "row_remove", "row_restore"):
        page = reverse(f"planning:{name}", kwargs=plan | {"row": other.row})
        yield name, "POST", page, {"version": 1}
    yield "row", "GET", reverse("planning:row", kwargs=plan | {"row": other.row}), {}


def _beginning_replays(
    own: Target, other: Target
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield requests about last year, the council and the shelf that name a row of another school."""
    plan = {"plan": own.plan}
    begin = reverse("starting:begin", kwargs={"school": own.school})
    chosen = {
        "school_year": SchoolYear.objects.get(start_year=2026).pk,
        "form": PlanForm.objects.get(revision=2).pk,
    }
    places = {"places": f"viec-{other.action}-measures"}
    yield "places", "POST", reverse("starting:years", kwargs=plan), places
    yield "goes_on", "POST", begin, chosen | {"goes_on": other.action}
    stranger = Membership.objects.filter(school=other.school).values_list("user", flat=True)[0]
    typed = {"team": "council", "part": "member", "full_name": "A", "user": stranger, "version": 1}
    council_page = {"school": own.school, "year": 2025}
    yield "user", "POST", reverse("council:year", kwargs=council_page), typed
    for name in ("member", "move", "remove", "restore"):
        page = reverse(f"council:{name}", kwargs=council_page | {"member": other.member})
        yield f"council_{name}", "POST", page, typed
    head = {"kind": "A", "number": "1", "issued_on": "01/9/2025", "issuer": "A", "subject": "A"}
    shelf = head | {"version": 1, "place": f"school-{other.school}"}
    yield "place", "POST", reverse("legal:add"), shelf
    yield "document", "POST", reverse("legal:pick", kwargs=plan), {"document": other.document}
    history = reverse("starting:history", kwargs=plan | {"action": other.action})
    yield "action_history", "GET", history, {}


def _replays_together(
    plan: dict[str, int], other: Target, standard: int
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for what people of one plan do together."""
    event = Event.objects.filter(plan_id=other.plan).earliest("pk").pk
    person = Membership.objects.filter(school=other.school).earliest("pk").user_id
    history, compare, bring_back, trash, comments, assignments, news = (
        reverse(f"together:{name}", kwargs=plan)
        for name in ["history", "compare", "bring_back", "trash", "comments", "assignments", "news"]
    )
    mine = Event.objects.filter(plan_id=plan["plan"]).earliest("pk").pk
    yield "truoc", "GET 404", f"{history}?truoc={event}", {}
    yield "cu", "GET 404", f"{compare}?cu={event}", {}
    yield "moi", "GET 404", f"{compare}?moi={event}", {}
    yield "cu", "POST", bring_back, {"cu": event}
    yield "cho", "POST 302", bring_back, {"cu": mine, "cho": f"planaction-{other.action}"}
    yield "dong", "POST 302", trash, {"dong": f"planaction-{other.action}"}
    yield "noi", "GET", f"{comments}?noi=viec-{other.action}", {}
    yield "noi", "POST", comments, {"noi": f"viec-{other.action}", "loi": "x"}
    yield "gui", "POST", comments, {"noi": "muc-purpose", "loi": "x", "gui": person}
    yield "nguoi", "POST", assignments, {"phan": "muc-purpose", "nguoi": person}
    yield "phan", "POST", assignments, {"phan": f"tieu-chuan-{standard}", "nguoi": person}
    yield "mo", "GET", f"{news}?page=actions&mo={other.action}", {}
    yield "xoa", "GET", f"{news}?page=actions&xoa={other.action}", {}
    solve = reverse("together:comment_solve", kwargs=plan | {"comment": other.comment})
    yield "comment", "POST", solve, {}
    take = reverse("together:assignment_take_back", kwargs=plan | {"assignment": other.assignment})
    yield "assignment", "POST", take, {}
    answer = reverse("submitting:answer", kwargs=plan | {"remark": other.remark})
    yield "remark", "POST", answer, {"version": 1, "answer": "x"}


def _replays_minutes(world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for the papers of a visit: a file of another paper."""
    paper = {"paper": world.target("own", "finished").paper}
    for other in (world.target("sibling"), world.target("foreign"), world.target("own")):
        page = reverse("minutes:file", kwargs=paper | {"paper_file": other.paper_file})
        yield "paper_file", "GET 404", page, {}


def _replays_record(own: Target, other: Target) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for the record of a school."""
    page = reverse("history:school", kwargs={"school": own.school})
    event = Event.objects.filter(school_id=other.school).earliest("pk")
    yield "truoc", "GET 404", f"{page}?truoc={event.pk}", {}
    yield "nguoi", "GET", f"{page}?nguoi={event.actor_id}", {}


def _replays_campaign(own: Target, other: Target) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for a campaign of a body: schools and forms of another one."""
    campaign = {"campaign": own.campaign}
    typed = {"title": "x", "opens_on": "01/09/2026", "deadline": "01/10/2026"}
    schools_page = reverse("campaigns:schools", kwargs=campaign)
    later = {"to": "01/10/2030", "reason": "x"}
    extend = reverse("campaigns:extend", kwargs=campaign)
    yield "truong", "POST", schools_page, {"viec": "them", "truong": other.school}
    yield "truong", "POST 302", schools_page, {"viec": "bo", "truong": other.school}
    yield "truong", "POST", extend, later | {"truong": other.school}
    add = reverse("campaigns:add", kwargs={"body": own.body})
    change = reverse("campaigns:change", kwargs=campaign)
    year = SchoolYear.objects.get(start_year=2025).pk
    yield "form", "POST", add, typed | {"school_year": year, "form": other.plan_form}
    yield "form", "POST", change, typed | {"version": 1, "form": other.plan_form}


def _replays_checklists(
    world: World, own: Target, other: Target
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for a checklist: a question of another body's, a criterion and a framework it has not."""
    checklist = {"checklist": own.checklist}
    typed = {"words": "x", "kind": "text"}
    add = reverse("checklists:add", kwargs={"body": own.body})
    for framework in (10**9, "x", ""):
        yield "framework", "POST", add, {"title": "x", "framework": framework}
    for criterion in (world.other_criterion, 10**9):
        page = reverse("checklists:question_add", kwargs=checklist | {"criterion": criterion})
        yield "criterion", "POST", page, typed
    for question in (other.question, world.target("own", "finished").question, 10**9):
        for name in ("question", "question_move", "question_remove"):
            page = reverse(f"checklists:{name}", kwargs=checklist | {"question": question})
            yield f"checklist_{name}", "POST 404", page, typed | {"up": "1"}


def _replays_visit(own: Target, other: Target) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield requests of the team about its own visit that name a row of another one."""
    visit = {"inspection": own.inspection}
    save = reverse("visits:save", kwargs=visit)
    finding = Finding.objects.get(pk=other.finding)
    stranger = Photo.objects.get(pk=other.photo)
    given = finding.recommendations.get()
    for target, typed in [
        (f"finding:{finding.key}", {"seen": "x"}),
        (f"recommendation:{given.client_id}", {"body": "x"}),
        (f"recommendation:{uuid4()}", {"finding": finding.key, "body": "x"}),
        (f"photo:{stranger.client_id}", {"removed": "1"}),
        (f"member:{other.team_member}", {"present": "no"}),
        (f"question:{other.question}", {"value": "yes"}),
    ]:
        yield "target", "POST 302", save, {"target": target} | typed
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    image = SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")
    sent = {"id": str(stranger.client_id), "target": f"finding:{finding.key}", "image": image}
    yield "id", "POST 302", reverse("visits:photo_add", kwargs=visit), sent
    image = SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")
    sent = {"id": str(uuid4()), "target": f"finding:{finding.key}", "image": image}
    page = reverse("visits:photo_add", kwargs=visit)
    yield "user", "POST 409", page, sent | {"user": 10**9}
    page = reverse("visits:photo", kwargs=visit | {"photo": other.photo})
    yield "photo", "GET 404", page, {}
    page = reverse("visits:settle", kwargs=visit | {"entry": other.entry})
    yield "entry", "POST 404", page, {"chon": "moi"}


def _replays_replies(world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for the right of reply: a remark or a file of another school's visit, or of one's own other."""
    own = world.target("own", "finished")
    mine = {"inspection": own.inspection}
    others = (world.target("sibling", "finished"), world.target("foreign", "finished"))
    for other in (*others, world.target("own", "draft")):
        for name in ("answer", "decide"):
            page = reverse(f"replies:{name}", kwargs=mine | {"finding": other.finding})
            yield f"{name}_finding", "GET 404", page, {}
            typed = {"body": "x", "version": 1, "decision": "withdraw", "bo": other.reply_file}
            yield f"{name}_finding", "POST 404", page, typed
        file = reverse("replies:file", kwargs=mine | {"reply_file": other.reply_file})
        yield "reply_file", "GET 404", file, {}
        answer = reverse("replies:answer", kwargs=mine | {"finding": own.finding})
        word = Reply.objects.get(finding=own.finding)
        typed = {"body": word.body, "version": word.version, "bo": other.reply_file}
        yield "bo", "POST 404", answer, typed


def _replays_followups(
    own: Target, other: Target
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for what follows from visits: another school's plan, item, proof."""
    item = {"follow_up": own.follow_up}
    for plan in (other.plan, 10**9, "x", ""):
        yield "plan", "POST", reverse("followups:carry", kwargs=item), {"plan": plan}
    page = reverse("followups:plan", kwargs={"plan": own.plan})
    yield "kien_nghi", "POST 302", page, {"kien_nghi": other.follow_up}
    proof = reverse("followups:proof", kwargs=item | {"proof": other.proof})
    yield "proof", "GET 404", proof, {}


def _replays_inspecting(
    own: Target, other: Target
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the same for the planning of visits: people, schools, checklists of another body."""
    today = f"{timezone.localdate():%d/%m/%Y}"
    when = {"planned_on": today, "legal_grounds": "x", "reply_days": 5}
    officer = User.objects.get(username="body_lead").pk
    stranger = Membership.objects.filter(school=other.school).earliest("pk").user_id
    said = when | {"body": own.body, "lead": officer, "minutes_title": "check"}
    single = reverse("inspecting:single", kwargs={"school": own.school})
    for name, value in [
        *(("body", other.body), ("lead", stranger), ("members", stranger)),
        ("checklists", other.checklist),
    ]:
        yield name, "POST", single, said | {name: value}
    campaign = {"visits": own.visits}
    change = reverse("inspecting:change", kwargs=campaign)
    days = {"title": "x", "starts_on": "01/09/2025", "ends_on": "01/10/2025"}
    typed = when | days | {"minutes_title": "check", "version": 1}
    yield "checklists", "POST", change, typed | {"checklists": other.checklist}
    members = reverse("inspecting:members", kwargs=campaign)
    yield "user", "POST", members, {"viec": "tai_khoan", "user": stranger, "role": "member"}
    paper = {"viec": "ghi_tay", "full_name": "x", "unit": "x", "typed_role": "member"}
    yield "home_school", "POST", members, paper | {"home_school": other.school}
    remove = campaign | {"campaign_member": other.campaign_member}
    yield "campaign_member", "POST", reverse("inspecting:member_remove", kwargs=remove), {}
    choose = reverse("inspecting:schools", kwargs=campaign)
    yield "truong", "POST", choose, {"viec": "them", "truong": other.school}
    yield "truong", "POST 302", choose, {"viec": "bo", "truong": other.school}
    calendar = reverse("inspecting:calendar", kwargs=campaign)
    going = {"parts": "sang", "members": own.campaign_member, "lead": own.campaign_member}
    for name in ("members", "lead"):
        yield name, "POST", calendar, going | {name: other.campaign_member}
    yield "truong", "POST", calendar, going | {"truong": other.school}
    day = reverse("inspecting:day", kwargs=campaign | {"school": other.school})
    yield "day", "GET 302", day, {}
    yield "dot", "GET", f"{reverse('visits:list')}?dot={other.visits}", {}
    yield "truong", "GET", f"{reverse('visits:list')}?truong={other.school}", {}
    visit = {"inspection": own.inspection}
    team = reverse("inspecting:team", kwargs=visit)
    yield "seat", "POST", team, {"viec": "tai_khoan", "user": stranger, "role": "member"}
    for name in ("team_remove", "team_lead"):
        there = visit | {"team_member": other.team_member}
        yield "seat", "POST", reverse(f"inspecting:{name}", kwargs=there), {}


COMPARED = (
    *(Plan, PlanAction, PlanRow, PlanText, CriterionResult, School),
    *(CriterionAssessment, IndicatorResult, LevelDescription, LevelResult),
    *(CouncilMember, LegalDocument, Comment, Assignment, PlanForm, FormInForce),
    *(IssuedDocument, NumberEntry, DocumentFile, SealImage, Campaign, CampaignSchool),
    *(CouncilOpinion, Remark, Submission),
    *(Inspection, InspectionCampaign, TeamMember, CampaignMember, ChosenSchool, Finding),
    *(Recommendation, Photo, Entry, Reply, ReplyFile, Attendee, ChecklistAnswer),
    *(Checklist, Question, Paper, PaperFile, PaperSigner),
    *(FollowUp, FollowUpStep, FollowUpFile),
)


def _rows() -> dict[str, list[Any]]:
    """Return every row of the tables that a person writes, as the database holds it.

    Without the ORM: reading each frozen document back into Python, hundreds of times, took minutes.
    """
    found = {}
    with connection.cursor() as cursor:
        for model in COMPARED:
            # What a device sent and nobody took is kept as a refused entry: that is no change of a record.
            kept = f"WHERE outcome <> '{Outcome.REFUSED.value}'" if model is Entry else ""
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" {kept} ORDER BY id')
            found[model.__name__] = cursor.fetchall()
    return found


# Who asks where the principal might not: by what is named, and by the address.
BY_NAME = {
    "body": "body_lead",
    "seal": "clerk",
    "seat": "body_lead",
    "decide_finding": "team_lead",
}
OF_DELETED = {"xoa", "action_restore", "bo", "row_restore"}  # these delete something first
BY_ADDRESS = {
    r"/(dot-nop|phieu-kiem-tra)/": "body_lead",
    r"/kiem-tra/(dot|truong)/|/kiem-tra/\?dot=": "body_lead",
    r"/kiem-tra/\d+/(ghi|dong-bo|anh|goi|nhat-ky)/": "team_lead",
}


def test_naming_another_schools_row_changes_and_shows_nothing(world: World) -> None:
    replayed, as_built = set(), _rows()
    for name, method, url, data in _replays(world):
        client = Client(raise_request_exception=False)
        by = BY_NAME.get(name, "principal")
        by = next((who for start, who in BY_ADDRESS.items() if re.match(start, url)), by)
        client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[by]
        with transaction.atomic():
            if name in {"xoa", "action_restore"}:
                # what was not deleted cannot be found there anyway
                others = PlanAction.objects.exclude(plan=world.target("own").plan)
                others.update(removed_at=timezone.now())
            if name in {"bo", "row_restore"}:
                rows = PlanRow.objects.exclude(plan=world.target("own").plan)
                rows.update(removed_at=timezone.now())
            before = _rows() if name in OF_DELETED else as_built
            answer = client.post(url, data) if method.startswith("POST") else client.get(url)
            after = _rows()
            transaction.set_rollback(True)

        tells = method == "POST" or name in {"action", "action_history", "row"}
        refused = {404, 422} if tells else {200}
        refused |= {302} if name == "places" else set()  # passed over, with a word about it
        _, _, said = method.partition(" ")
        refused = {int(said)} if said else refused
        assert answer.status_code in refused, (name, url, data, answer.status_code)
        assert before == after, (name, url, data)
        words = words_of(answer)
        seen = sees(by)
        hidden = {canary(where) for where in SEES["site"] - seen}
        assert not any(word in words for word in hidden), (name, url)
        replayed.add(name)

    named = {name for (_, name), kind in CHOICES.items() if kind == "names a row"}
    named |= {name for name, kind in PARAMETERS.items() if kind == "names a row"}
    assert named <= replayed


def test_replays_would_be_taken_if_they_named_ones_own(world: World) -> None:
    """The control: the same requests with the principal's own rows are not refused."""
    own = world.target("own")
    first = Criterion.objects.get(pk=own.criterion)
    year = SchoolYear.objects.get(start_year=2026).pk
    form = PlanForm.objects.get(revision=2).pk
    plan = {"plan": own.plan}
    typed = {"version": 1, "criterion": first.pk, "measures": "x", "lead": "y", "partners": ""}
    for page, data in [
        (
            reverse("planning:add", kwargs={"school": own.school}),
            {"school_year": year, "form": form},
        ),
        (reverse("planning:action", kwargs=plan | {"action": own.action}), typed),
        (
            reverse("planning:reading", kwargs=plan | {"action": own.action, "field": "lead"}),
            {"wrong": "1"},
        ),
        (reverse("planning:action_add", kwargs=plan), {"after": own.action}),
        (
            reverse("submitting:answer", kwargs=plan | {"remark": own.remark}),
            {"version": 1, "answer": "x"},
        ),
        (reverse("planning:action_add", kwargs=plan), {"standard": first.standard_id}),
        (reverse("planning:action_add", kwargs=plan), {"criterion": first.pk}),
        (reverse("planning:row", kwargs=plan | {"row": own.row}), {"version": 1, "topic": "x"}),
        (reverse("planning:row_add", kwargs=plan | {"table": "follow_up"}), {"after": own.row}),
        (reverse("followups:carry", kwargs={"follow_up": own.follow_up}), {"plan": own.plan}),
        (reverse("followups:plan", kwargs=plan), {"kien_nghi": own.follow_up}),
    ]:
        assert ask(world, "principal", "POST", page, data).status_code == 302, (page, data)
    visited = world.target("own", "finished")
    mine = {"inspection": visited.inspection, "finding": visited.finding}
    page = reverse("replies:answer", kwargs=mine)
    typed = {"body": "x", "version": 1, "bo": visited.reply_file}
    assert ask(world, "principal", "POST", page, typed).status_code == 302
    assert ask(world, "team_lead", "GET", reverse("replies:decide", kwargs=mine)).status_code == 200
    remove = reverse("signing:seal_remove", kwargs={"school": own.school, "seal": own.seal})
    assert ask(world, "clerk", "POST", remove, {}).status_code == 302
    put = reverse("formats:form_put", kwargs={"plan_form": own.plan_form})
    typed = {"body": own.body, "valid_from": "01/09/2026"}
    assert ask(world, "body_lead", "POST", put, typed).status_code == 302
    checklist = {"checklist": own.checklist}
    typed = {"words": "x", "kind": "text", "up": "1"}
    add = reverse("checklists:question_add", kwargs=checklist | {"criterion": own.criterion})
    assert ask(world, "body_lead", "POST", add, typed).status_code == 302
    for name in ("question_move", "question_remove"):
        page = reverse(f"checklists:{name}", kwargs=checklist | {"question": own.question})
        assert ask(world, "body_lead", "POST", page, typed).status_code == 302


# --- the back office --------------------------------------------------------------------------------------


def _office_pages() -> list[str]:
    models = admin.site._registry
    lists = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in models]
    return [reverse("admin:index"), *lists]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_back_office_lets_nobody_in_for_a_role(world: World, viewer: str) -> None:
    for page in _office_pages()[:2]:
        answer = ask(world, viewer, "GET", page)
        assert answer.status_code == 302, page
        inside = ask(world, viewer, "GET", answer.headers["Location"])
        assert verdict(inside) == ("login" if viewer in OUTSIDE else "403")


@pytest.mark.parametrize(
    ("flags", "enters"),
    [
        ({"is_staff": True, "is_superuser": True}, True),
        ({"is_staff": True}, False),
        ({"is_superuser": True}, False),
        ({"is_staff": True, "is_superuser": True, "must_change_password": True}, False),
        ({"is_staff": True, "is_superuser": True, "is_active": False}, False),
    ],
)
def test_back_office_is_for_staff_who_are_superusers(
    world: World, flags: dict[str, bool], enters: bool
) -> None:
    with transaction.atomic():
        user = accounts.user("van-phong")
        client = Client()
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(**flags)
        statuses = {client.get(page).status_code for page in _office_pages()}
        transaction.set_rollback(True)

    assert statuses == ({200} if enters else {302})


def test_superuser_without_a_role_opens_no_schools_papers(world: World) -> None:
    with transaction.atomic():
        user = accounts.user("van-phong")
        client = Client()
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        for page, arguments in patterns().items():
            for target in targets_of(world, arguments):
                words = words_of(client.get(address(page, arguments, target)))
                assert not any(canary(where) in words for where in SEES["site"]), page
        transaction.set_rollback(True)
