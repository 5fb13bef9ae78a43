-- Lists of cases, claims and incidents go on behind their last place.
create index listing_case_by_day on listing_case(opened_on desc, number);
create index listing_case_by_unit_day on listing_case(unit, opened_on desc, number);
create index measure_by_day on measure(moved_on desc, number);
create index measure_by_unit_day on measure(unit, moved_on desc, number);
create index repair_by_day on repair(moved_on desc, number);
create index repair_by_unit_day on repair(unit, moved_on desc, number);
create index objection_case_by_day on objection_case(moved_on desc, number);
create index officer_by_day on officer(moved_on desc, number);
create index officer_by_unit_day on officer(unit, moved_on desc, number);
create index secrecy_claim_by_turn on secrecy_claim((case when decided_on is null then 0 else 1 end), filed_on, number);
create index secrecy_claim_by_claimant on secrecy_claim(claimant, filed_on, number);
create index incident_by_instant on incident(opened_at desc, id);
