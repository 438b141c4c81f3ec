//! A crash writes the memory of the program into a file, where the system is set up so. With a key
//! in the memory, that must not be (I2).

/// Switches such files off, for this process and those that it starts. Called before a key is read.
#[cfg(unix)]
pub(crate) fn forbid() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    // Lowering a limit is always allowed.
    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum,
        },
    );
}

/// Elsewhere it is for the user's settings.
#[cfg(not(unix))]
pub(crate) fn forbid() {}
