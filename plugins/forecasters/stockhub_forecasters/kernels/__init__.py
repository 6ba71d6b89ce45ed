"""The arithmetic, compiled by numba. Import these modules inside functions: importing one imports numba.

Shapes and words, everywhere in this package: `days` (n, t) float32 holds the observed days of each series from the left, in order;
`counts` (n,) int64 says how many they are; what stands right of them is undefined. `tail` is how many of the last one-step-ahead errors
(observed minus forecast) are kept: `errors` (n, tail) float64, from the left, in any order, `error_counts` (n,) int64. With `tail` 0 a
kernel forecasts only. A level that a model does not define is NaN.

No kernel uses fastmath, so that a result does not depend on the batch that a series is in. A kernel calls only functions of its own
module: numba's cache notices a change of a kernel's own file alone.
"""
