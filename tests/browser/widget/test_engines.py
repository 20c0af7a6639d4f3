"""The widget in Firefox and WebKit, as Debian ships them: asked, answered, kept and made way for, by mouse and by keyboard."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.firefox import firefox
from tests.support.webkit import webkit
from tests.support.window import Window

ROOT = "document.querySelector('afterword-survey').shadowRoot"
SCRIPTS = Path(__file__).parents[3] / "collector/static/widget"
STAMPED = [sha256(file.read_bytes()).hexdigest()[:16] for file in SCRIPTS.glob("*.js")]
AXE = Path(__file__).parents[3] / "widget/node_modules/axe-core/axe.min.js"
LISTEN = """<script>window.broken = [];
    for (const kind of ["error", "unhandledrejection"])
        addEventListener(kind, (event) => broken.push(String(event.reason ?? event.message)));</script>"""
BOX = f"{ROOT}.querySelector('.panel').getBoundingClientRect()"


def choice(number: int) -> str:
    return f"{ROOT}.querySelectorAll('.choice')[{number}]"


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def program(request, tmp_path_factory):
    with firefox(tmp_path_factory.mktemp("firefox")) if request.param == "firefox" else webkit() as program:
        yield program


@pytest.fixture
def fox(program: Window, site):
    """Window, and nothing that a page of it has thrown."""
    program.call("WebDriver:SetWindowRect", width=1024, height=800)
    yield program
    assert program.js("window.broken") == []


def ask(fox: Window, site, attributes: str, **page: str) -> None:
    """Open a shop's page with one survey and wait until the question can be answered."""
    more = LISTEN + page.pop("more", "")
    fox.open(site.survey(attributes, more=more, **page))
    fox.until(f"{ROOT}.querySelector('.question')")
    fox.js("new Promise(done => setTimeout(done, 450))")  # a fresh click may be the tail of a double click


def thanked(fox: Window) -> None:
    fox.until(f"{ROOT}.textContent.includes('Thank you!')")


def test_a_click_answers_and_the_comment_follows(collector, site, fox):
    ask(fox, site, 'token="nps.1"')
    fox.click(choice(9))
    fox.wait(lambda: collector.answers("nps.1") == {"score": 9})
    fox.until(f"{ROOT}.querySelector('textarea')")
    fox.js("new Promise(done => setTimeout(done, 450))")
    fox.click(f"{ROOT}.querySelector('textarea')")
    fox.press("Evenings")
    fox.click(f"[...{ROOT}.querySelectorAll('.send')].find(button => button.offsetWidth)")
    thanked(fox)
    assert collector.answers("nps.1") == {"score": 9, "comment": "Evenings"}


def test_the_keyboard_alone_answers(collector, site, fox):
    ask(fox, site, 'token="nps.1"')
    fox.press("Tab", *["ArrowRight"] * 8)
    assert collector.posts == []
    fox.press("Enter")
    fox.until(f"{ROOT}.activeElement?.localName == 'textarea'")
    fox.js("new Promise(done => setTimeout(done, 450))")
    fox.press("Evenings", "Tab", "Enter")
    thanked(fox)
    assert collector.answers("nps.1") == {"score": 8, "comment": "Evenings"}


@pytest.mark.parametrize("name", ["csat", "stars", "emotion", "thumbs", "ces"])
def test_each_scale_is_drawn_and_answers(name, collector, site, fox):
    ask(fox, site, f'token="{name}.1"')
    fox.click(choice(1))
    fox.wait(lambda: collector.answers(f"{name}.1").get("score") is not None)


@pytest.mark.parametrize("scripts", ["'nonce-n' 'strict-dynamic'", "$COLLECTOR 'nonce-n'"])
def test_the_asking_part_fetches_the_rest_under_a_strict_policy(scripts, collector, site, fox):
    tag = '<script nonce=n src="$COLLECTOR/widget/v1.ask.js" async></script>'
    survey = '<afterword-survey customer="stars.1" mode="popover"></afterword-survey>'
    policy = f"default-src 'none'; connect-src $COLLECTOR; script-src {scripts}"
    fox.open(site.page(tag + LISTEN.replace("<script", "<script nonce=n") + survey, Content_Security_Policy=policy))  # fmt: skip
    fox.until(f"{ROOT}.querySelector('.question')")
    fox.js("new Promise(done => setTimeout(done, 450))")
    fox.click(choice(3))
    fox.wait(lambda: collector.answers("stars.1") == {"score": 4})
    assert len(collector.scripts) == 3


