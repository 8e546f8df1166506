//! What the front of a line needs in all, which is what rules 1 to 3 ask most: one way of counting for
//! a mutex, one for permits and items, one for slots.

/// What the front of a line needs.
pub(crate) trait Tally {
    const NOTHING: Self;

    fn add(&mut self, need: u32);

    fn sub(&mut self, need: u32);

    /// What the front needs, where that is counted.
    fn needs(&self) -> u64;

    /// What is free beyond the needs of the front.
    #[inline]
    fn spare(&self, _front_is_empty: bool, free: usize) -> usize {
        (free as u64).saturating_sub(self.needs()) as usize
    }

    /// Whether that is `need` at least.
    #[inline]
    fn fits(&self, _front_is_empty: bool, need: u32, free: usize) -> bool {
        self.needs() + u64::from(need) <= free as u64
    }

    /// Whether enough is free for all of the front, which is more than its first.
    #[inline]
    fn is_met_by(&self, free: usize) -> bool {
        free as u64 >= self.needs()
    }

    /// Whether one behind the front may be called besides, as far as their number goes.
    #[inline]
    fn may_call(&self, _free: usize) -> bool {
        true
    }

    /// The same of one whose place in the queue, from 0, is `place`.
    #[inline]
    fn may_call_at(_place: usize, _free: usize) -> bool {
        true
    }
}

/// The tally of a mutex, where one is all there is: nothing to count.
#[derive(Debug)]
pub(crate) struct One;

/// The tally of all who are called as soon as enough is free.
#[derive(Debug)]
pub(crate) struct Needs(u64);

/// The tally of those who are called few at a time.
#[derive(Debug)]
pub(crate) struct Few {
    needs: u64,
    called: u32,
}

/// How many waiters may be called while `free` units are free: 1 + log2.
#[inline]
fn few(free: usize) -> u32 {
    usize::BITS - free.leading_zeros()
}

impl Tally for One {
    const NOTHING: Self = Self;

    #[inline]
    fn add(&mut self, _: u32) {}

    #[inline]
    fn sub(&mut self, _: u32) {}

    #[inline]
    fn needs(&self) -> u64 {
        0
    }

    #[inline]
    fn spare(&self, front_is_empty: bool, free: usize) -> usize {
        if front_is_empty { free } else { 0 }
    }

    #[inline]
    fn fits(&self, front_is_empty: bool, _: u32, free: usize) -> bool {
        front_is_empty && free > 0
    }

    #[inline]
    fn is_met_by(&self, _: usize) -> bool {
        false
    }
}

impl Tally for Needs {
    const NOTHING: Self = Self(0);

    #[inline]
    fn add(&mut self, need: u32) {
        self.0 += u64::from(need);
    }

    #[inline]
    fn sub(&mut self, need: u32) {
        self.0 -= u64::from(need);
    }

    #[inline]
    fn needs(&self) -> u64 {
        self.0
    }
}

impl Tally for Few {
    const NOTHING: Self = Self {
        needs: 0,
        called: 0,
    };

    #[inline]
    fn add(&mut self, need: u32) {
        self.needs += u64::from(need);
        self.called += 1;
    }

    #[inline]
    fn sub(&mut self, need: u32) {
        self.needs -= u64::from(need);
        self.called -= 1;
    }

    #[inline]
    fn needs(&self) -> u64 {
        self.needs
    }

    #[inline]
    fn may_call(&self, free: usize) -> bool {
        self.called < few(free)
    }

    #[inline]
    fn may_call_at(place: usize, free: usize) -> bool {
        place < few(free) as usize
    }
}
