//! In which ways a part of a plan can end, and which exit code each has.

use serde::Serialize;

use crate::outcome::Outcome;

/// How a part of a plan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ItemResult {
    /// Done now, and read back.
    Done,
    /// Done by an earlier run, or by somebody else: the service has what is wanted.
    DoneBefore,
    /// Not begun, because it was stopped before, or somebody else is at work on it.
    Left,
    /// Done, but the service reports something else than was asked for.
    Different,
    /// Done by what the service answered, and nothing tells what it has now.
    NotReadBack,
    /// A subaccount was created, and its products are not set.
    PartlyDone,
    /// Nothing reached the service.
    NotSent,
    /// The service answered and did not do it.
    Refused,
    /// It may have been carried out.
    Unknown,
    /// A safety check: it is not what the plan shows any more.
    Stale,
}

impl ItemResult {
    /// Whether it counts among failures in a row.
    pub(super) fn is_failure(self) -> bool {
        matches!(
            self,
            Self::NotReadBack | Self::PartlyDone | Self::NotSent | Self::Refused | Self::Unknown
        )
    }

    /// A creation and the products that follow it. Once there is a subaccount that was not there
    /// before, nothing says any more that nothing was changed, and a key in doubt outweighs all else.
    pub(super) fn followed_by(self, products: Self) -> Self {
        match (self, products) {
            (Self::Unknown, _) => Self::Unknown,
            (Self::Done, Self::NotSent | Self::Refused | Self::Stale) => Self::PartlyDone,
            _ => self.and(products),
        }
    }

    /// Both together: the worse one, and done now if any of both was.
    fn and(self, other: Self) -> Self {
        match self.max(other) {
            Self::DoneBefore => self.min(other),
            worse => worse,
        }
    }

    /// What failed with this exit code.
    pub(super) fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done | Outcome::Findings | Outcome::Unusable => Self::NotSent,
            Outcome::Refused => Self::Refused,
            Outcome::Unknown => Self::Unknown,
            Outcome::Unsafe => Self::Stale,
        }
    }

    /// The exit code if it were alone.
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::Done | Self::DoneBefore => Outcome::Done,
            Self::Left | Self::Different | Self::NotReadBack | Self::PartlyDone => {
                Outcome::Findings
            }
            Self::NotSent => Outcome::Unusable,
            Self::Refused => Outcome::Refused,
            Self::Unknown => Outcome::Unknown,
            Self::Stale => Outcome::Unsafe,
        }
    }

    /// As in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DoneBefore => "done-before",
            Self::Left => "left",
            Self::Different => "different",
            Self::NotReadBack => "not-read-back",
            Self::PartlyDone => "partly-done",
            Self::NotSent => "not-sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Stale => "stale",
        }
    }

    /// In words, after a subject.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DoneBefore => "done before",
            Self::Left => "left to do",
            Self::Different => "done differently",
            Self::NotReadBack => "done, but not read back",
            Self::PartlyDone => "partly done",
            Self::NotSent => "not sent",
            Self::Refused => "refused by the service",
            Self::Unknown => "outcome unknown",
            Self::Stale => "refused as stale",
        }
    }
}
