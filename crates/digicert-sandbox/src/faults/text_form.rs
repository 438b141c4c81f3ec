//! The short text form of a fault, `OPERATION:EFFECT[,OPTION=VALUE]…`, which `--fault` takes:
//! `create_subaccount:reset=after,nth=2`, `*:status=502,body=html,probability=0.1,seed=7`.
//!
//! Writing it is for `Display` beside each type.

use std::str::FromStr;
use std::time::Duration;

use super::effect::{Body, CutBody, Delay, Effect, Reset, Status, UnknownFields, When};
use super::fault::{Fault, InvalidFault};

const EFFECTS: &str =
    "status=503, delay=2s, reset=before, reset=after, cut_body and unknown_fields";

const CALL_OPTIONS: &str = "nth, times, probability and seed";

/// From the text form, or from JSON as the control path takes it.
impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let text = text.trim();
        let fault = if text.starts_with('{') {
            serde_json::from_str(text).map_err(|error| InvalidFault::new(error.to_string()))?
        } else {
            read(text)?
        };
        fault.check()?;
        Ok(fault)
    }
}

fn read(text: &str) -> Result<Fault, InvalidFault> {
    let (operation, rest) = text.split_once(':').ok_or_else(|| {
        InvalidFault::new(format!(
            "give OPERATION:EFFECT, such as create_subaccount:status=503 or *:delay=2s; effects \
             are {EFFECTS}"
        ))
    })?;
    let mut parts = rest.split(',').map(str::trim);
    let mut fault = Fault::new(effect(parts.next().unwrap_or_default())?);
    if operation != "*" {
        let operation = operation
            .parse()
            .map_err(|error| InvalidFault::new(format!("{operation:?}: {error}; * is any")))?;
        fault = fault.on(operation);
    }
    parts.try_fold(fault, with_option)
}

fn effect(text: &str) -> Result<Effect, InvalidFault> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    match (name, value) {
        ("status", Some(value)) => {
            let status = number(name, value, "a status such as 503")?;
            Ok(Effect::Status(Status::new(status)))
        }
        ("delay", Some(value)) => Ok(Effect::Delay(Delay::new(duration(value)?))),
        ("reset", Some(value)) => Ok(Effect::Reset(Reset { when: when(value)? })),
        ("cut_body", None) => Ok(Effect::CutBody(CutBody {})),
        ("unknown_fields", None) => Ok(Effect::UnknownFields(UnknownFields {})),
        ("", None) => Err(InvalidFault::new(format!(
            "the effect is missing; give one of {EFFECTS}"
        ))),
        _ => Err(InvalidFault::new(format!(
            "{text:?} is no effect; effects are {EFFECTS}"
        ))),
    }
}

fn with_option(mut fault: Fault, text: &str) -> Result<Fault, InvalidFault> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| no_such_option(&fault, text))?;
    match (name, &mut fault.effect) {
        ("nth", _) => return Ok(fault.nth(number(name, value, "a number from 1")?)),
        ("times", _) => return Ok(fault.times(number(name, value, "a number from 1")?)),
        ("probability", _) => {
            return Ok(fault.probability(number(name, value, "a number from 0 to 1")?));
        }
        ("seed", _) => return Ok(fault.seed(number(name, value, "a whole number")?)),
        ("when", Effect::Status(status)) => status.when = when(value)?,
        ("when", Effect::Delay(delay)) => delay.when = when(value)?,
        ("body", Effect::Status(status)) => status.body = body(value)?,
        ("code", Effect::Status(status)) => status.code = Some(value.to_owned()),
        ("message", Effect::Status(status)) => status.message = Some(value.to_owned()),
        ("retry_after", Effect::Status(status)) => {
            status.retry_after = Some(number(name, value, "a number of seconds")?);
        }
        _ => return Err(no_such_option(&fault, text)),
    }
    Ok(fault)
}

fn no_such_option(fault: &Fault, text: &str) -> InvalidFault {
    let own = match fault.effect {
        Effect::Status(_) => "body=html, code, message, retry_after, when, ",
        Effect::Delay(_) => "when, ",
        Effect::Reset(_) | Effect::CutBody(_) | Effect::UnknownFields(_) => "",
    };
    InvalidFault::new(format!(
        "{text:?} is no option of this effect; options are {own}{CALL_OPTIONS}"
    ))
}

fn number<T: FromStr>(name: &str, text: &str, expected: &str) -> Result<T, InvalidFault> {
    text.parse()
        .map_err(|_| InvalidFault::new(format!("{name}={text}: give {expected}")))
}

fn when(text: &str) -> Result<When, InvalidFault> {
    match text {
        "before" => Ok(When::Before),
        "after" => Ok(When::After),
        _ => Err(InvalidFault::new(format!(
            "{text:?}: give before or after, the call being carried out"
        ))),
    }
}

fn body(text: &str) -> Result<Body, InvalidFault> {
    match text {
        "json" => Ok(Body::Json),
        "html" => Ok(Body::Html),
        "empty" => Ok(Body::Empty),
        _ => Err(InvalidFault::new(format!(
            "body={text}: give json, html or empty"
        ))),
    }
}

