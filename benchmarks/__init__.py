"""Measurements, side by side in one run: `python -m benchmarks NAME`. Ratios mean something; absolute times drift."""
