"""Where the app is installed in a chat's workspaces, and being put out of one."""
