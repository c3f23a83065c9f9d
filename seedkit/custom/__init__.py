"""What customers add of their own: values for columns, parts left out, generator plug-ins."""

from seedkit.custom.asking import ask, bind_live
from seedkit.custom.binding import Bindings as ColumnBindings
from seedkit.custom.binding import bind_offline, from_json, to_json
from seedkit.custom.custom import FINGERPRINT, Custom, plugin_versions, read_custom
from seedkit.custom.naming import Problem
from seedkit.custom.parts import find_lacking, told
from seedkit.custom.plugins import installed
from seedkit.custom.structure import find_misfits, find_problems, known_details

__all__ = [
    "FINGERPRINT",
    "ColumnBindings",
    "Custom",
    "Problem",
    "ask",
    "bind_live",
    "bind_offline",
    "find_lacking",
    "find_misfits",
    "find_problems",
    "from_json",
    "installed",
    "known_details",
    "plugin_versions",
    "read_custom",
    "to_json",
    "told",
]
