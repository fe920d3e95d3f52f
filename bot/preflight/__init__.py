"""Before a planned Space: the go/no-go card and the practice room."""
