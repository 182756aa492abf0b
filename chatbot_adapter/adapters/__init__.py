"""One folder per kind of chatbot."""
