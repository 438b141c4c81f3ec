#![doc = include_str!("../README.md")]

mod answer;
mod app;
mod authentication;
mod clock;
mod connection;
mod control;
mod disconnect;
mod exchange;
mod faults;
#[expect(
    unreachable_pub,
    reason = "generated from crates/digicert-validate/data/"
)]
mod generated;
mod keys;
mod limits;
mod listing;
mod operation;
mod operations;
mod page;
#[cfg(feature = "persistence")]
mod persistence;
mod request_body;
mod request_log;
mod request_shape;
mod router;
mod sandbox;
mod server;
mod start_error;
mod state;
mod timestamp;

pub use digicert_types::{Amount, CertCentralApiKey, PartnerApiKey};

pub use clock::Clock;
pub use faults::{
    ActiveFault, CutBody, Delay, Effect, Fault, FaultId, Faults, InvalidFault, Reset, Status,
    UnknownFields, When,
};
pub use operation::{Operation, UnknownOperation};
#[cfg(feature = "persistence")]
pub use persistence::StateFileError;
pub use request_log::{LoggedRequest, Requests};
pub use sandbox::{Sandbox, SandboxBuilder};
pub use start_error::StartError;
pub use state::{Contract, ParentSettings, PartnerSubaccount, StateDocument, StateError};
