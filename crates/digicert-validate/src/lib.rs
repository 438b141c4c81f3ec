#![doc = include_str!("../README.md")]

mod context;
mod document;
mod findings;
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated from openapi/ and data/"
)]
mod generated;
mod nearest;
mod order;
mod products;
mod registry;
pub mod render;
mod report;
mod request;
mod rule;
mod rules;
mod validator;

pub use context::{Acknowledged, Context, Contract, ParentContext, SubaccountContext};
pub use document::{DocumentReport, Format, Kind, yaml_number};
pub use nearest::nearest;
pub use products::{Product, product, products};
pub use registry::{find_rule, rule, rules};
pub use report::{Finding, Place, Report};
pub use request::{BillingLink, Request};
pub use rule::{RuleInfo, Severity};
pub use validator::{UnknownRule, Validator, validate};
