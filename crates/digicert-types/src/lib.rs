#![doc = include_str!("../README.md")]

mod amount;
mod api_key;
pub mod examples;
#[allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    rustdoc::all,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    reason = "generated from openapi/"
)]
mod generated;
mod lenient;
mod open_enum;
mod quotable_integer;

pub use amount::{Amount, AmountError};
pub use api_key::{CertCentralApiKey, PartnerApiKey};
pub use generated::{certcentral, partner};
pub use open_enum::UnknownValue;
pub use quotable_integer::QuotableInteger;
