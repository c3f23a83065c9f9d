"""The Dataverse Web API: client, batches, metadata, sign-in. Knows nothing of banking."""
