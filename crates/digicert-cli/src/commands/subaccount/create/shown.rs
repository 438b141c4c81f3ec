//! What is shown before the question.

use digicert_types::certcentral::{Account, CreateSubaccountRequest, SubaccountSummary};

use crate::creation_sheet;
use crate::custodian::KeyDestination;
use crate::earlier_creation;
use crate::existing_subaccount::Untold;
use crate::sheet::Sheet;

pub(super) fn text(
    request: &CreateSubaccountRequest,
    account: &Account,
    origin: &str,
    key_place: &KeyDestination,
    color: bool,
) -> String {
    let mut sheet = Sheet::new();
    sheet.line("Service", Some(origin));
    sheet.line("Parent account", Some(parent(account)));
    creation_sheet::add(&mut sheet, request);
    match key_place {
        KeyDestination::None => {}
        KeyDestination::File(path) => {
            sheet.line("Its key goes to", Some(path.display().to_string()));
        }
        KeyDestination::Command(program) => {
            sheet.line(
                "Its key goes to",
                Some(format!("the program {}", program.display())),
            );
        }
    }
    format!("To be created:\n\n{}\n", sheet.text(color))
}

/// What exists already, of the same organization and type.
pub(super) fn alike(
    listed: Result<&[SubaccountSummary], &Untold>,
    request: &CreateSubaccountRequest,
    color: bool,
) -> String {
    let mut alike = match listed {
        Ok(listed) => listed.to_vec(),
        Err(untold) => return format!("Not known is what the organization has: {untold}.\n\n"),
    };
    earlier_creation::keep_type(&mut alike, request);
    if alike.is_empty() {
        return String::new();
    }
    let table = earlier_creation::table(&alike, color);
    format!("The same organization has subaccounts of this type already:\n\n{table}\n")
}

fn parent(account: &Account) -> String {
    let id = account
        .id
        .map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    match &account.primary_organization_name {
        Some(name) => format!("{id} ({name})"),
        None => id,
    }
}
