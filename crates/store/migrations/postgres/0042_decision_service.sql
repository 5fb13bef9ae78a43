-- Whether the letter of a case's last decision is still to be served (送达); null for what was decided before services were recorded.
alter table repair add column unserved integer;
alter table objection_case add column unserved integer;
