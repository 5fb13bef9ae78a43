//! Queues and the own space on the command line, over a demonstration.

use crate::{credence, json};
use serde_json::Value;

fn account(accounts: &Value, role: &str) -> String {
    let found = accounts.as_array().unwrap().iter().find(|one| one["role"] == role).unwrap();
    found["account"].as_str().unwrap().to_owned()
}

/// Every account of a demonstration that works on cases finds work; a step is assigned; a representative finds his own.
pub fn of_a_demonstration(database: &str, folder: &str) {
    let accounts: Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{folder}/accounts.json")).unwrap()).unwrap();
    let run = |line: &[&str]| credence(database).arg("--json").args(line).output().unwrap();
    let refused = |line: &[&str], code: &str| {
        let output = run(line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && said.contains(code), "{line:?}: {said}");
    };
    let items = |line: &[&str]| json(&run(line))["items"].as_array().unwrap().clone();
    for role in ["clerk", "list_decider", "office"] {
        let name = account(&accounts, role);
        let found = items(&["queue", "--as", &name, "--whose", "unit", "--limit", "100"]);
        assert!(!found.is_empty(), "{role} has an empty queue");
        assert!(found.iter().all(|task| !task["light_text"].as_str().unwrap().is_empty()), "{found:?}");
    }
    let clerk = account(&accounts, "clerk");
    let listings = items(&["queue", "--as", &clerk, "--kind", "listing", "--whose", "unit", "--limit", "100"]);
    assert!(listings.iter().all(|task| task["kind"] == "listing"));
    let task = listings.iter().find(|task| task["may_take"] == true).unwrap();
    let (number, step) = (task["number"].as_str().unwrap(), task["step"].as_str().unwrap());
    let assign = |to: &str, by: &str| {
        run(&["queue", "assign", "listing", number, "--step", step, "--to", to, "--reason", "轮值", "--as", by])
    };
    let given = json(&assign(&clerk, &clerk));
    assert_eq!((given["assigned_to"].as_str(), given["step"].as_str()), (Some(clerk.as_str()), Some(step)));
    let said = assign(&account(&accounts, "approver"), &clerk);
    assert!(
        String::from_utf8_lossy(&said.stderr).contains("assignee_invalid"),
        "an approver takes no step of a listing"
    );
    let auditor = account(&accounts, "auditor");
    assert!(String::from_utf8_lossy(&assign(&clerk, &auditor).stderr).contains("forbidden"));
    refused(&["queue", "--as", "nobody"], "forbidden");
    refused(&["queue", "--as", &clerk, "--light", "red"], "bad_parameter");
    let late = items(&["queue", "--as", &clerk, "--light", "late", "--limit", "100"]);
    assert!(late.iter().all(|task| task["working_days"].as_i64() <= Some(0)), "{late:?}");

    let representative = account(&accounts, "organisation");
    let found = json(&run(&["account", "list"]));
    let found = found.as_array().unwrap().iter().find(|one| one["account"] == representative.as_str()).unwrap();
    let uscc = found["organisations"][0]["uscc"].as_str().unwrap();
    let own = json(&run(&["own", uscc, "--as", &representative]));
    for part in ["records", "cases", "letters"] {
        assert!(!own[part].as_array().unwrap().is_empty(), "{part}: {own:#}");
    }
    refused(&["own", uscc, "--as", &clerk], "forbidden");
    let table = credence(database).args(["own", uscc, "--as", &representative]).output().unwrap();
    assert!(String::from_utf8_lossy(&table.stdout).contains(uscc));
    let table = credence(database).args(["queue", "--as", &clerk, "--whose", "unit"]).output().unwrap();
    assert!(String::from_utf8_lossy(&table.stdout).contains("listing"));
    assert_eq!(run(&["verify"]).status.code(), Some(0));
}
