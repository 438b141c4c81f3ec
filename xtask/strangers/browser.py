"""Looks at the page of a running sandbox in headless Chromium, as a person would.

The sandbox is named by ORIGIN, CERTCENTRAL_URL, DIGICERT_API_KEY and DIGICERT_PARTNER_API_KEY, the
browser by CHROMIUM and CHROMEDRIVER. A check is a function below `checks`; it raises when something
is wrong. Pictures of what failed go to the folder PICTURES.
"""

import http.client
import json
import os
import sys
import time
import traceback
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver.common.keys import Keys

ORIGIN = os.environ["ORIGIN"]
HOST = urllib.parse.urlsplit(ORIGIN).netloc
API = urllib.parse.urlsplit(os.environ["CERTCENTRAL_URL"]).path
KEY = os.environ["DIGICERT_API_KEY"]
PARTNER_KEY = os.environ["DIGICERT_PARTNER_API_KEY"]
SHORT = "--short" in sys.argv

# Without these the browser of a stranger asks its maker for news.
SWITCHES = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
--disable-background-networking --disable-component-update --disable-default-apps
--disable-dev-shm-usage --password-store=basic""".split()

OPERATIONS = [
    "get_account",
    "create_subaccount",
    "list_subaccounts",
    "get_subaccount",
    "list_subaccount_products",
    "set_subaccount_products",
    "link_billing_account",
]


# The API, without the browser.


class Client:
    """One connection that is kept open, because ten thousand of them take time."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(HOST, timeout=10)

    def send(self, method, path, body=None):
        headers = {"X-DC-DEVKEY": KEY, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        try:
            self.connection.request(method, path, content, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise

    def create(self, name, **fields):
        request = {
            "account_type": "retail",
            "allowed_grandchildren": ["retail"],
            "bill_parent": True,
            "user": {"first_name": "John", "last_name": "Smith", "email": "j@example.com"},
            "organization": {
                "name": name,
                "address": "123 Fake Street",
                "zip": "93090",
                "city": "Toledo",
                "state": "Ohio",
                "country": "US",
            },
            **fields,
        }
        status, text = self.send("POST", f"{API}/account", request)
        assert status == 201, f"{status} {text}"
        return json.loads(text)

    def set_products(self, account, products, currency="USD"):
        request = {"currency": currency, "pricing_method": "custom", "products": products}
        path = f"{API}/account/subaccount/{account}/products"
        status, text = self.send("PUT", path, request)
        assert status == 204, f"{status} {text}"


# The browser.


class Page:
    def __init__(self, driver):
        self.driver = driver
        self.look()

    def look(self, width=1280, height=900, scheme="light", motion="no-preference"):
        """Size of the window, colour scheme, and whether things may move."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def load(self, fragment=""):
        # A fragment alone would not load anything.
        self.driver.get("about:blank")
        self.driver.get(f"{ORIGIN}/{fragment}")
        self.wait("the page to be live", "return document.getElementById('connection').textContent === 'Live'")
        self.wait("the reference", "return document.querySelectorAll('.operation').length === 7")
        self.wait("the overview", "return document.querySelector('#parent dd') !== null")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, what, script, *arguments, seconds=5.0):
        """Waits until the script gives something true, and gives that and the time it took."""
        begin = time.monotonic()
        while True:
            result = self.run(script, *arguments)
            took = time.monotonic() - begin
            if result:
                return result, took
            assert took < seconds, f"waited {seconds} s for {what}"
            time.sleep(0.01)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def wait_for_text(self, selector, text, seconds=5.0):
        script = "return document.querySelector(arguments[0])?.innerText.includes(arguments[1])"
        return self.wait(f"{text!r} in {selector}", script, selector, text, seconds=seconds)[1]

    def click(self, selector, by="css selector"):
        """As a mouse does it, so that what is covered cannot be clicked. What moves away just then,
        because something above it grew, is aimed at again."""
        deadline = time.monotonic() + 2
        while True:
            element = self.driver.find_element(by, selector)
            self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
            try:
                element.click()
                return element
            except (ElementClickInterceptedException, StaleElementReferenceException):
                if time.monotonic() > deadline:
                    raise

    def press(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def log(self):
        return [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def preset(words):
    """The switch of a fault, by its title."""
    return f"//label[contains(., {json.dumps(words)})]/input"


def toggle(page, words, on):
    switch = page.click(preset(words), by="xpath")
    page.wait("the fault to be " + ("on" if on else "off"), "return (document.querySelectorAll('#active-faults > li').length > 0) === arguments[0]", on)
    assert switch.is_selected() == on


# The checks.


def loads_without_errors_and_from_nowhere_else(page, client):
    page.load()
    origins = page.run("return performance.getEntriesByType('resource').map(entry => new URL(entry.name).origin)")
    assert len(origins) > 15 and set(origins) == {ORIGIN}, origins
    links = page.run("return [...document.querySelectorAll('#reference-links a')].map(link => link.textContent)")
    assert links == OPERATIONS, links


def a_subaccount_created_over_the_api_is_shown_within_a_second(page, client):
    page.load()
    name = "Shown at once, Ltd"
    account = client.create(name, child_name="Branch one")
    took = page.wait_for_text("#subaccounts-table", name, seconds=1.0)
    page.wait_for_text("#subaccounts-table", "Branch one", seconds=1.0)
    prices = [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135.5}, {"lifetime": 2, "cost": 99999999.99}]
    client.set_products(account["id"], [{"product_name_id": "ssl_multi_domain", "prices": prices}])
    for price in ["Multi-Domain SSL", "412", "+135.50 a name", "99999999.99"]:
        page.wait_for_text("#matrix", price, seconds=1.0)
    client.set_products(account["id"], [])
    page.wait("the prices to be gone", "return !document.querySelector('#matrix').innerText.includes('99999999.99')", seconds=1.0)
    return f"after {took * 1000:.0f} ms"


def requests_are_shown_as_they_happen_without_keys(page, client):
    page.load()
    client.send("GET", f"{API}/account/subaccount?limit=3")
    page.wait_for_text("#log", f"{API}/account/subaccount?limit=3", seconds=1.0)
    created = client.create("Managed, Ltd", account_type="managed")
    page.wait("the creation", "return document.querySelector('#log .method').textContent === 'POST'")
    page.click("#log summary")
    page.wait_for_text("#log details[open]", "x-dc-devkey")
    page.wait_for_text("#log details[open]", "Managed, Ltd")
    shown = page.run("return document.documentElement.textContent")
    for secret in (KEY, PARTNER_KEY, created["api_key"]):
        assert secret not in shown, "a key is shown"
    page.click("#clear-requests")
    page.wait_for_text("#requests", "No request yet")


def a_fault_that_is_switched_on_fires(page, client):
    page.load()
    toggle(page, "429", True)
    status, text = client.send("GET", f"{API}/account")
    assert status == 429 and "request_limit_exceeded" in text, f"{status} {text}"
    page.wait_for_text("#log li:first-child", "fault")
    # A fault that strikes leaves the focus where it is.
    page.run("document.querySelector('#active-faults button').focus()")
    client.send("GET", f"{API}/account")
    page.wait_for_text("#active-faults", "struck 2 times")
    assert page.run("return document.activeElement.textContent") == "Remove"
    # Another page, or this one after a reload, knows what is on.
    page.load()
    page.wait("the switch to be on", "return document.querySelector('#presets input:checked') !== null")
    toggle(page, "429", False)
    status, _ = client.send("GET", f"{API}/account")
    assert status == 200, f"it is still on: {status}"


def a_lost_answer_leaves_a_subaccount_that_the_page_shows(page, client):
    page.load()
    toggle(page, "A creation is carried out, its answer is lost", True)
    try:
        client.create("Lost answer, Ltd")
    except (http.client.HTTPException, OSError):
        pass
    else:
        raise AssertionError("the answer arrived")
    page.wait_for_text("#subaccounts-table", "Lost answer, Ltd", seconds=1.0)
    page.wait_for_text("#log li:first-child", "cut")
    page.click("#active-faults button")
    page.wait_for_text("#faults", "None. Every request")


def the_form_makes_any_fault(page, client):
    page.load()
    page.click("#faults summary")
    fill = {"operation": "get_account", "kind": "status", "status": "503", "code": "busy", "message": "Later", "times": "1"}
    for name, value in fill.items():
        set_field(page, f"#fault-form [name={name}]", value)
    page.click("#fault-form button")
    page.wait_for_text("#active-faults", "get_account: status 503")
    status, text = client.send("GET", f"{API}/account")
    assert status == 503 and "busy" in text and "Later" in text, f"{status} {text}"
    assert client.send("GET", f"{API}/account")[0] == 200, "once is once"
    client.send("DELETE", "/_sandbox/faults")
    page.wait_for_text("#faults", "None. Every request")


def set_field(page, selector, value):
    script = """const field = document.querySelector(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event('input', {bubbles: true}));
        field.dispatchEvent(new Event('change', {bubbles: true}));"""
    page.run(script, selector, value)


def a_request_can_be_sent_from_the_page(page, client):
    page.load("#create_subaccount")
    page.wait("the operation to be open", "return document.getElementById('create_subaccount').open")
    types = page.run("return [...document.querySelectorAll('#keys input')].map(field => field.type)")
    assert types == ["password", "password"], types
    body = page.run("return document.querySelector('#create_subaccount textarea').value")
    set_field(page, "#create_subaccount textarea", body.replace("Example Company, LLC", "Tried out, Ltd"))
    page.click("#create_subaccount .try .primary")
    page.wait_for_text("#create_subaccount .try", "201")
    page.wait_for_text("#create_subaccount .try-answer", "Tried out, Ltd")
    page.wait_for_text("#subaccounts-table", "Tried out, Ltd", seconds=1.0)
    entries = page.run("return [location.href, ...performance.getEntries().map(entry => entry.name)].join(' ')")
    assert KEY not in entries and PARTNER_KEY not in entries, "a key is in an address"
    # And one with both keys and no body.
    page.click("#link_billing_account > summary")
    page.click("#link_billing_account .primary")
    page.wait_for_text("#link_billing_account .try", "204")
    payer = json.loads(client.send("GET", f"{API}/account")[1])["id"]
    page.wait_for_text("#links", f"account {payer}", seconds=1.0)


def a_hostile_name_does_not_run(page, client):
    page.load()
    names = [
        "<img src=x onerror=\"document.title='run'\">",
        "<script>document.title='run'</script>",
        "\"><svg onload=document.title='run'>",
        "{{constructor.constructor('document.title=1')()}}",
    ]
    for name in names:
        account = client.create(name, child_name=name[:64])
        product = {"product_name_id": name, "product_name": name, "prices": [{"lifetime": 1, "cost": 1}]}
        client.set_products(account["id"], [product])
        page.wait_for_text("#subaccounts-table", name)
        page.wait_for_text("#matrix", name)
    client.send("GET", f"{API}/account/subaccount?x=" + urllib.parse.quote(names[0], safe="=<>"))
    page.run("for (const one of document.querySelectorAll('#log details')) one.open = true")
    set_field(page, "#search [name=search]", names[0])
    page.wait_for_text("#subaccounts-count", "found among")
    assert page.driver.title == "digicert-sandbox", "a name ran"
    made = page.run("return document.querySelectorAll('main img, main script, main svg').length")
    assert made == 0, f"{made} elements were made of names"


def the_keyboard_reaches_everything(page, client):
    client.create("By keyboard, Ltd")
    page.load()
    page.wait_for_text("#log", "POST")
    page.press(Keys.TAB)
    assert page.run("return document.activeElement.className") == "skip", "the skip link is first"
    assert page.run("return document.activeElement.getBoundingClientRect().top >= 0"), "and visible"
    reached, unseen = set(), []
    for _ in range(400):
        place = page.run(FOCUSED)
        if place is None:
            break
        reached.add(place["selector"])
        if not place["visible"]:
            unseen.append(place["selector"])
        page.press(Keys.TAB)
    else:
        raise AssertionError("the keyboard is trapped")
    assert not unseen, f"no focus to be seen at {unseen}"
    missed = page.run(FOCUSABLE, sorted(reached))
    assert not missed, f"not reached: {missed}"
    # The same without a mouse: open an operation, send its request.
    page.run("document.querySelector('#get_account > summary').focus()")
    page.press(Keys.ENTER)
    page.run("document.querySelector('#get_account .try .primary').focus()")
    page.press(Keys.ENTER)
    page.wait_for_text("#get_account .try", "200")
    # A switch is switched with the space bar.
    page.run("document.querySelector('#presets input').focus()")
    page.press(Keys.SPACE)
    page.wait_for_text("#active-faults", "create_subaccount")
    page.press(Keys.SPACE)
    page.wait_for_text("#faults", "None. Every request")


# An element is named by its way down from the body.
NAMING = """function naming(element) {
    const steps = [];
    for (; element && element !== document.body; element = element.parentElement)
        steps.unshift(element.tagName + ':' + [...element.parentElement.children].indexOf(element));
    return steps.join(' ');
}"""

FOCUSED = NAMING + """
const element = document.activeElement;
if (!element || element === document.body) return null;
const look = getComputedStyle(element);
const around = element.parentElement && getComputedStyle(element.parentElement);
const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
return {selector: naming(element), visible: outlined(look) || outlined(around)};"""

FOCUSABLE = NAMING + """
const reached = new Set(arguments[0]);
const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
return [...document.querySelectorAll(wanted)]
    .filter(element => element.checkVisibility() && !element.disabled)
    .map(naming).filter(name => !reached.has(name));"""


def assistive_technology_is_told_what_things_are(page, client):
    page.load("#create_subaccount")
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    seen = [node for node in nodes if not node.get("ignored")]
    value = lambda node, name: node.get(name, {}).get("value", "")
    roles = [value(node, "role") for node in seen]
    for landmark in ("banner", "navigation", "main", "search", "alert", "status"):
        assert landmark in roles, f"no {landmark}"
    interactive = {"button", "link", "textbox", "searchbox", "checkbox", "switch", "combobox", "spinbutton"}
    nameless = [value(node, "role") for node in seen if value(node, "role") in interactive and not value(node, "name").strip()]
    assert not nameless, f"without a name: {nameless}"
    headings = page.run("return [...document.querySelectorAll('h1')].length")
    assert headings == 1, f"{headings} main headings"
    client.send("GET", f"{API}/account")
    page.wait_for_text("#requests-said", "/account, 200", seconds=6)


def it_fits_a_phone(page, client):
    client.create("A-name-that-goes-on-without-a-place-to-break-it-" * 4)
    page.look(width=360, height=740)
    page.load()
    page.wait_for_text("#log", "POST")
    # Not compared with the width of the window, which a phone makes wider to show what overflows.
    width = "return document.documentElement.scrollWidth"
    assert page.run(width) <= 360, f"{page.run(width)} px wide"
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    # Those of the log are filled when they open.
    page.wait("the log to be open", "return document.querySelector('#log .inside') !== null")
    assert page.run(width) <= 360, f"{page.run(width)} px wide with all open"
    small = page.run("return [...document.querySelectorAll('button, .button, summary, nav a, input, select')].filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 20 && !one.closest('.button, .schema, .plain')).map(one => one.outerHTML.slice(0, 80))")
    assert not small, f"too small to hit: {small}"


def contrast_is_enough_in_light_and_dark(page, client):
    for scheme, is_expected in (("light", lambda light: light > 0.8), ("dark", lambda light: light < 0.1)):
        page.look(scheme=scheme)
        client.send("GET", f"{API}/nowhere")
        page.load()
        toggle(page, "500", True)
        page.run("for (const one of document.querySelectorAll('details')) one.open = true")
        ground, faint = page.run(CONTRAST)
        assert is_expected(ground), f"{scheme}: the ground has a luminance of {ground:.2f}"
        assert not faint, f"{scheme}: too little contrast: {faint[:8]}"
        client.send("DELETE", "/_sandbox/faults")


# WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large text. Disabled controls are exempt.
CONTRAST = """
const numbers = color => (color.match(/[\\d.]+/g) ?? []).map(Number);
const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
function ground(element) {
    for (; element; element = element.parentElement) {
        const [r, g, b, alpha = 1] = numbers(getComputedStyle(element).backgroundColor);
        if (alpha === 1) return [r, g, b];
        if (alpha !== 0) throw new Error('a half-transparent ground: ' + element.outerHTML.slice(0, 99));
    }
    return [255, 255, 255];
}
const faint = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(':disabled, .hidden, noscript')) continue;
    const [one, other] = [luminance(numbers(style.color)), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
    if (ratio < (large ? 3 : 4.5)) faint.add(`${walker.currentNode.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
}
return [luminance(ground(document.body)), [...faint]];"""


def nothing_moves_for_who_does_not_want_it(page, client):
    moving = "return [getComputedStyle(document.documentElement).scrollBehavior, document.querySelectorAll('.fresh').length, document.getAnimations().length]"
    page.look(motion="reduce")
    client.create("There before, Ltd")
    page.load()
    page.wait_for_text("#subaccounts-table", "There before, Ltd")
    client.create("Still, Ltd")
    page.wait("the row", "return document.querySelector('#subaccounts-table .fresh') !== null")
    behaviour, fresh, animations = page.run(moving)
    assert behaviour == "auto" and fresh > 0 and animations == 0, (behaviour, fresh, animations)
    page.look()
    page.load()
    assert page.run(moving)[0] == "smooth", "the check sees no difference"


def the_clock_is_advanced_and_set(page, client):
    page.load()
    year = page.text("#now")[:4]
    page.click("#advance button:last-child")
    page.wait_for_text("#now", str(int(year) + 1))
    client.create("Next year, Ltd")
    page.wait_for_text("#subaccounts-table", f"{int(year) + 1}-")
    set_field(page, "#set-clock [name=time]", "2018-11-29T01:48:04")
    page.click("#set-clock button")
    page.wait_for_text("#now", "2018-11-29 01:48")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    assert client.send("PUT", "/_sandbox/clock", {"now": now})[0] == 200


def the_state_is_saved_reset_and_loaded(page, client):
    created = client.create("Kept, Ltd")
    page.load()
    page.wait_for_text("#subaccounts-table", "Kept, Ltd")
    link = page.driver.find_element("css selector", "a[download]").get_attribute("href")
    status, document = client.send("GET", urllib.parse.urlsplit(link).path)
    assert status == 200 and "Kept, Ltd" in document
    page.click("#reset")
    page.click("#confirm-reset [value=cancel]")
    assert "Kept, Ltd" in page.text("#subaccounts-table"), "it was kept"
    page.click("#reset")
    page.click("#confirm-reset [value=reset]")
    page.wait_for_text("#subaccounts-table", "None yet", seconds=1.0)
    address = f"{API}/account/subaccount/{created['id']}"
    assert client.send("GET", address)[0] == 404
    file = os.path.join(os.environ["PROFILE"], "state.json")
    with open(file, "w", encoding="utf-8") as target:
        target.write(document)
    page.driver.find_element("id", "load-state").send_keys(file)
    page.wait_for_text("#subaccounts-table", "Kept, Ltd", seconds=1.0)
    assert client.send("GET", address)[0] == 200
    # What is no state is refused, in words, and changes nothing.
    with open(file, "w", encoding="utf-8") as target:
        target.write("{}")
    page.driver.find_element("id", "load-state").send_keys(file)
    page.wait_for_text("#notices", "The state stays as it was")
    assert any("400" in entry["message"] for entry in page.log()), "the browser notes the refusal"
    assert client.send("GET", address)[0] == 200


def pages_that_nobody_looks_at_leave_room_for_others(page, client):
    """A browser makes six connections to one server, and each page listens on one."""
    first = page.driver.current_window_handle
    for _ in range(8):
        page.driver.switch_to.new_window("tab")
        page.load()
    for handle in page.driver.window_handles:
        if handle != first:
            page.driver.switch_to.window(handle)
            page.driver.close()
    page.driver.switch_to.window(first)
    for _ in range(8):
        page.load()
    client.create("Still told, Ltd")
    page.wait_for_text("#subaccounts-table", "Still told, Ltd", seconds=1.0)


def ten_thousand_subaccounts_are_no_trouble(page, client):
    products = [{"product_name_id": f"product_{n}", "prices": [{"lifetime": t, "cost": t * 100} for t in (1, 2, 3)]} for n in range(65)]
    for number in range(10_000):
        account = client.create(f"Company {number:05}")
        if number >= 9_900:
            client.set_products(account["id"], products)
    begin = time.monotonic()
    page.load()
    page.wait_for_text("#subaccounts-table", "Company 09999")
    page.wait_for_text("#matrix", "product_64")
    loaded = time.monotonic() - begin
    assert loaded < 3, f"loaded after {loaded:.1f} s"
    client.create("One more, Ltd")
    took = page.wait_for_text("#subaccounts-table", "One more, Ltd", seconds=1.0)
    page.click("#older")
    page.wait_for_text("#subaccounts-count", "11 to 20 of", seconds=1.0)
    set_field(page, "#search [name=search]", "company 00042")
    page.wait_for_text("#subaccounts-table", "Company 00042", seconds=1.0)
    return f"loaded after {loaded * 1000:.0f} ms, one more after {took * 1000:.0f} ms"


CHECKS = [
    loads_without_errors_and_from_nowhere_else,
    a_subaccount_created_over_the_api_is_shown_within_a_second,
    requests_are_shown_as_they_happen_without_keys,
    a_fault_that_is_switched_on_fires,
    a_lost_answer_leaves_a_subaccount_that_the_page_shows,
    the_form_makes_any_fault,
    a_request_can_be_sent_from_the_page,
    a_hostile_name_does_not_run,
    the_keyboard_reaches_everything,
    assistive_technology_is_told_what_things_are,
    it_fits_a_phone,
    contrast_is_enough_in_light_and_dark,
    nothing_moves_for_who_does_not_want_it,
    the_clock_is_advanced_and_set,
    the_state_is_saved_reset_and_loaded,
]
LONG_CHECKS = [pages_that_nobody_looks_at_leave_room_for_others, ten_thousand_subaccounts_are_no_trouble]


def browser(folder):
    options = Options()
    options.binary_location = os.environ["CHROMIUM"]
    for switch in [*SWITCHES, f"--user-data-dir={folder}"]:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # With the path given, nothing looks for another driver on the network.
    return webdriver.Chrome(options=options, service=Service(os.environ["CHROMEDRIVER"]))


def checked(page, check):
    """Whether it holds; the console has to stay empty in any case."""
    name = check.__name__.replace("_", " ")
    begin = time.monotonic()
    client = Client()
    client.send("DELETE", "/_sandbox/requests")
    client.send("DELETE", "/_sandbox/faults")
    page.look()
    page.log()
    try:
        said = check(page, client)
        complaints = page.log()
        assert not complaints, f"the console says {complaints}"
    except Exception as error:
        picture = os.path.join(os.environ["PICTURES"], f"{check.__name__}.png")
        page.driver.save_screenshot(picture)
        # The innermost line here, not of the library.
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__]
        reason = str(error).split("Stacktrace:")[0].strip()
        print(f"FAILED  {name}: {reason} (lines {lines[1:]}; picture: {picture})", flush=True)
        return False
    print(f"ok      {name}{', ' + said if said else ''} ({time.monotonic() - begin:.1f} s)", flush=True)
    return True


def main():
    checks = CHECKS if SHORT else CHECKS + LONG_CHECKS
    wanted = [word for word in sys.argv[1:] if not word.startswith("--")]
    checks = [check for check in checks if all(word in check.__name__ for word in wanted)]
    driver = browser(os.environ["PROFILE"])
    try:
        page = Page(driver)
        held = [checked(page, check) for check in checks]
    finally:
        driver.quit()
    print(f"{sum(held)} of {len(held)} checks hold")
    sys.exit(0 if all(held) else 1)


main()
