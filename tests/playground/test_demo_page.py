"""The demo as a person sees it in a browser: Mona clocks in in English, Omar's chat is laid out from right to left."""

import re
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.demo import Demo, open_demo
from tests.playground.test_browser import FLAGS

CHROMIUM = shutil.which("chromium")
ARABIC = re.compile("[\u0621-\u064a]")
PATIENCE = 10_000.0
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with open_demo() as opened:
        yield opened


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        shown = await browser.new_page(viewport={"width": 1100, "height": 900})
        shown.set_default_timeout(PATIENCE)
        await shown.goto(demo.address)
        yield shown
        await browser.close()


async def log_in(phone: Locator, demo: Demo, name: str, password_asked: str) -> None:
    account = next(one for one in demo.credentials.employees if one.name == name)
    await phone.locator(".welcome button").click()
    await phone.locator("[data-press=login]").click()
    for typed, answered in ((account.username, password_asked), (account.password, "Dubai Office")):
        await phone.locator("[name=text]").fill(typed)
        await phone.locator("[name=text]").press("Enter")
        await reads(phone, answered)
    await expect(phone.locator(".mine", has_text=account.password)).to_have_count(0, timeout=PATIENCE)


async def reads(phone: Locator, words: str | re.Pattern[str]) -> Locator:
    bubble = phone.locator(".theirs .text", has_text=words).last
    await expect(bubble).to_be_visible(timeout=PATIENCE)
    return bubble


async def direction(element: Locator) -> str:
    return str(await element.evaluate("e => getComputedStyle(e).direction"))


async def left_edge(element: Locator) -> float:
    return float(await element.evaluate("e => e.getBoundingClientRect().left"))


async def test_mona_clocks_in(page: Page, demo: Demo) -> None:
    phone = page.locator("#phone-mona")
    await log_in(phone, demo, "Mona", "Now your password")
    await expect(phone.locator(".keyboard button").first).to_have_text("📍 Clock in")
    await phone.locator(".keyboard button").first.click()
    told = await reads(phone, re.compile(r"✅ Clocked in at \d\d:\d\d · Dubai Office, 0 m · 7HQQ35R5\+MF"))
    assert await direction(told) == "ltr"
    await expect(phone.locator(".keyboard button").first).to_have_text("📍 Clock out", timeout=PATIENCE)
    await expect(page.locator("#phone-omar .message")).to_have_count(0)


async def test_omar_reads_from_right_to_left(page: Page, demo: Demo) -> None:
    phone = page.locator("#phone-omar")
    await log_in(phone, demo, "Omar", "كلمة المرور")
    assert await direction(phone) == "rtl"
    keys = phone.locator(".keyboard button")
    # In or out: the sample company is lively, and whether Omar is at work depends on the hour.
    await expect(keys).to_have_text([re.compile("📍 تسجيل (الحضور|الانصراف)"), "☰ المزيد", "📋 اليوم"])
    assert await direction(keys.first.locator("span")) == "rtl"
    # The bot turns the row round: what comes first, today, stands at the right.
    assert await left_edge(keys.nth(1)) < await left_edge(keys.nth(2))
    await keys.first.click()
    await reads(phone, re.compile("تم تسجيل (الحضور|الانصراف) في الساعة"))
    bubbles = await phone.locator(".theirs .text").all()
    assert len(bubbles) >= 4
    assert {await direction(bubble) for bubble in bubbles} == {"rtl"}
    await expect(phone.locator("[name=text]")).to_have_attribute("placeholder", ARABIC)
    assert await direction(phone.locator("[name=text]")) == "rtl"
