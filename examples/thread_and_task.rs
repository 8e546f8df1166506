//! One lock for a task and a thread. Both wait in the same line, whatever the executor.
//!
//! ```text
//! cargo run --example thread_and_task
//! ```

use std::sync::Arc;
use std::thread;

use wakeful::{Mutex, yield_now};

const ROUNDS: usize = 1000;

fn main() {
    let log = Arc::new(Mutex::new(Vec::new()));

    let thread = thread::spawn({
        let log = Arc::clone(&log);
        move || {
            for _ in 0..ROUNDS {
                log.blocking_lock().push("thread");
            }
        }
    });
    pollster::block_on(async {
        for _ in 0..ROUNDS {
            let mut log = log.lock().await;
            log.push("task begins");
            yield_now().await; // the thread waits
            log.push("task ends");
        }
    });
    thread.join().unwrap();

    let log = log.blocking_lock();
    assert_eq!(log.len(), 3 * ROUNDS);
    for pair in log.windows(2) {
        assert_eq!(pair[0] == "task begins", pair[1] == "task ends");
    }
    println!("{} entries, none between a begin and its end", log.len());
}
