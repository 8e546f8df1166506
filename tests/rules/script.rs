//! What tasks do, in words.
//!
//! | step | |
//! |---|---|
//! | `wait f 2` | waits for future `f`, which needs 2 permits (1 if nothing is said), and keeps what it gets |
//! | `lock f 2` | the same, and gives it back at once |
//! | `hold f 2` | the same, and gives it back at the next turn |
//! | `poll f 2` | polls it once and keeps it; what it gets it gives back at once |
//! | `look f` | the same, as a wait does whose deadline is near |
//! | `drop f` | drops it, if it is still there |
//! | `try 2` | tries without waiting, and gives back what it gets |
//! | `add 2`, `reduce 2` | adds permits, or takes some out for good |
//! | `turn` | ends this turn of the task |
//! | `after f` | ends its turns until `f` was polled |

/// A future, by its place among all those of a scenario.
pub type Future = usize;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Wait(Future),
    Poll(Future),
    Look(Future),
    Drop(Future),
    Try(usize),
    Add(usize),
    Reduce(usize),
    Turn,
    After(Future),
}

/// The names of the futures of a scenario, and how much each needs.
#[derive(Default, Debug)]
pub struct Names {
    names: Vec<String>,
    pub needs: Vec<usize>,
}

impl Names {
    fn future(&mut self, name: &str, need: usize) -> Future {
        let known = self.names.iter().position(|x| x == name);
        known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.needs.push(need);
            self.names.len() - 1
        })
    }

    pub fn name(&self, future: Future) -> String {
        let name = self.names.get(future).cloned();
        name.unwrap_or_else(|| format!("late{future}"))
    }

    /// The steps of one branch of a task.
    pub fn steps(&mut self, script: &str) -> Vec<Step> {
        let mut steps = Vec::new();
        for step in script.split(',') {
            let words: Vec<&str> = step.split_whitespace().collect();
            let number = |at: usize| words.get(at).map_or(1, |x| x.parse().expect("a number"));
            let mut future = || self.future(words[1], number(2));
            match words[0] {
                "wait" => steps.push(Step::Wait(future())),
                "lock" => steps.extend([Step::Wait(future()), Step::Add(number(2))]),
                "hold" => steps.extend([Step::Wait(future()), Step::Turn, Step::Add(number(2))]),
                "poll" => steps.push(Step::Poll(future())),
                "look" => steps.push(Step::Look(future())),
                "drop" => steps.push(Step::Drop(future())),
                "try" => steps.push(Step::Try(number(1))),
                "add" => steps.push(Step::Add(number(1))),
                "reduce" => steps.push(Step::Reduce(number(1))),
                "turn" => steps.push(Step::Turn),
                "after" => steps.push(Step::After(future())),
                other => panic!("no step is called {other}"),
            }
        }
        steps
    }
}
