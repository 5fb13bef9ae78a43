//! Where the drill takes place: a copy, the program itself as a process of its own, and a file that is imported again and again.

use anyhow::{Context, ensure};
use credence_app::{Address, AppError, backup, secret};
use credence_testkit::penalties;
use credence_testkit::province::Chance;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Settings by which the copy is opened: keys of numbers and of backups.
const OPENING: [&str; 3] = ["CREDENCE_KEYS", "CREDENCE_KEYS_TEXT", "CREDENCE_BACKUP_KEY"];

/// The copy, and what is needed beside it.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// The copy.
    pub(super) database: String,
    pub(super) rows: u64,
    pub(super) rounds: usize,
    pub(super) chance: Chance,
    files: u64,
    pub(super) seed: u64,
    /// Files with the keys of what it was copied from, by their settings; none where they lie beside it.
    keys: Vec<(&'static str, PathBuf)>,
}

impl Place {
    pub(super) fn prepare(folder: &Path, database: &str, rows: u64, rounds: usize, seed: u64) -> anyhow::Result<Self> {
        ensure!(rows >= 1_000 && rounds > 0, "a drill needs 1,000 rows and one round");
        let place = Self::at(folder, database, (rows, rounds, seed));
        place.name_log(&format!("drill-{seed}.invalid"))?;
        Ok(place)
    }

    /// The same register copied to another database, which is empty; what opens it stays where it is, and nothing is left of this
    /// copy outside of its database and folder.
    pub(super) fn copied_to(&self, folder: &Path, database: &str) -> anyhow::Result<Self> {
        let address = Address::parse(&self.database).map_err(AppError::from)?;
        let mut place = Self::at(folder, database, (self.rows, self.rounds, self.seed));
        place.keys.extend(secret::status(&address)?.place.map(|keys| ("CREDENCE_KEYS", keys)));
        place.keys.push(("CREDENCE_BACKUP_KEY", backup::key_file(&address)));
        let mut copy = self.program()?;
        copy.envs(place.keys.iter().map(|(name, file)| (name, file))).args(["copy", "--to", database]);
        let output = copy.output()?;
        ensure!(output.status.success(), "copy: {}", said(&output));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        place.name_log(&format!("drill-{}-{name}.invalid", self.seed))?;
        Ok(place)
    }

    fn at(folder: &Path, database: &str, (rows, rounds, seed): (u64, usize, u64)) -> Self {
        Self {
            folder: folder.to_owned(),
            database: database.to_owned(),
            rows,
            rounds,
            chance: Chance::new(seed, "drill"),
            files: 0,
            seed,
            keys: Vec::new(),
        }
    }

    /// The log under a name of its own: one key signs for one register.
    pub(super) fn name_log(&self, name: &str) -> anyhow::Result<()> {
        let persons = ["--as", "演练甲", "--second", "演练乙", "--reason", "演练"];
        self.done(&[&["log", "new-name", name], &persons[..]].concat()).map(drop)
    }

    /// The SQLite file; none on PostgreSQL.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.database.strip_prefix("sqlite:").map(PathBuf::from)
    }

    /// The program on the copy.
    pub(super) fn program(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--database", &self.database, "--json"]).stdin(Stdio::null());
        // Whatever the installation's settings name is the installation's: staging tables, keys that sign, who is told. What
        // opens the copy came with it.
        let theirs = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for name in theirs.filter(|name| name.starts_with("CREDENCE_") && !OPENING.contains(&name.as_str())) {
            command.env_remove(name);
        }
        command.envs(self.keys.iter().map(|(name, file)| (name, file)));
        command.arg("--log-key").arg(self.folder.join("log-key"));
        Ok(command)
    }

    /// What the program says; its own exit code is looked at by the caller.
    pub(super) fn ask(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        Ok(self.program()?.args(arguments).output()?)
    }

    /// What the program says when it must succeed.
    pub(super) fn done(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = self.ask(arguments)?;
        ensure!(output.status.success(), "{arguments:?}: {}", said(&output));
        Ok(serde_json::from_slice(&output.stdout).unwrap_or_default())
    }

    /// Writes a file of penalties that was never sent.
    pub(super) fn new_file(&mut self, rows: u64) -> anyhow::Result<PathBuf> {
        self.files += 1;
        let path = self.folder.join(format!("penalties-{}.csv", self.files));
        penalties::write(&path, rows, self.seed.wrapping_add(self.files))?;
        Ok(path)
    }

    pub(super) fn import(&self, file: &Path) -> anyhow::Result<Command> {
        let mut command = self.program()?;
        command.args(["import", "--secrecy-review", "演练", "--source", &penalties::source()]).arg(file);
        Ok(command)
    }

    pub(super) fn start_import(&self, file: &Path) -> anyhow::Result<Child> {
        Ok(self.import(file)?.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    /// Imports a file to its end and again: the second time nothing is new, so nothing of the first was lost.
    pub(super) fn import_whole(&self, file: &Path) -> anyhow::Result<Vec<String>> {
        let mut wrong = Vec::new();
        let first = report(&self.import(file)?.output()?)?;
        let again = report(&self.import(file)?.output()?)?;
        let count = |report: &Value, name: &str| report[name].as_u64().unwrap_or(u64::MAX);
        if count(&first, "read") != count(&again, "read") {
            wrong.push(format!("the file was read as {} rows and as {}", first["read"], again["read"]));
        }
        if count(&again, "accepted") != 0 || count(&again, "corrected") != 0 {
            wrong.push(format!("sent again, {} rows were new and {} corrected", again["accepted"], again["corrected"]));
        }
        Ok(wrong)
    }

    /// What `verify` finds wrong.
    pub(super) fn verify(&self, more: &[&str]) -> anyhow::Result<Vec<String>> {
        let output = self.ask(&[&["verify"], more].concat())?;
        let Ok(found) = serde_json::from_slice::<Value>(&output.stdout) else { return Ok(vec![said(&output)]) };
        let failed = found["requirements"].as_array().into_iter().flatten().filter(|one| one["failed"] != 0);
        Ok(failed.map(|one| format!("{}: {}", one["id"], one["examples"][0])).collect())
    }

    /// A random number below a limit.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.chance.number() % limit.max(1)
    }
}

/// What a command printed on stderr, in one line.
pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().replace('\n', " ")
}

/// The report of an import, which may have refused rows.
pub(super) fn report(output: &Output) -> anyhow::Result<Value> {
    serde_json::from_slice(&output.stdout).with_context(|| said(output))
}

/// Sends a signal to a process.
pub(super) fn signal(name: &str, process: &Child) -> anyhow::Result<()> {
    ensure!(Command::new("kill").arg(name).arg(process.id().to_string()).status()?.success(), "kill {name}");
    Ok(())
}
