//! The commands, a file or a folder each: its options, and what it does. A group, such as
//! `digicert products …`, is a folder of its commands.

pub(crate) mod account;
pub(crate) mod apply;
pub(crate) mod billing;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod products;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod subaccount;
pub(crate) mod validate;
