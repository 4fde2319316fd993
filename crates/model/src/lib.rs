//! What is true of an address, a claim or a list, whoever asks and wherever it is kept.
