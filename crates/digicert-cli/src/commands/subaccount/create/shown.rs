//! What is shown before the question.

use digicert_types::certcentral::{
    Account, CreateSubaccountRequest, NewOrganization, NewUser, SubaccountSummary,
};

use crate::custodian::KeyPlace;
use crate::former_creation;
use crate::sheet::Sheet;

pub(super) fn text(
    request: &CreateSubaccountRequest,
    account: &Account,
    origin: &str,
    key_place: &KeyPlace,
    color: bool,
) -> String {
    let mut sheet = Sheet::new();
    sheet.line("Service", Some(origin));
    sheet.line("Parent account", Some(parent(account)));
    sheet.line("Type", Some(request.account_type.to_string()));
    sheet.line("Name", request.child_name.as_ref());
    sheet.line("Organization", Some(&request.organization.name));
    sheet.line("Assumed name", request.organization.assumed_name.as_ref());
    sheet.line("Address", Some(address(&request.organization)));
    sheet.line("Administrator", Some(administrator(&request.user)));
    let grandchildren = request.allowed_grandchildren.iter();
    let grandchildren: Vec<_> = grandchildren.map(ToString::to_string).collect();
    sheet.line(
        "May create subaccounts",
        Some(if grandchildren.is_empty() {
            "no".to_owned()
        } else {
            grandchildren.join(", ")
        }),
    );
    sheet.yes_or_no("Parent pays for its orders", request.bill_parent);
    sheet.yes_or_no("Its subaccounts must bill it", request.enforce_bill_parent);
    sheet.shown(
        "Longest plan in years",
        request.max_allowed_multi_year_plan_length,
    );
    sheet.shown("Account manager", request.account_manager_user_id);
    sheet.yes_or_no(
        "Parent may renew its orders",
        request.allow_parent_order_renewal,
    );
    match key_place {
        KeyPlace::None => {}
        KeyPlace::File(path) => sheet.line("Its key goes to", Some(path.display().to_string())),
        KeyPlace::Command(program) => {
            sheet.line(
                "Its key goes to",
                Some(format!("the program {}", program.display())),
            );
        }
    }
    format!("To be created:\n\n{}\n", sheet.text(color))
}

/// What exists already, of the same organization and type.
pub(super) fn alike(subaccounts: &[SubaccountSummary], color: bool) -> String {
    if subaccounts.is_empty() {
        return String::new();
    }
    let table = former_creation::table(subaccounts, color);
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

fn address(organization: &NewOrganization) -> String {
    let lines = [
        Some(organization.address.as_str()),
        organization.address2.as_deref(),
        Some(organization.zip.as_str()),
        Some(organization.city.as_str()),
        Some(organization.state.as_str()),
        Some(organization.country.as_str()),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn administrator(user: &NewUser) -> String {
    let NewUser {
        first_name,
        last_name,
        email,
        ..
    } = user;
    format!("{first_name} {last_name} <{email}>, who gets an e-mail from DigiCert")
}
