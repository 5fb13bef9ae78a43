//! The repository's text files, read once: what the rules of [`crate::tidy`] look at.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 7] = [".git", "target", "node_modules", ".venv", "credence-demo", "dist", "proptest-regressions"];

/// Larger files are data.
const SIZE_BYTES_MAX: u64 = 4 << 20;

/// One text file.
#[derive(Debug)]
pub struct File {
    /// The path from the repository's root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// All text files in order of their paths. What is not UTF-8 (pictures, department files) is left out.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads the repository at `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    fn read_folder(&mut self, folder: &Path, name: &str) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let own = entry.file_name().to_string_lossy().into_owned();
            let path = if name.is_empty() { own.clone() } else { format!("{name}/{own}") };
            let kind = entry.file_type()?;
            if kind.is_dir() && !FOREIGN.contains(&own.as_str()) {
                self.read_folder(&entry.path(), &path)?;
            } else if kind.is_file() && own != ".git" && entry.metadata()?.len() <= SIZE_BYTES_MAX {
                let bytes = fs::read(entry.path()).with_context(|| path.clone())?;
                if let Ok(text) = String::from_utf8(bytes) {
                    self.files.push(File { path, text });
                }
            }
        }
        Ok(())
    }

    /// The files below `folder` (with its `/`) whose names end in `ending`.
    pub fn below<'t>(&'t self, folder: &'t str, ending: &'t str) -> impl Iterator<Item = &'t File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// A tree for tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect();
        Self { files }
    }
}
