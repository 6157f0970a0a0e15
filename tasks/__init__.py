"""The steps of a night and the verbs around it, one a file, none of which knows another."""
