"""Where articles come from: fetching, and reading feeds, pages, folders."""
