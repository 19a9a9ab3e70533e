"""The pages of the offers: what is given, and the till where it is used."""
