//! What the TM Forum's conventions ask of every list: filters, `fields`, pages, headers.

use std::borrow::Cow;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::header::LINK;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use lastmile_api::{Document, ErrorCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::limits::PARAMETERS_MAX;
use crate::refusal::Refusal;
use crate::reply;

/// How many documents match in all.
pub const TOTAL_COUNT_HEADER: HeaderName = HeaderName::from_static("x-total-count");
/// How many documents are in this answer.
pub const RESULT_COUNT_HEADER: HeaderName = HeaderName::from_static("x-result-count");

/// Attributes that are kept whatever `fields` selects.
const ALWAYS_KEPT: [&str; 3] = ["id", "href", "@type"];

/// The query parameters of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    path: String,
    /// How many documents to pass over.
    pub offset: usize,
    /// How many to give, where the client says so.
    pub limit: Option<usize>,
    /// Which attributes to give.
    pub fields: Fields,
    /// First-level attributes and the values that they must have; all of them.
    pub filters: Vec<(String, String)>,
}

/// The query parameters of a single resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Option<Vec<String>>);

impl<S: Send + Sync> FromRequestParts<S> for ListRequest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let uri = match OriginalUri::from_request_parts(parts, state).await {
            Ok(OriginalUri(uri)) => uri,
            Err(infallible) => match infallible {},
        };
        Self::read(uri.path(), uri.query().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Fields {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let mut fields = Self::default();
        for (name, value) in pairs(parts.uri.query().unwrap_or_default())? {
            if name == "fields" {
                fields.add(&value);
            }
        }
        Ok(fields)
    }
}

/// A query parameter, decoded.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The parameters of a query, decoded.
pub(crate) fn pairs(query: &str) -> Result<Vec<Pair<'_>>, Refusal> {
    let given = query.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<_> = given
        .take(PARAMETERS_MAX + 1)
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect();
    if pairs.len() > PARAMETERS_MAX {
        let message = format!("more than {PARAMETERS_MAX} query parameters");
        return Err(Refusal::with(ErrorCode::InvalidParameter, message));
    }
    Ok(pairs)
}

/// A name or a value, decoded as `form_urlencoded` does it, but with room made once for the whole text.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    for (position, part) in text.split('+').enumerate() {
        if position > 0 {
            bytes.push(b' ');
        }
        bytes.extend(percent_decode_str(part));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

/// The parameters of a query in which each has one value.
pub(crate) fn single_pairs(query: &str) -> Result<Vec<Pair<'_>>, Refusal> {
    let pairs = pairs(query)?;
    for (position, (name, _)) in pairs.iter().enumerate() {
        if pairs[..position].iter().any(|(before, _)| before == name) {
            return Err(repeated(name));
        }
    }
    Ok(pairs)
}

fn repeated(name: &str) -> Refusal {
    let message = format!("{name} is given more than once");
    Refusal::with(ErrorCode::InvalidParameter, message)
}

impl ListRequest {
    /// Reads the query of a list at `path`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidParameter`] for an offset or limit that is none, or is given twice.
    pub fn read(path: &str, query: &str) -> Result<Self, Refusal> {
        let mut request = Self {
            path: path.to_owned(),
            offset: 0,
            limit: None,
            fields: Fields::default(),
            filters: Vec::new(),
        };
        let mut offset = None;
        for (name, value) in pairs(query)? {
            match &*name {
                "offset" if offset.is_some() => return Err(repeated(&name)),
                "limit" if request.limit.is_some() => return Err(repeated(&name)),
                "offset" => offset = Some(number("offset", &value, 0)?),
                "limit" => request.limit = Some(number("limit", &value, 1)?),
                "fields" => request.fields.add(&value),
                _ => request
                    .filters
                    .push((name.into_owned(), value.into_owned())),
            }
        }
        request.offset = offset.unwrap_or_default();
        Ok(request)
    }

