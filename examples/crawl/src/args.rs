//! The command line, and which arguments it rejects.

use std::fs;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::error::ErrorKind;
use clap::value_parser;
use clap::{CommandFactory, Parser};

use crate::breakage::Breakage;

/// More than any machine has.
const GREATEST_BUDGET: ByteSize = ByteSize::tib(1);

/// What else the process may have open: the walker's directories, the runtime's own files.
const SPARE_FILES: u64 = 40;

/// Hashes every file under a directory, with limits on open files and on bytes held that `wakeful::Semaphore`
/// enforces, and checks the result.
#[derive(Debug, Parser)]
#[command(name = "crawl")]
pub(crate) struct Args {
    /// Where to begin; symbolic links below it are not followed
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,

    /// Files open at once
    #[arg(
        long,
        value_name = "N",
        default_value_t = 64,
        value_parser = value_parser!(u32).range(1..=1_000_000),
    )]
    pub(crate) open: u32,

    /// Bytes of file contents held at once, as in 8MiB
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = budget)]
    pub(crate) budget: ByteSize,

    /// Break one of the limits, to see the check fail
    #[arg(long = "break", value_name = "WHAT", hide = true)]
    pub(crate) breakage: Option<Breakage>,
}

impl Args {
    /// The arguments of this process; exits with a message and status 2 if they make no sense.
    pub(crate) fn parse_checked() -> Self {
        let args = Self::parse();
        args.check().unwrap_or_else(|message| refuse(&message));
        args
    }

    fn check(&self) -> Result<(), String> {
        let dir = self.dir.display();
        fs::read_dir(&self.dir)
            .map_err(|error| format!("cannot read the directory {dir}: {error}"))?;
        let wanted = u64::from(self.open) + SPARE_FILES;
        let allowed = rlimit::increase_nofile_limit(wanted)
            .map_err(|error| format!("cannot tell how many files may be open: {error}"))?;
        if allowed < wanted {
            let most = allowed.saturating_sub(SPARE_FILES);
            return Err(format!(
                "--open {} is more than this process may have open: at most {most}, see ulimit -n",
                self.open
            ));
        }
        Ok(())
    }
}

/// Exits as clap does for an argument it cannot parse.
fn refuse(message: &str) -> ! {
    Args::command()
        .error(ErrorKind::ValueValidation, message)
        .exit()
}

fn budget(text: &str) -> Result<ByteSize, String> {
    let budget: ByteSize = text
        .parse()
        .map_err(|_| "no size, such as 4096, 64kB or 8MiB")?;
    if budget.as_u64() == 0 {
        return Err("no file can be read with nothing".into());
    }
    if budget > GREATEST_BUDGET {
        return Err(format!("more than {GREATEST_BUDGET}"));
    }
    Ok(budget)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(args.split(' '))
    }

    #[test]
    fn zero_and_huge_limits_are_refused() {
        for limit in [
            "--open 0",
            "--open 4294967296",
            "--open 1000001",
            "--open -1",
            "--open x",
        ] {
            assert!(parse(&format!("crawl {limit}")).is_err(), "{limit}");
        }
        for limit in [
            "0",
            "0KiB",
            "0.4B",
            "2TiB",
            "99999999999EiB",
            "-1",
            "1barrel",
            "1e400",
            "",
        ] {
            assert!(
                parse(&format!("crawl --budget={limit}")).is_err(),
                "{limit}"
            );
        }
    }

    #[test]
    fn sizes_have_units() {
        let budget = |text: &str| parse(&format!("crawl --budget={text}")).unwrap().budget;
        assert_eq!(budget("1").as_u64(), 1);
        assert_eq!(budget("64K").as_u64(), 64_000);
        assert_eq!(budget("1.5MiB").as_u64(), 1_572_864);
        assert_eq!(budget("1TiB"), GREATEST_BUDGET);
    }

    #[test]
    fn a_directory_that_is_none_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for dir in ["/no/such/directory", file.path().to_str().unwrap()] {
            let message = parse(&format!("crawl {dir}")).unwrap().check().unwrap_err();
            assert!(message.contains(dir), "{message}");
        }
    }
}
