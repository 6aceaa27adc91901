"""The API: a module for each noun, each route declared once for the router, the checks and openapi.json."""
