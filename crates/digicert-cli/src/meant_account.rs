//! The account that somebody has said is meant, in a profile or in manifests: with the key of another
//! one, what they mean to change would be changed, or created, in the wrong place.

use digicert_types::certcentral::Account;

use crate::failure::Failure;
use crate::printable::printable;

/// An account, and who says that it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MeantAccount {
    pub(crate) id: i64,
    /// What the sentence begins with: ``the profile `production` is``.
    said_by: String,
}

impl MeantAccount {
    pub(crate) fn new(id: i64, said_by: impl Into<String>) -> Self {
        Self {
            id,
            said_by: said_by.into(),
        }
    }

    /// Refuses to go on with the key of another account, or of one that the service does not name.
    pub(crate) fn check(&self, account: &Account) -> Result<(), Failure> {
        let Err(why) = self.compare(account) else {
            return Ok(());
        };
        let message = format!("nothing was changed: {why}; {}", self.remedy());
        Err(Failure::unsafe_to_go_on(message).with_result("another-account"))
    }

    /// What both say, in words: that they agree, or that they do not.
    pub(crate) fn compare(&self, account: &Account) -> Result<String, String> {
        let Self { id, said_by } = self;
        if account.id == Some(*id) {
            return Ok(format!("{said_by} for account {id}, and so is the key"));
        }
        let other = account
            .id
            .map_or("an account without an ID".to_owned(), |id| {
                format!("account {id}")
            });
        let name = account.primary_organization_name.as_deref();
        let name = name.map_or_else(String::new, |name| format!(" ({})", printable(name)));
        Err(format!(
            "{said_by} for account {id}, and the key belongs to {other}{name}"
        ))
    }

    pub(crate) fn remedy(&self) -> String {
        format!(
            "use the key of account {}, or correct `account_id`, which says which one is meant",
            self.id
        )
    }
}

/// All of them, in their order.
pub(crate) fn check_all(meant: &[MeantAccount], account: &Account) -> Result<(), Failure> {
    meant.iter().try_for_each(|meant| meant.check(account))
}
