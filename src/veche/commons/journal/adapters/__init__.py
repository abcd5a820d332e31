"""Where the log and its keys lie: folders and files, each with a twin in memory."""
