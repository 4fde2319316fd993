//! The function of the address service.

use lambda_runtime::Error;
use lastmile_http::Gate;
use lastmile_lambda::{Parts, service, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let parts = Parts::of("address")?;
        let router = lastmile_http::address_router(&parts.availability(), &Gate::Gateway);
        service::serve(parts, router).await
    })
}
