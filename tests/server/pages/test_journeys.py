"""What people come to do, done in a browser: look around, follow likeness, bring a picture, walk."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from enfilade.schema import rendition

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["desktop", "phone", "phone without scripts"])
def tab(request: pytest.FixtureRequest, browser: "playwright.Browser", address: str) -> Iterator["playwright.Page"]:
    """A tab, in which nothing may fail or go against the policy unseen."""
    options = {} if request.param == "desktop" else {"viewport": PHONE, "has_touch": True}
    context = browser.new_context(base_url=address, java_script_enabled="without" not in request.param, **options)
    context.set_default_timeout(20_000)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if troubling(message) else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert not complaints


def troubling(message: "playwright.ConsoleMessage") -> bool:
    """Whether the browser complains of more than a status that a page was meant to have."""
    return message.type == "error" and "responded with a status of 4" not in message.text


@pytest.fixture
def photo(demo_engine: Engine, tmp_path: Path) -> Path:
    wanted = select(rendition.c.bytes).where(rendition.c.image_id == 5, rendition.c.kind == "preview")
    with demo_engine.connect() as connection:
        (tmp_path / "photo.jpg").write_bytes(bytes(connection.execute(wanted).scalar_one()))
    return tmp_path / "photo.jpg"


def scripted(tab: "playwright.Page") -> bool:
    return tab.locator("[data-hint]:visible").count() > 0


def fits(tab: "playwright.Page") -> bool:
    """Whether the page is no wider than the screen; what has no scripts can't be asked."""
    size, main = tab.viewport_size, tab.locator("main").bounding_box()
    return bool(size and main and main["width"] <= size["width"])


def test_looking_around_by_filter_and_page(tab: "playwright.Page") -> None:
    tab.goto("/")
    everything = tab.locator("h1").inner_text()
    if tab.locator("label", has_text=re.compile("^Filters$")).is_visible():
        tab.locator("label", has_text=re.compile("^Filters$")).click()
    tab.get_by_label("Genre").select_option("abstract")
    if not tab.url.endswith("genre=abstract"):
        tab.get_by_role("button", name="Show").click()
    expect(tab.locator(".chips a").first).to_contain_text("abstract")
    first = tab.locator(".wall img").first.get_attribute("src")
    tab.get_by_role("link", name="Next").click()
    expect(tab.locator(".count")).to_contain_text("49–96 of")
    expect(tab.locator(".chips a").first).to_contain_text("abstract")
    assert tab.locator(".wall img").first.get_attribute("src") != first
    tab.get_by_role("link", name="Previous").click()
    expect(tab.locator(".wall img").first).to_have_attribute("src", first)
    tab.get_by_role("link", name="Without abstract").click()
    expect(tab.locator("h1")).to_have_text(everything)
    assert fits(tab)


def test_following_likeness_from_picture_to_picture(tab: "playwright.Page") -> None:
    tab.goto("/")
    tab.locator(".wall a").nth(2).click()
    expect(tab.get_by_role("heading", name="Neighbours")).to_be_visible()
    here = tab.url
    neighbour = tab.locator(".wall figure").first
    title = neighbour.locator(".title").inner_text()
    expect(neighbour.locator(".note")).to_contain_text("°")
    neighbour.locator("a").click()
    tab.wait_for_url(lambda url: url != here)
    expect(tab.locator("h1")).to_have_text(title)
    assert fits(tab)


def test_bringing_a_picture_finds_its_kin(tab: "playwright.Page", photo: Path) -> None:
    tab.goto("/search")
    alone = not scripted(tab)
    tab.get_by_label("Picture", exact=True).set_input_files(photo)
    if alone:
        tab.get_by_role("button", name="Find its kin").click()
    expect(tab.get_by_role("heading", name="Its kin")).to_be_visible()
    expect(tab.locator(".wall a").first).to_have_attribute("href", "/images/5?space=kinship")
    if not alone:
        expect(tab.get_by_alt_text("The picture you brought")).to_be_visible()
    tab.get_by_label("Picture", exact=True).set_input_files(
        {"name": "words.txt", "mimeType": "text/plain", "buffer": b"no picture at all"}
    )
    if alone:
        tab.get_by_role("button", name="Find its kin").click()
    expect(tab.get_by_role("alert")).to_contain_text("not a picture")
    assert fits(tab)


def test_choosing_two_and_walking(tab: "playwright.Page") -> None:
    tab.goto("/")
    tab.get_by_role("navigation", name="Main").get_by_role("link", name="Path").click()
    tab.locator(".wall a").first.click()
    expect(tab.get_by_role("heading", name="Where to?")).to_be_visible()
    tab.locator(".wall a").nth(5).click()
    expect(tab.locator(".rooms > li").nth(1)).to_be_visible()
    rooms = tab.locator(".rooms .title").all_inner_texts()
    tab.get_by_role("link", name="Walk back").click()
    expect(tab.locator(".rooms .title").first).to_have_text(rooms[-1])
    assert tab.locator(".rooms .title").all_inner_texts() == rooms[::-1]
    tab.get_by_role("link", name="Link to this walk").click()
    expect(tab.get_by_text("This is a kept walk")).to_be_visible()
    assert fits(tab)


