//! Whom a plan is for, as people know it. Names and profiles are no part of a plan: the service and the
//! number of the account tell it from others.

use super::Head;

/// What stands above a plan for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// The organization of the account of the key.
    pub(crate) account_name: Option<String>,
    /// The profile that the service was chosen by.
    pub(crate) profile: Option<String>,
}

impl Addressee {
    /// `Account 1122331 (Acme GmbH) at https://www.digicert.com, profile production`.
    pub(super) fn line(&self, head: &Head) -> String {
        let mut line = match head.account_id {
            Some(id) => format!("Account {id}"),
            None => "An account without an ID".to_owned(),
        };
        if let Some(name) = &self.account_name {
            line.extend([" (", name, ")"]);
        }
        line.extend([" at ", &head.origin]);
        if let Some(profile) = &self.profile {
            line.extend([", profile ", profile]);
        }
        line
    }
}
