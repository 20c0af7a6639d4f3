"""Surveys made in the browser: listed, drafted, worded in each language, previewed with the real widget, published.

In: forms and translators' files. Out: pages; every change goes through the same verbs and the same comparability
check as the API and files.
"""
