//! Keeps the stacks of loom's threads for the next execution.
//!
//! loom maps a stack for each thread of each execution and unmaps it afterwards, and the kernel clears its pages.
//! That was more than half the time of a long model. So this binary defines `mmap` and `munmap` itself; a call
//! that is not about such a stack goes straight to the kernel.
//!
//! No model notices: loom unmaps the stacks of an execution only after its last step.

use std::ffi::{c_int, c_long, c_void};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use libc::{MAP_STACK, SYS_mmap, SYS_munmap, off_t, size_t, syscall};

#[derive(Clone, Copy, PartialEq)]
struct Stack {
    start: usize,
    len: size_t,
}

struct Stacks {
    in_use: Vec<Stack>,
    free: Vec<Stack>,
}

static STACKS: Mutex<Stacks> = Mutex::new(Stacks {
    in_use: Vec::new(),
    free: Vec::new(),
});

fn stacks() -> MutexGuard<'static, Stacks> {
    STACKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// # Safety
///
/// As for libc's function.
// SAFETY: it does what libc's does, except that a stack may hold what an earlier thread left there, and that its
// first page is then a guard already. Only `generator`, which loom runs its threads on, asks for `MAP_STACK` here:
// it makes the first page a guard, and reads nothing that it has not written.
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap(
    addr: *mut c_void,
    len: size_t,
    protection: c_int,
    flags: c_int,
    file: c_int,
    offset: off_t,
) -> *mut c_void {
    let is_stack = addr.is_null() && flags & MAP_STACK != 0;
    if is_stack {
        let mut stacks = stacks();
        if let Some(at) = stacks.free.iter().position(|stack| stack.len == len) {
            let stack = stacks.free.swap_remove(at);
            stacks.in_use.push(stack);
            return ptr::with_exposed_provenance_mut(stack.start);
        }
    }
    // SAFETY: the caller's arguments, unchanged.
    let start = unsafe { syscall(SYS_mmap, addr, len, protection, flags, file, offset) } as usize;
    let mapped = ptr::with_exposed_provenance_mut(start);
    if is_stack && mapped != libc::MAP_FAILED {
        stacks().in_use.push(Stack { start, len });
    }
    mapped
}

/// # Safety
///
/// As for libc's function.
// SAFETY: it does what libc's does, except that a stack stays mapped, which its owner no longer uses.
#[unsafe(no_mangle)]
unsafe extern "C" fn munmap(addr: *mut c_void, len: size_t) -> c_int {
    let stack = Stack {
        start: addr.addr(),
        len,
    };
    let mut stacks = stacks();
    if let Some(at) = stacks.in_use.iter().position(|it| *it == stack) {
        stacks.in_use.swap_remove(at);
        stacks.free.push(stack);
        return 0;
    }
    drop(stacks);
    // SAFETY: the caller's arguments, unchanged.
    let status: c_long = unsafe { syscall(SYS_munmap, addr, len) };
    c_int::try_from(status).expect("0 or -1")
}
