"""The rules and the documents that hold them, in plain Python that asks neither the clock nor chance."""
