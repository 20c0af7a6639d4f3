"""How an invitation travels: one file per way."""