    /// Whether a document has every value that is asked for. An attribute that it does not have matches nothing.
    #[must_use]
    pub fn admits(&self, document: &Document) -> bool {
        self.filters
            .iter()
            .all(|(attribute, wanted)| match document.get(attribute) {
                Some(Value::String(text)) => text == wanted,
                Some(Value::Bool(truth)) => wanted == if *truth { "true" } else { "false" },
                Some(Value::Number(number)) => number.to_string() == *wanted,
                Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => false,
            })
    }

    /// The first of these attributes that the client selects or filters by (or by a part of it).
    #[must_use]
    pub fn asks_for<'a>(&self, attributes: &[&'a str]) -> Option<&'a str> {
        let Fields(selected) = &self.fields;
        let filtered = self.filters.iter().map(|(attribute, _)| attribute);
        let mut named = selected.iter().flatten().chain(filtered);
        named.find_map(|name| {
            let first = name.split('.').next().unwrap_or_default();
            attributes
                .iter()
                .copied()
                .find(|attribute| *attribute == first)
        })
    }

    /// How many documents a page has, where the server gives `page_max` at most.
    #[must_use]
    pub fn page_size(&self, page_max: usize) -> usize {
        self.limit.unwrap_or(page_max).min(page_max)
    }

    /// The answer: a page of documents out of `total`. `is_cut` says that there are more than could be counted.
    #[must_use]
    pub fn answer(
        &self,
        page: Vec<Document>,
        total: usize,
        is_cut: bool,
        page_max: usize,
    ) -> Response {
        let count = page.len();
        let page: Vec<_> = page
            .into_iter()
            .map(|document| self.fields.select(document))
            .collect();
        let is_whole = self.offset == 0 && count == total && !is_cut;
        let status = if is_whole {
            StatusCode::OK
        } else {
            StatusCode::PARTIAL_CONTENT
        };
        let mut response = reply::json(status, &page);
        let headers = response.headers_mut();
        headers.insert(TOTAL_COUNT_HEADER, HeaderValue::from(total));
        headers.insert(RESULT_COUNT_HEADER, HeaderValue::from(count));
        if let Ok(links) = HeaderValue::try_from(self.links(count, total, page_max)) {
            headers.insert(LINK, links);
        }
        response
    }

    /// The answer for a list that is at hand; `is_cut` says that there are more than could be read.
    #[must_use]
    pub fn answer_from(&self, documents: Vec<Document>, is_cut: bool, page_max: usize) -> Response {
        let matching: Vec<_> = documents
            .into_iter()
            .filter(|document| self.admits(document))
            .collect();
        let total = matching.len();
        let size = self.page_size(page_max);
        let page = matching.into_iter().skip(self.offset).take(size).collect();
        self.answer(page, total, is_cut, page_max)
    }

    fn links(&self, count: usize, total: usize, page_max: usize) -> String {
        let size = self.page_size(page_max).max(1);
        let mut links = vec![self.link("self", self.offset), self.link("first", 0)];
        if count > 0 && self.offset + count < total {
            links.push(self.link("next", self.offset + count));
        }
        if self.offset > 0 {
            // From beyond the end, the page before is the last one that has documents.
            links.push(self.link("prev", self.offset.min(total).saturating_sub(size)));
        }
        links.push(self.link("last", total.saturating_sub(1) / size * size));
        links.join(", ")
    }

    fn link(&self, relation: &str, offset: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.filters {
            query.append_pair(name, value);
        }
        if let Fields(Some(fields)) = &self.fields {
            query.append_pair("fields", &fields.join(","));
        }
        if offset > 0 {
            query.append_pair("offset", &offset.to_string());
        }
        if let Some(limit) = self.limit {
            query.append_pair("limit", &limit.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("<{}{mark}{query}>; rel=\"{relation}\"", self.path)
    }
}

fn number(name: &str, value: &str, least: usize) -> Result<usize, Refusal> {
    value
        .parse()
        .ok()
        .filter(|number| *number >= least)
        .ok_or_else(|| {
            let message = format!("{name}={value:?} is not a whole number of at least {least}");
            Refusal::with(ErrorCode::InvalidParameter, message)
        })
}

impl Fields {
    fn add(&mut self, value: &str) {
        let names = value
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        self.0
            .get_or_insert_default()
            .extend(names.map(str::to_owned));
    }

    /// The document with the selected attributes only; `id`, `href` and `@type` always stay.
    #[must_use]
    pub fn select(&self, mut document: Document) -> Document {
        if let Self(Some(fields)) = self {
            document.retain(|name, _| {
                ALWAYS_KEPT.contains(&name.as_str()) || fields.iter().any(|field| field == name)
            });
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn request(query: &str) -> ListRequest {
        ListRequest::read("/things", query).unwrap()
    }

    fn document(value: &Value) -> Document {
        value.as_object().unwrap().clone()
    }

    proptest! {
        #[test]
        fn a_query_is_read_as_the_library_reads_it(query in "([a-z%+&=]|%2[0-9A-F]|%C3%A9|%[89A-F][0-9]|\\PC){0,24}") {
            let read = pairs(&query).unwrap();
            let expected: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn filters_are_anded_and_an_unknown_one_matches_nothing() {
        let thing = document(&json!({"state": "done", "flag": true, "count": 3, "parts": [1]}));
        for (query, admitted) in [
            ("", true),
            ("state=done", true),
            ("state=done&flag=true&count=3", true),
            ("state=done&flag=false", false),
            ("state=Done", false),
            ("colour=red", false),
            ("parts=1", false),
        ] {
            assert_eq!(request(query).admits(&thing), admitted, "{query}");
        }
    }

    #[test]
    fn fields_keep_what_names_the_resource() {
        let thing = document(&json!({"id": "1", "href": "/1", "@type": "T", "a": 1, "b": 2}));
        let selected = request("fields=b,c").fields.select(thing.clone());
        assert_eq!(
            Value::Object(selected),
            json!({"id": "1", "href": "/1", "@type": "T", "b": 2})
        );
        assert_eq!(request("").fields.select(thing.clone()), thing);
    }

    #[test]
    fn links_lead_through_the_pages_and_keep_the_filters() {
        let links = request("state=done&offset=2&limit=2").links(2, 5, 100);
        assert_eq!(
            links,
            "</things?state=done&offset=2&limit=2>; rel=\"self\", \
             </things?state=done&limit=2>; rel=\"first\", \
             </things?state=done&offset=4&limit=2>; rel=\"next\", \
             </things?state=done&limit=2>; rel=\"prev\", \
             </things?state=done&offset=4&limit=2>; rel=\"last\""
        );
    }

    #[test]
    fn links_step_by_the_pages_that_the_server_gives() {
        let links = |query: &str, count| request(query).links(count, 250, 100);
        for (query, count, relation, link) in [
            ("limit=1000", 100, "last", "/things?offset=200&limit=1000"),
            (
                "limit=1000&offset=200",
                50,
                "prev",
                "/things?offset=100&limit=1000",
            ),
            ("offset=200", 50, "prev", "/things?offset=100"),
            ("offset=200", 50, "last", "/things?offset=200"),
            ("offset=999", 0, "prev", "/things?offset=150"),
        ] {
            let wanted = format!("<{link}>; rel=\"{relation}\"");
            let links = links(query, count);
            assert!(links.contains(&wanted), "{query}: {links}");
        }
    }

    #[test]
    fn an_offset_that_is_none_is_refused() {
        for query in ["offset=-1", "offset=x", "limit=0", "limit=", "limit=1.5"] {
            assert!(ListRequest::read("/things", query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_list_is_partial_only_if_something_is_left_out() {
        let things = |count: usize| {
            (0..count)
                .map(|n| document(&json!({"id": n})))
                .collect::<Vec<_>>()
        };
        let status = |query: &str, count| {
            request(query)
                .answer_from(things(count), false, 3)
                .status()
                .as_u16()
        };
        assert_eq!(status("", 3), 200);
        assert_eq!(status("limit=3", 3), 200);
        assert_eq!(status("limit=10", 2), 200);
        assert_eq!(status("", 0), 200);
        assert_eq!(status("", 4), 206);
        assert_eq!(status("limit=2", 3), 206);
        assert_eq!(status("offset=1", 3), 206);
    }
}
