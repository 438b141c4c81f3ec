//! Which subaccounts the service has already: of an organization, and of a name within it.
//!
//! The service takes the same creation any number of times, so this has to be looked up. What
//! cannot be compared is taken for one of them: better one too many than a second subaccount.

use std::fmt;

use digicert_client::Error;
use digicert_client::certcentral::Client;
use digicert_types::certcentral::{
    AccountType, CreateSubaccountRequest, ListSubaccountsQuery, SubaccountDetails,
    SubaccountSummary, SubaccountType,
};

use crate::custodian::LastLook;
use crate::failure::Failure;
use crate::service::{Page, SubaccountPages};
use crate::subaccount_name::{Identity, is_same};

/// How many characters are searched for. In an address they take at most twelve times as many bytes,
/// and servers read some thousands.
pub(crate) const MAX_SEARCHED: usize = 200;

/// The result, for programs, where it cannot be told.
pub(crate) const UNTOLD: &str = "untold";

/// The result, for programs, where there is one already.
pub(crate) const EXISTS: &str = "exists";

/// Why it cannot be told from what the service sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untold {
    /// The list does not come to its end, or ends too early.
    Endless,
    /// An answer has no list in it.
    NoList,
    /// More come while they are looked at.
    Restless,
    /// One of the organization has no ID to look it up by.
    WithoutId,
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Endless => {
                "the service says that it has more subaccounts of the organization than it lists, \
                 so whether this one is there already cannot be told"
            }
            Self::NoList => {
                "the answer of the service has no list of subaccounts in it, so whether this one is \
                 there already cannot be told"
            }
            Self::Restless => {
                "the organization gets new subaccounts while they are looked at, so whether this one \
                 is there already cannot be told"
            }
            Self::WithoutId => {
                "the service lists a subaccount of the organization without an ID, so whether it \
                 is this one cannot be told"
            }
        })
    }
}

impl From<Untold> for Failure {
    fn from(why: Untold) -> Self {
        Self::unsafe_to_go_on(format!("{why}; nothing was sent")).with_result(UNTOLD)
    }
}

/// The subaccounts of an organization, the newest first.
pub(crate) async fn of_organization(
    client: &Client,
    organization: &str,
) -> Result<Result<Vec<SubaccountSummary>, Untold>, Error> {
    let listed = listed(client, organization).await?;
    Ok(listed.map(|(found, _)| found))
}

/// The same with the number of requests.
async fn listed(
    client: &Client,
    organization: &str,
) -> Result<Result<(Vec<SubaccountSummary>, usize), Untold>, Error> {
    let query = ListSubaccountsQuery::builder()
        .filters_search(searched(organization))
        .sort("-date_created".to_owned())
        .build();
    let mut pages = SubaccountPages::new(client, query).until_nothing_comes();
    let (mut found, mut requests) = (Vec::new(), 0);
    loop {
        requests += 1;
        match pages.advance().await? {
            Page::Subaccounts(page) => found.extend(page),
            Page::End => break,
            Page::Stuck | Page::EndsEarly => return Ok(Err(Untold::Endless)),
            Page::NoList => return Ok(Err(Untold::NoList)),
        }
    }
    found.retain(|one| {
        let name = one.organization_name.as_deref();
        name.is_none_or(|name| is_same(name, organization))
    });
    Ok(Ok((found, requests)))
}

/// What is searched for: no fewer than those of the name. The text stands in the address of the
/// request, where a long name has no room; of that the beginning is enough. A leading percent sign
/// stands for "contains", so a name that begins with one is looked for among all that contain it.
fn searched(organization: &str) -> String {
    let name = organization.trim();
    match name.char_indices().nth(MAX_SEARCHED) {
        Some((end, _)) => format!("%{}", name.get(..end).unwrap_or(name).trim_end()),
        None => name.to_owned(),
    }
}

/// A subaccount of the organization of a creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sibling {
    pub(crate) id: i64,
    /// What the service tells of it; its type may come from the list.
    pub(crate) details: SubaccountDetails,
}

impl Sibling {
    /// Whether it is what the creation would make. A type that the service does not tell, or that
    /// nobody here knows, is taken for it.
    pub(crate) fn is_of_type(&self, wanted: SubaccountType) -> bool {
        match &self.details.account_type {
            None | Some(AccountType::Unknown(_)) => true,
            Some(account_type) => is_same(&account_type.to_string(), &wanted.to_string()),
        }
    }

    /// Its names, if its organization is the one that was searched for.
    pub(crate) fn identity(&self, organization: &str) -> Identity {
        Identity::new(organization, self.details.child_name.as_deref())
    }
}

/// `1122334, of the type retail`.
impl fmt::Display for Sibling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        match &self.details.account_type {
            Some(account_type) => write!(f, ", of the type {account_type}"),
            None => Ok(()),
        }
    }
}

impl Siblings {
    /// The others of its type, if it has no `child_name` that would tell it from them: how the service
    /// names one that was created without a name is not known.
    pub(crate) fn indistinct(&self) -> &[Sibling] {
        if self.has_child_name {
            &[]
        } else {
            &self.others
        }
    }

    /// How to look once more right before a creation that these are no obstacle to.
    pub(crate) fn once_more(&self) -> LastLook {
        LastLook {
            seen: self
                .listed
                .iter()
                .filter_map(|one| one.account_id)
                .collect(),
            lists: self.lists,
            is_nameless_allowed: false,
        }
    }
}

/// What there is of the organization of a creation.
#[derive(Debug)]
pub(crate) struct Siblings {
    /// All of them as they are listed, the newest first.
    pub(crate) listed: Vec<SubaccountSummary>,
    /// Those of its `child_name`, of whatever type.
    pub(crate) of_name: Vec<Sibling>,
    /// The others of its type.
    pub(crate) others: Vec<Sibling>,
    has_child_name: bool,
    /// How many requests the list took, and how many all.
    pub(crate) lists: usize,
    pub(crate) requests: usize,
}

/// Looks for what a creation may have made already.
pub(crate) async fn siblings(
    client: &Client,
    request: &CreateSubaccountRequest,
) -> Result<Result<Siblings, Untold>, Error> {
    siblings_but(client, request, &[], usize::MAX).await
}

/// The same without those that have been looked at, with so many requests at most.
pub(crate) async fn siblings_but(
    client: &Client,
    request: &CreateSubaccountRequest,
    seen: &[i64],
    most: usize,
) -> Result<Result<Siblings, Untold>, Error> {
    let organization = &request.organization.name;
    let (listed, lists) = match listed(client, organization).await? {
        Ok(listed) => listed,
        Err(untold) => return Ok(Err(untold)),
    };
    let mut requests = lists;
    let wanted = Identity::of(request);
    let (mut of_name, mut others) = (Vec::new(), Vec::new());
    for one in &listed {
        let Some(id) = one.account_id else {
            return Ok(Err(Untold::WithoutId));
        };
        if seen.contains(&id) {
            continue;
        }
        if requests >= most {
            return Ok(Err(Untold::Restless));
        }
        requests += 1;
        let mut details = client.get_subaccount(id).await?;
        details.account_type = details.account_type.or_else(|| one.account_type.clone());
        let sibling = Sibling { id, details };
        if sibling.identity(organization) == wanted {
            of_name.push(sibling);
        } else if sibling.is_of_type(request.account_type) {
            others.push(sibling);
        }
    }
    Ok(Ok(Siblings {
        listed,
        of_name,
        others,
        has_child_name: wanted.has_child_name(),
        lists,
        requests,
    }))
}
