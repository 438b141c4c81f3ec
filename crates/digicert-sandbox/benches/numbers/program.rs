//! The program `digicert-sandbox` while it runs, and what Linux says of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::connection::Connection;

const KEY: &str = "not-a-real-key";

pub(crate) struct Program {
    process: Child,
    pub(crate) origin: String,
}

impl Program {
    /// Starts it. When this returns it listens, for it has said where.
    pub(crate) fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_digicert-sandbox"))
            .args(["--listen", ":0"])
            .env("DIGICERT_API_KEY", KEY)
            .env("DIGICERT_PARTNER_API_KEY", "not-a-real-partner-key")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let output = process.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(output).lines();
        let origin = lines.find_map(|line| {
            let line = line.expect("it prints text");
            let (_, origin) = line.split_once("listens on ")?;
            Some(origin.trim().to_owned())
        });
        // Nobody reads what comes after that; the program does not mind.
        Self {
            process,
            origin: origin.expect("it says where it listens"),
        }
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.origin, KEY)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/services/v2{path}", self.origin)
    }

    pub(crate) fn key_header() -> String {
        format!("X-DC-DEVKEY: {KEY}")
    }

    /// The memory that it holds, in units of 1024 bytes.
    pub(crate) fn resident(&self) -> u32 {
        let status = self.read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .unwrap_or(0)
    }

    /// The processor time that it has taken so far, in hundredths of a second.
    pub(crate) fn processor_time(&self) -> u32 {
        let stat = self.read("stat");
        // Behind the name, which may hold anything: of these, user time is the 12th.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let times = fields.split_whitespace().skip(11).take(2);
        times.filter_map(|time| time.parse::<u32>().ok()).sum()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.process.id())).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
