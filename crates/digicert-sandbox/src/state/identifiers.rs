//! Handing out the IDs of accounts, organizations, containers and users.

/// The IDs of one subaccount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SubaccountIds {
    pub(crate) account: i64,
    pub(crate) organization: i64,
    pub(crate) container: i64,
    pub(crate) user: i64,
}

/// The IDs of the create samples, so that the first subaccount has exactly those.
const FIRST: SubaccountIds = SubaccountIds {
    account: 1_122_334,
    organization: 3_344_556,
    container: 112_234,
    user: 45_321,
};

/// The next IDs; each is greater than all that were handed out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identifiers {
    next: SubaccountIds,
}

impl Default for Identifiers {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Identifiers {
    pub(crate) fn next(self) -> SubaccountIds {
        self.next
    }

    /// Takes note of IDs that are in use now.
    pub(crate) fn pass(&mut self, used: SubaccountIds) {
        let after = |next: i64, used: i64| next.max(used.saturating_add(1));
        self.next = SubaccountIds {
            account: after(self.next.account, used.account),
            organization: after(self.next.organization, used.organization),
            container: after(self.next.container, used.container),
            user: after(self.next.user, used.user),
        };
    }
}
