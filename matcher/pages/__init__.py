"""Web pages for people, over the same policy and functions as the API."""
