"""Files with places in them, as surveyors and statistics offices give them out."""
