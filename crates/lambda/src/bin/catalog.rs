//! The function of the catalog service.

use lambda_runtime::Error;
use lastmile_http::Gate;
use lastmile_lambda::{Parts, service, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("catalog");
        let context = parts.context()?;
        let router = lastmile_http::catalog_router(&context, &Gate::Gateway);
        service::serve(parts, router).await
    })
}
