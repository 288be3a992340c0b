"""Microsoft Graph as a directory: accounts, managers and groups in Entra. Only `client` needs Microsoft's library."""
