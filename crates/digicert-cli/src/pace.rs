//! How far the work on many subaccounts has come, on standard error, and how long the rest takes:
//! by the limits of the service, of which the first burst says nothing.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use digicert_client::Window;

use crate::standard_error;

/// Shorter work needs no bar.
const SHOWN_AFTER: Duration = Duration::from_secs(1);
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(100);
/// In a log, a line now and then.
const BETWEEN_LINES: Duration = Duration::from_secs(60);
/// A longer gap between two answers is a wait for the limits and says nothing about speed.
const LONGEST_GAP: Duration = Duration::from_secs(2);
const WIDTH: usize = 30;

/// Counts subaccounts and the requests they take.
#[derive(Debug)]
pub(crate) struct Pace {
    work: &'static str,
    /// The longest first.
    windows: Vec<Window>,
    /// How many requests a subaccount is expected to take.
    requests_each: usize,
    total: usize,
    done: usize,
    requests: usize,
    began: Instant,
    last: Instant,
    /// How long a request takes that does not have to wait, as it was lately.
    gap: Option<Duration>,
    on_terminal: bool,
    next_showing: Instant,
    visible: bool,
}

impl Pace {
    /// `work` is what is done: `reading`.
    pub(crate) fn new(work: &'static str, windows: &[Window], requests_each: usize) -> Self {
        let mut windows = windows.to_vec();
        windows.sort_by_key(|window| std::cmp::Reverse(window.per));
        let now = Instant::now();
        let on_terminal = io::stderr().is_terminal();
        let patience = if on_terminal {
            SHOWN_AFTER
        } else {
            BETWEEN_LINES
        };
        Self {
            work,
            windows,
            requests_each,
            total: 0,
            done: 0,
            requests: 0,
            began: now,
            last: now,
            gap: None,
            on_terminal,
            next_showing: now + patience,
            visible: false,
        }
    }

    /// So many subaccounts are to be done.
    pub(crate) fn begin(&mut self, total: usize) {
        self.total = total;
    }

