//! Lists through the front door of `app::imports`.

mod formats;
mod life;
mod reference;
mod world;
