"""Reports: what a trust or a network tells its partnership in figures, and the region's picture of them.

A report follows a dated definition (`definitions`, `kinds`), is judged by that definition's checks (`checks`) and
moves through `states`. Beside it stand the numbers derived from it (`calculations`), the rule by which counts of
people are shown (`disclosure`), the region's pre-built tables (`releases`), and how a file becomes rows (`files`,
`staff_survey_file`). Everything here is pure: no clock, no database, no file is opened.
"""
