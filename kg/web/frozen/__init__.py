"""The whole site as files that need no server: pages with relative links, data, search and graph in the browser."""
