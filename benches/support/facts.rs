//! What has to be known of a run to compare it with another: the machine, the versions, the commit, the
//! command.

use std::env;
use std::fs;
use std::process::Command;
use std::thread;

/// Those facts, a line of Markdown each.
pub(super) fn facts(benchmark: &str) -> String {
    let [machine, compiler, commit] = [machine(), compiler(), commit()];
    let [command, rivals] = [command(benchmark), rivals()];
    format!(
        "- Machine: {machine}\n\
         - Compiler: {compiler}\n\
         - Commit: {commit}\n\
         - Command: `{command}`\n\
         - Versions: {rivals}\n"
    )
}

fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut lines = about.lines().filter_map(|line| line.split_once(':'));
    let model = lines.find(|(key, _)| key.trim() == "model name");
    let model = model.map_or(env::consts::ARCH, |(_, model)| model.trim());
    format!("{model}, {cores} cores, {}", env::consts::OS)
}

fn compiler() -> String {
    said_by("rustc", &["--version"])
}

fn commit() -> String {
    let commit = said_by("git", &["rev-parse", "--short=10", "HEAD"]);
    // Of the figures themselves some are new by now.
    let changes = said_by(
        "git",
        &["status", "--porcelain", "--", ":/", ":!/benches/results"],
    );
    let with = if changes.is_empty() {
        ""
    } else {
        ", with changes"
    };
    format!("{commit}{with}")
}

fn command(benchmark: &str) -> String {
    let settings = ["BENCH_ROUNDS", "BENCH_CHOICES"];
    let settings = settings
        .iter()
        .filter_map(|&name| Some((name, env::var(name).ok()?)));
    let settings: String = settings
        .map(|(name, value)| format!("{name}={value} "))
        .collect();
    format!("{settings}cargo bench -p wakeful-benches --bench {benchmark}")
}

/// Every dependency of the benchmarks, as it was built.
fn rivals() -> String {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments =
        "tree --package wakeful-benches --edges dev --depth 1 --prefix none --format {p}";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let said = said_by(&cargo, &arguments);
    // The first is the benchmarks themselves; the library's own line ends with its path.
    let names = said
        .lines()
        .skip(1)
        .map(|line| line.split(" (").next().unwrap_or(line));
    names.collect::<Vec<_>>().join(", ")
}

/// What a command prints, or "unknown".
fn said_by(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => "unknown".to_owned(),
    }
}
