"""Pictures of figures, and tables beside them: bytes out of plain values, the same bytes for the same values.

Nothing here reads a file, a clock or a network, and nothing is kept between two calls, so that a thread may draw while
another does. What may be seen was decided before: a picture shows a hidden number as hidden, and knows it not.
"""
