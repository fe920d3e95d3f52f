"""What came of a Space, for those who ran it: read from the record, put into words."""