    /// One more is done, with so many requests.
    pub(crate) fn advance(&mut self, requests: usize) {
        let now = Instant::now();
        self.count(requests, now);
        if now < self.next_showing {
            return;
        }
        let text = self.text(now);
        if self.on_terminal {
            self.next_showing = now + BETWEEN_DRAWINGS;
            self.visible = true;
            draw(&text);
        } else {
            self.next_showing = now + BETWEEN_LINES;
            // Without standard error there is nobody to look at it.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// The service has asked for a pause of so long, in which nothing could be done and its limits were
    /// not used up either.
    pub(crate) fn paused(&mut self, pause: Duration) {
        self.began += pause;
    }

    /// Takes the bar away, so that something else can be written there.
    pub(crate) fn hide(&mut self) {
        if self.visible {
            draw("");
            self.visible = false;
        }
    }

    fn count(&mut self, requests: usize, now: Instant) {
        self.done += 1;
        self.requests += requests;
        let each = u32::try_from(requests.max(1)).unwrap_or(u32::MAX);
        let gap = (now - self.last) / each;
        self.last = now;
        if gap < LONGEST_GAP {
            let before = self.gap.unwrap_or(gap);
            self.gap = Some(before * 9 / 10 + gap / 10);
        }
    }

    fn remaining(&self, now: Instant) -> Duration {
        let rest = (self.total.saturating_sub(self.done)) * self.requests_each;
        let by_limits = least(self.requests + rest, &self.windows);
        let by_limits = by_limits.saturating_sub(now.saturating_duration_since(self.began));
        let by_speed = self.gap.unwrap_or_default() * u32::try_from(rest).unwrap_or(u32::MAX);
        by_limits.max(by_speed)
    }

    fn text(&self, now: Instant) -> String {
        let Self {
            work, total, done, ..
        } = self;
        let left = spoken(self.remaining(now));
        if !self.on_terminal {
            return format!("{work}: {done} of {total} subaccounts, {left} left");
        }
        let filled = WIDTH * (*done).min(*total) / (*total).max(1);
        format!(
            "{work} [{:=<filled$}{:2$}] {done} of {total} subaccounts, {left} left",
            "",
            "",
            WIDTH - filled
        )
    }
}

/// Says something in between, in place of the bar if there is one.
pub(crate) fn say(line: &str) {
    let clear = if io::stderr().is_terminal() {
        "\r\x1b[K"
    } else {
        ""
    };
    standard_error::show(&format!("{clear}{line}\n"));
}

/// The least time in which the limits let so many requests begin.
fn least(requests: usize, windows: &[Window]) -> Duration {
    let mut rest = requests;
    let mut time = Duration::ZERO;
    for window in windows {
        let room = window.requests.max(1);
        let full = rest.saturating_sub(1) / room;
        time += window.per * u32::try_from(full).unwrap_or(u32::MAX);
        rest -= full * room;
    }
    time
}

fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().ceil();
    if seconds < 100.0 {
        return format!("about {seconds} s");
    }
    let minutes = (seconds / 60.0).ceil();
    if minutes < 100.0 {
        format!("about {minutes} min")
    } else {
        let hours = (minutes / 6.0).ceil() / 10.0;
        format!("about {hours} h")
    }
}

fn draw(bar: &str) {
    let _ = write!(io::stderr(), "\r\x1b[K{bar}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn documented() -> [Window; 2] {
        [
            Window::new(100, 5 * SECOND),
            Window::new(1000, 180 * SECOND),
        ]
    }

    #[test]
    fn the_limits_say_how_long_it_takes() {
        let mut windows = documented();
        windows.reverse();
        for (requests, seconds) in [
            (0, 0),
            (100, 0),
            (101, 5),
            (1000, 45),
            (1001, 180),
            (1101, 185),
            (10_000, 9 * 180 + 45),
        ] {
            assert_eq!(least(requests, &windows), seconds * SECOND, "{requests}");
        }
        assert_eq!(least(10_000, &[]), Duration::ZERO);
    }

    #[test]
    fn the_first_burst_promises_nothing() {
        let mut pace = Pace::new("reading", &documented(), 1);
        pace.begin(10_000);
        let mut now = pace.began;
        for _ in 0..100 {
            now += Duration::from_millis(10);
            pace.count(1, now);
        }
        // A hundred took one second; the rest takes half an hour all the same.
        let remaining = pace.remaining(now);
        assert_eq!(remaining, (9 * 180 + 45 - 1) * SECOND);
        assert_eq!(spoken(remaining), "about 28 min");
    }

    #[test]
    fn a_pause_of_the_service_makes_the_rest_no_shorter() {
        let mut pace = Pace::new("reading", &documented(), 1);
        pace.begin(10_000);
        let mut now = pace.began;
        for _ in 0..100 {
            now += Duration::from_millis(10);
            pace.count(1, now);
        }
        let before = pace.remaining(now);
        now += 600 * SECOND;
        pace.paused(600 * SECOND);
        assert_eq!(pace.remaining(now), before);
    }

    #[test]
    fn without_limits_the_speed_counts() {
        let mut pace = Pace::new("reading", &[], 3);
        pace.begin(11);
        let now = pace.began + 3 * SECOND;
        pace.count(3, now);
        assert_eq!(pace.remaining(now), 30 * SECOND);
        pace.on_terminal = false;
        assert_eq!(
            pace.text(now),
            "reading: 1 of 11 subaccounts, about 30 s left"
        );
        pace.on_terminal = true;
        assert_eq!(
            pace.text(now),
            "reading [==                            ] 1 of 11 subaccounts, about 30 s left"
        );
    }

    #[test]
    fn times_are_spoken_roundly() {
        for (seconds, spoken) in [
            (0.2, "about 1 s"),
            (99.0, "about 99 s"),
            (100.5, "about 2 min"),
            (5_941.0, "about 1.7 h"),
            (36_000.0, "about 10 h"),
        ] {
            assert_eq!(super::spoken(Duration::from_secs_f64(seconds)), spoken);
        }
    }
}
