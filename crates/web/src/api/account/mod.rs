//! Accounts: one's own (`/api/v1/account/…`) and, for administrators, everybody's (`/api/v1/accounts…`).

pub(crate) mod notice;
pub(crate) mod own;
pub(crate) mod stand;
