//! What tells a subaccount from the others of an account: its organization, and its `child_name` among
//! those of one organization.
//!
//! Whoever compares names does it here. Two who disagree about what is the same name would let a
//! second subaccount be created.

use digicert_types::certcentral::CreateSubaccountRequest;

/// The names of a subaccount, as they are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    organization: String,
    /// Without one it is known by its organization.
    child: Option<String>,
}

impl Identity {
    /// A `child_name` that is blank, or that of the organization, is none: the service may fill in the
    /// latter by itself.
    pub(crate) fn new(organization: &str, child_name: Option<&str>) -> Self {
        let organization = folded(organization);
        let child = child_name.map(folded);
        let child = child.filter(|child| !child.is_empty() && *child != organization);
        Self {
            organization,
            child,
        }
    }

    /// That of the subaccount that a request creates.
    pub(crate) fn of(request: &CreateSubaccountRequest) -> Self {
        Self::new(&request.organization.name, request.child_name.as_deref())
    }

    pub(crate) fn has_child_name(&self) -> bool {
        self.child.is_some()
    }
}

/// Neither letter case nor outer space makes another name.
pub(crate) fn is_same(name: &str, other: &str) -> bool {
    folded(name) == folded(other)
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subaccount_has_one_identity_however_its_names_are_written() {
        let acme = Identity::new("Acme", None);
        for (organization, child) in [
            (" acme", None),
            ("ACME\u{a0}", Some("")),
            ("Acme\t", Some("  ")),
            ("Acme", Some("acme ")),
        ] {
            assert_eq!(Identity::new(organization, child), acme);
        }
        let west = Identity::new("Acme", Some("West"));
        assert_eq!(Identity::new("acme", Some(" WEST")), west);
        for (organization, child) in [("Acme Inc", None), ("Acme", Some("East"))] {
            let other = Identity::new(organization, child);
            assert!(other != acme && other != west);
        }
    }
}
