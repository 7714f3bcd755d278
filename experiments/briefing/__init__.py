"""The briefing: from a finished run folder to a page, slides, a PDF, tables and pictures that stand alone.

`content` puts together what is said, once; `page`, `slides`, `paper` and `sheets` write it in their forms.
"""