def test_a_part_that_is_gone_after_an_upgrade_is_had_by_its_name(collector, site, fox):
    collector.missing = {f"v1.{stamp}.js" for stamp in STAMPED}
    tag = '<script src="$COLLECTOR/widget/v1.ask.js" async></script>'
    fox.open(
        site.page(tag + LISTEN + '<afterword-survey customer="nps.1" mode="popover"></afterword-survey>')
    )
    fox.until(f"{ROOT}.querySelector('.question')")
    assert collector.scripts[-1] == "/widget/v1.show.js"


def test_a_prompt_is_in_the_corner_whatever_the_card_around_it_does(site, fox):
    card = '<div style="transform: translateY(-300px); overflow: hidden; height: 10px">$SURVEY</div>'
    survey = '<afterword-survey token="nps.1" mode="popover"></afterword-survey>'
    fox.open(site.page("$SCRIPT" + LISTEN + card.replace("$SURVEY", survey)))
    fox.until(f"{ROOT}.querySelector('.question')")
    fox.until(f"{BOX}.bottom <= innerHeight && {BOX}.right <= innerWidth && {BOX}.top >= 0")


def test_escape_closes_a_prompt_and_gives_the_focus_back(collector, site, fox):
    survey = '<button id=buy>Buy</button><afterword-survey token="nps.1" mode="popover"></afterword-survey>'
    fox.open(site.page("$SCRIPT" + LISTEN + survey))
    fox.until(f"{ROOT}.querySelector('.question')")
    fox.js("buy.focus()")
    fox.press("Tab")
    fox.until(f"{ROOT}.activeElement")
    fox.press("Escape")
    fox.until(f"!{ROOT}.querySelector('.panel') && document.activeElement.id == 'buy'")
    fox.wait(lambda: "dismissed" in collector.events)


def test_it_waits_while_something_modal_is_open(collector, site, fox):
    dialog = "<dialog id=terms><button>Close</button></dialog><script>terms.showModal()</script>"
    fox.open(site.survey('token="nps.1" mode="popover"', more=LISTEN + dialog))
    fox.js("new Promise(done => setTimeout(done, 1500))")
    assert fox.js(f"{ROOT}?.querySelector('.question')") is None
    assert collector.requests == []
    fox.js("terms.close()")
    fox.until(f"{ROOT}.querySelector('.question')")


def test_at_320_pixels_right_to_left_it_fits(site, fox):
    frame = "<style>body { width: 320px; margin: 0 }</style>"
    fox.open(
        site.page(f'$SCRIPT{LISTEN}{frame}<afterword-survey token="nps-ar.1"></afterword-survey>', lang="ar")
    )
    fox.until(f"{ROOT}.querySelector('.question')")
    boxes = fox.js(
        f"[...{ROOT}.querySelectorAll('.choice')].map(one => one.getBoundingClientRect().toJSON())"
    )
    assert min(min(box["width"], box["height"]) for box in boxes) >= 36
    first_row = [box["left"] for box in boxes if box["top"] == boxes[0]["top"]]
    assert first_row == sorted(first_row, reverse=True)
    assert fox.js(f"{ROOT}.querySelector('.panel').scrollWidth <= 320")


def test_what_is_typed_outlives_the_page_where_storage_is_allowed(collector, site, fox):
    ask(fox, site, 'token="comment.1" storage')
    fox.click(f"{ROOT}.querySelector('textarea')")
    fox.press("Evenings")
    collector.failing = True
    fox.open(site.page("elsewhere" + LISTEN, "/elsewhere"))
    fox.js("new Promise(done => setTimeout(done, 500))")
    collector.failing = False
    ask(fox, site, 'token="nps.2" storage')
    fox.wait(lambda: "Evenings" in collector.answers("comment.1").values())


def test_nobody_is_left_out(site, fox):
    ask(fox, site, 'token="nps.1"')
    fox.call("WebDriver:ExecuteScript", script=AXE.read_text("utf-8"), args=[])
    found = fox.js(
        "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map(each => each.id))"
    )
    assert found == []
