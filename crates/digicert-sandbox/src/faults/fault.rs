//! [`Fault`]: which calls go wrong, and how.
//!
//! Here is what a fault is; whether one befalls a call is for `rules`, and what then happens for
//! `effect`.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::effect::{CutBody, Delay, Effect, Reset, Status, UnknownFields, When};
use crate::operation::Operation;

/// Something that goes wrong on purpose: an effect, and the calls that it befalls.
///
/// ```
/// use std::time::Duration;
/// use digicert_sandbox::{Fault, Operation, When};
///
/// // The second creation is carried out, but its answer never arrives.
/// let lost = Fault::reset(When::After).on(Operation::CreateSubaccount).nth(2);
///
/// // A gateway fails for one call in ten, always the same ones.
/// let gateway = Fault::status(502).html().probability(0.1).seed(7);
///
/// // The first three calls of any kind are slow.
/// let slow = Fault::delay(Duration::from_secs(2)).times(3);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault<E = Effect> {
    #[serde(default, with = "target")]
    operation: Option<Operation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    pub(super) effect: E,
}

impl Fault {
    /// Answers with a status instead. The body is JSON as the service's; see
    /// [`html`](Fault::html) and [`error`](Fault::error) for others.
    #[must_use]
    pub fn status(status: u16) -> Fault<Status> {
        Fault::new(Status::new(status))
    }

    /// Answers late.
    #[must_use]
    pub fn delay(by: Duration) -> Fault<Delay> {
        Fault::new(Delay::new(by))
    }

    /// Resets the connection instead of answering, before or after the call is carried out.
    #[must_use]
    pub fn reset(when: When) -> Fault<Reset> {
        Fault::new(Reset { when })
    }

    /// Carries the call out and closes the connection in the middle of the answer's body, which is
    /// announced as a whole. An answer without a body is not sent at all.
    #[must_use]
    pub fn cut_body() -> Fault<CutBody> {
        Fault::new(CutBody {})
    }

    /// Carries the call out and adds a field that no documentation knows to each object of a JSON
    /// answer.
    #[must_use]
    pub fn unknown_fields() -> Fault<UnknownFields> {
        Fault::new(UnknownFields {})
    }
}

impl<E> Fault<E> {
    /// An effect that befalls every call.
    #[must_use]
    pub fn new(effect: E) -> Self {
        Self {
            operation: None,
            nth: None,
            times: None,
            probability: None,
            seed: None,
            effect,
        }
    }

    /// Befalls the calls of an operation only.
    #[must_use]
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Befalls the call of this number, from 1 and from the time when the fault is switched on.
    /// With [`times`](Self::times), also so many calls from there on.
    #[must_use]
    pub fn nth(mut self, call: u64) -> Self {
        self.nth = Some(call);
        self
    }

    /// Befalls so many calls, and then none any more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Befalls a part of the calls, from 0 for none to 1 for all.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// With another seed [`probability`](Self::probability) picks other calls, and with the same
    /// one the same. It is 0 unless set.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    pub(super) fn is_on(&self, operation: Operation) -> bool {
        self.operation.is_none_or(|meant| meant == operation)
    }

    /// The number of the first call that it can befall.
    pub(super) fn first_call(&self) -> u64 {
        self.nth.unwrap_or(1)
    }

    pub(super) fn limit(&self) -> u64 {
        let otherwise = if self.nth.is_some() { 1 } else { u64::MAX };
        self.times.unwrap_or(otherwise)
    }

    pub(super) fn chance(&self) -> Option<f64> {
        self.probability
    }

    pub(super) fn seed_or_default(&self) -> u64 {
        self.seed.unwrap_or_default()
    }
}

impl Fault<Status> {
    /// With the HTML page of a gateway in place of JSON.
    #[must_use]
    pub fn html(mut self) -> Self {
        self.effect = self.effect.html();
        self
    }

    /// With this code and message in the JSON.
    #[must_use]
    pub fn error(mut self, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.effect = self.effect.error(code.into(), message.into());
        self
    }

    /// With the header `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.effect.retry_after = Some(seconds);
        self
    }

    /// Before the call is carried out, as it is unless set, so that nothing changes; or after.
    #[must_use]
    pub fn when(mut self, when: When) -> Self {
        self.effect.when = when;
        self
    }
}

impl Fault<Delay> {
    /// Waits before the call is carried out, or after, as it is unless set.
    #[must_use]
    pub fn when(mut self, when: When) -> Self {
        self.effect.when = when;
        self
    }
}

impl Fault {
    /// What makes no sense, if anything.
    pub(super) fn check(&self) -> Result<(), InvalidFault> {
        if self.nth == Some(0) {
            return Err(InvalidFault::new("nth counts from 1"));
        }
        if self.times == Some(0) {
            return Err(InvalidFault::new("times is at least 1"));
        }
        let is_probability = |p: f64| (0.0..=1.0).contains(&p);
        if !self.probability.is_none_or(is_probability) {
            return Err(InvalidFault::new("probability is from 0 to 1"));
        }
        if self.seed.is_some() && self.probability.is_none() {
            return Err(InvalidFault::new("seed does nothing without probability"));
        }
        self.effect.check()
    }
}

macro_rules! into_fault {
    ($($effect:ident),*) => {$(
        impl From<Fault<$effect>> for Fault {
            fn from(fault: Fault<$effect>) -> Self {
                Fault {
                    operation: fault.operation,
                    nth: fault.nth,
                    times: fault.times,
                    probability: fault.probability,
                    seed: fault.seed,
                    effect: Effect::$effect(fault.effect),
                }
            }
        }
    )*};
}

into_fault!(Status, Delay, Reset, CutBody, UnknownFields);

/// The text form, which `--fault` takes.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.map_or("*", Operation::name);
        write!(f, "{operation}:{}", self.effect)?;
        if let Some(nth) = self.nth {
            write!(f, ",nth={nth}")?;
        }
        if let Some(times) = self.times {
            write!(f, ",times={times}")?;
        }
        if let Some(probability) = self.probability {
            write!(f, ",probability={probability}")?;
        }
        match self.seed {
            Some(seed) => write!(f, ",seed={seed}"),
            None => Ok(()),
        }
    }
}

/// Why a fault cannot be: what is wrong with it, and what is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFault(String);

impl InvalidFault {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFault {}

/// The name of an operation, or `*`.
mod target {
    use super::{Deserialize, Deserializer, Operation, Serialize, Serializer, de};

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature that serde asks for"
    )]
    pub(super) fn serialize<S: Serializer>(
        operation: &Option<Operation>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        operation.map_or("*", Operation::name).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Operation>, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "*" => Ok(None),
            name => name.parse().map(Some).map_err(de::Error::custom),
        }
    }
}
