"""The post, in its forms: a mail server, a folder, the terminal, memory."""
