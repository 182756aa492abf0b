"""How people of the city prove who they are: django-allauth, told what it may do, in whose words and how often."""
