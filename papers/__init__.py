"""Files to take away: plain data goes in, the bytes of a document come out, made in a process of
its own."""
