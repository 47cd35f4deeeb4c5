# ruff: noqa: INP001 - Pelican reads this file by its path
"""Pelican's settings: articles are the notices, everything else is made by the plugin `site_pages`."""

import yaml

SITENAME = "整改公示测试站"
SITEURL = "https://bench.example"
TIMEZONE, DEFAULT_LANG = "Asia/Shanghai", "zh_cn"
PATH, OUTPUT_PATH, THEME = "content", "output", "theme"
ARTICLE_PATHS, PAGE_PATHS, STATIC_PATHS = ["notices"], ["pages"], ["static", "notices"]
THEME_STATIC_PATHS = []
PLUGIN_PATHS, PLUGINS = ["plugins"], ["yaml_metadata", "site_pages"]
MARKDOWN = {"extensions": ["tables", "sane_lists"], "output_format": "html"}
JINJA_ENVIRONMENT = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
USE_FOLDER_AS_CATEGORY = False
DEFAULT_DATE = (2021, 1, 1)
SLUGIFY_SOURCE = "basename"
ARTICLE_URL, ARTICLE_SAVE_AS = "notices/{slug}/", "notices/{slug}/index.html"
PAGE_URL, PAGE_SAVE_AS = "{slug}/", "{slug}/index.html"
DIRECT_TEMPLATES = []
CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ARCHIVES_SAVE_AS = DRAFT_SAVE_AS = ""
AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DELETE_OUTPUT_DIRECTORY = False
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
GZIP_CACHE = False
CONTENT_CACHING_LAYER = "generator"

# What a user changes first for speed: libyaml's loader below the plugin that reads front matter.
yaml.safe_load = lambda stream: yaml.load(stream, Loader=yaml.CSafeLoader)
