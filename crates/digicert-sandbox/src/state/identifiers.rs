//! Handing out the IDs of accounts, organizations, containers and users.

/// The IDs of one new subaccount.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubaccountIds {
    pub(crate) account: i64,
    pub(crate) organization: i64,
    pub(crate) container: i64,
    pub(crate) user: i64,
}

/// Starts at the IDs of the create samples, so that the first subaccount has exactly those.
#[derive(Debug)]
pub(crate) struct Identifiers {
    next: SubaccountIds,
}

impl Identifiers {
    pub(crate) fn new() -> Self {
        Self {
            next: SubaccountIds {
                account: 1_122_334,
                organization: 3_344_556,
                container: 112_234,
                user: 45_321,
            },
        }
    }

    pub(crate) fn next(&mut self) -> SubaccountIds {
        let ids = self.next;
        self.next = SubaccountIds {
            account: ids.account + 1,
            organization: ids.organization + 1,
            container: ids.container + 1,
            user: ids.user + 1,
        };
        ids
    }
}
