//! `digicert subaccount show`: one subaccount.

use clap::Args;
use digicert_types::certcentral::{MasterUser, SubaccountDetails};
use serde::Serialize;

use crate::asynchronous;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::service::ServiceOptions;
use crate::sheet::Sheet;
use crate::standard_output::StandardOutput;

/// Show a subaccount: who pays, who administers it
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The account ID of the subaccount, as `digicert subaccount list` shows it
    #[arg(value_name = "ID", value_parser = crate::subaccount_id::parse)]
    id: i64,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    service: ServiceOptions,
}

#[derive(Serialize)]
struct Shown {
    origin: String,
    subaccount: SubaccountDetails,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let service = self.service.service()?;
        let client = service.certcentral()?;
        let read = async { Ok(client.get_subaccount(self.id).await?) };
        let subaccount = asynchronous::run(read)?;
        let text = match self.format {
            OutputFormat::Human => human(&subaccount, color),
            OutputFormat::Json => {
                let origin = service.origin();
                Versioned::first(Shown { origin, subaccount }).text()?
            }
        };
        StandardOutput::print(&text)?;
        Ok(Outcome::Done)
    }
}

fn human(subaccount: &SubaccountDetails, color: bool) -> String {
    let mut sheet = Sheet::new();
    sheet.shown("Account ID", subaccount.account_id);
    sheet.line("Organization", subaccount.organization_name.as_ref());
    sheet.line("Name", subaccount.child_name.as_ref());
    sheet.shown("Type", subaccount.account_type.as_ref());
    sheet.line("Created", subaccount.date_created.as_ref());
    sheet.yes_or_no("Parent pays for its orders", subaccount.bill_parent);
    sheet.yes_or_no(
        "Its subaccounts must bill it",
        subaccount.enforce_bill_parent,
    );
    sheet.line("Billing account", subaccount.billing_account_name.as_ref());
    sheet.shown("Billing account ID", subaccount.billing_account_id);
    sheet.line("Parent account ID", subaccount.parent_account_id.as_ref());
    let years = subaccount.max_allowed_multi_year_plan_length;
    sheet.shown("Longest plan in years", years);
    sheet.line("Account manager", subaccount.account_manager.as_ref());
    sheet.line(
        "Administrator",
        subaccount.master_user.as_ref().and_then(name),
    );
    let user = subaccount.master_user.as_ref();
    sheet.line("E-mail", user.and_then(|user| user.email.as_ref()));
    sheet.text(color)
}

fn name(user: &MasterUser) -> Option<String> {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}
