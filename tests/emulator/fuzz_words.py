"""What random requests are made of: names that exist, some that don't, and odd values."""

from __future__ import annotations

SETS = ["contacts", "accounts", "tasks", "emails", "incidents", "annotations", "connections",
        "msfsi_banks", "msfsi_financialholdings", "msfsi_customerfinancialholdings", "queues",
        "msfsi_groups", "msfsi_groupmembers", "systemusers", "teams", "knowledgearticles",
        "activitypointers", "activityparties", "transactioncurrencies", "queueitems",
        "appointments", "phonecalls", "duplicaterules", "asyncoperations", "roles",
        "businessunits", "organizations", "connectionroles", "subscriptions", "nothings",
        "contact", "Contacts", "principalobjectaccessset", "bulkdeleteoperations",
        "customeraddresses", "savedqueries", "environmentvariabledefinitions"]  # fmt: skip
COLUMNS = ["fullname", "lastname", "firstname", "contactid", "createdon", "modifiedon", "ownerid",
           "_ownerid_value", "_parentcustomerid_value", "statecode", "statuscode", "birthdate",
           "annualincome", "gendercode", "name", "accountid", "subject", "activityid", "title",
           "versionnumber", "scheduledend", "prioritycode", "revenue", "description", "nothing",
           "msfsi_integrationkey", "overriddencreatedon", "importsequencenumber", "entityimage",
           "donotemail", "numberofchildren", "regardingobjectid", "transactioncurrencyid",
           "exchangerate", "annualincome_base", "address1_composite", "emailaddress1",
           "parentcustomerid_account/name", "FullName", "*"]  # fmt: skip
NAVIGATIONS = ["parentcustomerid_account", "parentcustomerid_contact", "ownerid", "owninguser",
               "contact_customer_accounts", "Contact_Tasks", "regardingobjectid_contact_task",
               "Contact_Annotation", "task_activity_parties", "email_activity_parties",
               "customerid_contact", "createdby", "transactioncurrencyid", "primarycontactid",
               "msfsi_contact_msfsi_groupmember_member", "teammembership_association",
               "systemuserroles_association", "owningbusinessunit", "objectid_contact",
               "msfsi_Customer_contact", "msfsi_FinancialHolding", "nothing",
               "PARENTCUSTOMERID_ACCOUNT", "activitypointer_activity_parties"]  # fmt: skip
OPERATIONS = ["WhoAmI", "WhoAmI()", "RetrieveVersion()", "RetrieveTotalRecordCount",
              "RetrieveTotalRecordCount(EntityNames=@p)", "RetrieveTotalRecordCount(EntityNames="
              '["contact"])', "RetrieveCurrentOrganization(AccessType=@p)", "InitializeFrom",
              "CloseIncident", "Merge", "BulkDelete", "QualifyLead", "ExecuteByIdSavedQuery",
              "RetrieveDuplicates(BusinessEntity=@p,MatchingEntityName=@q,PagingInfo=@r)",
              "RetrieveMetadataChanges(Query=@p)", "GrantAccess", "ModifyAccess", "RevokeAccess",
              "SetState", "msfsi_FHfetch", "msfsi_GFHfetch", "msfsi_GroupAdd", "CreateEntities",
              "InitializeFileBlocksUpload", "UploadBlock", "CommitFileBlocksUpload",
              "DownloadBlock",
              "InitializeAnnotationBlocksUpload", "RetrieveAllEntities", "Restore", "AddUserToTeam",
              "GetTimeZoneCodeByLocalizedName", "IsValidStateTransition", "PublishAllXml",
              "PublishXml", "UpdateOptionValue", "InsertOptionValue", "DeleteOptionValue",
              "RetrieveTimestamp()", "AddListMembersList", "SendEmail", "RouteTo",
              "CreateCustomerRelationships", "CreateOneToMany"]  # fmt: skip
BOUND = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple", "Restore",
         "RetrievePrincipalAccessInfo(ObjectId=@p,EntityName='contact')", "AddToQueue",
         "RetrievePrincipalAccess(Target=@t)", "RetrieveUserPrivileges()", "Nothing", "",
         "AddMembersTeam", "RemoveMembersTeam", "PickFromQueue", "GetFileSasUrl",
         "IncrementKnowledgeArticleViewCount", "PublishKnowledgeArticle"]  # fmt: skip
METADATA = ["$metadata", "", "EntityDefinitions", "EntityDefinitions(LogicalName='contact')",
            "EntityDefinitions(LogicalName='nothing')", "EntityDefinitions({id})",
            "EntityDefinitions(LogicalName='contact')/Attributes",
            "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='gendercode')",
            "EntityDefinitions(LogicalName='contact')/Attributes/"
            "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
            "EntityDefinitions(LogicalName='contact')/Keys",
            "EntityDefinitions(LogicalName='contact')/ManyToOneRelationships",
            "EntityDefinitions(LogicalName='contact')/OneToManyRelationships",
            "RelationshipDefinitions", "RelationshipDefinitions(SchemaName='a')",
            "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
            "GlobalOptionSetDefinitions", "GlobalOptionSetDefinitions(Name='x')",
            "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='gendercode')/"
            "Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet", "$batch",
            "ManagedPropertyDefinitions"]  # fmt: skip
ADMIN = ["/emulator/settings", "/emulator/requests", "/emulator/snapshots", "/emulator/health",
         "/emulator/faults", "/emulator/nothing", "/emulator", "/"]  # fmt: skip
