//! `digicert account show`: which account a key belongs to.

use clap::Args;
use digicert_types::QuotableInteger;
use digicert_types::certcentral::Account;
use serde::Serialize;

use crate::asynchronous;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::service::ServiceOptions;
use crate::sheet::Sheet;
use crate::standard_output::StandardOutput;

/// Show the account that the CertCentral API key belongs to
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    service: ServiceOptions,
}

#[derive(Serialize)]
struct Shown {
    origin: String,
    account: Account,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let service = self.service.service()?;
        let client = service.certcentral()?;
        let account = asynchronous::run(async { Ok(client.get_account().await?) })?;
        let origin = service.origin();
        let text = match self.format {
            OutputFormat::Human => human(&origin, &account, color),
            OutputFormat::Json => Versioned::first(Shown { origin, account }).text()?,
        };
        StandardOutput::print(&text)?;
        Ok(Outcome::Done)
    }
}

fn human(origin: &str, account: &Account, color: bool) -> String {
    let mut sheet = Sheet::new();
    sheet.shown("Account ID", account.id);
    sheet.line("Organization", account.primary_organization_name.as_ref());
    sheet.shown("Type", account.cert_central_type.as_ref());
    sheet.shown("Pricing model", account.pricing_model.as_ref());
    let limit = account.balance_negative_limit;
    sheet.shown(
        "Balance may go below zero by",
        limit.map(QuotableInteger::value),
    );
    sheet.line("Billing account", account.billing_account_name.as_ref());
    sheet.shown("Billing account ID", account.billing_account_id);
    sheet.yes_or_no("Below a reseller", account.is_reseller_customer);
    sheet.line("Account manager", account.rep_name.as_ref());
    sheet.line("Service", Some(origin));
    sheet.text(color)
}
