//! The time of creation as the service writes it: `2018-11-29 01:48:04`, without a zone.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: u64 = 86_400;

/// The time in UTC. A clock that is set before 1970 reads as 1970.
pub(crate) fn date_created(now: SystemTime) -> String {
    let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since_epoch.as_secs();
    let (year, month, day) = date(seconds / SECONDS_PER_DAY);
    let second_of_day = seconds % SECONDS_PER_DAY;
    let (hour, minute) = (second_of_day / 3600, second_of_day / 60 % 60);
    let second = second_of_day % 60;
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Whether text is a time as it is written here.
pub(crate) fn is_date_created(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00 00:00:00";
    text.len() == SHAPE.len()
        && text.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            separator => byte == *separator,
        })
}

/// The Gregorian date of a day since 1970-01-01. Counting from 1 March of the year 0 puts the
/// leap day at the end of a year, so that months have the same lengths in all of them.
fn date(days_since_epoch: u64) -> (u64, u64, u64) {
    const DAYS_FROM_0000_03_01: u64 = 719_468;
    const DAYS_PER_400_YEARS: u64 = 146_097;
    let days = days_since_epoch + DAYS_FROM_0000_03_01;
    let (era, day_of_era) = (days / DAYS_PER_400_YEARS, days % DAYS_PER_400_YEARS);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_read_like_the_samples() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00"),
            // The sample of the list page.
            (1_543_456_084, "2018-11-29 01:48:04"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (951_868_800, "2000-03-01 00:00:00"),
            (1_709_164_800, "2024-02-29 00:00:00"),
            (4_107_542_399, "2100-02-28 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
            (1_735_689_599, "2024-12-31 23:59:59"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(date_created(time), text);
            assert!(is_date_created(text), "{text}");
        }
        assert_eq!(
            date_created(UNIX_EPOCH - Duration::from_secs(1)),
            "1970-01-01 00:00:00"
        );
        for text in [
            "",
            "2018-11-29",
            "2018-11-29T01:48:04",
            "2018-11-29 01:48:0x",
        ] {
            assert!(!is_date_created(text), "{text}");
        }
    }
}
