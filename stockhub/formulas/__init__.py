"""PUBLIC: pure mathematics on numbers, arrays and explanations. No Django, no I/O, no clock.

A module is a subject (`shortage`, `cover`, `ordering`, …) and a formula a function in it, written with `elementwise` so that it takes a
number, an array or an `Explanation`.
"""
