//! Whether a subaccount that is to be created is there already: the service takes the same
//! creation any number of times, so this has to be looked up.

use digicert_client::certcentral::Client;
use digicert_types::certcentral::{ListSubaccountsQuery, SubaccountDetails};

use crate::manifest::Creation;

/// How many subaccounts a page has.
const PAGE: usize = 1000;

/// The IDs of the subaccounts of that organization and `child_name`.
pub(crate) async fn find(
    client: &Client,
    creation: &Creation,
) -> Result<Vec<i64>, digicert_client::Error> {
    let mut found = Vec::new();
    for id in of_organization(client, &creation.request.organization.name).await? {
        let details = client.get_subaccount(id).await?;
        if has_name(&details, creation) {
            found.push(id);
        }
    }
    Ok(found)
}

async fn of_organization(
    client: &Client,
    organization: &str,
) -> Result<Vec<i64>, digicert_client::Error> {
    let mut ids = Vec::new();
    let mut offset = 0;
    loop {
        // A leading percent sign stands for "contains", so a name that begins with one is looked
        // for among all that contain it.
        let query = ListSubaccountsQuery::builder()
            .filters_search(organization)
            .offset(offset)
            .limit(i64::try_from(PAGE).unwrap_or(i64::MAX))
            .build();
        let page = client.list_subaccounts(&query).await?;
        let summaries = page.subaccounts.iter().chain(&page.child_accounts);
        let before = ids.len();
        let mut seen = 0;
        for summary in summaries {
            seen += 1;
            let is_same = summary.organization_name.as_deref().is_none_or(|name| {
                let folded = |name: &str| name.trim().to_lowercase();
                folded(name) == folded(organization)
            });
            if let Some(id) = summary.account_id.filter(|id| is_same && !ids.contains(id)) {
                ids.push(id);
            }
        }
        if seen < PAGE || (ids.len() == before && seen == 0) {
            return Ok(ids);
        }
        offset += i64::try_from(seen).unwrap_or(i64::MAX);
    }
}

fn has_name(details: &SubaccountDetails, creation: &Creation) -> bool {
    let folded = |name: Option<&String>| name.map(|name| name.trim().to_lowercase());
    let child = |name: Option<&String>| folded(name).filter(|name| !name.is_empty());
    child(details.child_name.as_ref()) == child(creation.request.child_name.as_ref())
}
