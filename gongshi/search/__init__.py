"""Search in Chinese text on a static host: an exact index of positions of character pairs, in small static files.

`fold.py` has the rule that text and query share with the browser, `postings.py` the lists of an index, and `index.py`
the index of a site: a base, and a small segment of what has changed since.
"""
