-- Records by their last public day: whoever reads on in the change stream is told what ended since. The day alone, so that
-- it costs an import least; the day's records are put in order when they are read.
create index record_by_end on record(through_on) where through_on is not null;
