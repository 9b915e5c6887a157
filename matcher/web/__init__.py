"""The service: HTTP on top of `Matcher`, for many organisations, under the one policy."""
