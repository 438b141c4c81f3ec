//! An address and a key that do not come from the same place: a key of the profile and an address
//! that is left in the environment, or the other way round. That may be meant, and may be how the key
//! of a live account gets to a sandbox. What an option says is meant.

use super::Service;
use super::address::{Address, ORIGIN_VARIABLE};
use super::credentials::KeySource;

/// Who says where a service or a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SaidBy {
    Option,
    Environment,
    Profile,
    Nobody,
}

/// Where the address of a service comes from.
#[derive(Debug)]
pub(super) struct AddressSource {
    pub(super) said_by: SaidBy,
    /// The one of the profile, whether it is used or not.
    pub(super) of_profile: Option<Address>,
}

/// What is mixed, and what to do about it.
#[derive(Debug)]
pub(crate) struct Mixture {
    pub(crate) message: String,
    pub(crate) remedy: String,
}

impl Service {
    /// What there is to say before a key is sent to the address.
    pub(crate) fn mixture(&self, key: &KeySource) -> Option<Mixture> {
        match (self.address_source.said_by, key.said_by()) {
            (SaidBy::Environment, SaidBy::Profile) => self.address_left_over(key),
            (SaidBy::Profile, SaidBy::Environment) if key.is_in_profile() => {
                Some(self.key_left_over(key))
            }
            _ => None,
        }
    }

    fn address_left_over(&self, key: &KeySource) -> Option<Mixture> {
        let of_profile = self.address_source.of_profile.clone();
        let own = of_profile.unwrap_or_default().origin();
        let origin = self.origin();
        if own == origin {
            return None;
        }
        Some(Mixture {
            message: format!(
                "the {} of {}, whose address is {own}, goes to {origin}, which is left in \
                 {ORIGIN_VARIABLE}",
                key.name(),
                self.profile_in_words()
            ),
            remedy: format!(
                "`unset {ORIGIN_VARIABLE}` ends that; if it is meant, say so with `--origin`"
            ),
        })
    }

    fn key_left_over(&self, key: &KeySource) -> Mixture {
        Mixture {
            message: format!(
                "the address is that of {}, {}, and the {} is another one, from {}",
                self.profile_in_words(),
                self.origin(),
                key.name(),
                key.place()
            ),
            remedy: format!(
                "`unset {}` takes the key of the profile; if it is meant, leave the key file out of \
                 the profile",
                key.variable()
            ),
        }
    }

    /// Where the address comes from, for who asks.
    pub(crate) fn address_from(&self) -> String {
        match self.address_source.said_by {
            SaidBy::Option => "an option".to_owned(),
            SaidBy::Environment => ORIGIN_VARIABLE.to_owned(),
            SaidBy::Profile => self.profile_in_words(),
            SaidBy::Nobody => "nowhere, so it is that of the United States".to_owned(),
        }
    }

    pub(super) fn profile_in_words(&self) -> String {
        match self.profile_name() {
            Some(name) => format!("the profile `{name}`"),
            None => "the profile".to_owned(),
        }
    }
}
