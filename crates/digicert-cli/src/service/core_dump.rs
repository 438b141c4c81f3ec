//! A crash writes the memory of the program into a file, where the system is set up so. With a key
//! in the memory, that must not be (I2).

/// Switches such files off, for this process and those that it starts. Called before a key is read.
///
/// On Linux a program that the system hands the memory to is not bound by the limit on files, so the
/// memory is not to be handed out at all. What this process starts decides for itself again.
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
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Elsewhere it is for the user's settings.
#[cfg(not(unix))]
pub(crate) fn forbid() {}
