"""A notice as an agency published it (text, Markdown, web page, Word) becomes YAML that loses nothing of it.

read → recognise → prove → write        one file: intake.py
"""
