use crate::program::Program;

#[test]
fn a_key_is_made_listed_rotated_and_revoked() {
    let program = Program::new();
    let created = program
        .must(&["keys", "create", "--name", "night batch", "--json"])
        .last_object();
    let (id, text) = (
        created["id"].as_str().unwrap(),
        created["key"].as_str().unwrap(),
    );
    assert!(text.contains(id));
    assert_eq!(created["role"], "operator");

    let listed = program.must(&["keys", "list", "--json"]);
    assert!(
        !listed.stdout.contains(text),
        "the text of a key is shown once"
    );
    assert_eq!(listed.last_object()["name"], "night batch");
    assert_eq!(listed.last_object()["revoked_at"], serde_json::Value::Null);

    let rotated = program
        .must(&["keys", "rotate", id, "--json"])
        .last_object();
    assert_eq!(rotated["id"], id);
    assert_ne!(rotated["key"], text);
    assert!(rotated["key"].as_str().unwrap().contains(id));

    program.must(&["keys", "revoke", id]);
    let ended = program.run(&["keys", "rotate", id]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("revoked"), "{}", ended.stderr);
    assert!(program.must(&["keys", "list", "--json"]).last_object()["revoked_at"].is_string());
}

#[test]
fn a_role_and_its_provider_go_together() {
    let program = Program::new();
    let ended = program.run(&["keys", "create", "--name", "x", "--role", "provider"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    let ended = program.run(&["keys", "create", "--name", "x", "--provider", "Acme"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("--role provider"), "{}", ended.stderr);
    let arguments = [
        "keys",
        "create",
        "--name",
        "x",
        "--role",
        "provider",
        "--provider",
        "Acme",
        "--json",
    ];
    assert_eq!(program.must(&arguments).last_object()["provider"], "Acme");
}

#[test]
fn an_unknown_key_cannot_be_revoked() {
    let program = Program::new();
    program.must(&["keys", "create", "--name", "first"]);
    let ended = program.run(&["keys", "revoke", "3f9a1c07b2d4"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("3f9a1c07b2d4"), "{}", ended.stderr);
}
