"""Enfilade's core: what is true of images, embeddings, graphs and paths. Knows no web framework and no job."""

import os

# Before NumPy is imported. OpenBLAS's threads wait busily for 2**26 cycles after each product (THREAD_TIMEOUT in its
# Makefile.rule), 20 ms of a core that something else needs; after 2**10 they sleep.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "10")
