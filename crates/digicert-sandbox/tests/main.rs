//! The sandbox, driven over a real socket by a real HTTP client: one file for each topic.
//!
//! A comment above a test says where the behaviour is documented, in the words that
//! `openapi/README.md` has for its sources; "our choice" is what the README of this crate lists
//! as such.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod authentication;
mod balance;
mod billing_link;
mod client;
mod clock;
mod control;
mod create_subaccount;
mod faults;
mod hostile;
mod lifecycle;
mod limits;
mod openapi;
mod page;
mod products;
#[cfg(feature = "program")]
mod program;
mod reads;
mod request_log;
mod samples;
mod slow_clients;
mod state_document;
#[cfg(feature = "program")]
mod state_file;
