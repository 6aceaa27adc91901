"""Enfilade's core: what is true of images, embeddings, graphs and paths. Knows no web framework and no job."""
