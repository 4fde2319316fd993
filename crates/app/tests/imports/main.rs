//! Lists through the front door of `app::imports`.

mod formats;
mod life;
mod queued;
mod rates;
mod reference;
mod world;
