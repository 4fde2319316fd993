//! The function of the availability service.

use lambda_runtime::Error;
use lastmile_http::Gate;
use lastmile_lambda::{Parts, service, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let parts = Parts::of("availability")?;
        let router = lastmile_http::availability_router(&parts.availability(), &Gate::Gateway);
        service::serve(parts, router).await
    })
}
