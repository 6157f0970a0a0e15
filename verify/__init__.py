"""The checker of log and proofs, which shares no code with what it checks."""