ODD = ["", " ", "'", "''", '"', "null", "true", "-1", "0", "1", "2147483648", "9223372036854775808",
       "9" * 60, "1e400", "-1e-400", "NaN", "INF", "\ud83d\ude00".encode("utf-16", "surrogatepass")
       .decode("utf-16"), "\u0000", "%00", "%", "(", ")", "((", "[", "]", "{", "}", "<", ">",
       "&amp;",
       "a" * 2000, "'" + "a" * 300 + "'", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
       "9999-12-31T23:59:59-14:00", "2024-02-30", "2024-02-29T10:00:00+05:30", "1752-12-31",
       "2026-07-01T09:00:00Z", "2026-07-01", "00000000-0000-0000-0000-000000000000",
       "c0000001-5eed-8000-8000-000000000001", "C0000001-5EED-8000-8000-000000000002", "@p", "$1",
       "$it", "$root", "\u2028", "\u0130", "\u00e9", "\\", "/", "//", "..", ";", ",", "=", "#",
       "?", "&", "+", "*", "%25", "W/\"1\"", "_", "[a-z]", "%%%%%%%%%%%%%%%%%%%%"]  # fmt: skip
IDS = [f"c0000001-5eed-8000-8000-{number:012x}" for number in range(6)]
PREFERENCES = ["return=representation", "return=minimal", "odata.maxpagesize=1",
               "odata.maxpagesize=5000", "odata.maxpagesize=0", "odata.maxpagesize=-1",
               "odata.maxpagesize=99999999999999999999", "odata.maxpagesize=x",
               'odata.include-annotations="*"', "odata.include-annotations=*",
               'odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
               "odata.continue-on-error", "odata.track-changes", "respond-async", "", ";;,,=",
               'odata.include-annotations="']  # fmt: skip
HEADERS = [("If-Match", ["*", 'W/"1"', 'W/"99999999999999999999"', '"x"', "", "null", 'W/"']),
           ("If-None-Match", ["*", "null", 'W/"1"', "", 'W/"x"']),
           ("MSCRM.SuppressDuplicateDetection", ["false", "true", "x"]),
           ("MSCRM.MergeLabels", ["true", "x"]),
           ("MSCRM.SolutionUniqueName", ["Default", "x", "'"]),
           ("MSCRM.BypassCustomPluginExecution", ["true"]),
           ("MSCRM.BypassBusinessLogicExecution", ["CustomSync", "x"]),
           ("MSCRMCallerID", [IDS[0], "x", "", "00000000-0000-0000-0000-000000000000"]),
           ("CallerObjectId", [IDS[1], "x"]), ("Authorization", ["Bearer x", "Basic eDp5", "\xff"]),
           ("Accept", ["application/json", "text/xml", "application/json;odata.metadata=full",
                       "*/*", ""]),
           ("OData-Version", ["4.0", "4.01", "3.0", "x"]), ("Consistency", ["Strong", "x"]),
           ("OData-MaxVersion", ["4.0", "4.01", "1.0"]),
           ("x-ms-file-name", ["a.txt", "\xff", "../../a", ""]),
           ("x-ms-transfer-mode", ["chunked", "x"]),
           ("Content-Range", ["bytes 0-3/4", "bytes 0-99999999999/4", "bytes x", "bytes 4-0/1"]),
           ("Range", ["bytes=0-", "bytes=5-1", "bytes=99999-", "x"])]  # fmt: skip
OPERATORS = ["eq", "ne", "gt", "ge", "lt", "le", "and", "or", "in", "add", "has", "not"]
FUNCTIONS = ["contains", "startswith", "endswith", "tolower", "length", "year", "date", "now",
             "indexof", "substring", "concat", "cast", "Microsoft.Dynamics.CRM.LastXDays",
             "Microsoft.Dynamics.CRM.In", "Microsoft.Dynamics.CRM.Between", "nothing",
             "Microsoft.Dynamics.CRM.InFiscalPeriodAndYear", "Microsoft.Dynamics.CRM.Under",
             "Microsoft.Dynamics.CRM.ContainValues", "Microsoft.Dynamics.CRM.NextXYears",
             "Microsoft.Dynamics.CRM.OlderThanXMinutes", "Microsoft.Dynamics.CRM.On",
             "Microsoft.Dynamics.CRM.EqualUserId", "Microsoft.Dynamics.CRM.Today"]  # fmt: skip
OPTIONS = ["$select", "$filter", "$expand", "$orderby", "$top", "$count", "$skip", "$apply",
           "fetchXml", "sql", "$skiptoken", "$format", "savedQuery", "userQuery", "@p", "@q", "@r",
           "@t", "$search", "$id", "tag", "partitionId", "api-version", "$deltatoken", "nothing",
           "$compute", "LabelLanguages"]  # fmt: skip
PARAMETERS = ["@odata.id", "@odata.type", "Targets", "Target", "value", "data",
              "IncidentResolution",
              "Status", "Subordinate", "QuerySet", "JobName", "UpdateContent", "EntityName",
              "Entities", "LogicalName", "SchemaName", "Attributes", "Lookup", "KeyAttributes",
              "FileContinuationToken", "BlockList", "FileName", "BlockData", "BlockId", "Members",
              "PrincipalAccess", "@odata.etag", "RequiredLevel", "MaxLength", "DisplayName",
              "Options", "OptionSet", "OptionSetName", "Value", "MergeLabels", "AttributeType",
              "participationtypemask", "partyid_contact@odata.bind", "Query"]  # fmt: skip