@pytest.mark.parametrize("tab", ["desktop"], indirect=True)
def test_a_keyboard_alone_is_enough(tab: "playwright.Page") -> None:
    tab.goto("/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.locator(".wall a").first.focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".wall a").nth(1)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    expect(tab.locator(".wall a").nth(1)).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Neighbours")).to_be_visible()


@pytest.mark.parametrize("tab", ["desktop"], indirect=True)
def test_a_picture_may_be_dropped_on_the_page(tab: "playwright.Page", photo: Path) -> None:
    tab.goto("/search")
    dropped = tab.evaluate_handle(
        """bytes => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "photo.jpg", {type: "image/jpeg"}));
            return files;
        }""",
        list(photo.read_bytes()),
    )
    tab.dispatch_event("main", "drop", {"dataTransfer": dropped})
    expect(tab.locator(".wall a").first).to_have_attribute("href", "/images/5?space=kinship")


@pytest.mark.parametrize("tab", ["desktop", "phone"], indirect=True)
def test_a_part_of_the_picture_is_marked_and_searched_by(tab: "playwright.Page", photo: Path) -> None:
    tab.emulate_media(reduced_motion="reduce")  # a page that is turning into the next takes no pointer
    tab.goto("/search")
    tab.get_by_label("Picture", exact=True).set_input_files(photo)
    expect(tab.locator(".answered")).to_be_visible()
    whole = tab.locator(".wall img").evaluate_all("all => all.map(one => one.src)")
    drag(tab, (0.5, 0.1), (0.9, 0.6))
    part = tab.get_by_label("Part of it")
    expect(part).to_have_value("0.5000,0.1000,0.4000,0.5000")
    expect(tab.get_by_text("The nearest to this part of your picture")).to_be_visible()
    assert tab.locator(".wall img").evaluate_all("all => all.map(one => one.src)") != whole
    expect(tab.locator(".sheet rect")).to_have_attribute("width", "0.4")
    drag(tab, (0.2, 0.2), (0.21, 0.21))  # a click marks nothing
    expect(part).to_have_value("0.5000,0.1000,0.4000,0.5000")
    tab.keyboard.press("Escape")
    expect(part).to_have_value("")
    expect(tab.locator(".sheet rect")).to_have_attribute("width", "0")
    part.select_option("The left half")
    expect(tab.locator(".sheet rect")).to_have_attribute("width", "0.5")
    tab.get_by_role("button", name="Find its kin").click()  # the picture is still there
    expect(tab.get_by_text("The nearest to this part of your picture")).to_be_visible()
    expect(tab.get_by_label("Part of it")).to_have_value("0,0,0.5,1")
    with tab.expect_navigation():
        drag(tab, (0.5, 0.1), (0.9, 0.6))
    expect(part).to_have_value("0.5000,0.1000,0.4000,0.5000")
    tab.get_by_label("Picture", exact=True).set_input_files(photo)  # another one: what was marked is forgotten
    expect(tab.get_by_text("The nearest to your picture")).to_be_visible()
    expect(tab.get_by_label("Part of it")).to_have_value("")
    assert fits(tab)


def drag(tab: "playwright.Page", start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag over the picture that was brought, between two places in fractions of its sides."""
    sheet = tab.locator(".sheet svg")
    expect(tab.locator(".sheet img[src^=data]")).to_have_js_property("complete", value=True)
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box
    (x, y), (end_x, end_y) = ((box["x"] + box["width"] * a, box["y"] + box["height"] * b) for a, b in (start, end))
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(end_x, end_y, steps=3)
    tab.mouse.up()


@pytest.mark.parametrize("tab", ["desktop", "phone without scripts"], indirect=True)
def test_liking_and_unliking_leads_on_by_links_alone(tab: "playwright.Page") -> None:
    tab.goto("/images/5")
    tab.get_by_role("link", name="More like this").click()
    title = tab.locator(".wall .title").first.inner_text()
    tab.get_by_role("link", name=f"Less like this: {title}", exact=True).first.click()
    expect(tab.get_by_role("heading", name="Unlike")).to_be_visible()
    expect(tab.locator(".seeds img")).to_have_count(2)
    tab.get_by_role("link", name=f"Take out: {title}", exact=True).click()
    expect(tab.locator(".seeds img")).to_have_count(1)
    assert fits(tab)


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize(
    "path",
    ["/", "/images/5", "/search", "/search?like=5&unlike=600", "/path?source=3", "/path?source=3&target=600", "/none"],
)
def test_no_page_is_wider_than_the_screen(browser: "playwright.Browser", address: str, width: int, path: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(path)
    for folded in tab.locator("summary:visible, .unfold + label:visible").all():
        folded.click()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
