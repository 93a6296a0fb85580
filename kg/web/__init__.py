"""The web site: thin adapters from HTTP to queries on the build and back."""
