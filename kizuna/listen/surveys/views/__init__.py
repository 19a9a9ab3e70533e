"""The doors of the surveys: the customer's page, and the pages of the staff."""
