//! What a document says of a subaccount that it creates, a line each: who it is, who gets access, who
//! pays, what it may do. Which products it gets is not in that document.

use digicert_types::certcentral::{CreateSubaccountRequest, NewOrganization, NewUser};

use crate::sheet::Sheet;

/// Adds everything that a request says.
pub(crate) fn add(sheet: &mut Sheet, request: &CreateSubaccountRequest) {
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
    let parent_pays = request.bill_parent.unwrap_or(false);
    sheet.yes_or_no("Parent pays for its orders", Some(parent_pays));
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
