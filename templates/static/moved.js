// The page of an old address leads on to the new one, and to the place in it that was asked for: without this script to
// the page alone. It stands in the head, so that nothing of the old page is seen.
"use strict";
location.replace(document.currentScript.dataset.to + location.hash);
