"""What every installation shares. Each concern has a file of its own; read those."""

from backend.settings.applications import *
from backend.settings.celery import *
from backend.settings.city import *
from backend.settings.database import *
from backend.settings.internationalisation import *
from backend.settings.keys import *
from backend.settings.logging import *
from backend.settings.mail import *
from backend.settings.monitoring import *
from backend.settings.privacy import *
from backend.settings.rest import *
from backend.settings.security import *
from backend.settings.sign_in import *
from backend.settings.static import *
from backend.settings.templates import *
from backend.settings.uploads import *
