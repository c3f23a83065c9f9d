"""The types of the Web API's own metadata: which members each has, of which type, by default.

One place for what a definition shows, what `$select` may name, what a write may send and what the
CSDL document declares. Names and types are documented; defaults are those of a fresh custom table
[expected], and members whose meaning the local environment doesn't follow keep them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

CRM = "Microsoft.Dynamics.CRM."


@dataclass(frozen=True)
class Kind:
    """A type of definitions. `members` maps a name to its type and default, own members only."""

    name: str
    base: Kind | None
    members: Mapping[str, tuple[str, Any]]
    parts: Mapping[str, str]

    @cached_property
    def all_members(self) -> Mapping[str, tuple[str, Any]]:
        """Return the members with those of the base types, which come first."""
        return {**(self.base.all_members if self.base else {}), **self.members}

    @cached_property
    def all_parts(self) -> Mapping[str, str]:
        """Return the navigation properties with those of the base types, and their types."""
        return {**(self.base.all_parts if self.base else {}), **self.parts}

    @property
    def title(self) -> str:
        """Return the name with the namespace before it."""
        return CRM + self.name

    def fresh(self) -> dict[str, Any]:
        """Return a definition with only defaults."""
        # Thousands of definitions are made at a time, and few defaults must not be shared.
        found = dict(self._defaults)
        for name, default in self._own_defaults:
            found[name] = _value(default)
        return found

    @cached_property
    def _defaults(self) -> Mapping[str, Any]:
        return {name: default for name, (_type, default) in self.all_members.items()}

    @cached_property
    def _own_defaults(self) -> tuple[tuple[str, Any], ...]:
        """Return the defaults of which each definition has its own."""
        return tuple((n, x) for n, x in self._defaults.items() if isinstance(x, Managed | dict))


def managed(value: Any, *, changeable: bool = True, name: str = "") -> dict[str, Any]:
    """Return a managed property: a value, and whether a later solution may change it."""
    return {"Value": value, "CanBeChanged": changeable, "ManagedPropertyLogicalName": name}


@dataclass(frozen=True, slots=True)
class Managed:
    """The default of a managed property."""

    value: Any
    name: str


def _value(default: Any) -> Any:
    if isinstance(default, Managed):
        return managed(default.value, name=default.name)
    return dict(default) if isinstance(default, dict) else default


def _group(type_: str, default: Any, names: str) -> dict[str, tuple[str, Any]]:
    return dict.fromkeys(names.split(), (type_, default))


def _managed_group(value: bool, names: str) -> dict[str, tuple[str, Any]]:
    return {
        name: ("mscrm.BooleanManagedProperty", Managed(value, name.lower()))
        for name in names.split()
    }


BASE = Kind(
    "MetadataBase",
    None,
    {"MetadataId": ("Edm.Guid", None), "HasChanged": ("Edm.Boolean", None)},
    {},
)

ENTITY = Kind(
    "EntityMetadata",
    BASE,
    {
        **_group(
            "Edm.String",
            None,
            "LogicalName SchemaName EntitySetName LogicalCollectionName CollectionSchemaName "
            "PrimaryIdAttribute PrimaryNameAttribute PrimaryImageAttribute IconLargeName "
            "IconMediumName IconSmallName IconVectorName EntityColor EntityHelpUrl ExternalName "
            "ExternalCollectionName DataProviderId DataSourceId MobileOfflineFilters "
            "RecurrenceBaseEntityLogicalName ReportViewName SettingOf",
        ),
        **_group("mscrm.Label", None, "DisplayName DisplayCollectionName Description"),
        "OwnershipType": ("mscrm.OwnershipTypes", "UserOwned"),
        "TableType": ("Edm.String", "Standard"),
        "IntroducedVersion": ("Edm.String", "1.0"),
        "ActivityTypeMask": ("Edm.Int32", 0),
        "ObjectTypeCode": ("Edm.Int32", None),
        "DaysSinceRecordLastModified": ("Edm.Int32", 0),
        "CreatedOn": ("Edm.DateTimeOffset", None),
        "ModifiedOn": ("Edm.DateTimeOffset", None),
        **_group(
            "Edm.Boolean",
            False,
            "AutoCreateAccessTeams AutoRouteToOwnerQueue ChangeTrackingEnabled "
            "EnforceStateTransitions EntityHelpUrlEnabled HasActivities HasEmailAddresses "
            "HasFeedback HasNotes IsActivity IsActivityParty IsAIRUpdated IsArchivalEnabled "
            "IsBPFEntity IsBusinessProcessEnabled IsChildEntity IsCustomEntity "
            "IsDocumentManagementEnabled IsDocumentRecommendationsEnabled IsEnabledForCharts "
            "IsEnabledForExternalChannels IsEnabledForTrace IsInteractionCentricEnabled "
            "IsIntersect IsKnowledgeManagementEnabled IsLogicalEntity IsManaged "
            "IsMSTeamsIntegrationEnabled IsOneNoteIntegrationEnabled IsPrivate "
            "IsReadingPaneEnabled IsRetentionEnabled IsRetrieveAuditEnabled "
            "IsRetrieveMultipleAuditEnabled IsSLAEnabled IsSolutionAware IsStateModelAware "
            "SyncToExternalSearchIndex UsesBusinessDataLabelTable",
        ),
        **_group(
            "Edm.Boolean",
            True,
            "CanTriggerWorkflow IsAvailableOffline IsImportable IsOfflineInMobileClientEnabled "
            "IsOptimisticConcurrencyEnabled IsQuickCreateEnabled IsValidForAdvancedFind",
        ),
        **_managed_group(
            True,
            "CanBeInCustomEntityAssociation CanBeInManyToMany CanBePrimaryEntityInRelationship "
            "CanBeRelatedEntityInRelationship CanChangeHierarchicalRelationship "
            "CanChangeTrackingBeEnabled CanCreateAttributes CanCreateCharts CanCreateForms "
            "CanCreateViews CanEnableSyncToExternalSearchIndex CanModifyAdditionalSettings "
            "IsCustomizable IsMappable IsRenameable IsVisibleInMobile IsVisibleInMobileClient",
        ),
        **_managed_group(
            False,
            "IsAuditEnabled IsConnectionsEnabled IsDuplicateDetectionEnabled IsMailMergeEnabled "
            "IsOfflineInMobileClient IsReadOnlyInMobileClient IsValidForQueue",
        ),
        "Privileges": ("Collection(mscrm.SecurityPrivilegeMetadata)", None),
        "Settings": ("Collection(mscrm.EntitySetting)", None),
    },
    {
        "Attributes": "Collection(mscrm.AttributeMetadata)",
        "Keys": "Collection(mscrm.EntityKeyMetadata)",
        "ManyToOneRelationships": "Collection(mscrm.OneToManyRelationshipMetadata)",
        "OneToManyRelationships": "Collection(mscrm.OneToManyRelationshipMetadata)",
        "ManyToManyRelationships": "Collection(mscrm.ManyToManyRelationshipMetadata)",
    },
)

ATTRIBUTE = Kind(
    "AttributeMetadata",
    BASE,
    {
        **_group(
            "Edm.String",
            None,
            "LogicalName SchemaName EntityLogicalName AttributeOf AutoNumberFormat ExternalName "
            "InheritsFrom DeprecatedVersion",
        ),
        **_group("mscrm.Label", None, "DisplayName Description"),
        "AttributeType": ("mscrm.AttributeTypeCode", None),
        "AttributeTypeName": ("mscrm.AttributeTypeDisplayName", None),
        "RequiredLevel": ("mscrm.AttributeRequiredLevelManagedProperty", None),
        "IntroducedVersion": ("Edm.String", "1.0"),
        "ColumnNumber": ("Edm.Int32", None),
        "SourceType": ("Edm.Int32", 0),
        "LinkedAttributeId": ("Edm.Guid", None),
        "CreatedOn": ("Edm.DateTimeOffset", None),
        "ModifiedOn": ("Edm.DateTimeOffset", None),
        **_group(
            "Edm.Boolean",
            False,
            "CanBeSecuredForCreate CanBeSecuredForRead CanBeSecuredForUpdate IsCustomAttribute "
            "IsDataSourceSecret IsFilterable IsLogical IsManaged IsPrimaryId IsPrimaryName "
            "IsRequiredForForm IsRetrievable IsSearchable IsSecured IsValidForCreate "
            "IsValidForForm IsValidForGrid IsValidForRead IsValidForUpdate",
        ),
        "IsValidODataAttribute": ("Edm.Boolean", True),
        **_managed_group(
            True,
            "CanModifyAdditionalSettings IsCustomizable IsRenameable IsSortableEnabled "
            "IsValidForAdvancedFind IsGlobalFilterEnabled",
        ),
        **_managed_group(False, "IsAuditEnabled"),
    },
    {},
)


KEY = Kind(
    "EntityKeyMetadata",
    BASE,
    {
        **_group("Edm.String", None, "LogicalName SchemaName EntityLogicalName"),
        "DisplayName": ("mscrm.Label", None),
        "KeyAttributes": ("Collection(Edm.String)", None),
        "EntityKeyIndexStatus": ("mscrm.EntityKeyIndexStatus", "Active"),
        "IntroducedVersion": ("Edm.String", "1.0"),
        **_group("Edm.Boolean", False, "IsManaged IsSynchronous IsExportKey IsSecondaryKey"),
        **_managed_group(True, "IsCustomizable"),
    },
    {},
)

RELATIONSHIP = Kind(
    "RelationshipMetadataBase",
    BASE,
    {
        "SchemaName": ("Edm.String", None),
        "RelationshipType": ("mscrm.RelationshipType", None),
        "SecurityTypes": ("mscrm.SecurityTypes", "Append"),
        "IntroducedVersion": ("Edm.String", "1.0"),
        **_group("Edm.Boolean", False, "IsCustomRelationship IsManaged"),
        "IsValidForAdvancedFind": ("Edm.Boolean", True),
        **_managed_group(True, "IsCustomizable"),
    },
    {},
)
ONE_TO_MANY = Kind(
    "OneToManyRelationshipMetadata",
    RELATIONSHIP,
    {
        **_group(
            "Edm.String",
            None,
            "ReferencedEntity ReferencedAttribute ReferencingEntity ReferencingAttribute "
            "ReferencingEntityNavigationPropertyName ReferencedEntityNavigationPropertyName "
            "EntityKey RelationshipAttributes",
        ),
        **_group("Edm.Boolean", False, "IsHierarchical IsDenormalizedLookup"),
        "RelationshipBehavior": ("Edm.Int32", 1),
        "CascadeConfiguration": ("mscrm.CascadeConfiguration", None),
        "AssociatedMenuConfiguration": ("mscrm.AssociatedMenuConfiguration", None),
    },
    {"Lookup": "mscrm.LookupAttributeMetadata"},
)
MANY_TO_MANY = Kind(
    "ManyToManyRelationshipMetadata",
    RELATIONSHIP,
    {
        **_group(
            "Edm.String",
            None,
            "Entity1LogicalName Entity2LogicalName IntersectEntityName "
            "Entity1IntersectAttribute Entity2IntersectAttribute "
            "Entity1NavigationPropertyName Entity2NavigationPropertyName",
        ),
        **_group(
            "mscrm.AssociatedMenuConfiguration",
            None,
            "Entity1AssociatedMenuConfiguration Entity2AssociatedMenuConfiguration",
        ),
    },
    {},
)

CHOICE_BASE = Kind(
    "OptionSetMetadataBase",
    BASE,
    {
        **_group("Edm.String", None, "Name ExternalTypeName IntroducedVersion"),
        **_group("mscrm.Label", None, "DisplayName Description"),
        "OptionSetType": ("mscrm.OptionSetType", "Picklist"),
        **_group("Edm.Boolean", False, "IsGlobal IsManaged IsCustomOptionSet"),
        **_managed_group(True, "IsCustomizable"),
    },
    {},
)
CHOICE = Kind(
    "OptionSetMetadata",
    CHOICE_BASE,
    {
        "Options": ("Collection(mscrm.OptionMetadata)", None),
        "ParentOptionSetName": ("Edm.String", None),
    },
    {},
)
YES_NO = Kind(
    "BooleanOptionSetMetadata",
    CHOICE_BASE,
    {"TrueOption": ("mscrm.OptionMetadata", None), "FalseOption": ("mscrm.OptionMetadata", None)},
    {},
)
