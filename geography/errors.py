"""What can be wrong with a place."""


class NoSuchPoint(ValueError):
    """The coordinates name no point on earth."""


class OutsideCity(ValueError):
    """The point lies outside the city's boundary."""
