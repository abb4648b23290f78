"""How Sphinx builds these pages."""

import importlib.metadata

project = "Broadsheet"
author = "The Broadsheet developers"
release = importlib.metadata.version("broadsheet")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Broadsheet {release}"
html_copy_source = False
html_show_sphinx = False
