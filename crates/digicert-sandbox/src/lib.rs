#![doc = include_str!("../README.md")]

mod answer;
mod app;
mod authentication;
mod clock;
mod keys;
mod listing;
mod operations;
mod page;
mod request_body;
mod request_shape;
mod router;
mod sandbox;
mod server;
mod start_error;
mod state;

pub use digicert_types::{CertCentralApiKey, PartnerApiKey};

pub use clock::Clock;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use start_error::StartError;
pub use state::ParentSettings;
