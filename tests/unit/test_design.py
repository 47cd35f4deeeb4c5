"""docs/design.md tells the truth about the stylesheet: contrasts are computed, macros are there, the gallery has them all."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rjsmin import jsmin

from tests.conftest import ROOT
from tests.gallery import write

CSS = (ROOT / "templates" / "static" / "style.css").read_text(encoding="utf-8")
DESIGN = ROOT / "docs" / "design.md"
PALETTES = {
    "light": (":root",),
    "dark": (":root", ':root[data-theme="dark"]'),
    "high": (":root", ':root[data-contrast="high"]'),
    "high, dark": (
        ":root",
        ':root[data-theme="dark"]',
        ':root[data-contrast="high"]',
        ':root[data-theme="dark"][data-contrast="high"]',
    ),
}
# What stands on what, and the least contrast that it needs there (WCAG 2.2: text 4.5, controls and shapes 3).
PAIRS = [
    *[(colour, ground, 4.5) for colour in ("ink", "soft", "link") for ground in ("paper", "surface", "sunken")],
    *[(colour, "surface", 4.5) for colour in ("done", "ongoing", "open", "unstated", "link-hover")],
    ("open", "paper", 4.5),
    ("on-seal", "seal", 4.5),
    ("ink", "mark", 4.5),
    ("soft", "mark", 4.5),
    ("ink", "found", 4.5),
    ("control", "surface", 3),
    ("link", "paper", 3),
]


def _block(selector: str) -> dict[str, str]:
    body = re.search(rf"^ *{re.escape(selector)} \{{\n(.*?)\}}", CSS, re.DOTALL | re.MULTILINE)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body[1]))


def _palette(name: str) -> dict[str, str]:
    colours: dict[str, str] = {}
    for selector in PALETTES[name]:
        colours |= _block(selector)
    return colours


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _contrasts() -> str:
    lines = ["| on | " + " | ".join(PALETTES) + " |", "| --- |" + " ---: |" * len(PALETTES)]
    for colour, ground, _ in dict.fromkeys((colour, ground, 0) for colour, ground, _ in PAIRS):
        figures = [f"{contrast(_palette(name)[colour], _palette(name)[ground]):.1f}" for name in PALETTES]
        lines.append(f"| `{colour}` on `{ground}` | " + " | ".join(figures) + " |")
    return "\n".join(lines)


def test_contrast_is_computed_as_the_rule_has_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", PALETTES)
def test_every_pair_of_colours_has_the_contrast_it_needs(name: str):
    colours = _palette(name)
    floor = 7 if name.startswith("high") else 0
    low = {
        (colour, ground): contrast(colours[colour], colours[ground])
        for colour, ground, least in PAIRS
        if contrast(colours[colour], colours[ground]) < max(least, floor if least > 3 else 0)
    }
    assert low == {}


def test_the_system_s_palettes_are_those_that_are_chosen():
    for query, selector in (
        ("(prefers-color-scheme: dark)", PALETTES["dark"][-1]),
        ("(prefers-contrast: more)", PALETTES["high"][-1]),
        ("(prefers-color-scheme: dark) and (prefers-contrast: more)", PALETTES["high, dark"][-1]),
    ):
        body = CSS.split(f"@media screen and {query} {{\n")[1].split("}")[0]
        assert dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)) == _block(selector)


def test_the_design_s_figures_are_the_stylesheet_s(golden: Callable[[Path, str], None]):
    text = DESIGN.read_text(encoding="utf-8")
    before, rest = text.split("<!-- contrasts -->\n")
    _, after = rest.split("<!-- end -->\n")
    golden(DESIGN, f"{before}<!-- contrasts -->\n{_contrasts()}\n<!-- end -->\n{after}")


def test_every_macro_is_a_component_of_the_design():
    text = DESIGN.read_text(encoding="utf-8")
    for file in ("ui.html", "notice.html"):
        for name in re.findall(r"\{% macro (\w+)", (ROOT / "templates" / "macros" / file).read_text(encoding="utf-8")):
            assert f"`{name}`" in text, name


def test_the_gallery_has_the_components(tmp_path: Path):
    write(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for part in (
        "badge open",
        "card",
        "issue-item",
        "contact-card",
        "totals",
        "register",
        "pager",
        "status-filter",
        "timeline",
    ):
        assert f'class="{part}' in page, part


def test_stylesheet_and_scripts_are_small():
    static = ROOT / "templates" / "static"
    scripts = [
        jsmin(path.read_text(encoding="utf-8")) for path in static.glob("*.js") if not path.name.startswith("search")
    ]
    assert sum(len(gzip.compress(script.encode())) for script in scripts) <= 8 * 1024
    assert len(gzip.compress(CSS.encode())) <= 14 * 1024
