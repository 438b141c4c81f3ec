//! Whether a subaccount that is to be created is there already.

use digicert_client::certcentral::Client;

use crate::existing_subaccount;
use crate::manifest::Creation;

/// The IDs of the subaccounts of that organization and `child_name`.
pub(crate) async fn find(
    client: &Client,
    creation: &Creation,
) -> Result<Vec<i64>, digicert_client::Error> {
    existing_subaccount::of_name(client, &creation.request).await
}
