"""People on the HR page: found, hired, changed, let go, as the API does it."""

from tests.gateway.hr.visitor import Visitor
from tests.gateway.world import PUNCH, World

NEW = {"emp_code": "77", "first_name": "Nadia", "last_name": "Karim", "department": "1", "area-1": "on"}


async def test_hired_changed_and_let_go(hr: Visitor) -> None:
    added = await hr.send("/hr/people/new/", NEW)
    assert (added.path, "Added." in added.text) == ("/hr/people/", True)
    assert added.table[3][:6] == ["77", "Nadia Karim", "Department", "", "2023-09-01", "Employee"]
    nadia = (await hr.open("/hr/people/?search=karim")).links
    edit = next(link for link in nadia if link.startswith("/hr/people/") and len(link) > 40)
    form = (await hr.open(edit)).fields
    assert {name: form[name] for name in NEW} == NEW
    assert (form["enable_att"], form["hire_date"], form["self_password"]) == ("on", "2023-09-01", "")
    saved = await hr.send(edit, {"position": "2", "enable_overtime": None, "area-2": "on", "national": "مصر"})
    assert "Saved." in saved.text
    assert saved.table[3][3] == "Position"
    form = (await hr.open(edit)).fields
    assert ("enable_overtime" in form, form["area-1"], form["area-2"], form["national"]) == (False, "on", "on", "مصر")
    gone = await hr.send(f"{edit}delete/")
    assert "This person was let go." in gone.text
    assert [row[0] for row in gone.table] == ["0123", "1", "13"]
    await hr.open(edit, 404)


async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(small_hr: Visitor) -> None:
    page = await small_hr.send("/hr/people/new/", {**NEW, "emp_code": "13", "email": "no address", "area-1": None}, 400)
    assert page.wrong == [
        "Nothing was saved yet: see what is wrong below.",
        "employee with this emp_code already exists.",
        "This list may not be empty.",
        "Enter a valid email address.",
    ]
    assert page.fields["first_name"] == "Nadia"
    assert len((await small_hr.open("/hr/people/")).table) == 3


async def test_a_new_password_is_set_and_never_shown(small_hr: Visitor, small_world: World) -> None:
    mona = f"/hr/people/{small_world.ids['mona']}/"
    page = await small_hr.send(mona, {"self_password": "short", "first_name": ""}, 400)
    assert page.wrong[-1] == "Ensure this field has at least 8 characters."
    assert "short" not in page.html
    await small_hr.send(mona, {"self_password": "a long new one"})
    body = {"company": "Demo Trading", "username": "13", "password": "a long new one"}
    answer = await small_world.client.post("/staff-jwt-api-token-auth/", json=body)
    assert answer.status_code == 200


async def test_names_are_text_and_nothing_else(small_hr: Visitor) -> None:
    name = "<script>alert('x')</script>\"& {{ 7 * 7 }}"
    await small_hr.send("/hr/people/new/", {**NEW, "first_name": name, "last_name": ""})
    for path in ("/hr/people/", "/hr/people/?search=<script>"):
        page = await small_hr.open(path)
        assert "<script" not in page.html
        assert name in page.table[-1][1]


async def test_found_by_each_word(small_hr: Visitor) -> None:
    page = await small_hr.open("/hr/people/?search=mon")
    assert [row[1] for row in page.table] == ["Mona"]
    assert page.fields["search"] == "mon"
    assert "Nothing found." in (await small_hr.open("/hr/people/?search=nobody")).text


async def test_people_of_another_company_do_not_exist(small_hr: Visitor, small_world: World) -> None:
    other = small_world.ids["sara"]
    csrf = (await small_hr.open("/hr/people/")).fields["csrf"]
    for path in (f"/hr/people/{other}/", f"/hr/people/{other}/delete/", "/hr/people/4/"):
        await small_hr.open(path, 404)
        await small_hr.post(path, {"csrf": csrf, "first_name": "Mine"}, 404)
    assert (await small_hr.open("/hr/people/?search=sara")).table == []


async def test_links_lead_to_their_days(small_hr: Visitor, small_world: World) -> None:
    await small_world.punch("mona", **PUNCH)
    links = (await small_hr.open("/hr/people/?search=mona")).links
    punches, cards = (next(link for link in links if part in link) for part in ("/punches/?", "/time-cards/?"))
    assert [row[1] for row in (await small_hr.open(punches)).table] == ["Mona (13)"]
    assert (await small_hr.open(cards)).fields["emp_code"] == "13"
