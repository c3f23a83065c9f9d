"""The configuration of life events that comes with the retail banking application."""

from __future__ import annotations

from collections.abc import Mapping

from seedkit.emulator.content.ids import Content, content_id
from seedkit.emulator.storage.store import Store

_CATEGORIES = (  # option value, name, icon; which are shipped is verified
    (104800000, "Birthday", "BirthdayCake"),
    (104800001, "Marital status", "Heart"),
    (104800002, "Family", "Family"),
    (104800003, "Education", "Education"),
    (104800004, "Employment", "Work"),
    (104800005, "Residence", "Home"),
    (104800006, "Vehicle", "Car"),
    (104800008, "Health", "Health"),
    (104800009, "Other", "More"),
)
_TYPES = (  # all options of a life event's type but those that are known not to be shipped
    (104800000, "Birth date"),
    (104800001, "Marriage"),
    (104800002, "Divorce"),
    (104800003, "Widowhood"),
    (104800004, "Child"),
    (104800005, "Grandchild"),
    (921950001, "High school"),
    (921950002, "Skills training"),
    (921950003, "Associate degree"),
    (921950004, "Bachelor\u2019s degree"),
    (921950005, "Master\u2019s degree"),
    (921950006, "Doctorate degree"),
    (104800011, "Job started"),
    (104800012, "Job ended"),
    (104800013, "Business started"),
    (104800014, "Business closed"),
    (104800015, "Purchase"),
    (104800016, "Sale"),
    (104800019, "Loss of loved one"),
    (104800020, "Serious illness"),
    (104800021, "Procedure"),
    (104800022, "Other"),
)
# That there are 26 relations is verified, which they are is inferred from the names; the last two
# of Residence and Vehicle are the least sure.
_TYPES_OF_CATEGORY: Mapping[str, tuple[str, ...]] = {
    "Birthday": ("Birth date",),
    "Marital status": ("Marriage", "Divorce", "Widowhood"),
    "Family": ("Child", "Grandchild", "Loss of loved one"),
    "Education": tuple(name for value, name in _TYPES if value > 921950000),
    "Employment": ("Job started", "Job ended", "Business started", "Business closed"),
    "Residence": ("Purchase", "Sale", "Other"),
    "Vehicle": ("Purchase", "Sale", "Other"),
    "Health": ("Serious illness", "Procedure"),
    "Other": ("Other",),
}


def life_events(_store: Store) -> Content:
    """Yield the settings, the categories, the types and which types a category has."""
    codes = {name: value for value, name, _icon in _CATEGORIES}
    types = {name: value for value, name in _TYPES}
    yield (
        "msfsi_lifemomentsconfigurations",
        "settings",
        {
            "msfsi_name": "Life events settings",
            "msfsi_newmomentindicationperioddays": 8,
            "msfsi_focusindicationperioddays": 14,
            "msfsi_birthdaycategorycode": codes["Birthday"],
            "msfsi_birthdaytypecode": types["Birth date"],
            "msfsi_educationcategorycode": codes["Education"],
            "msfsi_othercategorycode": codes["Other"],
            "msfsi_othertypecode": types["Other"],
        },
    )
    for order, (value, name, icon) in enumerate(_CATEGORIES, start=1):
        yield (
            "msfsi_lifemomentcategoryconfig",
            name,
            {
                "msfsi_name": name,
                "msfsi_categorycode": value,
                "msfsi_displayorder": order,
                "msfsi_icon": icon,
            },
        )
    for order, (value, name) in enumerate(_TYPES, start=1):
        values = {"msfsi_name": name, "msfsi_typecode": value, "msfsi_displayorder": order}
        yield "msfsi_lifemomenttypeconfig", name, values
    yield from _life_event_relations()


def _life_event_relations() -> Content:
    categories, types = "msfsi_lifemomentcategoryconfig", "msfsi_lifemomenttypeconfig"
    for category, names in _TYPES_OF_CATEGORY.items():
        for name in names:
            yield (
                "msfsi_categorytypesrelations",
                f"{category} {name}",
                {
                    "msfsi_name": f"{category} - {name}",
                    "msfsi_lifemomentcategoryconfigurations": content_id(categories, category),
                    "msfsi_lifemomenttypeconfigurations": content_id(types, name),
                },
            )
