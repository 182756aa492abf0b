"""The chatbot door: a conversation core in plain Python and one adapter a kind."""
