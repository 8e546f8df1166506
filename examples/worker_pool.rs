//! A pool of workers. Ctrl-C stops what comes in, and every job that was accepted still runs.
//!
//! ```text
//! cargo run --example worker_pool
//! ```
//!
//! It accepts jobs for ever. So that it ends, it presses Ctrl-C itself after a thousand (on Unix; elsewhere
//! it stops there).

use std::pin::pin;

use tokio::signal::ctrl_c;
use tokio::task::JoinSet;
use wakeful::{queue, yield_now};

#[tokio::main]
async fn main() {
    let (jobs, inbox) = queue::bounded(8);
    let workers: JoinSet<u64> = (0..4)
        .map(|_| {
            let inbox = inbox.clone();
            async move {
                let mut done = 0;
                while let Some(_job) = inbox.recv().await {
                    yield_now().await; // works on it
                    done += 1;
                }
                done
            }
        })
        .collect();

    let mut accepted = 0;
    let mut stop = pin!(ctrl_c());
    loop {
        tokio::select! {
            biased;
            stopped = &mut stop => break stopped.unwrap(),
            sent = jobs.send(accepted) => sent.unwrap(), // if `stop` comes first, it was not accepted
        }
        accepted += 1;
        if accepted == 1000 && !press_ctrl_c() {
            break;
        }
    }

    drop(jobs); // closes the channel: the workers drain it, and end
    let done: u64 = workers.join_all().await.into_iter().sum();
    println!("accepted {accepted}, done {done}");
    assert!(accepted >= 1000);
    assert_eq!(done, accepted);
}

fn press_ctrl_c() -> bool {
    let kill = format!("kill -INT {}", std::process::id());
    cfg!(unix)
        && std::process::Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
}
