//! The function of the quote service.

use lambda_runtime::Error;
use lastmile_app::availability::Availability;
use lastmile_app::quotes::Quotes;
use lastmile_http::Gate;
use lastmile_lambda::providers_file::{self, ProvidersFile};
use lastmile_lambda::service::{behind_gateway, serve_by_providers};
use lastmile_lambda::{Parts, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("quotes");
        let context = parts.context()?;
        let availability = Availability::new(context.clone());
        let file = ProvidersFile::new(context, move |settings| {
            let quotes = Quotes {
                availability: availability.clone(),
                panel: providers_file::looking(settings),
            };
            let router = lastmile_http::quotes_router(&quotes, &Gate::Gateway);
            Ok(behind_gateway(router))
        });
        serve_by_providers(parts, file).await
    })
}
