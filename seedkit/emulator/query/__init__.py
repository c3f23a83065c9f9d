"""Reading rows: select, filter, expand, order, paging, annotations."""
