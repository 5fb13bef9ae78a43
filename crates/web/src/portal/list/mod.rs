//! `GET /lists`: what is public today across organisations, by item, organ, region and date of decision; as a page, as a
//! file and as a feed. Without a filter: which lists there are, with their counts.

mod address;
pub(crate) mod feed;
pub(crate) mod file;
pub(crate) mod overview;
pub(crate) mod rss;
pub(crate) mod show;
