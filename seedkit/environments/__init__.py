"""Named environments: what their file and variables say, and where their secrets come from."""

from seedkit.environments.choosing import Directory, Target
from seedkit.environments.clouds import Cloud
from seedkit.environments.editing import add_section, remove_section
from seedkit.environments.models import KEYS, NamedEnvironment, SignIn, TokenCache
from seedkit.environments.reading import read_directory, read_section
from seedkit.environments.secrets import SecretPlaces, find_secret, secret_variable

__all__ = [
    "KEYS",
    "Cloud",
    "Directory",
    "NamedEnvironment",
    "SecretPlaces",
    "SignIn",
    "Target",
    "TokenCache",
    "add_section",
    "find_secret",
    "read_directory",
    "read_section",
    "remove_section",
    "secret_variable",
]
