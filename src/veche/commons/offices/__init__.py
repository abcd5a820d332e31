"""Authorities and contractors, what they are competent for, and who answers for them."""
