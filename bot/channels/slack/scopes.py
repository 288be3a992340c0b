"""What the app may do in Slack, and why it needs to: asked for when it is installed, and looked for by the doctor."""

SCOPES = {
    "chat:write": "to write to people",
    "im:write": "to open the conversation with a person",
    "im:history": "to see whether a message came when Slack's answer was lost",
    "files:write": "to show a digest's charts as pictures",
    "users:read": "to read who is in the workspace",
    "users:read.email": "to find people by their mail address",
    "usergroups:read": "to read user groups as an audience",
    "commands": "for /tema and the shortcut",
}
