//! Which subaccounts the service has already: of an organization, and of a name within it.
//!
//! The service takes the same creation any number of times, so this has to be looked up. What
//! cannot be compared is taken for one of them: better one too many than a second subaccount.

use digicert_client::Error;
use digicert_client::certcentral::Client;
use digicert_types::certcentral::{
    CreateSubaccountRequest, ListSubaccountsQuery, SubaccountDetails, SubaccountSummary,
};

use crate::service::SubaccountPages;

/// The subaccounts of an organization, the newest first.
pub(crate) async fn of_organization(
    client: &Client,
    organization: &str,
) -> Result<Vec<SubaccountSummary>, Error> {
    // A leading percent sign stands for "contains", so a name that begins with one is looked
    // for among all that contain it.
    let query = ListSubaccountsQuery::builder()
        .filters_search(organization)
        .sort("-date_created".to_owned())
        .build();
    let mut pages = SubaccountPages::new(client, query);
    let mut found = Vec::new();
    while let Some(page) = pages.advance().await? {
        found.extend(page);
    }
    found.retain(|one| {
        let name = one.organization_name.as_deref();
        name.is_none_or(|name| is_same(name, organization))
    });
    Ok(found)
}

/// The IDs of the subaccounts of that organization and `child_name`.
pub(crate) async fn of_name(
    client: &Client,
    request: &CreateSubaccountRequest,
) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    for one in of_organization(client, &request.organization.name).await? {
        let Some(id) = one.account_id else { continue };
        let details = client.get_subaccount(id).await?;
        if has_name(&details, request.child_name.as_deref()) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Neither letter case nor outer space makes another name.
pub(crate) fn is_same(name: &str, other: &str) -> bool {
    folded(name) == folded(other)
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn has_name(details: &SubaccountDetails, name: Option<&str>) -> bool {
    let child = |name: Option<&str>| name.map(folded).filter(|name| !name.is_empty());
    child(details.child_name.as_deref()) == child(name)
}
