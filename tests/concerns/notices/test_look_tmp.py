import datetime as dt, pathlib, pytest, time_machine
from concerns.actions.contact import confirm_address
from concerns.actions.deciding import *
from concerns.actions.ending import *
from concerns.actions.joining import *
from concerns.actions.responsibility import *
from concerns.actions.voicing import *
from concerns.actions.waiting import *
from concerns.actions.words import *
from concerns.actions.working import *
from concerns.enums import *
from concerns.models import Objection
from common.clock import today
from tests.support.town import file
OUT=pathlib.Path("/tmp/mails"); OUT.mkdir(exist_ok=True)
def save(post, label, lang):
    for n,m in enumerate(post.out()):
        p=OUT/f"{lang}-{label}-{n}"
        p.with_suffix(".txt").write_text(f"To: {m.to}\nSubject: {m.subject}\n\n{m.text}")
        p.with_suffix(".html").write_text(m.html)
@pytest.mark.parametrize("lang",["en","de"])
def test_look(post, town, lang):
  with time_machine.travel("2026-11-16T10:00:00Z"):
    from concerns.models import Category
    from departments.models import Department
    c=town.categories["pothole"]; c.names={"en":"Pothole","de":"Schlagloch"}; c.save()
    s=town.office("streets"); s.names={"en":"Streets","de":"Ressort Straßen und Verkehr"}; s.save()
    A=town.actor
    f=file(email="a@x.example",channel=Channel.MAIL,language=lang); t=f.ticket.pk
    save(post,"01-ack",lang)
    accept(actor=A("carl"),ticket_id=t); save(post,"02-accept",lang)
    ask(actor=A("carl"),ticket_id=t,text="Which side of the road?\n\nLeft <b>or</b> right?"); save(post,"03-ask",lang)
    from django.utils import timezone
    with time_machine.travel("2026-12-01T10:00:00Z"):
        remind_or_expire(ticket_id=t); save(post,"04-remind",lang)
    reply(concern_id=f.concern.pk,text="left"); save(post,"05-none",lang)
    send_message(actor=A("carl"),ticket_id=t,text="We were there."); save(post,"06-message",lang)
    refer(actor=A("carl"),ticket_id=t,partner="Mere Water",text="pipe"); save(post,"07-refer",lang)
    report_back(actor=A("carl"),ticket_id=t,text="done"); save(post,"08-none",lang)
    schedule(actor=A("carl"),ticket_id=t,date=dt.date(2026,12,3)); save(post,"09-schedule",lang)
    schedule(actor=A("carl"),ticket_id=t,date=dt.date(2027,1,5),reason="frost"); save(post,"10-reschedule",lang)
    transfer(actor=A("carl"),ticket_id=t,department_id=town.office("parks").pk,reason="x"); save(post,"11-transfer",lang)
    accept(actor=A("paul"),ticket_id=t); save(post,"12-none",lang)
    resolve(actor=A("paul"),ticket_id=t,answer=Answer("fixed","The hole is filled.")); save(post,"13-answer",lang)
    o=object_to_result(concern_id=f.concern.pk,text="no"); save(post,"14-object",lang)
    decide_objection(actor=A("dora"),objection_id=o.pk,verdict=Verdict.REOPENED,text="You are right."); save(post,"15-decision",lang)
    decline(actor=A("paul"),ticket_id=t,answer=Answer("not_responsible","Water is not ours.","Wasserwerk Mere")); save(post,"16-decline",lang)
    reopen(actor=A("dora"),ticket_id=t,reason="again"); save(post,"17-reopen",lang)
    g=file(email="b@x.example",language=lang); save(post,"18-confirm",lang)
    accept(actor=A("carl"),ticket_id=g.ticket.pk)
    ask(actor=A("carl"),ticket_id=g.ticket.pk,text="Hm?"); save(post,"19-none",lang)
    confirm_address(concern_id=g.concern.pk); save(post,"20-condensed",lang)
    h=file(email="c@x.example",language=lang,channel=Channel.MAIL); save(post,"21-ack",lang)
    transfer(actor=A("paul"),ticket_id=t,department_id=town.office("streets").pk,reason="x"); save(post,"21-transfer",lang)
    join(actor=A("dora"),ticket_id=h.ticket.pk,lead_id=t); save(post,"22-join",lang)
    detach(actor=A("dora"),ticket_id=h.ticket.pk); save(post,"23-detach",lang)
    split(actor=A("dora"),concern_id=h.concern.pk,words="second",category="tree"); save(post,"24-split",lang)
    withdraw(concern_id=h.concern.pk); save(post,"25-withdraw",lang)
