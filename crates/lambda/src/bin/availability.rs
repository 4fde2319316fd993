//! The function of the availability service.

use lambda_runtime::Error;
use lastmile_app::availability::Availability;
use lastmile_http::Gate;
use lastmile_lambda::{Parts, service, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("availability");
        let availability = Availability::new(parts.context()?);
        let router = lastmile_http::availability_router(&availability, &Gate::Gateway);
        service::serve(parts, router).await
    })
}
