"""The ingest job: from sources to images, features, spaces and published graphs."""
