"""Who is asking: a bearer token in, a verified (issuer, subject) out, or a refusal that says nothing.

Persons are matched by (issuer, subject), never by e-mail; what they may see is decided elsewhere, by their seats.
"""