/// Reads `1500ms`, `2s` and `1.5s`.
fn duration(text: &str) -> Result<Duration, InvalidFault> {
    let read = match text.strip_suffix("ms") {
        Some(number) => number.parse().ok().map(Duration::from_millis),
        None => text
            .strip_suffix('s')
            .and_then(|number| number.parse().ok())
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    };
    read.ok_or_else(|| {
        InvalidFault::new(format!(
            "delay={text}: give a time such as 2s, 1.5s or 300ms"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    #[test]
    fn the_text_form_is_what_the_builder_and_json_make() {
        for (text, json, built) in [
            (
                "create_subaccount:status=503",
                r#"{"operation":"create_subaccount","effect":{"kind":"status","status":503}}"#,
                Fault::status(503).on(Operation::CreateSubaccount).into(),
            ),
            (
                "*:status=502,body=html,when=after,nth=2,times=3",
                r#"{"operation":"*","nth":2,"times":3,
                    "effect":{"kind":"status","status":502,"body":"html","when":"after"}}"#,
                Fault::status(502)
                    .html()
                    .when(When::After)
                    .nth(2)
                    .times(3)
                    .into(),
            ),
            (
                "*:status=429,code=slow,message=Slow down.,retry_after=7",
                r#"{"effect":{"kind":"status","status":429,"code":"slow","message":"Slow down.",
                    "retry_after":7}}"#,
                Fault::status(429)
                    .error("slow", "Slow down.")
                    .retry_after(7)
                    .into(),
            ),
            (
                "*:delay=1500ms,probability=0.25,seed=7",
                r#"{"probability":0.25,"seed":7,"effect":{"kind":"delay","milliseconds":1500}}"#,
                Fault::delay(Duration::from_millis(1500))
                    .probability(0.25)
                    .seed(7)
                    .into(),
            ),
            (
                "link_billing_account:reset=after",
                r#"{"operation":"link_billing_account","effect":{"kind":"reset","when":"after"}}"#,
                Fault::reset(When::After)
                    .on(Operation::LinkBillingAccount)
                    .into(),
            ),
            (
                "*:cut_body",
                r#"{"effect":{"kind":"cut_body"}}"#,
                Fault::cut_body().into(),
            ),
            (
                "*:unknown_fields",
                r#"{"effect":{"kind":"unknown_fields"}}"#,
                Fault::unknown_fields().into(),
            ),
        ] {
            let read: Fault = text.parse().unwrap();
            assert_eq!(read, built);
            assert_eq!(read.to_string(), text);
            assert_eq!(json.parse(), Ok(built.clone()));
            let written = serde_json::to_string(&built).unwrap();
            assert_eq!(written.parse(), Ok(built));
        }
        assert_eq!(
            "*:delay=1.5s".parse::<Fault>().unwrap().to_string(),
            "*:delay=1500ms"
        );
    }

    #[test]
    fn the_faults_of_the_readme_can_be_switched_on() {
        let readme = include_str!("../../README.md");
        let texts = readme.split('`').filter(|text| text.starts_with("*:"));
        let faults: Vec<Fault> = texts
            .filter(|text| text.len() > 2)
            .map(|text| text.parse().unwrap())
            .collect();
        assert_eq!(faults.len(), 8);
    }

    #[test]
    fn what_cannot_be_is_told_what_is_possible() {
        for (text, expected) in [
            ("", "OPERATION:EFFECT"),
            ("status=503", "such as create_subaccount:status=503"),
            ("create:status=503", "create_subaccount"),
            ("create:status=503", "* is any"),
            ("*:", "the effect is missing"),
            ("*:nonsense", "cut_body and unknown_fields"),
            ("*:status", "status=503"),
            ("*:status=abc", "a status such as 503"),
            ("*:status=100", "from 200 to 599"),
            ("*:status=503,when=never", "before or after"),
            ("*:status=503,body=xml", "json, html or empty"),
            ("*:status=503,body=html,code=x", "for a JSON body"),
            ("*:delay=5", "300ms"),
            ("*:delay=-1s", "300ms"),
            ("*:delay=100000s", "at most a day"),
            ("*:reset=sometimes", "before or after"),
            ("*:cut_body=3", "effects are"),
            (
                "*:cut_body,when=after",
                "options are nth, times, probability and seed",
            ),
            ("*:delay=1s,body=html", "options are when, nth"),
            ("*:delay=1s,nth", "options are when, nth"),
            ("*:delay=1s,nth=0", "counts from 1"),
            ("*:delay=1s,times=0", "at least 1"),
            ("*:delay=1s,nth=x", "a number from 1"),
            ("*:delay=1s,probability=2", "from 0 to 1"),
            ("*:delay=1s,probability=NaN", "from 0 to 1"),
            ("*:delay=1s,seed=7", "without probability"),
            (r#"{"effect":{"kind":"nonsense"}}"#, "`cut_body`"),
            (
                r#"{"effect":{"kind":"cut_body","x":1}}"#,
                "unknown field `x`",
            ),
            (
                r#"{"effect":{"kind":"cut_body"},"x":1}"#,
                "unknown field `x`",
            ),
            (
                r#"{"operation":"x","effect":{"kind":"cut_body"}}"#,
                "create_subaccount",
            ),
            (r#"{"effect":"#, "EOF"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
