//! Times as the control path writes and reads them: RFC 3339 in UTC, `2018-11-29T01:48:04.000Z`.
//!
//! The API has a format of its own, in `state`.

use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serializer, de};

pub(crate) fn serialize<S: Serializer>(
    time: &SystemTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&humantime::format_rfc3339_millis(*time))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SystemTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_rfc3339(&text)
        .map_err(|_| de::Error::custom("give a time in UTC, such as 2018-11-29T01:48:04Z"))
}
