-- A window's number says which rows it holds only together with the size of windows: progress in windows of another size is
-- not progress, its rows come again, unchanged. Windows had 32 MiB before this step.
alter table batch_window add column bytes bigint not null default 33554432;
