import pytest
from tests.support.rest import *
from tests.support.sql import *
@pytest.mark.django_db
def test_smoke(town):
    with statements() as said:
        r = Rest().file(contact={"email":"rita@people.example"})
    print(r.status_code, r.content, r.headers)
    print(len(said)); print("\n".join(s[:110] for s in said))
    p = program_of(town.people["carl"])
    with statements() as said:
        r = p.file(contact={"email":"rita@people.example"})
    print(len(said)); print("\n".join(s[:110] for s in said))
    with statements() as said:
        l = p.get("tickets/?queue=all&category=pothole&department=streets")
    print(l.status_code, l.json()["results"][0], l.headers)
    print(len(said)); print("\n".join(s[:110] for s in said))
    tid = l.json()["results"][0]["id"]
    with statements() as said:
        d = p.get(f"tickets/{tid}/")
    print(d.status_code, d.json(), d.headers)
    print(len(said)); print("\n".join(s[:110] for s in said))
    with statements() as said:
        d = p.act(tid, "accept", version=d.json()["version"])
    print(d.status_code, d.json(), d.headers)
    print(len(said)); print("\n".join(s[:110] for s in said))
    ref = r.json()["reference"]
    with statements() as said:
        d = Rest().get(f"concerns/{ref}/", Concern_Pin=r.json()["pin"])
    print(d.status_code, d.json(), d.headers)
    print(len(said)); print("\n".join(s[:110] for s in said))
    assert r.status_code == 201
