"""Gongshi (公示): a static site generator for public disclosure."""

__version__ = "0.1.0"
