"""The HR page in a real browser, with JavaScript off and nothing but the gateway to reach."""

import shutil
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.gateway.app import build_gateway
from bot.web.serving import serving
from tests.gateway.world import PASSWORDS, SETTINGS, World

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


@pytest.fixture
async def page(small_world: World) -> AsyncIterator[Page]:
    """At the login; what the browser complains of, a policy that is broken for instance, fails the test."""
    complaints: list[str] = []
    gateway = build_gateway(small_world.db, SETTINGS, small_world.clock)
    async with serving(gateway, "127.0.0.1", 0) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(java_script_enabled=False, base_url=address)
        shown = await context.new_page()
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        shown.on("request", lambda sent: None if sent.url.startswith(address) else complaints.append(sent.url))
        await shown.goto("/hr/")
        yield shown
        await browser.close()
    assert complaints == []


async def log_in(page: Page) -> None:
    await page.get_by_label("Company").fill("Demo Trading")
    await page.get_by_label("E-mail or employee code").fill("huda@x.example")
    await page.get_by_label("Password").fill(PASSWORDS["huda"])
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="People")).to_be_visible()


async def follow(page: Page, name: str) -> None:
    await page.get_by_label("Sections").get_by_role("link", name=name).click()


async def test_a_morning_of_hr(page: Page, small_world: World) -> None:
    body = {"punch_time": str(1693552320), "punch_state": "0", "work_code": None, "apply_reason": "forgot <i>it</i>"}
    path = f"/mobile/api/v1.0/employees/{small_world.ids['mona']}/manual_logs/"
    filed = await small_world.client.post(path, json=body, headers=await small_world.headers("mona"))
    assert filed.status_code == 201, filed.text
    await log_in(page)
    await follow(page, "Manual logs 1")
    await expect(page.get_by_role("cell", name="forgot <i>it</i>")).to_be_visible()
    await page.get_by_role("link", name="Mona (13)").click()
    await page.get_by_label("Reason for the decision").fill("seen at the gate")
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("status")).to_have_text("Approved.")
    await follow(page, "Punches")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("Mona (13)")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("approved by 1: forgot <i>it</i>")
    await follow(page, "Holidays")
    await page.get_by_role("link", name="New holiday").click()
    await page.get_by_label("Name").fill("عيد الأضحى")
    await page.get_by_label("First day").fill("2023-08-31")
    await page.get_by_role("button", name="Save").click()
    holiday = page.get_by_role("link", name="عيد الأضحى").locator("bdi")
    assert await holiday.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"
    await follow(page, "People")
    await page.get_by_role("row", name="Mona").get_by_role("link", name="Time card").click()
    await expect(page.get_by_role("heading", name="Mona (13)")).to_be_visible()
    await expect(page.get_by_role("row", name="Fri 2023-09-01")).to_be_visible()
    await page.get_by_role("button", name="Log out").click()
    await page.goto("/hr/punches/")
    await expect(page.get_by_role("button", name="Log in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_the_sections_when_asked(page: Page, scheme: Literal["light", "dark"]) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.emulate_media(color_scheme=scheme)
    await log_in(page)
    await expect(page.get_by_role("link", name="Shifts")).to_be_hidden()
    await page.get_by_role("link", name="Menu").click()
    await follow(page, "Shifts")
    await expect(page.get_by_role("heading", name="Shifts")).to_be_visible()
    await expect(page.get_by_role("link", name="Timetables")).to_be_hidden()
    for path in ("people/", "people/new/", "manual-logs/", "punches/", "time-cards/", "rules/", "shifts/new/"):
        await page.goto(f"/hr/{path}")
        wide = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{path} is wider than the phone"
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(18, 22, 28)") is (scheme == "dark")
