-- Public lists by item, newest decision first. The last public day stands in the index so that what has ended is passed
-- over without reading its row; the cost is told in docs/performance.md.
create index record_by_item on record(item, decided_on, through_on);
