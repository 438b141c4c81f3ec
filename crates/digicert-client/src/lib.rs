#![doc = include_str!("../README.md")]

mod answer;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
pub mod certcentral;
mod error;
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated from openapi/"
)]
mod generated;
mod key;
mod key_name;
mod limiter;
mod limiters;
mod limits;
mod observe;
mod operation;
pub mod partner;
mod recovered;
mod remedy;
mod reservation;
mod retry;
mod runtime;
mod service_error;
mod tls;
mod told;

pub use base_url::Region;
pub use builder::{Api, ClientBuilder};
pub use digicert_types as types;
pub use error::{Error, ErrorKind};
pub use limiter::Turn;
pub use limits::{RateLimits, Window};
pub use operation::Operation;
pub use recovered::Recovered;
pub use retry::RetryPolicy;
pub use service_error::ServiceError;
pub use tls::with_tls;

/// What every call of a client returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
