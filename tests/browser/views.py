"""The views that a reader can choose, as the browser keeps them, and a voice for browsers that have none."""

import json

from playwright.sync_api import BrowserContext

KEY = "gongshi-view"
VIEWS = {
    "elderly": {"elderly": True},
    "elderly, largest": {"elderly": True, "size": 3},
    "high contrast": {"contrast": True},
    "high contrast, dark": {"contrast": True, "dark": True},
}

# Says what it is asked to say into `window.said`, and is done with it at once.
VOICE = """
window.said = [];
window.cancelled = 0;
speechSynthesis.getVoices = () => [{ lang: "en-US" }, { lang: "zh-CN", name: "test", localService: true }];
speechSynthesis.speak = (words) => { window.said.push(words.text); if (!window.held) setTimeout(() => words.onend?.(), 0); };
speechSynthesis.cancel = () => { window.cancelled++; };
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def choose(context: BrowserContext, view: dict[str, object]) -> None:
    """Pages of this window find a view that was chosen before."""
    context.add_init_script(f"localStorage.setItem('{KEY}', {json.dumps(json.dumps(view))})")
