-- Editions of the rulebook that wait for a second person. What is enacted goes to `rulebook`; what was answered is gone from here.
create table rulebook_proposed(digest blob primary key, proposal text not null, body blob not null);
