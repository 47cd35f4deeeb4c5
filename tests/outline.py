"""A page as text that a person can read and compare: headings, links, badges, and what is marked as added."""

from html.parser import HTMLParser

_VOID = {"meta", "link", "img", "br", "hr", "rect", "path", "circle", "use", "input"}
_BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "tr", "caption", "section", "article", "aside",
           "nav", "ul", "ol", "dl", "div", "summary", "details", "header", "table", "title", "blockquote"}  # fmt: skip


class _Outline(HTMLParser):
    def __init__(self, root: str, *, keep_added: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.root, self.keep_added = root, keep_added
        self.stack: list[tuple[str, bool]] = []
        self.lines: list[str] = [""]
        self.inside = 0
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == self.root:
            self.inside += 1
        added = "added" in (given.get("class") or "").split()
        if tag in _BLOCKS:
            self._break()
        if self.inside and tag not in _VOID:
            self.stack.append((tag, added))
            self.hidden += added and not self.keep_added
        if not self.inside or self.hidden or not self.keep_added:
            return
        if tag[:1] == "h" and tag[1:].isdigit():
            self.lines[-1] += "#" * int(tag[1]) + " "
        if tag == "li":
            self.lines[-1] += "- "
        if given.get("id") and self.keep_added:
            self.lines[-1] += f"{{#{given['id']}}} "
        if tag == "a":
            self.lines[-1] += "["
        if tag in ("td", "th"):
            self.lines[-1] += "| "
        if tag == "use":
            self.lines[-1] += f"<{(given.get('href') or '').removeprefix('#shape-')}>"
        if tag == "a":
            self._href = given.get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if not self.inside or tag in _VOID:
            return
        while self.stack:
            name, added = self.stack.pop()
            if tag == "a" and not self.hidden and self.keep_added:
                self.lines[-1] += f"]({self._href})"
            self.hidden -= added and not self.keep_added
            if name == tag:
                break
        if tag in _BLOCKS:
            self._break()
        if tag == self.root:
            self.inside -= 1

    def handle_data(self, data: str) -> None:
        data_block = self.stack and self.stack[-1][0] == "script"  # nothing that anybody reads
        if self.inside and not self.hidden and not data_block:
            self.lines[-1] += " ".join(data.split("\n")) if data.strip() else (" " if self.lines[-1] else "")

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")


def outline(html: str, root: str = "main") -> str:
    """The whole content of the first element of a kind, a block a line."""
    parser = _Outline(root, keep_added=True)
    parser.feed(html)
    lines = (" ".join(line.split()) for line in parser.lines)
    return "\n".join(line for line in lines if line) + "\n"


def document(html: str) -> str:
    """The text of the article without what the site added and without white space: the document itself."""
    parser = _Outline("article", keep_added=False)
    parser.feed(html)
    return "".join("".join(parser.lines).split())
