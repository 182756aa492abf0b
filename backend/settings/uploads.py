"""How much people may attach to a concern. Sizes are in bytes."""

from backend.settings import env

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
MOST_FILES_PER_CONCERN = 10
LARGEST_FILES_PER_CONCERN = 50 * MEGABYTE
FILES_PER_NETWORK_PER_DAY = env.whole("FILES_PER_NETWORK_PER_DAY", 200, least=1)
