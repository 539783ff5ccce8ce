"""Filling in the form of a page as a browser does: what it shows is sent, and what was changed."""

from html.parser import HTMLParser


class FormFields(HTMLParser):
    """The fields of the forms that are sent; of several forms, all fields together."""

    def __init__(self):
        super().__init__()
        self.fields = {}
        self.posting = False
        self.select = self.textarea = ""

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        name = facts.get("name", "")
        if tag == "form":
            self.posting = facts.get("method") == "post" and facts.get("action") != "/sign-out"
        if not self.posting:
            return
        if tag == "input" and (facts.get("type") != "checkbox" or "checked" in facts):
            self.fields[name] = facts.get("value", "")
        if tag == "textarea":
            self.textarea = name
            self.fields[name] = ""
        if tag == "select":
            self.select = name
        if tag == "option" and ("selected" in facts or self.select not in self.fields):
            self.fields[self.select] = facts.get("value", "")

    def handle_data(self, text):
        if self.textarea:
            self.fields[self.textarea] += text

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = ""


def form_of(browser, path):
    parser = FormFields()
    parser.feed(browser.open(path).text)
    return parser.fields


def save(browser, path, **changes):
    """Open the page, change some fields, and send its form."""
    return browser.send(path, **{**form_of(browser, path), **changes})
