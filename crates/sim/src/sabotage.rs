//! Ways to break the world on purpose, so that it is seen that the referee notices.

/// Something that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Each count of a provider rises by one too many.
    CountsTwice,
    /// Whoever asks a carrier asks it twice.
    AsksTwice,
    /// Some messages are never sent, though it is said that they are.
    LosesMessages,
    /// Errands are not written, though it is said that they are.
    LosesErrands,
    /// The head of a quote is written whatever became of it meanwhile.
    OverwritesHeads,
    /// Whoever reads that a quote was cancelled reads that it is in progress.
    HidesCancelling,
    /// A slice is written whatever became of it meanwhile.
    OverwritesSlices,
    /// A carrier's answers come in the wrong order.
    SwapsAnswers,
    /// Carriers take a time that no seed gives.
    DrawsElsewhere,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::CountsTwice,
        Self::AsksTwice,
        Self::LosesMessages,
        Self::LosesErrands,
        Self::OverwritesHeads,
        Self::HidesCancelling,
        Self::OverwritesSlices,
        Self::SwapsAnswers,
        Self::DrawsElsewhere,
    ];
}
