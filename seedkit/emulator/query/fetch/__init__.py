"""FetchXML: read into a tree, compiled to SQL over the store's tables, shaped into rows."""
