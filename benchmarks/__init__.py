"""Timings of what users wait for; run with `make bench`."""
