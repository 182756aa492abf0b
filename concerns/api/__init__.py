"""The REST door of the domain: serializers say what goes in and out, views call one action or one query."""
