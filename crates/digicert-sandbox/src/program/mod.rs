//! The program around the library: arguments, what it prints, signals, exit codes.
//!
//! No key that was given is ever printed; one that was made up is, since nobody else knows it.

mod arguments;
mod greeting;
mod ready_file;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use digicert_sandbox::Sandbox;

use self::arguments::Arguments;
use self::ready_file::ReadyFile;

/// Usage, an unreadable file, bad configuration.
const EXIT_CONFIGURATION: u8 = 2;

/// Runs the program, and gives its exit code. Wrong arguments end it in here.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let served = match runtime {
        Ok(runtime) => runtime.block_on(serve(&arguments)),
        Err(error) => Err(format!("cannot start: {error}")),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // With nowhere to write to, the exit code has to say it.
            let _ = writeln!(io::stderr(), "error: {message}");
            ExitCode::from(EXIT_CONFIGURATION)
        }
    }
}

async fn serve(arguments: &Arguments) -> Result<(), String> {
    // Before anybody can know that it is ready, so that no signal comes too early.
    let stop = StopSignals::new().map_err(|error| format!("cannot wait for signals: {error}"))?;
    let sandbox = start(arguments).await?;
    let ready_file = match &arguments.ready_file {
        Some(path) => Some(ReadyFile::write(path, &sandbox)?),
        None => None,
    };
    // A closed standard output must not stop the service.
    let _ = io::stdout().write_all(greeting::text(&sandbox, arguments).as_bytes());
    let _ = io::stdout().flush();
    if let Some(warning) = greeting::warning(&sandbox) {
        let _ = io::stderr().write_all(warning.as_bytes());
    }
    stop.received().await;
    sandbox.stop().await;
    if let Some(ready_file) = ready_file {
        ready_file.remove();
    }
    Ok(())
}

async fn start(arguments: &Arguments) -> Result<Sandbox, String> {
    let mut builder = Sandbox::builder()
        .listen(arguments.listen)
        .rate_limit(arguments.rate_limit)
        .parent(arguments.parent.settings());
    if let Some(key) = arguments.certcentral_key() {
        builder = builder.certcentral_key(key);
    }
    if let Some(key) = arguments.partner_key() {
        builder = builder.partner_key(key);
    }
    if let Some(path) = &arguments.state {
        builder = builder.state_file(path);
    }
    for fault in &arguments.fault {
        builder = builder.fault(fault.clone());
    }
    builder.start().await.map_err(|error| error.to_string())
}

/// Ctrl-C, and what `kill` and service managers send.
#[cfg(unix)]
struct StopSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn received(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the same as on Unix, where it can fail"
    )]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn received(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
