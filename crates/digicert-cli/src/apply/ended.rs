//! In which ways a part of a plan can end, and which exit code each has.

use serde::Serialize;

use crate::outcome::Outcome;

/// How a part of a plan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ended {
    /// Done now, and read back.
    Done,
    /// Done by an earlier run, or by somebody else: the service has what is wanted.
    DoneBefore,
    /// Not begun, because it was stopped before.
    Left,
    /// Done, but the service reports something else than was asked for.
    Different,
    /// Done by what the service answered, and nothing tells what it has now.
    NotReadBack,
    /// Nothing reached the service.
    NotSent,
    /// The service answered and did not do it.
    Refused,
    /// It may have been carried out.
    Unknown,
    /// A safety check: it is not what the plan shows any more.
    Stale,
}

impl Ended {
    /// Whether it counts among failures in a row.
    pub(super) fn is_failure(self) -> bool {
        matches!(
            self,
            Self::NotReadBack | Self::NotSent | Self::Refused | Self::Unknown
        )
    }

    /// Both together: the worse one, and done now if any of both was.
    pub(super) fn and(self, other: Self) -> Self {
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
            Self::Left | Self::Different | Self::NotReadBack => Outcome::Findings,
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
            Self::NotSent => "not sent",
            Self::Refused => "refused by the service",
            Self::Unknown => "outcome unknown",
            Self::Stale => "refused as stale",
        }
    }
}
