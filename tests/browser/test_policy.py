"""The content security policy: the pages keep it, and it really stops what it should."""

from playwright.sync_api import Page

LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
});
"""


def test_pages_and_documentation_keep_the_policy(app_url: str, page: Page) -> None:
    page.add_init_script(LISTEN)
    for path, proof in (("/", "canvas"), ("/compare", ".panel canvas"), ("/api/docs", ".opblock")):
        page.goto(app_url + path)
        page.locator(proof).first.wait_for()
        assert page.evaluate("window.violations") == []


def test_the_policy_stops_foreign_scripts_and_eval(app_url: str, page: Page) -> None:
    page.add_init_script(LISTEN)
    page.goto(app_url)
    page.locator("canvas").first.wait_for()
    page.evaluate(
        """() => {
            setTimeout('window.evaluated = true');
            const script = document.createElement('script');
            script.textContent = 'window.injected = true';
            document.body.append(script);
        }"""
    )
    page.wait_for_function("window.violations.length >= 2")
    assert page.evaluate("window.evaluated === undefined && window.injected === undefined")
