"""The benchmark: a corpus of invented notices, the same site for other generators, and the figures of both."""
