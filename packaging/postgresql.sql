-- A database for Credence on PostgreSQL 15 or later. As the superuser: psql -f postgresql.sql
-- The program makes its tables itself at the first start; it needs to own the database and nothing else.
create role credence login;
create database credence owner credence encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8' template template0;
revoke connect on database credence from public;
-- What is acknowledged is on the disk: never turn this off for the platform.
alter database credence set synchronous_commit = on;
