# Two commands for everybody: `make demo` and `make test`. The others are their parts.
.PHONY: help demo test setup lint hygiene bench-setup package

help:
	@echo "make demo     build, make a synthetic province and serve it on http://127.0.0.1:8080"
	@echo "make test     install what is missing, then lint and run every suite"
	@echo "make setup    install what is missing (Debian packages, npm packages, Python tools)"
	@echo "make lint     format, clippy and the house rules"
	@echo "make package  one archive that installs the program with its service (target/package)"
	@echo "make bench-setup  what the peers of the benchmarks need (Python packages in .venv, wrk)"
	@echo "make hygiene  licences, unused dependencies and spelling, where those tools are installed"

demo:
	@scripts/setup.sh build
	@scripts/assets.sh
	cargo build --release --bin credence
	target/release/credence demo

test:
	@scripts/setup.sh
	@scripts/test.sh

setup:
	@scripts/setup.sh

lint:
	@scripts/assets.sh
	@scripts/lint.sh

package:
	@scripts/setup.sh build
	@scripts/assets.sh
	cargo build --release --bin credence
	@scripts/package.sh

hygiene:
	cargo xtask hygiene

bench-setup:
	python3 -m venv .venv
	.venv/bin/pip install --quiet --requirement crates/cli/bench/requirements.txt
	command -v wrk >/dev/null || apt-get install --yes --no-install-recommends wrk
