"""What is made of all open data together: a workbook, a database, and the catalogue that describes every file.

None of these can be put together from what has not changed, so they are made anew when any record changes. They are
made of the JSON files, record by record: memory does not grow with the corpus.
"""
