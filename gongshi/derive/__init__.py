"""Corpus + today → what pages and data show. All arithmetic is here; templates only print.

`rows` makes a small summary of each notice, `lists` joins summaries into what lists, agencies and regions need, and
`notice` makes the view of one notice's page.
"""
