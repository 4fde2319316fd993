//! Every limit of the HTTP surface.

use std::time::Duration;

/// Longest JSON body, in bytes: room for 1,000 places of 4 KB.
pub const JSON_BODY_MAX_BYTES: usize = 4 * 1024 * 1024;
/// Longest column map that is taken with an import, in bytes.
pub const COLUMN_MAP_MAX_BYTES: usize = 16 * 1024;
/// Longest address that is looked up, in bytes; what follows would not be read anyway.
pub const ADDRESS_MAX_BYTES: usize = lastmile_model::address::parse::TEXT_MAX_BYTES;
/// Most requests under way at once, uploads of lists not counted; one more is turned away. It is what bounds
/// the wait of those that are let in: so many, each with the processor's time of the others. A connection has one request
/// at a time, so that no more connections than this are no crowd.
pub const REQUESTS_AT_ONCE_MAX: usize = 192;
/// Most uploads of lists at once; one more is turned away. They take hours at worst, and hold nobody else up.
pub const UPLOADS_AT_ONCE_MAX: usize = 64;
/// What a client that is turned away is told to wait, in seconds.
pub const RETRY_AFTER_SECONDS: u32 = 1;
/// How long a request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a list may take to arrive.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_hours(2);
/// Most connections at once; one more is turned away.
pub const CONNECTIONS_MAX: usize = 4096;
/// Most connections that are turned away at once in words; one more is closed.
pub const TURNED_AWAY_AT_ONCE_MAX: usize = 4096;
/// Room for what each of them sends, in bytes.
pub const TURNED_AWAY_BUFFER_BYTES: usize = 16 * 1024;
/// How long a client may take to ask that is turned away.
pub const TURNED_AWAY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to send the headers of its next request.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest head of a request, in bytes; room for a column map in the query.
pub const HEADER_BYTES_MAX: usize = 128 * 1024;
/// How long to wait after a connection could not be accepted (too many open files).
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long requests that are under way may still take when the server stops.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Most documents in one page of a list that is made in memory (imports, units of a building).
pub const PAGE_MAX: usize = 100;
/// Most locations of a quote in one page: each has a cell for every provider, service and term.
pub const LOCATIONS_PAGE_MAX: usize = 100;
/// Most cells of a quote that is wanted at once: its answer must fit through a gateway.
pub const INSTANT_CELLS_MAX: usize = 2_000;
/// Most requests that wait for a quote at once; one more does not wait.
pub const INSTANT_AT_ONCE_MAX: usize = 32;
/// How long whoever wants a quote at once waits for it: well within what a gateway waits.
pub const INSTANT_WAIT: Duration = Duration::from_secs(20);
/// First pause between two looks at such a quote, and the longest: it doubles.
pub const INSTANT_PAUSES: (Duration, Duration) =
    (Duration::from_millis(25), Duration::from_millis(400));
/// Most refused rows of a file that are named in an answer.
pub const ROWS_NAMED_MAX: usize = 20;
/// Most query parameters of one request.
pub const PARAMETERS_MAX: usize = 64;
/// Longest request id that is taken over from a client, in bytes.
pub const REQUEST_ID_MAX_BYTES: usize = 64;
/// Most operations of one JSON patch.
pub const PATCH_OPERATIONS_MAX: usize = 100;
