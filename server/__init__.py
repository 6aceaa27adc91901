"""The web server: what people and programs see over HTTP."""
