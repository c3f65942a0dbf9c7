"""Invented bodies, computed: what the demo study shows.

Everything here is numpy on millimetres in the patient's coordinates (LPS: x to the
left, y to the back, z to the head). No picture of a living person is involved.
"""
